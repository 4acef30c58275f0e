import type { Json, KnobBounds } from '../../plugin.js';
import { preview, sameValue } from '../../text/index.js';
import { amountIn, describe, withUnit } from './bounds.js';
import { tidy } from './value.js';

/** Where a move leads, or why it is not made. */
export type Move = { readonly after: Json } | { readonly reason: string };

type NumberBounds = Extract<KnobBounds, { readonly kind: 'number' }>;

/** What is wrong with a change by an amount, whatever the value in force; undefined when nothing is. */
export function faultOfChange(bounds: KnobBounds, by: number | string): string | undefined {
  if (bounds.kind !== 'number') return `a change by an amount needs a knob with a range; this one is ${describe(bounds)}`;
  const amount = amountIn(by, bounds);
  if (typeof amount !== 'number') return amount.wrong;
  if (amount === 0) return 'a change by 0 changes nothing';
  if (bounds.whole && !Number.isInteger(amount)) return `a change by ${amount} does not lead to a whole number`;
  return Math.abs(amount) > bounds.maxStep * (1 + 1e-9) ? `a change by ${withUnit(amount, bounds)} is more than the maxStep of ${withUnit(bounds.maxStep, bounds)}` : undefined;
}

/** The value one change further on. At the end of the range there is none, unless `toEdge` lets it go as far as the edge. */
export function moveBy(bounds: KnobBounds, before: Json, by: number | string, toEdge: boolean): Move {
  const fault = faultOfChange(bounds, by);
  if (fault !== undefined || bounds.kind !== 'number') return { reason: fault ?? 'the knob has no range' };
  const amount = amountIn(by, bounds);
  if (typeof amount !== 'number' || typeof before !== 'number') return { reason: `the value in force is ${preview(before)}, not a number` };
  const after = tidy(before + amount);
  if (isInside(after, bounds)) return { after };
  const edge = amount > 0 ? bounds.high : bounds.low;
  const range = `${preview(bounds.low)} to ${withUnit(bounds.high, bounds)}`;
  if (!isInside(before, bounds)) return { reason: `it is ${withUnit(before, bounds)} now, outside its range of ${range}, and would still be there` };
  if (sameValue(before, edge)) return { reason: `it is ${withUnit(before, bounds)} already, the end of its range of ${range}` };
  return toEdge ? { after: edge } : { reason: `${withUnit(after, bounds)} would be outside its range of ${range}; toEdge: true goes to ${withUnit(edge, bounds)} only` };
}

/** What is wrong with a value to set, whatever the value in force; undefined when nothing is. */
export function faultOfTarget(bounds: KnobBounds, to: Json, only?: 'lower' | 'raise'): string | undefined {
  if (only !== undefined && bounds.kind !== 'number') return `"only: ${only}" needs a knob with a range; this one is ${describe(bounds)}`;
  const target = targetIn(bounds, to);
  if ('reason' in target) return target.reason;
  if (bounds.kind !== 'number' || typeof target.after !== 'number' || isInside(target.after, bounds)) return undefined;
  return `${withUnit(target.after, bounds)} is outside the range of the knob, ${preview(bounds.low)} to ${withUnit(bounds.high, bounds)}`;
}

/** How a knob is set. */
export interface SetOptions {
  /** Leaves a value alone that lies on the good side already. */
  readonly only?: 'lower' | 'raise' | undefined;
  /** Goes one maxStep towards a value that is further away. */
  readonly stepwise: boolean;
}

/** The value that setting a knob leads to. */
export function moveTo(bounds: KnobBounds, before: Json, to: Json, { only, stepwise }: SetOptions): Move {
  const fault = faultOfTarget(bounds, to, only);
  if (fault !== undefined) return { reason: fault };
  const target = targetIn(bounds, to);
  if ('reason' in target) return target;
  if (sameValue(before, target.after)) return { reason: `it is ${withUnit(before, bounds)} already` };
  if (bounds.kind !== 'number' || typeof target.after !== 'number') return target;
  if (typeof before !== 'number') return { reason: `the value in force is ${preview(before)}, not a number` };
  const distance = target.after - before;
  if ((only === 'lower' && distance > 0) || (only === 'raise' && distance < 0)) return { reason: `it is ${withUnit(before, bounds)} already, ${only === 'lower' ? 'below' : 'above'} ${withUnit(target.after, bounds)}` };
  if (Math.abs(distance) <= bounds.maxStep * (1 + 1e-9)) return target;
  const step = bounds.whole ? Math.floor(bounds.maxStep) : bounds.maxStep;
  const next = tidy(before + Math.sign(distance) * step);
  if (stepwise && step > 0 && isInside(next, bounds)) return { after: next };
  return { reason: `from ${withUnit(before, bounds)} to ${withUnit(target.after, bounds)} is more than the maxStep of ${withUnit(bounds.maxStep, bounds)}${stepwise ? ', and one step would still be outside the range' : '; stepwise: true goes one step at a time'}` };
}

/** Where a change by an amount leads: up or down; `any` when the amount cannot be read. */
export function directionOf(bounds: KnobBounds, by: number | string): 'up' | 'down' | 'any' {
  const amount = bounds.kind === 'number' ? amountIn(by, bounds) : undefined;
  return typeof amount !== 'number' || amount === 0 ? 'any' : amount > 0 ? 'up' : 'down';
}

/** The value that `to` means for a knob; undefined when the knob cannot have it. */
export function targetOf(bounds: KnobBounds, to: Json): Json | undefined {
  const target = targetIn(bounds, to);
  return 'after' in target ? target.after : undefined;
}

function targetIn(bounds: KnobBounds, to: Json): Move {
  if (bounds.kind === 'toggle') return typeof to === 'boolean' ? { after: to } : { reason: `a toggle is true or false, got ${preview(to)}` };
  if (bounds.kind === 'choice') {
    const member = bounds.values.find((value) => sameValue(value, to));
    return member === undefined ? { reason: `${preview(to)} is not ${describe(bounds)}` } : { after: member };
  }
  if (typeof to !== 'number' && typeof to !== 'string') return { reason: `${preview(to)} is not ${describe(bounds)}` };
  const amount = amountIn(to, bounds);
  if (typeof amount !== 'number') return { reason: amount.wrong };
  return bounds.whole && !Number.isInteger(amount) ? { reason: `${amount} is not a whole number` } : { after: amount };
}

function isInside(value: number, { low, high }: NumberBounds): boolean {
  return value >= low && value <= high;
}
