import { defineStep, RealopsError, type Json, type JsonObject } from '../plugin.js';
import { isJsonObject, preview } from '../text/index.js';
import { parseDuration } from '../time/index.js';

/** Polls a step until its output meets a condition, and measures how long the change took as seen from outside. */
export const waitUntil = defineStep({
  use: 'wait.until',
  description: 'Polls a step until a condition holds for its output; measures how long that took.',
  with: {
    type: 'object',
    properties: {
      step: { type: 'object', holds: 'step', properties: { use: { type: 'string' }, with: {} }, required: ['use'], description: 'The step that is polled: { use, with }' },
      condition: { type: 'string', minLength: 1, holds: 'expression', description: 'Must hold for the output, whose names are at the root' },
      every: { type: 'string', holds: 'duration', default: '100ms', description: 'From the start of one poll to the start of the next' },
      within: { type: 'string', holds: 'duration', description: 'Gives up after this; by default at the deadline of the step' },
      stable: { type: 'integer', minimum: 1, maximum: 1_000, default: 1, description: 'How many polls in a row must meet the condition' },
      trigger: { type: 'object', holds: 'step', properties: { use: { type: 'string' }, with: {} }, required: ['use'], description: 'A step that starts the change: { use, with }; the time counts from its start' },
    },
    required: ['step', 'condition'],
  },
  output: {
    type: 'object',
    properties: {
      output: { description: 'The output of the last poll' },
      polls: { type: 'integer' },
      errors: { type: 'integer', description: 'Polls that ended in an error' },
      elapsedMs: { type: 'number' },
      resolutionMs: { type: 'number', description: 'The change happened at most so long before it was seen' },
    },
  },
  metrics: [
    {
      name: 'wait.transition', kind: 'distribution', unit: 'ms', labels: [], whenFailed: 'count',
      description: 'From the start of the trigger (or of the wait) to the end of the first poll that saw the condition: an upper bound, since the change itself lies between the start of the last poll that did not see it and there.',
    },
  ],
  async run({ step, condition, every, within, stable, trigger }, context) {
    const begin = context.clock.now();
    if (trigger !== undefined) await context.run({ use: trigger.use, ...(trigger.with === undefined ? {} : { with: trigger.with }) });
    const started = context.clock.now();
    const period = parseDuration(every);
    const until = within === undefined ? Infinity : started + parseDuration(within);
    let polls = 0;
    let errors = 0;
    let inRow = 0;
    let lastMiss = started;
    let seenAt = 0;
    let output: Json = null;
    let lastError: string | undefined;
    for (;;) {
      const pollStarted = context.clock.now();
      polls += 1;
      let met = false;
      try {
        output = (await context.run({ use: step.use, ...(step.with === undefined ? {} : { with: step.with }) })) ?? null;
        met = await holds(condition, output, context.evaluate);
        lastError = undefined;
      } catch (error) {
        context.signal.throwIfAborted();
        if (error instanceof RealopsError && error.code === 'REALOPS_EXPRESSION_FAILED') throw error;
        errors += 1;
        lastError = error instanceof Error ? error.message : String(error);
      }
      if (met && inRow === 0) seenAt = context.clock.now();
      inRow = met ? inRow + 1 : 0;
      if (!met) lastMiss = pollStarted;
      if (inRow >= stable) break;
      // Absolute deadlines: a slow poll does not shift those that follow, it only drops those it ran over.
      const next = started + Math.ceil((context.clock.now() - started) / period + 1e-9) * period;
      if (next > until || context.clock.now() >= until) throw giveUp(condition, polls, errors, output, lastError, within);
      await context.clock.sleep(Math.max(0, next - context.clock.now()), context.signal);
    }
    context.measure('wait.transition', seenAt - begin);
    return { output, polls, errors, elapsedMs: seenAt - begin, resolutionMs: seenAt - lastMiss };
  },
});

async function holds(condition: string, output: Json, evaluate: (expression: string, input: Json) => Promise<Json | undefined>): Promise<boolean> {
  const input: JsonObject = isJsonObject(output) ? output : { value: output };
  return (await evaluate(condition, input)) === true;
}

function giveUp(condition: string, polls: number, errors: number, output: Json, lastError: string | undefined, within: string | undefined): RealopsError {
  const last = lastError === undefined ? `the last output was ${preview(output, 800)}` : `the last poll failed: ${lastError}`;
  return new RealopsError('REALOPS_UNTIL_NOT_REACHED', `${condition} did not hold within ${within ?? 'the deadline'} (${polls} polls, ${errors} of them failed); ${last}`);
}
