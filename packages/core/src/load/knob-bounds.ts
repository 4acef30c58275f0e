import type { KnobBounds } from '../model/knob.js';
import type { Infer } from '../schema/infer.js';
import { preview, type Json } from '../text/index.js';
import { child, items, type Draft, type Node } from './draft.js';
import type { knobSchema } from './envelope-remediation.js';

const KINDS = ['range', 'values', 'toggle'] as const;
/** What only a range has. */
const OF_RANGES = ['maxStep', 'unit', 'whole'] as const;

/** What a knob may be set to; undefined, and reported, when it says that in no way, in two ways, or in one that leaves it no room. */
export function boundsOf(name: string, node: Node, yaml: Infer<typeof knobSchema> | undefined, draft: Draft): KnobBounds | undefined {
  const report = (message: string, at: Node, hint: string, part?: 'key'): undefined => void draft.report('REALOPS_KNOB_INVALID', message, at, hint, part);
  const [kind, other] = KINDS.filter((each) => child(node, each).value !== undefined);
  if (yaml === undefined) return undefined;
  if (kind === undefined) return report(`the knob ${name} does not say what it may be set to`, node, 'write range: [low, high] with maxStep, values: [a, b], or toggle: true', 'key');
  if (other !== undefined) return report(`the knob ${name} has both ${kind} and ${other}`, child(node, other), 'keep one of them', 'key');
  if (kind === 'range') return rangeOf(name, node, yaml, report);
  const extra = OF_RANGES.find((each) => child(node, each).value !== undefined);
  if (extra !== undefined) return report(`${extra} goes with a range, and the knob ${name} has ${kind}`, child(node, extra), `leave out ${extra}`, 'key');
  if (kind === 'toggle') return { kind: 'toggle' };
  const values = items(child(node, 'values')).flatMap(({ value }) => (isJson(value) ? [value] : []));
  const texts = values.map((value) => JSON.stringify(value));
  const twice = texts.findIndex((text, index) => texts.indexOf(text) !== index);
  return twice < 0 ? { kind: 'choice', values } : report(`the knob ${name} lists the value ${preview(values[twice], 40)} twice`, child(node, 'values', twice), 'list each value once');
}

function rangeOf(name: string, node: Node, { range = [], maxStep, whole = false, unit }: Infer<typeof knobSchema>, report: (message: string, at: Node, hint: string, part?: 'key') => undefined): KnobBounds | undefined {
  const [low = 0, high = 0] = range;
  const at = child(node, 'range');
  if (low > high) return report(`the range of the knob ${name} is inverted: ${low} to ${high}`, at, `write [${high}, ${low}]`);
  if (low === high) return report(`the range of the knob ${name} holds one value, ${low}, so nothing could be changed`, at, 'write the lowest and the highest value');
  const part = range.findIndex((end) => whole && !Number.isInteger(end));
  if (part >= 0) return report(`the knob ${name} has whole numbers only, and ${range[part] ?? ''} is none`, child(at, part), 'write a whole number, or leave out whole');
  const step = child(node, 'maxStep');
  if (maxStep === undefined) return report(`the knob ${name} has a range and no maxStep`, at, 'write maxStep, the most that one change may move it', 'key');
  if (maxStep <= 0) return report(`the maxStep of the knob ${name} must be greater than 0, got ${maxStep}`, step, 'write the most that one change may move it, up or down');
  if (maxStep > high - low) return report(`the maxStep of the knob ${name} is ${maxStep}, more than its whole range of ${Number((high - low).toPrecision(12))}`, step, 'one change may move it by a part of its range, or by all of it');
  if (whole && maxStep < 1) return report(`the knob ${name} has whole numbers only, so a maxStep of ${maxStep} could never move it`, step, 'write at least 1');
  return { kind: 'number', low, high, maxStep, whole, unit };
}

/** What a YAML file holds is JSON. */
function isJson(value: unknown): value is Json {
  return value !== undefined;
}
