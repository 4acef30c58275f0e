import { RealopsError, type Json, type KnobBounds } from '../../plugin.js';
import { preview, sameValue } from '../../text/index.js';

const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i;
const WORDS: { readonly [word: string]: boolean } = { true: true, false: false, on: true, off: false, yes: true, no: false, 1: true, 0: false };

/**
 * What was read as a value of the knob: text from commands and files counts as the number, member or truth it spells. Numbers outside the range are values
 * too: they were in force, and undoing must be able to bring them back.
 * @throws RealopsError REALOPS_KNOB_READ when the knob cannot have this value
 */
export function valueIn(bounds: KnobBounds, raw: Json | undefined, name: string): Json {
  const value = raw === undefined ? undefined : bounds.kind === 'number' ? numberIn(raw, bounds.whole) : bounds.kind === 'toggle' ? truthIn(raw) : memberIn(raw, bounds.values);
  if (value !== undefined) return value;
  throw new RealopsError('REALOPS_KNOB_READ', `the knob ${name} gives ${preview(raw, 200)}, which is not ${describe(bounds)}`, { hint: raw === undefined ? 'does "at" name the place of the value?' : 'check where the knob reads, or its bounds' });
}

/** What a knob may be, as the end of a sentence. */
export function describe(bounds: KnobBounds): string {
  if (bounds.kind === 'toggle') return 'true or false';
  if (bounds.kind === 'choice') return `one of ${bounds.values.map((value) => preview(value, 40)).join(', ')}`;
  return bounds.whole ? 'a whole number' : 'a number';
}

/** A number as people write it: with the unit of the knob. */
export function withUnit(value: Json, bounds: KnobBounds): string {
  const text = typeof value === 'string' ? value : preview(value, 80);
  return bounds.kind === 'number' && bounds.unit !== undefined ? `${text} ${bounds.unit}` : text;
}

/** An amount given as a number, or as a number with the unit of the knob; otherwise what is wrong with it. */
export function amountIn(given: number | string, bounds: Extract<KnobBounds, { readonly kind: 'number' }>): number | { readonly wrong: string } {
  if (typeof given === 'number') return given;
  const [, figure = '', unit = ''] = /^\s*([+-]?[\d.]+(?:e[+-]?\d+)?)\s*(.*?)\s*$/i.exec(given) ?? [];
  if (!NUMBER.test(figure)) return { wrong: `${preview(given)} is not an amount` };
  if (unit === '' || unit === bounds.unit) return Number(figure);
  return { wrong: `${preview(given)} has the unit ${unit}, but the knob ${bounds.unit === undefined ? 'has none' : `is in ${bounds.unit}`}` };
}

function numberIn(raw: Json, whole: boolean): number | undefined {
  const value = typeof raw === 'string' && NUMBER.test(raw.trim()) ? Number(raw) : raw;
  return typeof value === 'number' && Number.isFinite(value) && (!whole || Number.isInteger(value)) ? value : undefined;
}

function truthIn(raw: Json): boolean | undefined {
  return typeof raw === 'boolean' ? raw : typeof raw === 'string' ? WORDS[raw.trim().toLowerCase()] : undefined;
}

function memberIn(raw: Json, values: readonly Json[]): Json | undefined {
  return values.find((value) => sameValue(value, raw)) ?? (typeof raw === 'string' ? values.find((value) => typeof value !== 'object' && String(value) === raw.trim()) : undefined);
}
