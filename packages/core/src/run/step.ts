import { messageOf, RealopsError } from '../errors/index.js';
import type { EventError, EventExpectation, EventSource, Place } from '../events/event.js';
import type { Expression, Scope } from '../expression/types.js';
import type { CallStep, RetryCause, Step, UserMetric } from '../model/suite.js';
import type { StepOutcome } from '../model/words.js';
import { isJsonObject, roundToThousandths, type Json, type JsonObject } from '../text/index.js';
import type { Millis } from '../time/index.js';
import { runAttempt, publishMeasurement, type AttemptOptions } from './attempt.js';
import { gotValues, shorten } from './evidence.js';
import type { AttemptPlace, StepHost } from './host.js';
import { renderParameters } from './parameters.js';
import type { RowScope } from './scope.js';

/** The part of a row that steps run in. */
export interface StepFrame {
  readonly host: StepHost;
  readonly place: Place;
  readonly phase: 'preflight' | 'setup' | 'steps' | 'finally';
  readonly scope: RowScope;
  readonly rowDirectory: string | undefined;
  readonly signal: AbortSignal;
  readonly userMetrics: readonly UserMetric[];
  /** Why a step cannot run here: a consent scope or secret that is missing. */
  readonly obstacle: (step: CallStep) => Obstacle | undefined;
  readonly sourceOf: (step: Step) => EventSource;
}

/** Why a step, and with it its row, is skipped. */
export interface Obstacle {
  readonly code: 'REALOPS_CONSENT_MISSING' | 'REALOPS_VALUE_INVALID';
  readonly reason: string;
}

/** What came of a step. */
export interface StepResult {
  readonly outcome: StepOutcome;
  /** Most attempts that any call took. */
  readonly attempts: number;
  /** Why the row is skipped from here. */
  readonly reason: string | undefined;
}

/** Runs steps in order until one fails that says stop; gives the worst outcome. */
export async function runSteps(steps: readonly Step[], frame: StepFrame): Promise<StepResult> {
  let worst: StepResult = { outcome: 'passed', attempts: 1, reason: undefined };
  for (const step of steps) {
    const result = await runStepIn(step, frame);
    worst = worse(worst, result);
    if (result.outcome === 'cancelled' || result.reason !== undefined) return worst;
    if ((result.outcome === 'failed' || result.outcome === 'error') && step.onFailure === 'stop') return worst;
  }
  return worst;
}

const BADNESS: { readonly [O in StepOutcome]: number } = { skipped: 0, passed: 1, cancelled: 2, failed: 3, error: 4 };

/** The worse of two results; a skip with a reason outweighs passing. */
function worse(a: StepResult, b: StepResult): StepResult {
  const weight = ({ outcome, reason }: StepResult): number => (outcome === 'skipped' && reason !== undefined ? 1.5 : BADNESS[outcome]);
  const outcome = weight(b) > weight(a) ? b : a;
  return { outcome: outcome.outcome, attempts: Math.max(a.attempts, b.attempts), reason: outcome.reason };
}

async function runStepIn(step: Step, frame: StepFrame): Promise<StepResult> {
  if (step.if !== undefined) {
    try {
      if (!(await step.if.test(frame.scope.roots()))) return skip(step, frame, undefined);
    } catch (error) {
      return report(step, frame, 1, { error: asEventError(error), outcome: 'error' });
    }
  }
  if (step.kind === 'parallel') {
    const results = await Promise.all(step.steps.map((each) => runStepIn(each, frame)));
    return results.reduce(worse, { outcome: 'passed', attempts: 1, reason: undefined });
  }
  const obstacle = frame.obstacle(step);
  if (obstacle !== undefined) return skip(step, frame, obstacle);
  return step.each === undefined ? runRepeated(step, frame, undefined) : runEach(step, frame);
}

async function runEach(step: CallStep, frame: StepFrame): Promise<StepResult> {
  let list: Json;
  try {
    list = (await step.each?.render(frame.scope.roots())) ?? null;
  } catch (error) {
    return report(step, frame, 1, { error: asEventError(error), outcome: 'error' });
  }
  if (!Array.isArray(list)) return report(step, frame, 1, { error: { code: 'REALOPS_VALUE_INVALID', message: `each must give a list, got ${shorten(list)}`, hint: null }, outcome: 'error' });
  const outputs: Json[] = [];
  let worst: StepResult = { outcome: 'passed', attempts: 1, reason: undefined };
  const entries: readonly Json[] = list;
  for (const [index, item] of entries.entries()) {
    const result = await runRepeated(step, frame, { item, index }, (output) => void outputs.push(output ?? null));
    worst = worse(worst, result);
    if (result.outcome !== 'passed' && step.onFailure === 'stop') break;
  }
  frame.scope.finish(step.id, outputs);
  return worst;
}

async function runRepeated(step: CallStep, frame: StepFrame, extra: JsonObject | undefined, collect?: (output: Json | undefined) => void): Promise<StepResult> {
  const times = step.repeat?.times ?? 1;
  let worst: StepResult = { outcome: 'passed', attempts: 1, reason: undefined };
  let last: Json | undefined;
  for (let turn = 1; turn <= times; turn += 1) {
    const { result, output } = await runAttempts(step, frame, extra);
    worst = worse(worst, result);
    last = output;
    if (result.outcome !== 'passed' && (step.onFailure === 'stop' || result.outcome === 'cancelled')) break;
    if (step.until !== undefined && result.outcome === 'passed') {
      const reached = await holds(step.until, frame.scope.over(output, extra));
      if (reached.held) break;
      if (turn === times) worst = worse(worst, report(step, frame, 1, { outcome: 'failed', output, expectations: [reached.expectation], error: { code: 'REALOPS_UNTIL_NOT_REACHED', message: `after ${times} repetitions until still did not hold: ${step.until.text}`, hint: null } }));
    }
    if (turn < times && step.repeat !== undefined && step.repeat.delayMs > 0) {
      try {
        await frame.host.clock.sleep(step.repeat.delayMs, frame.signal);
      } catch {
        return worse(worst, { outcome: 'cancelled', attempts: 1, reason: undefined });
      }
    }
  }
  if (collect === undefined) frame.scope.finish(step.id, last);
  else collect(last);
  return worst;
}

async function runAttempts(step: CallStep, frame: StepFrame, extra: JsonObject | undefined): Promise<{ readonly result: StepResult; readonly output: Json | undefined }> {
  let delay = step.retry.delayMs;
  for (let attempt = 1; ; attempt += 1) {
    const due = frame.host.clock.now();
    await frame.host.turns.take(frame.signal);
    const tried = await tryOnce(step, frame, attempt, extra, due);
    const again = attempt < step.retry.attempts && tried.cause !== undefined && step.retry.on.includes(tried.cause) && !frame.signal.aborted;
    const result = report(step, frame, attempt, tried, again);
    if (!again) return { result, output: tried.output };
    try {
      await frame.host.clock.sleep(delay, frame.signal);
    } catch {
      return { result: { outcome: 'cancelled', attempts: attempt, reason: undefined }, output: tried.output };
    }
    delay *= step.retry.backoff;
  }
}

interface Tried {
  readonly outcome: StepOutcome;
  readonly error?: EventError | undefined;
  readonly cause?: RetryCause | undefined;
  readonly expectations?: readonly EventExpectation[];
  readonly sent?: Json | undefined;
  readonly output?: Json | undefined;
  readonly durationMs?: number;
}

async function tryOnce(step: CallStep, frame: StepFrame, attempt: number, extra: JsonObject | undefined, due: Millis): Promise<Tried> {
  const { host, place } = frame;
  const { scenario, row, trace_id } = place;
  host.publish({ event: 'step_start', scenario, row, trace_id, step: step.id, use: step.type.use, phase: frame.phase, attempt });
  let parameters: Json;
  try {
    const rendered = renderParameters(step, frame.scope.roots(extra));
    parameters = rendered instanceof Promise ? await rendered : rendered;
  } catch (error) {
    return { outcome: 'error', error: asEventError(error) };
  }
  const at: AttemptOptions = { place, step: step.id, attempt, directory: step.directory, rowDirectory: frame.rowDirectory, timeoutMs: step.timeoutMs, signal: frame.signal, due };
  const { output, error, durationMs } = await runAttempt(host, step.type, parameters, at);
  if (error !== undefined) {
    const cancelled = frame.signal.aborted;
    return { outcome: cancelled ? 'cancelled' : 'error', error: asEventError(error), cause: cancelled ? undefined : causeOf(error), sent: parameters, durationMs };
  }
  // What expectations, saves and measures read; made once, and with saved values read anew through the same object.
  const scope = frame.scope.over(output, extra);
  try {
    if (step.measure.length > 0 || frame.userMetrics.length > 0) await recordMeasures(step, frame, at, scope);
    for (const { name, value } of step.save) {
      const saved = await value.evaluate(scope);
      if (saved === undefined) throw new RealopsError('REALOPS_EXPRESSION_FAILED', `save.${name} gave no value: ${value.text}`, { hint: 'the output does not have what it reads' });
      frame.scope.save(name, saved);
    }
  } catch (thrown) {
    return { outcome: 'error', error: asEventError(thrown), sent: parameters, output, durationMs };
  }
  const expectations: EventExpectation[] = [];
  for (const expression of step.expect) {
    const value = expression.readNow(scope);
    expectations.push(value?.known === true && value.value === true ? { expression: expression.text, held: true, got: {} } : (await holds(expression, scope)).expectation);
  }
  const broken = expectations.filter(({ held }) => !held);
  if (broken.length === 0) return { outcome: 'passed', output, durationMs };
  const error_: EventError = { code: 'REALOPS_EXPECT_FAILED', message: broken.map(({ expression, got }) => `expected ${expression}; got ${shorten(got)}`).join(' · '), hint: null };
  return { outcome: 'failed', error: error_, cause: 'expect', expectations, sent: parameters, output, durationMs };
}

async function recordMeasures(step: CallStep, frame: StepFrame, at: AttemptPlace, scope: Scope): Promise<void> {
  const own = frame.userMetrics.filter(({ from }) => from === step.id).map(({ metric, value }) => ({ metric: metric.name, value }));
  for (const { metric, value } of [...step.measure, ...own]) {
    const result = await value.evaluate(scope);
    if (typeof result === 'number' || typeof result === 'boolean') publishMeasurement(frame.host, at, metric, result);
    else if (isJsonObject(result) && typeof result['part'] === 'number' && typeof result['whole'] === 'number') publishMeasurement(frame.host, at, metric, { part: result['part'], whole: result['whole'] });
    else throw new RealopsError('REALOPS_METRIC_INVALID', `${metric} is measured with ${value.text}, which gave ${result === undefined ? 'no value' : shorten(result)}`, { hint: 'give a number, true or false, or { part, whole }' });
  }
}

async function holds(expression: Expression, scope: Scope): Promise<{ readonly held: boolean; readonly expectation: EventExpectation }> {
  try {
    const held = await expression.test(scope);
    return { held, expectation: { expression: expression.text, held, got: held ? {} : gotValues(expression.reads, scope) } };
  } catch (error) {
    return { held: false, expectation: { expression: expression.text, held: false, got: { ...gotValues(expression.reads, scope), problem: messageOf(error) } } };
  }
}

function report(step: Step, frame: StepFrame, attempt: number, tried: Tried, retried = false): StepResult {
  const { scenario, row, trace_id } = frame.place;
  const bad = tried.outcome === 'failed' || tried.outcome === 'error';
  frame.host.publish({
    event: 'step_end', scenario, row, trace_id, step: step.id, use: step.kind === 'call' ? step.type.use : 'parallel', phase: frame.phase, attempt, retried, outcome: tried.outcome,
    duration_ms: roundToThousandths(tried.durationMs ?? 0), source: frame.sourceOf(step), error: tried.error ?? null, expectations: bad ? (tried.expectations ?? []) : [],
    sent: bad ? shortenDeep(tried.sent) : null, received: bad ? shortenDeep(tried.output) : null,
  });
  return { outcome: tried.outcome, attempts: attempt, reason: undefined };
}

function shortenDeep(value: Json | undefined): Json {
  return value === undefined ? null : cut(value, 0);
}

function cut(value: Json, depth: number): Json {
  if (typeof value === 'string') return value.length > 2_000 ? `${value.slice(0, 2_000)}… (${value.length} characters)` : value;
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= 6) return '…';
  if (Array.isArray(value)) return [...value.slice(0, 20).map((item: Json) => cut(item, depth + 1)), ...(value.length > 20 ? [`… (${value.length} items)`] : [])];
  return Object.fromEntries(Object.entries(value).slice(0, 50).map(([key, item]) => [key, cut(item, depth + 1)]));
}

function skip(step: Step, frame: StepFrame, obstacle: Obstacle | undefined): StepResult {
  const error = obstacle === undefined ? null : { code: obstacle.code, message: obstacle.reason, hint: null };
  frame.host.publish({
    event: 'step_end', ...frame.place, step: step.id, use: step.kind === 'call' ? step.type.use : 'parallel', phase: frame.phase, attempt: 1, retried: false, outcome: 'skipped', duration_ms: 0,
    source: frame.sourceOf(step), error, expectations: [], sent: null, received: null,
  });
  return { outcome: 'skipped', attempts: 1, reason: obstacle?.reason };
}

function causeOf(error: RealopsError): RetryCause {
  if (error.code === 'REALOPS_CONNECTION') return 'connection';
  return error.code === 'REALOPS_TIMEOUT' ? 'timeout' : 'error';
}

function asEventError(error: unknown): EventError {
  if (error instanceof RealopsError) return { code: error.code, message: error.message, hint: error.hint ?? null };
  return { code: 'REALOPS_STEP_FAILED', message: messageOf(error), hint: null };
}
