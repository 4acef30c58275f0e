import { mkdir } from 'node:fs/promises';
import { createRecentEvents } from '../diagnose/notable.js';
import { messageOf } from '../errors/index.js';
import type { RunReport } from '../events/report.js';
import { createMetricStore } from '../metrics/store.js';
import type { Suite } from '../model/suite.js';
import type { Outcome } from '../model/words.js';
import type { Plan } from '../plan/plan.js';
import type { Redactor } from '../privacy/index.js';
import { isJsonObject, type JsonObject } from '../text/index.js';
import { aftermath } from './aftermath.js';
import { analyse, createFailedAttempts } from './analyse.js';
import { execute, NOTHING_EXECUTED } from './execute.js';
import type { StepHost } from './host.js';
import type { RunOptions } from './options.js';
import { phaseTime } from './phase-time.js';
import { runPreflight } from './preflight.js';
import { openRemedies, type Remedies } from './remedies.js';
import { startSamples } from './samples.js';
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
  /** The report of everything so far. */
  readonly soFar: () => RunReport;
}

/** How a run ended and why. */
export interface CycleEnd {
  readonly outcome: Outcome;
  readonly reason: string;
}

/** Preflight → execute → analyse → remedy; the only place that composes the deciders. What earlier runs left unfinished is finished before anything else. */
export async function cycle(parts: CycleParts): Promise<CycleEnd> {
  const { suite, plan, options, id, started, directory, stream, signal } = parts;
  const { budget } = options;
  const store = createMetricStore();
  const failed = createFailedAttempts();
  const recent = createRecentEvents();
  stream.subscribe({ name: 'recent', lossless: false, on: recent.on });
  const host = parts.host(store.record, failed.add);
  const runner = { suite, host, runId: id, graceMs: options.graceMs ?? 800 };
  const before = createRowScope(suite, { id, seed: plan.seed, started: started.toISOString() }, { number: 1, values: {}, directory: '' });
  const cancelled = (): CycleEnd => ({ outcome: 'cancelled', reason: `cancelled after ${Math.round(host.clock.now() - parts.begin)} ms: ${messageOf(signal.reason)}` });
  let remedies: Remedies;
  try {
    remedies = await openRemedies({ suite, host, runId: id, plan, redactor: parts.redactor, signal, options, stream });
  } catch (error) {
    return { outcome: 'could-not-run', reason: `the ledger cannot be used, so nobody knows in what state the system is: ${messageOf(error)}` };
  }
  // Only alerts ask for them.
  using samples = suite.alerts.length > 0 && options.state !== undefined ? startSamples(host.clock) : undefined;
  const lanes = { ...runner, concurrency: parts.concurrency, before, ready: () => stream.ready() };
  const after = { ...parts, remedies, recent, samples, host, store, failed, lanes };
  try {
    await remedies.start();
    stream.publish({ event: 'phase_start', phase: 'preflight' });
    const broken = await inTime('preflight', (time) => runPreflight({ ...runner, signal: time }, before));
    if (signal.aborted) return cancelled();
    if (broken.over !== undefined || broken.value !== undefined) {
      const reason = broken.over ?? `preflight ${broken.value} did not hold`;
      return await aftermath({ ...after, slos: [], executed: NOTHING_EXECUTED, preflight: outputsOf(before), incomplete: reason, couldNotRun: true });
    }
    stream.publish({ event: 'phase_start', phase: 'execute' });
    const executed = await inTime('execute', (time) => execute(plan.scenarios, { ...lanes, signal: time }));
    if (signal.aborted) return cancelled();
    stream.publish({ event: 'phase_start', phase: 'analyse' });
    const slos = analyse(suite, new Set(plan.scenarios.map(({ scenario }) => scenario.id)), store, failed, (draft) => stream.publish(draft));
    const end = await aftermath({ ...after, slos, executed: executed.value, preflight: outputsOf(before), incomplete: executed.over, couldNotRun: false });
    if (signal.aborted) return cancelled();
    stream.publish({ event: 'phase_start', phase: 'report' });
    if (directory !== undefined) await mkdir(directory, { recursive: true });
    return end;
  } finally {
    await remedies[Symbol.asyncDispose]();
  }

  /** The work of a phase under its own time. A phase that is ended by its budget is told. */
  async function inTime<T>(phase: 'preflight' | 'execute', work: (time: AbortSignal) => Promise<T>): Promise<{ readonly value: T; readonly over: string | undefined }> {
    using time = phaseTime(host.clock, phase, budget, signal);
    const value = await work(time.signal);
    if (time.over !== undefined) stream.publish({ event: 'warning', about: phase, code: 'REALOPS_BUDGET', message: time.over });
    return { value, over: time.over };
  }
}

function outputsOf(scope: ReturnType<typeof createRowScope>): JsonObject {
  const { steps } = scope.roots();
  return isJsonObject(steps) ? { ...steps } : {};
}
