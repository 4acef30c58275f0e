import { messageOf } from '../errors/index.js';
import { RealopsError, type ActionContext, type Infer, type Json, type Millis } from '../plugin.js';
import { redactGeneric } from '../privacy/generic.js';
import { isJsonObject, preview } from '../text/index.js';
import { startDeadline, untilAborted } from '../time/index.js';

/** How it is told that a service is there again. */
export const readySchema = {
  type: 'object',
  properties: {
    step: { type: 'object', holds: 'step', properties: { use: { type: 'string' }, with: {} }, required: ['use'], description: 'The step that is polled: { use, with }' },
    condition: { type: 'string', minLength: 1, holds: 'expression', description: 'Must hold for the output of the step, whose names are at the root, e.g. status = 200' },
  },
  required: ['step', 'condition'],
} as const;

/** A step and what must hold for its output. */
export type Ready = Infer<typeof readySchema>;

/** How often and how long a condition is looked at. */
export interface Patience {
  readonly everyMs: Millis;
  readonly withinMs: Millis;
  /** Called before each look; throws when waiting is of no use any more. */
  readonly stillPossible?: () => Promise<void>;
}

/** How long one look may take before it is given up and made again. */
const LOOK_MS = 5_000;

/**
 * Runs a step again and again until its output meets the condition.
 * @throws RealopsError REALOPS_UNTIL_NOT_REACHED with what came last when the time is over; the reason of the signal; what the condition throws when it is evaluated
 */
export async function untilReady({ step, condition }: Ready, { everyMs, withinMs, stillPossible }: Patience, context: ActionContext): Promise<void> {
  const { clock, signal } = context;
  const started = clock.now();
  const input = { use: step.use, ...(step.with === undefined ? {} : { with: step.with }) };
  let last = 'nothing came';
  using deadline = startDeadline(clock, withinMs, signal, 'the wait');
  const isOver = (): boolean => deadline.signal.aborted && !signal.aborted;
  while (!isOver()) {
    signal.throwIfAborted();
    await stillPossible?.();
    try {
      const output = await look(() => context.run(input), deadline.signal, context);
      if ((await context.evaluate(condition, isJsonObject(output) ? output : { value: output })) === true) return;
      last = `the last output was ${preview(output, 400)}`;
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof RealopsError && error.code === 'REALOPS_EXPRESSION_FAILED') throw error;
      if (!isOver()) last = `the last look failed: ${messageOf(error)}`;
    }
    const next = started + (Math.floor((clock.now() - started) / everyMs) + 1) * everyMs;
    if (!isOver()) await clock.sleep(next - clock.now(), deadline.signal).catch(() => signal.throwIfAborted());
  }
  throw new RealopsError('REALOPS_UNTIL_NOT_REACHED', `${condition} did not hold within ${withinMs} ms; ${redactGeneric(last)}`);
}

async function look(run: () => Promise<Json | undefined>, parent: AbortSignal, { clock }: ActionContext): Promise<Json> {
  using deadline = startDeadline(clock, LOOK_MS, parent, 'the look');
  return (await untilAborted(run(), deadline.signal)) ?? null;
}
