import { defineAction } from '../plugin.js';
import { parseDuration } from '../time/index.js';
import { readySchema, untilReady } from './ready.js';

/** Gives the system time to recover by itself. Changes nothing; that it did not recover in time is an error, from which the engine makes an incident. */
export const waitRecovery = defineAction({
  use: 'wait.recovery',
  description: 'Waits until the system has recovered by itself; when it has not in time, people are called.',
  with: {
    type: 'object',
    properties: {
      ...readySchema.properties,
      every: { type: 'string', holds: 'duration', default: '1s', description: 'From the start of one look to the start of the next' },
      within: { type: 'string', holds: 'duration', default: '60s', description: 'How long it is waited' },
    },
    required: readySchema.required,
  },
  stateless: true,
  callsPeople: true,
  param: ({ condition }) => `recovery ${condition}`,
  read: async () => null,
  plan: async () => ({ possible: true, after: null, rollback: 'nothing to undo: it only waits' }),
  write: async ({ step, condition, every, within }, _value, context) => untilReady({ step, condition }, { everyMs: Math.max(10, parseDuration(every)), withinMs: parseDuration(within) }, context),
});
