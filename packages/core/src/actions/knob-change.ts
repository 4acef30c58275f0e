import { defineAction } from '../plugin.js';
import { readKnob, showWrite, writeKnob } from './knob/access.js';
import { directionOf, faultOfChange, moveBy } from './knob/moves.js';

/** Moves a knob with a range by an amount. Never more than its maxStep, never out of its range. */
export const knobChange = defineAction({
  use: 'knob.change',
  description: 'Moves a knob by an amount, inside its range and by at most its maxStep.',
  with: {
    type: 'object',
    properties: {
      knob: { type: 'string', minLength: 1, holds: 'knob', description: 'A knob with a range' },
      by: { oneOf: [{ type: 'number' }, { type: 'string', minLength: 1 }], description: 'How far: a number, or a number with the unit of the knob such as 100 ms; below 0 it goes down' },
      toEdge: { type: 'boolean', default: false, description: 'true goes as far as the end of the range when the whole step would leave it; otherwise no change is made then' },
    },
    required: ['knob', 'by'],
  },
  check({ knob = '', by }, context) {
    const bounds = context.knob(knob);
    const fault = bounds === undefined || by === undefined ? undefined : faultOfChange(bounds, by);
    return fault === undefined ? [] : [{ path: bounds?.kind === 'number' ? ['by'] : ['knob'], message: fault, ...(bounds?.kind === 'number' ? {} : { hint: bounds?.kind === 'toggle' ? 'toggle.set switches it' : 'knob.set sets it' }) }];
  },
  moves({ knob, by }, context) {
    const bounds = knob === undefined ? undefined : context.knob(knob);
    return knob === undefined || by === undefined || bounds === undefined ? [] : [{ knob, direction: directionOf(bounds, by) }];
  },
  param: ({ knob }) => knob,
  read: async ({ knob }, context) => readKnob(await context.knob(knob), context),
  async plan({ knob, by, toEdge }, before, context) {
    const use = await context.knob(knob);
    const move = moveBy(use.bounds, before, by, toEdge);
    return 'reason' in move ? { possible: false, reason: `${knob}: ${move.reason}` } : { possible: true, after: move.after, rollback: await showWrite(use, before, context) };
  },
  write: async ({ knob }, value, context) => writeKnob(await context.knob(knob), value, context),
});
