import { defineAction, type ActionPlan } from '../plugin.js';
import { parseDuration } from '../time/index.js';
import { readKnob, showWrite, writeKnob } from './knob/access.js';
import { describe } from './knob/bounds.js';
import { moveTo } from './knob/moves.js';

/** Switches a feature on or off, for good or for a time. */
export const toggleSet = defineAction({
  use: 'toggle.set',
  description: 'Switches a toggle on or off; with "for" it is switched back when the time is over.',
  with: {
    type: 'object',
    properties: {
      toggle: { type: 'string', minLength: 1, holds: 'knob', description: 'A knob with toggle: true' },
      to: { type: 'boolean', description: 'true switches it on' },
      for: { type: 'string', holds: 'duration', description: 'When it is switched back; never by default' },
    },
    required: ['toggle', 'to'],
  },
  check({ toggle = '' }, context) {
    const bounds = context.knob(toggle);
    return bounds === undefined || bounds.kind === 'toggle' ? [] : [{ path: ['toggle'], message: `${toggle} is not a toggle but ${describe(bounds)}`, hint: 'knob.set sets it' }];
  },
  moves: ({ toggle, to }) => (toggle === undefined ? [] : [{ knob: toggle, direction: 'any', ...(to === undefined ? {} : { to }) }]),
  param: ({ toggle }) => toggle,
  read: async ({ toggle }, context) => readKnob(await context.knob(toggle), context),
  async plan({ toggle, to, for: time }, before, context): Promise<ActionPlan> {
    const use = await context.knob(toggle);
    if (use.bounds.kind !== 'toggle') return { possible: false, reason: `${toggle} is not a toggle; knob.set sets it` };
    const move = moveTo(use.bounds, before, to, { stepwise: false });
    if ('reason' in move) return { possible: false, reason: `${toggle}: ${move.reason}` };
    return { possible: true, after: move.after, rollback: await showWrite(use, before, context), ...(time === undefined ? {} : { expiresMs: parseDuration(time) }) };
  },
  write: async ({ toggle }, value, context) => writeKnob(await context.knob(toggle), value, context),
});
