import { join } from 'node:path';
import type { Clock, Logger, Resource, StepContext, StepType } from '@alice/realops/plugin';

/** Where a step is run outside of a suite. */
export interface Place {
  /** What every target is. */
  readonly url: URL;
  /** Where files lie. */
  readonly folder: string;
  readonly clock: Clock;
  readonly log: Logger;
  readonly signal: AbortSignal;
  random(): number;
}

/** A value of a metric; null where one was due and none came. */
export interface Measured {
  readonly metric: string;
  readonly value: number | null;
}

/** Runs a step type as it is, with its parameters in full, and gives the numbers that it measured, in their order. What it opened is closed. */
export async function runStepType(step: StepType, parameters: object, { url, folder, clock, log, signal, random }: Place): Promise<readonly Measured[]> {
  const measured: Measured[] = [];
  const closing: (() => Promise<void>)[] = [];
  const refuse = (): never => {
    throw new Error('a calibration evaluates nothing');
  };
  const context: StepContext = {
    signal, clock, log, random, environment: 'sandbox', env: {},
    onAbort(call) {
      signal.addEventListener('abort', call, { once: true });
      return () => signal.removeEventListener('abort', call);
    },
    step: { id: 'calibrate', attempt: 1, traceId: '0'.repeat(32), intendedStart: clock.now() },
    measure: (metric, value) => void (typeof value === 'number' || value === null ? measured.push({ metric, value }) : undefined),
    note: () => undefined,
    draw: () => undefined,
    attach: async () => null,
    async use<R>(resource: Resource<R>): Promise<R> {
      const opened = await resource.open(signal);
      closing.push(async () => resource.close(opened));
      return opened;
    },
    target: () => url,
    file: (path) => join(folder, path),
    evaluate: async () => refuse(),
    run: async () => refuse(),
  };
  try {
    // The seam: a step type hides the type of its parameters, since suites give them.
    await step.run(parameters as never, context);
  } finally {
    for (const close of closing.reverse()) await close();
  }
  return measured;
}
