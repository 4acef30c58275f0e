import { defineAction } from '../plugin.js';
import { asJson } from './json.js';
import { readKnob, showWrite, writeKnob } from './knob/access.js';
import { describe } from './knob/bounds.js';
import { faultOfTarget, moveTo, targetOf } from './knob/moves.js';

/** Sets a knob to a value. A number moves by at most the maxStep of the knob. */
export const knobSet = defineAction({
  use: 'knob.set',
  description: 'Sets a knob to a value of its range or list; a number moves by at most its maxStep at a time.',
  with: {
    type: 'object',
    properties: {
      knob: { type: 'string', minLength: 1, holds: 'knob', description: 'The knob' },
      to: { description: 'The value, e.g. 3, 800 ms or small' },
      only: { enum: ['lower', 'raise'], description: 'lower makes no change when the value is below already, raise when it is above' },
      stepwise: { type: 'boolean', default: false, description: 'true goes one maxStep towards a value that is further away; otherwise no change is made then' },
    },
    required: ['knob', 'to'],
  },
  check({ knob = '', to, only }, context) {
    const bounds = context.knob(knob);
    if (bounds === undefined) return [];
    const fault = to === undefined ? undefined : faultOfTarget(bounds, asJson(to));
    if (fault !== undefined) return [{ path: ['to'], message: fault }];
    return only === undefined || bounds.kind === 'number' ? [] : [{ path: ['only'], message: `"only: ${only}" needs a knob with a range; this one is ${describe(bounds)}` }];
  },
  moves({ knob, to, only }, context) {
    const bounds = knob === undefined ? undefined : context.knob(knob);
    if (knob === undefined || bounds === undefined) return [];
    const target = to === undefined ? undefined : targetOf(bounds, asJson(to));
    return [{ knob, direction: only === 'lower' ? 'down' : only === 'raise' ? 'up' : 'any', ...(target === undefined ? {} : { to: target }) }];
  },
  param: ({ knob }) => knob,
  read: async ({ knob }, context) => readKnob(await context.knob(knob), context),
  async plan({ knob, to, only, stepwise }, before, context) {
    const use = await context.knob(knob);
    const move = moveTo(use.bounds, before, asJson(to), { only, stepwise });
    return 'reason' in move ? { possible: false, reason: `${knob}: ${move.reason}` } : { possible: true, after: move.after, rollback: await showWrite(use, before, context) };
  },
  write: async ({ knob }, value, context) => writeKnob(await context.knob(knob), value, context),
});
