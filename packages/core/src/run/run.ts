import { setMaxListeners } from 'node:events';
import { availableParallelism } from 'node:os';
import { dirname, relative } from 'node:path';
import { asRealopsError, messageOf, RealopsError } from '../errors/index.js';
import type { RunEvent } from '../events/event.js';
import { createFold } from '../events/fold.js';
import type { RunReport } from '../events/report.js';
import type { Logger } from '../model/step-type.js';
import type { Suite } from '../model/suite.js';
import { EXIT_CODES, type Outcome } from '../model/words.js';
import { makePlan, type Plan } from '../plan/plan.js';
import { createRedactor, type Redactor } from '../privacy/index.js';
import { seedOf, type JsonObject } from '../text/index.js';
import { systemClock } from '../time/index.js';
import { cycle } from './cycle.js';
import { linkLatest, makeRunFolder, runIdAt } from './folder.js';
import type { Run, RunOptions } from './options.js';
import { ENGINE_VERSION } from './version.js';
import { openReporters } from './reporting.js';
import { eventSource } from './row.js';
import { batchSink, type BatchedSink } from './sinks.js';
import { createStepHost } from './step-host.js';
import { createStream, type Stream } from './stream.js';
import { createTap } from './tap.js';

/**
 * Starts a run of a loaded suite: plan → preflight → execute → analyse → report.
 * A failing system is data in the report; this throws only for a plan that leaves nothing to run (REALOPS_FILTER_EMPTY).
 */
export function run(suite: Suite, options: RunOptions = {}): Run {
  const clock = options.clock ?? systemClock;
  const started = clock.wall();
  const baseId = runIdAt(started);
  const plan = makePlan(suite, options, options.seed ?? seedOf(0, baseId) % 1_000_000);
  const folder = options.runs === undefined ? undefined : makeRunFolder(options.runs, baseId);
  const id = folder?.id ?? baseId;
  const stop = new AbortController();
  // Every row under way listens to it; their number is bounded by the lanes.
  setMaxListeners(0, stop.signal);
  const cancel = (reason?: unknown): void => stop.abort(reason instanceof RealopsError ? reason : new RealopsError('REALOPS_CANCELLED', reason instanceof Error && reason.message !== '' ? reason.message : typeof reason === 'string' ? reason : 'the run was cancelled', { cause: reason }));
  const follow = (): void => cancel(options.signal?.reason);
  if (options.signal?.aborted === true) follow();
  else options.signal?.addEventListener('abort', follow, { once: true });
  const redactor = createRedactor(suite.secrets);
  const log = redacting(options.log ?? QUIET, redactor);
  const stream = createStream({ clock, runId: id, redactor, onFailure: (error) => stop.abort(error) });
  const tap = createTap();
  stream.subscribe({ name: 'iterator', lossless: false, on: tap.push });
  const report = (async () => {
    try {
      return await conduct({ suite, plan, options: { ...options, log }, id, started, directory: folder?.directory, stream, signal: stop.signal, redactor });
    } catch (error) {
      throw asRealopsError(error, 'REALOPS_INTERNAL');
    } finally {
      options.signal?.removeEventListener('abort', follow);
      tap.end();
    }
  })();
  // A caller that only iterates must not be hit by an unhandled rejection.
  report.catch(() => undefined);
  return {
    id,
    directory: folder?.directory,
    report,
    cancel,
    [Symbol.asyncIterator]: () => tap.iterate(report),
    async [Symbol.asyncDispose]() {
      cancel('disposed');
      await report.catch(() => undefined);
    },
  };
}

interface Conduct {
  readonly suite: Suite;
  readonly plan: Plan;
  readonly options: RunOptions;
  readonly id: string;
  readonly started: Date;
  readonly directory: string | undefined;
  readonly stream: Stream;
  readonly signal: AbortSignal;
  readonly redactor: Redactor;
}

const SILENT = { write: () => undefined, interactive: false, color: false, columns: 80 };
/** A logger whose messages hold no secret of the suite. */
function redacting(log: Logger, redactor: Redactor): Logger {
  const clean = (level: 'debug' | 'info' | 'warn') => (message: string, fields?: JsonObject) => log[level](redactor.text(message), fields === undefined ? undefined : redactor.json(fields));
  return { debug: clean('debug'), info: clean('info'), warn: clean('warn') };
}

const QUIET = { debug: () => undefined, info: () => undefined, warn: () => undefined };
/** How long slow reporters and sinks may take at the end of a run. */
const REPORT_MS = 10_000;
const CANCELLED_REPORT_MS = 500;

async function conduct(parts: Conduct): Promise<RunReport> {
  const { suite, options, id, started, directory, stream, signal } = parts;
  const clock = options.clock ?? systemClock;
  const log = options.log ?? QUIET;
  const begin = clock.now();
  const reportMs = options.budget?.report ?? REPORT_MS;
  const fold = createFold();
  stream.subscribe({ name: 'report', lossless: true, on: (event: RunEvent) => fold.on(event) });
  // What goes wrong before the log is open waits for it, so that run_start is the first event and nothing is missing from the log.
  let early: (() => void)[] | undefined = [];
  const warn = (about: string, message: string): void => {
    const publish = (): void => stream.publish({ event: 'warning', about, code: 'REALOPS_REPORTER_FAILED', message });
    if (early === undefined) publish();
    else early.push(publish);
  };
  const tell = (about: string, message: string): void => log.warn(`${about}: ${message}`);
  let ended = false;
  const reporters = await openReporters(options.reporters ?? suite.reporters, {
    directory: directory ?? null, output: options.output ?? SILENT, log, clock, warn: (about, message) => (ended ? tell : warn)(about, message),
  });
  for (const subscriber of reporters.subscribers) stream.subscribe(subscriber);
  const sinks = await openSinks(suite, stream, { clock, log, warn: (about, message) => (ended ? tell : warn)(about, message) });
  const end = (outcome: Outcome, reason: string): void => stream.publish({ event: 'run_end', outcome, exit_code: EXIT_CODES[outcome], duration_ms: Math.round(clock.now() - begin), reason });
  publishStart(parts, stream);
  for (const notice of options.notices ?? []) stream.publish({ event: 'warning', ...notice });
  const waiting = early;
  early = undefined;
  for (const publish of waiting) publish();
  const decided = await cycle({ ...parts, begin, soFar: () => fold.report(), host: (record, recordFailedAttempt) => createStepHost({ suite, clock, log, seed: parts.plan.seed, directory, publish: (draft) => stream.publish(draft), record, recordFailedAttempt }), concurrency: concurrencyOf(options) });
  await stream.drain(signal.aborted ? CANCELLED_REPORT_MS : reportMs, signal).then((late) => late.forEach((name) => warn(name, `${name} was too slow for the events of this run`)));
  // Before the last event, so that what is lost is on the record; the last event itself is sent when the sinks are closed.
  await Promise.all(sinks.map((sink) => sink.flush(signal.aborted ? CANCELLED_REPORT_MS : 3_000)));
  const giveUp = async (): Promise<void> => {
    if (stream.failure === undefined) return;
    ended = true;
    // The others are told what there is, so that nothing they opened or drew stays behind.
    await Promise.all(sinks.map((sink) => sink.close(CANCELLED_REPORT_MS)));
    await reporters.finish(fold.report(), CANCELLED_REPORT_MS).catch((error: unknown) => tell('reporters', messageOf(error)));
    throw stream.failure;
  };
  await giveUp();
  end(decided.outcome, decided.reason);
  await stream.drain(CANCELLED_REPORT_MS, new AbortController().signal);
  await giveUp();
  ended = true;
  await Promise.all(sinks.map((sink) => sink.close(CANCELLED_REPORT_MS)));
  const report = fold.report();
  await reporters.finish(report, reportMs);
  if (options.runs !== undefined) await linkLatest(options.runs, id);
  log.debug(`run ${id} started ${started.toISOString()} ended ${report.ended}`);
  return report;
}

function concurrencyOf(options: RunOptions): number {
  return options.concurrency ?? Math.max(2, availableParallelism());
}

async function openSinks(suite: Suite, stream: Stream, io: { readonly clock: RunOptions['clock'] & object; readonly log: NonNullable<RunOptions['log']>; readonly warn: (about: string, message: string) => void }): Promise<readonly BatchedSink[]> {
  const sinks: BatchedSink[] = [];
  for (const { type, options } of suite.sinks) {
    try {
      const sink = batchSink(await type.create(options, { log: io.log }), io);
      stream.subscribe({ name: sink.name, lossless: false, on: (event) => sink.offer(event) });
      sinks.push(sink);
    } catch (error) {
      io.warn(type.name, `${type.name} could not start and was left out: ${messageOf(error)}`);
    }
  }
  return sinks;
}

function publishStart({ suite, plan, options }: Conduct, stream: Stream): void {
  const folder = dirname(suite.file);
  stream.publish({
    event: 'run_start',
    engine: ENGINE_VERSION,
    suite: suite.name,
    environment: suite.environment,
    seed: plan.seed,
    concurrency: concurrencyOf(options),
    files: suite.files.map((file) => relative(folder, file)),
    suite_argument: options.suiteArgument ?? suite.file,
    state_argument: options.stateArgument ?? null,
    scenarios: plan.scenarios.map(({ scenario, rows }) => ({ id: scenario.id, title: scenario.title, tags: scenario.tags, rows: rows.length, exclusive: scenario.exclusive, source: eventSource(suite, scenario.source) })),
    preflight: suite.preflight.map(({ id }) => id),
    slos: suite.slos.map(({ id, title, objective, where }) => ({ id, title, target: objective.target, objective: objective.text, metric: objective.metric, where })),
    metrics: [...suite.metrics.values()],
    reporters: (options.reporters ?? suite.reporters).map(({ type, options: chosen }) => ({ name: type.name, options: chosen })),
  });
}
