import { defineStep } from '../plugin.js';
import { parseDuration } from '../time/index.js';

/** Waits on the clock of the run; ends at once when the run is cancelled. */
export const waitFor = defineStep({
  use: 'wait.for',
  description: 'Waits for a duration.',
  with: { type: 'object', properties: { duration: { type: 'string', holds: 'duration', description: 'e.g. 500ms or 2s; must be below the timeout of the step' } }, required: ['duration'] },
  async run({ duration }, context) {
    await context.clock.sleep(parseDuration(duration), context.signal);
  },
});
