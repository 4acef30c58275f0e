import { createHash } from 'node:crypto';
import { dirname, relative, sep } from 'node:path';
import type { EventSource, Place } from '../events/event.js';
import type { CallStep, Row, Scenario, Suite } from '../model/suite.js';
import type { SourceRange } from '../errors/index.js';
import type { StepHost } from './host.js';
import type { RowScope } from './scope.js';
import { runSteps, type Obstacle, type StepFrame, type StepResult } from './step.js';
import { roundToThousandths } from '../text/index.js';

/** What running rows needs beside the rows. */
export interface RowRunner {
  readonly suite: Suite;
  readonly host: StepHost;
  readonly runId: string;
  /** Aborts when the run is cancelled. */
  readonly signal: AbortSignal;
  /** How long all `finally` steps of a row may take after a cancellation. */
  readonly graceMs: number;
}

/** Runs one row of a scenario in a lane: setup, steps, and always finally. Never rejects. */
export async function runRow(runner: RowRunner, scenario: Scenario, row: Row, lane: number, scope: RowScope): Promise<StepResult> {
  const { host, suite, signal } = runner;
  const place: Place = { scenario: scenario.id, row: row.number, trace_id: traceId(runner.runId, scenario.id, row.number) };
  const started = host.clock.now();
  host.publish({ event: 'test_start', ...place, lane });
  const frame = (phase: StepFrame['phase'], part: Partial<StepFrame> = {}): StepFrame => ({
    host, place, phase, scope, signal, rowDirectory: scenario.data === undefined ? undefined : row.directory, userMetrics: suite.userMetrics,
    obstacle: (step) => obstacleOf(suite, step), sourceOf: (step) => eventSource(suite, step.source), ...part,
  });
  let result = await runSteps(scenario.setup, frame('setup'));
  const reached = result.outcome === 'passed' || (result.outcome === 'skipped' && result.reason === undefined);
  if (reached) result = pickWorse(result, await runSteps(scenario.steps, frame('steps')));
  if (scenario.finally.length > 0) {
    // Teardown is not cancelled with the run, but from a cancellation on all its steps together have the grace time and no more.
    const teardown = new AbortController();
    const hurry = (): void => void host.clock.sleep(runner.graceMs, teardown.signal).then(() => teardown.abort(signal.reason), () => undefined);
    if (signal.aborted) hurry();
    else signal.addEventListener('abort', hurry, { once: true, signal: teardown.signal });
    const closing = await runSteps(scenario.finally, frame('finally', { signal: teardown.signal }));
    teardown.abort();
    result = pickWorse(result, closing);
  }
  host.publish({ event: 'test_end', ...place, outcome: result.outcome, duration_ms: roundToThousandths(host.clock.now() - started), attempts: result.attempts, reason: result.reason ?? null });
  return result;
}

const ORDER = ['passed', 'skipped', 'cancelled', 'failed', 'error'] as const;

function pickWorse(a: StepResult, b: StepResult): StepResult {
  // A step left out by its own `if` does not make the row skipped; a missing consent or secret does.
  const rank = ({ outcome, reason }: StepResult): number => (outcome === 'skipped' && reason === undefined ? 0 : ORDER.indexOf(outcome));
  const worst = rank(b) > rank(a) ? b : a;
  const outcome = worst.outcome === 'skipped' && worst.reason === undefined ? 'passed' : worst.outcome;
  return { outcome, attempts: Math.max(a.attempts, b.attempts), reason: worst.reason };
}

/** 32 hex digits for a row, the same for the same run. */
export function traceId(runId: string, scenario: string, row: number): string {
  return createHash('sha256').update(`${runId}\u0000${scenario}\u0000${row}`).digest('hex').slice(0, 32);
}

/** Places in files do not change, and every attempt tells its own. */
const sources = new WeakMap<SourceRange, EventSource>();

/** A place as events hold it: the file relative to the folder of the suite. */
export function eventSource(suite: Suite, source: SourceRange): EventSource {
  const known = sources.get(source);
  if (known !== undefined) return known;
  const made = { file: relative(dirname(suite.file), source.file).split(sep).join('/'), line: source.line, column: source.column };
  sources.set(source, made);
  return made;
}

/** Why a step cannot run in this suite: a consent scope that is not granted, or a secret that is not set. */
export function obstacleOf(suite: Suite, step: CallStep): Obstacle | undefined {
  const missing = (step.type.needs ?? []).find((scope) => !suite.consents.has(scope));
  if (missing !== undefined) return { code: 'REALOPS_CONSENT_MISSING', reason: `${step.type.use} needs the consent scope ${missing}` };
  for (const read of step.with.reads) {
    const [root, name] = read.split('.');
    if (root === 'secrets' && name !== undefined && suite.missingSecrets.has(name)) return { code: 'REALOPS_VALUE_INVALID', reason: `the secret ${name} is not set` };
    const secret = root === 'targets' && name !== undefined ? suite.missingTargets.get(name) : undefined;
    if (secret !== undefined) return { code: 'REALOPS_VALUE_INVALID', reason: `the target ${name ?? ''} needs the secret ${secret}, which is not set` };
  }
  return undefined;
}

