import { setMaxListeners } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { asRealopsError, messageOf, RealopsError } from '../errors/index.js';
import type { RunReport } from '../events/report.js';
import { OWN_PID } from '../journal/index.js';
import type { Suite } from '../model/suite.js';
import { makePlan } from '../plan/plan.js';
import { openLedger, type HeldLedger } from '../remedy/store.js';
import { systemClock, type Clock } from '../time/index.js';
import { plural } from '../wording/words.js';
import { finishUnfinished, nextExpiry, undoExpired } from './between-runs.js';
import type { FollowUp } from './follow-up.js';
import { createKeeper } from './loop-folders.js';
import type { HealthServer } from './loop-health.js';
import type { Loop, LoopOptions } from './loop-options.js';
import type { Pace } from './loop-pace.js';
import { createReloader } from './loop-reload.js';
import { createStatusKeeper, type StatusKeeper } from './loop-state.js';
import type { LoopCause } from './loop-status.js';
import type { Run, RunOptions } from './options.js';
import { takeRequests } from './requests.js';

/** How often a waiting loop looks for requests of people, and whether the time of a change is over. */
const LOOK_MS = 2_000;

/**
 * Runs a suite again and again under one hold of its ledger: never two at once, nothing made up for, and when it is stopped nothing stays that was not validated.
 * `start` is how one run is started.
 */
export function loop(suite: Suite, options: LoopOptions, start: (suite: Suite, options: RunOptions) => Run): Loop {
  const stop = new AbortController();
  setMaxListeners(0, stop.signal);
  const end = (reason?: unknown): void => stop.abort(reason instanceof Error ? reason : new RealopsError('REALOPS_CANCELLED', 'the loop was stopped', { cause: reason }));
  const follow = (): void => end(options.signal?.reason);
  if (options.signal?.aborted === true) follow();
  else options.signal?.addEventListener('abort', follow, { once: true });
  const clock = options.clock ?? systemClock;
  const status = createStatusKeeper(suite, options, clock);
  const reloader = createReloader(suite, options.reload);
  const ended = conduct({ suite, options, start, clock, status, reloader, signal: stop.signal }).finally(() => options.signal?.removeEventListener('abort', follow));
  ended.catch(() => undefined);
  return {
    status: status.now,
    ended,
    stop: end,
    reload: reloader.ask,
    async [Symbol.asyncDispose]() {
      end('disposed');
      await ended.catch(() => undefined);
    },
  };
}

interface Conduct {
  suite: Suite;
  readonly options: LoopOptions;
  readonly start: (suite: Suite, options: RunOptions) => Run;
  readonly clock: Clock;
  readonly status: StatusKeeper;
  readonly reloader: ReturnType<typeof createReloader>;
  readonly signal: AbortSignal;
}

async function conduct(parts: Conduct): Promise<RunReport | undefined> {
  const { options, clock, status, signal } = parts;
  await mkdir(options.state, { recursive: true });
  let held: HeldLedger | undefined = await hold(parts);
  let health: HealthServer | undefined;
  makePlan(parts.suite, options, options.seed ?? 0);
  let report: RunReport | undefined;
  try {
    const { healthPort } = parts.suite.loop;
    // Loaded here, since a single run needs neither a server nor a calendar.
    if (healthPort !== undefined) health = await (await import('./loop-health.js')).serveHealth(healthPort, status.health);
    if (health !== undefined) status.set({ health: health.url });
    await finishFirst(parts, held);
    const { createPace } = await import('./loop-pace.js');
    const pace = createPace(parts.suite.loop, clock);
    const keeper = createKeeper(options);
    let missed = 0;
    for (let loops = 0; !signal.aborted && (options.times === undefined || loops < options.times); loops += 1) {
      const next = pace.take();
      const why = next?.kind ?? (await wait(parts, held, pace));
      if (why === undefined) break;
      held = await holdOn(parts, held);
      const notices = [...(missed === 0 ? [] : [missedNotice(missed)]), ...(await reload(parts, pace))];
      pace.begin();
      report = await runOnce(parts, held, { why, next, notices, onFollowUp: pace.ask });
      if (report !== undefined) await keeper.kept(report, status.now().last?.directory ?? null);
      missed = pace.end();
      if (missed > 0) status.missed(missed);
    }
    return report;
  } finally {
    status.set({ state: 'stopping', current: null, next: null });
    await health?.[Symbol.asyncDispose]();
    await held?.[Symbol.asyncDispose]();
    await status.end();
  }
}

/** Finishes what a process that is gone left half done, without waiting for the first loop. */
async function finishFirst({ suite, options, clock, status }: Conduct, { ledger }: HeldLedger): Promise<void> {
  if (options.remediate === 'off') return;
  try {
    const finished = await finishUnfinished({ suite, ledger, clock, log: options.log ?? QUIET, about: 'loop', failPoint: options.failPoint });
    if (finished > 0) options.onNotice?.(`${plural(finished, 'change')} of an earlier process ${finished === 1 ? 'was' : 'were'} unfinished and ${finished === 1 ? 'was' : 'were'} seen to`);
  } catch (error) {
    status.problem('ledger', messageOf(error));
  }
  status.ledger(ledger.state());
}

function hold({ suite, options, clock }: Conduct): Promise<HeldLedger> {
  return openLedger({ folder: options.state, clock, owner: `loop of ${suite.name}`, pid: OWN_PID });
}

/** A ledger that failed to take a record is opened anew, which finds out what is in it; while that fails, runs say that they cannot run. */
async function holdOn(parts: Conduct, held: HeldLedger | undefined): Promise<HeldLedger | undefined> {
  if (held !== undefined && !held.ledger.failed) return held;
  await held?.[Symbol.asyncDispose]();
  try {
    const anew = await hold(parts);
    parts.status.problem('ledger', undefined);
    return anew;
  } catch (thrown) {
    const error = asRealopsError(thrown, 'REALOPS_LEDGER_WRITE');
    if (error.code === 'REALOPS_LEDGER_BUSY') throw error;
    parts.status.problem('ledger', error.message);
    return undefined;
  }
}

/**
 * Waits for what is due next and says why; undefined when the loop is stopped. Meanwhile it takes up requests of people and ends changes whose time is over.
 */
async function wait(parts: Conduct, held: HeldLedger | undefined, pace: Pace): Promise<LoopCause | undefined> {
  const { clock, status, signal } = parts;
  for (;;) {
    if (signal.aborted) return undefined;
    const due = pace.dueIn(status.now().failing_since !== null);
    if (due <= 0) return pace.scheduled ? 'schedule' : 'failing';
    status.waitingUntil(clock.wall().getTime() + due);
    if (held !== undefined && (await look(parts, held))) return 'approval';
    const expiry = held === undefined ? undefined : nextExpiry(held.ledger.state());
    const expires = expiry === undefined ? LOOK_MS : Math.max(50, expiry - clock.wall().getTime());
    await clock.sleep(Math.max(1, Math.min(due, LOOK_MS, expires)), signal).catch(() => undefined);
  }
}

/** One look between runs. True when a person has allowed a change that waits, so that it is tried at once. */
async function look(parts: Conduct, { ledger }: HeldLedger): Promise<boolean> {
  const { suite, options, clock, status } = parts;
  try {
    const approvals = ledger.state().approvals.size;
    if ((await takeRequests(options.state, ledger)) > 0) status.ledger(ledger.state());
    const expiry = nextExpiry(ledger.state());
    if (expiry !== undefined && expiry <= clock.wall().getTime()) {
      const ended = await undoExpired({ suite, ledger, clock, log: options.log ?? QUIET, about: 'loop', failPoint: options.failPoint });
      if (ended > 0) options.onNotice?.(`${plural(ended, 'change')} ended by itself and ${ended === 1 ? 'was' : 'were'} undone`);
      status.ledger(ledger.state());
    }
    return ledger.state().approvals.size > approvals;
  } catch (error) {
    status.problem('ledger', messageOf(error));
    return false;
  }
}

interface Once {
  readonly why: LoopCause;
  readonly next: FollowUp | undefined;
  readonly notices: NonNullable<RunOptions['notices']>;
  readonly onFollowUp: (next: FollowUp) => void;
}

/** One loop; undefined when not even its log could be written, which must not end the watch. */
async function runOnce(parts: Conduct, held: HeldLedger | undefined, once: Once): Promise<RunReport | undefined> {
  try {
    return await oneRun(parts, held, once);
  } catch (thrown) {
    const error = asRealopsError(thrown, 'REALOPS_INTERNAL');
    parts.status.couldNotRun(once.why, error.message);
    parts.options.onNotice?.(`a loop could not run: ${error.code} ${error.message}`);
    return undefined;
  }
}

async function oneRun(parts: Conduct, held: HeldLedger | undefined, { why, next, notices, onFollowUp }: Once): Promise<RunReport> {
  const { suite, options, clock, status, signal } = parts;
  const { reload: _reload, times: _times, keep: _keep, onStatus: _onStatus, onEvent, onNotice: _onNotice, remediate = 'apply', ...given } = options;
  // A suite that was loaded again may no longer have them all.
  const wanted = next?.scenarios.filter((id) => suite.scenarios.some((scenario) => scenario.id === id)) ?? [];
  const scenarios = wanted.length === 0 ? given.scenarios : wanted;
  const running = parts.start(suite, {
    ...given, ...(scenarios === undefined ? {} : { scenarios }), ...(held === undefined ? {} : { ledger: held }), signal, notices, onFollowUp,
    remediate: next?.kind === 'retest' ? 'off' : remediate, budget: suite.loop.budget,
  });
  const began = clock.now();
  status.begin(running.id, why);
  for await (const event of running) {
    if (event.event === 'phase_start') status.phase(event.phase);
    onEvent?.(event);
  }
  const report = await running.report;
  await status.ran(report, { why, durationMs: clock.now() - began, directory: running.directory ?? null, ledger: held?.ledger.state() });
  return report;
}

const QUIET: NonNullable<RunOptions['log']> = { debug: () => undefined, info: () => undefined, warn: () => undefined };

function missedNotice(count: number): NonNullable<RunOptions['notices']>[number] {
  return { about: 'loop', code: 'REALOPS_LOOP_MISSED', message: `${plural(count, 'loop')} ${count === 1 ? 'was' : 'were'} due while the one before was at work` };
}

async function reload(parts: Conduct, pace: Pace): Promise<NonNullable<RunOptions['notices']>> {
  const { status, options } = parts;
  const { suite, problem, changed } = await parts.reloader.take();
  if (changed) {
    parts.suite = suite;
    pace.change(suite.loop);
    options.onNotice?.('the suite was loaded again, since its files have changed');
  }
  status.problem('suite', problem?.message);
  return problem === undefined ? [] : [{ about: 'suite', code: problem.code, message: `its files have changed and cannot be loaded; the suite from before goes on: ${problem.message}` }];
}

