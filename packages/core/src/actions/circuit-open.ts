import { defineAction, type ActionContext, type Infer, type Json } from '../plugin.js';
import { isJsonObject, preview, sameValue } from '../text/index.js';
import { parseDuration } from '../time/index.js';
import { call, callSchema, readSchema, showCallInFull } from './http.js';
import { afterOf, readState } from './http-call.js';
import { asJson } from './json.js';
import { readKnob, showWrite, writeKnob } from './knob/access.js';
import { faultOfTarget, moveTo } from './knob/moves.js';

const fallbackSchema = {
  oneOf: [
    { type: 'object', properties: { knob: { type: 'string', minLength: 1, holds: 'knob' }, to: {} }, required: ['knob', 'to'] },
    { type: 'object', properties: { toggle: { type: 'string', minLength: 1, holds: 'knob' }, to: { type: 'boolean', default: true } }, required: ['toggle'] },
    { type: 'object', properties: { do: callSchema, undo: callSchema, read: readSchema, after: {} }, required: ['do', 'undo', 'read'] },
  ],
  description: 'What stands in while the circuit is open: { knob, to }, { toggle, to } or { do, undo, read, after }; taken back when it closes',
} as const;

type Fallback = Infer<typeof fallbackSchema>;

/**
 * Opens a circuit breaker for a time and has something else stand in meanwhile. Its state is one value: `{ circuit: "open" or "closed" }`, with a fallback also
 * `fallback`, so that a change of either by someone else is seen. Opening switches the fallback on first, closing switches it off last: work is never lost between.
 */
export const circuitOpen = defineAction({
  use: 'circuit.open',
  description: 'Opens a circuit breaker for a time and switches a fallback on meanwhile.',
  with: {
    type: 'object',
    properties: {
      name: { type: 'string', minLength: 1, description: 'The name of the circuit, e.g. email' },
      open: { ...callSchema, description: 'The call that opens it' },
      close: { ...callSchema, description: 'The call that closes it' },
      read: { ...readSchema, description: 'The call that reads whether it is open' },
      openValue: { default: 'open', description: 'What read gives when it is open' },
      closedValue: { default: 'closed', description: 'What read gives when it is closed' },
      for: { type: 'string', holds: 'duration', default: '300s', description: 'When it is closed again' },
      fallback: fallbackSchema,
    },
    required: ['name', 'open', 'close', 'read'],
  },
  check({ fallback }, context) {
    if (fallback === undefined || 'read' in fallback) return [];
    const bounds = context.knob(nameOf(fallback));
    const fault = bounds === undefined ? undefined : faultOfTarget(bounds, asJson(fallback.to));
    return fault === undefined ? [] : [{ path: ['fallback', 'to'], message: fault }];
  },
  moves: ({ fallback }) => (fallback === undefined || 'read' in fallback ? [] : [{ knob: nameOf(fallback), direction: 'any', to: asJson(fallback.to) }]),
  param: ({ name }) => name,
  async read({ read, openValue, closedValue, fallback }, context) {
    const found = await readState(read, context);
    const circuit = sameValue(found, asJson(openValue)) ? 'open' : sameValue(found, asJson(closedValue)) ? 'closed' : found;
    return fallback === undefined ? { circuit } : { circuit, fallback: await readFallback(fallback, context) };
  },
  async plan({ close, fallback, for: time }, before, context) {
    const { circuit, fallback: mode } = partsOf(before);
    if (circuit !== 'closed') return { possible: false, reason: circuit === 'open' ? 'the circuit is open already' : `the circuit is ${preview(circuit)}, neither open nor closed` };
    const expiresMs = parseDuration(time);
    if (fallback === undefined) return { possible: true, after: { circuit: 'open' }, rollback: showCallInFull(close, context), expiresMs };
    const on = await planFallback(fallback, mode, context);
    if ('reason' in on) return { possible: false, reason: `the fallback: ${on.reason}` };
    return { possible: true, after: { circuit: 'open', fallback: on.after }, rollback: `${showCallInFull(close, context)}; then ${on.rollback}`, expiresMs };
  },
  async write({ open, close, fallback }, value, context) {
    const { circuit, fallback: mode } = partsOf(value);
    if (circuit !== 'open') await call(close, context);
    if (fallback !== undefined) await writeFallback(fallback, mode, context);
    if (circuit === 'open') await call(open, context);
  },
});

function partsOf(state: Json): { readonly circuit: Json; readonly fallback: Json } {
  return isJsonObject(state) ? { circuit: state['circuit'] ?? null, fallback: state['fallback'] ?? null } : { circuit: state, fallback: null };
}

async function readFallback(fallback: Fallback, context: ActionContext): Promise<Json> {
  return 'read' in fallback ? readState(fallback.read, context) : readKnob(await context.knob(nameOf(fallback)), context);
}

async function planFallback(fallback: Fallback, before: Json, context: ActionContext): Promise<{ readonly after: Json; readonly rollback: string } | { readonly reason: string }> {
  if ('read' in fallback) {
    const after = afterOf(fallback);
    return after === undefined ? { reason: 'nothing says what its state is after the call; give it as "after"' } : { after, rollback: showCallInFull(fallback.undo, context) };
  }
  const use = await context.knob(nameOf(fallback));
  // A fallback that stands in already is as good as one that is switched on.
  if (sameValue(before, asJson(fallback.to))) return { after: before, rollback: await showWrite(use, before, context) };
  const move = moveTo(use.bounds, before, asJson(fallback.to), { stepwise: false });
  return 'reason' in move ? move : { after: move.after, rollback: await showWrite(use, before, context) };
}

async function writeFallback(fallback: Fallback, value: Json, context: ActionContext): Promise<void> {
  if (!('read' in fallback)) return writeKnob(await context.knob(nameOf(fallback)), value, context);
  const after = afterOf(fallback);
  await call(after !== undefined && sameValue(value, after) ? fallback.do : fallback.undo, context);
}

function nameOf(fallback: Exclude<Fallback, { readonly read: unknown }>): string {
  return 'knob' in fallback ? fallback.knob : fallback.toggle;
}
