import { mkdir } from 'node:fs/promises';
import { messageOf } from '../errors/index.js';
import { createMetricStore } from '../metrics/store.js';
import type { Suite } from '../model/suite.js';
import type { Outcome } from '../model/words.js';
import type { Plan } from '../plan/plan.js';
import type { Redactor } from '../privacy/index.js';
import { isJsonObject, type JsonObject } from '../text/index.js';
import { analyse, createFailedAttempts, decideOutcome } from './analyse.js';
import { execute, type Executed } from './execute.js';
import type { StepHost } from './host.js';
import type { RunOptions } from './options.js';
import { runPreflight } from './preflight.js';
import { openRemedies, type Remedies } from './remedies.js';
import { createRowScope } from './scope.js';
import type { Stream } from './stream.js';

/** What one pass of the five phases needs. */
export interface CycleParts {
  readonly suite: Suite;
  readonly plan: Plan;
  readonly options: RunOptions;
  readonly id: string;
  readonly started: Date;
  readonly directory: string | undefined;
  readonly stream: Stream;
  readonly signal: AbortSignal;
  readonly redactor: Redactor;
  readonly concurrency: number;
  /** When the run began, on the clock of the host. */
  readonly begin: number;
  readonly host: (record: StepHost['record'], recordFailedAttempt: StepHost['recordFailedAttempt']) => StepHost;
}

/** How a run ended and why. */
export interface CycleEnd {
  readonly outcome: Outcome;
  readonly reason: string;
}

/** Preflight → execute → analyse → remedy; the only place that composes the deciders. What earlier runs left unfinished is finished before anything else. */
export async function cycle(parts: CycleParts): Promise<CycleEnd> {
  const { suite, plan, options, id, started, directory, stream, signal } = parts;
  const store = createMetricStore();
  const failed = createFailedAttempts();
  const host = parts.host(store.record, failed.add);
  const runner = { suite, host, runId: id, signal, graceMs: options.graceMs ?? 800 };
  const before = createRowScope(suite, { id, seed: plan.seed, started: started.toISOString() }, { number: 1, values: {}, directory: '' });
  const cancelled = (): CycleEnd => ({ outcome: 'cancelled', reason: `cancelled after ${Math.round(host.clock.now() - parts.begin)} ms: ${messageOf(signal.reason)}` });
  let remedies: Remedies;
  try {
    remedies = await openRemedies({ suite, host, runId: id, plan, redactor: parts.redactor, signal, options, stream });
  } catch (error) {
    return { outcome: 'could-not-run', reason: `the ledger cannot be used, so nobody knows in what state the system is: ${messageOf(error)}` };
  }
  try {
    await remedies.start();
    stream.publish({ event: 'phase_start', phase: 'preflight' });
    const broken = await runPreflight(runner, before);
    if (signal.aborted) return cancelled();
    if (broken !== undefined) return { outcome: 'could-not-run', reason: `preflight ${broken} did not hold` };
    stream.publish({ event: 'phase_start', phase: 'execute' });
    const lanes = { ...runner, concurrency: parts.concurrency, before, ready: () => stream.ready() };
    const executed = await execute(plan.scenarios, lanes);
    if (signal.aborted) return cancelled();
    stream.publish({ event: 'phase_start', phase: 'analyse' });
    const slos = analyse(suite, new Set(plan.scenarios.map(({ scenario }) => scenario.id)), store, failed, (draft) => stream.publish(draft));
    const treated = await remedies.treat({ slos, store, failed, executed, preflight: outputsOf(before), execute: lanes });
    if (signal.aborted) return cancelled();
    for (const slo of treated.slos) {
      if (slo.verdict === 'fail' && !treated.seenTo.has(slo.id)) stream.publish({ event: 'manual_required', what: `${slo.title}: ${slo.target} was not met and ${remedies.active ? 'nothing was done about it' : 'no remedy is configured'}`, command: null });
    }
    for (const { what, command } of treated.manual) stream.publish({ event: 'manual_required', what, command });
    stream.publish({ event: 'phase_start', phase: 'report' });
    if (directory !== undefined) await mkdir(directory, { recursive: true });
    return endOf(executed, treated);
  } finally {
    await remedies[Symbol.asyncDispose]();
  }
}

function endOf(executed: Executed, { slos, repeated, kept, needsHuman }: Awaited<ReturnType<Remedies['treat']>>): CycleEnd {
  const { outcome, reason } = decideOutcome(repeated === undefined ? executed : afterRepetition(executed, repeated), slos);
  if (needsHuman && outcome === 'failed') return { outcome: 'needs-human', reason: `${reason}; a person is needed` };
  return kept && outcome === 'healthy' ? { outcome: 'remedied', reason: `${reason}, after one change of the system` } : { outcome, reason };
}

/** The counts with the repeated scenarios in the place of their first pass. */
function afterRepetition(first: Executed, again: Executed): Executed {
  const failedIn = new Map(first.failedIn);
  for (const scenario of again.scenarios) failedIn.delete(scenario);
  for (const [scenario, rows] of again.failedIn) failedIn.set(scenario, rows);
  return { ...first, failed: [...failedIn.values()].reduce((sum, rows) => sum + rows, 0), failedIn };
}

function outputsOf(scope: ReturnType<typeof createRowScope>): JsonObject {
  const { steps } = scope.roots();
  return isJsonObject(steps) ? { ...steps } : {};
}
