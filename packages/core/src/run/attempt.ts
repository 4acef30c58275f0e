import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import { RealopsError, type ErrorCode } from '../errors/index.js';
import { messageOf } from '../errors/index.js';
import type { Labels, MetricValue, Sample } from '../metrics/metric.js';
import { sampleOf } from '../metrics/value.js';
import type { NestedStep, StepContext, StepType } from '../model/step-type.js';
import { createScope, type Scope } from '../resource/index.js';
import { compileSchema } from '../schema/index.js';
import { createRandom, seedOf, type Json, type JsonObject } from '../text/index.js';
import { startDeadline, type Deadline, type Millis } from '../time/index.js';
import { resolveTarget } from '../model/egress.js';
import { findFile } from './files.js';
import type { AttemptPlace, StepHost } from './host.js';
import { drawingOf } from './picture.js';

/** What came of one attempt of a step. */
export interface AttemptResult {
  readonly output: Json | undefined;
  readonly error: RealopsError | undefined;
  readonly durationMs: number;
}

/** What one attempt is given. */
export interface AttemptOptions extends AttemptPlace {
  readonly timeoutMs: Millis;
  readonly signal: AbortSignal;
  /** When the step was due on the monotonic clock; now, when left out. */
  readonly due?: Millis;
}

/** How long closing the resources of an attempt may take, together. */
const CLOSE_MS = 900;

/**
 * Runs a step type once under its deadline. Everything it opened is closed in reverse order before this returns, also on timeout and cancellation;
 * what it measures afterwards is ignored. Never rejects: a failure is data.
 */
export async function runAttempt(host: StepHost, type: StepType, parameters: Json, options: AttemptOptions): Promise<AttemptResult> {
  const started = host.clock.now();
  const deadline = startDeadline(host.clock, options.timeoutMs, options.signal, `step "${options.step}" (${type.use})`);
  const life: Life = { ended: false, measured: [], resources: undefined };
  let output: Json | undefined;
  let error: RealopsError | undefined;
  try {
    output = asJson(await deadline.race(callStep(type, parameters, createContext(host, type, options, deadline, life))));
  } catch (thrown) {
    error = describeFailure(thrown, deadline);
  }
  life.ended = true;
  if (life.resources !== undefined && !life.resources.empty) await closeWithin(host, life.resources, type.use);
  // By hand: compiled for Node 20, a using declaration costs more than what it releases.
  deadline[Symbol.dispose]();
  if (error !== undefined && !options.signal.aborted) recordFailure(host, type, options, life.measured);
  return { output, error, durationMs: host.clock.now() - started };
}

/** What an attempt has done so far. */
interface Life {
  ended: boolean;
  /** The metrics that were measured. */
  readonly measured: string[];
  /** What was opened; undefined while nothing was. */
  resources: Scope | undefined;
}

/** The seam where a type-erased step type meets parameters that its own schema has just accepted. */
function callStep(type: StepType, parameters: Json, context: StepContext): Promise<unknown> {
  const typed = type as { run(parameters: unknown, context: StepContext): Promise<unknown> };
  return (async () => typed.run(parameters, context))();
}

function createContext(host: StepHost, type: StepType, options: AttemptOptions, deadline: Deadline, life: Life): StepContext {
  const { place, step, attempt } = options;
  const warn = (about: string, error: unknown): void => host.publish({ event: 'warning', about, code: 'REALOPS_STEP_FAILED', message: `could not be closed: ${messageOf(error)}` });
  let random: (() => number) | undefined;
  return {
    get signal() {
      return deadline.signal;
    },
    onAbort: (call) => deadline.onAbort(call),
    clock: host.clock,
    log: host.log,
    environment: host.environment,
    env: host.env,
    step: { id: step, attempt, traceId: place.trace_id, intendedStart: options.due ?? host.clock.now() },
    random: () => (random ??= createRandom(seedOf(host.seed, place.scenario, place.row, step)))(),
    measure(metric, value, extra) {
      if (life.ended) return;
      const declared = type.metrics?.find(({ name }) => name === metric);
      if (declared === undefined) {
        throw new RealopsError('REALOPS_METRIC_UNKNOWN', `${type.use} measured "${metric}" but does not declare it`, { hint: `declare it in the step's metrics: ${(type.metrics ?? []).map(({ name }) => name).join(', ') || 'none declared'}` });
      }
      if (value === null && declared.kind !== 'distribution') throw new RealopsError('REALOPS_METRIC_INVALID', `${metric} is a ${declared.kind}, which cannot be without a value; only a distribution can`);
      life.measured.push(metric);
      publishMeasurement(host, options, metric, value, extra);
    },
    note(event, fields) {
      if (life.ended) return;
      if (event === 'asr_partial' || event === 'asr_final') host.publish({ ...fields, text: typeof fields['text'] === 'string' ? fields['text'] : '', event, ...place, step });
      else host.publish({ event: 'note', ...place, step, name: event, fields });
    },
    draw(picture) {
      if (!life.ended) host.publish({ event: 'picture', ...place, step, attempt, ...drawingOf(type.use, picture) });
    },
    async attach(name, body, { mediaType, scope }) {
      if (scope !== undefined && !host.consents.has(scope)) return null;
      const path = await host.store(`artifacts/${place.scenario}/${String(place.row).padStart(4, '0')}-${step}-${name.replaceAll(/[^\w.-]+/g, '_')}`, body);
      if (path !== null) host.publish({ event: 'artifact_stored', ...place, step, attempt, name, path, media_type: mediaType, bytes: Buffer.byteLength(body), sha256: createHash('sha256').update(body).digest('hex') });
      return path;
    },
    use: (resource) => (life.resources ??= createScope(warn)).use(resource, deadline.signal),
    target: (nameOrUrl) => resolveTarget(nameOrUrl, host.targets),
    file: (path) => findFile(path, options),
    evaluate: async (expression, input) => (await host.compile(expression)).evaluate(isScope(input) ? input : { value: input }),
    run: (nested) => runNested(host, nested, options, deadline.signal),
  };
}

function isScope(input: Json): input is JsonObject {
  return typeof input === 'object' && input !== null && !Array.isArray(input);
}

/** Records one measurement: as an event and before the judge. */
export function publishMeasurement(host: StepHost, { place, step, attempt }: AttemptPlace, metric: string, value: MetricValue | null, extra?: { readonly labels?: Labels; readonly invalid?: string }): void {
  const declared = host.metrics.get(metric);
  if (declared === undefined) throw new RealopsError('REALOPS_METRIC_UNKNOWN', `nothing declares the metric "${metric}"`);
  const { scenario, row, trace_id } = place;
  const labels: Labels = extra?.labels === undefined ? { scenario, step, row } : { ...extra.labels, scenario, step, row };
  const sample: Sample = value === null ? { metric, value: null, labels, ...(extra?.invalid === undefined ? {} : { invalid: extra.invalid }) } : sampleOf(declared, value, labels, extra?.invalid);
  host.record(sample);
  host.publish({
    event: 'measured', scenario, row, trace_id, step, attempt, metric, kind: declared.kind, unit: declared.unit,
    value: sample.value, whole: sample.whole ?? null, invalid: sample.invalid ?? null, labels: extra?.labels ?? NO_LABELS,
  });
}

const NO_LABELS: Labels = Object.freeze({});

function recordFailure(host: StepHost, type: StepType, at: AttemptPlace, measured: readonly string[]): void {
  const metrics = type.metrics ?? [];
  host.recordFailedAttempt(metrics, { scenario: at.place.scenario, step: at.step, row: at.place.row });
  for (const metric of metrics) {
    if (metric.whenFailed !== 'count' || measured.includes(metric.name)) continue;
    if (metric.kind === 'rate') publishMeasurement(host, at, metric.name, false);
    else if (metric.kind === 'distribution') publishMeasurement(host, at, metric.name, null);
  }
}

async function runNested(host: StepHost, nested: NestedStep, options: AttemptOptions, signal: AbortSignal): Promise<Json | undefined> {
  const type = host.steps.get(nested.use);
  if (type === undefined) throw new RealopsError('REALOPS_STEP_UNKNOWN', `no step type "${nested.use}" is loaded`);
  const { value, issues } = compileSchema(type.with).check(nested.with ?? {});
  if (issues[0] !== undefined) throw new RealopsError('REALOPS_WITH_INVALID', `${nested.use}: ${issues[0].message}`, { hint: issues[0].hint });
  const result = await runAttempt(host, type, value, { ...options, due: host.clock.now(), signal });
  if (result.error !== undefined) throw result.error;
  return result.output;
}

async function closeWithin(host: StepHost, resources: Scope, about: string): Promise<void> {
  await new Promise<void>((done) => {
    const callOff = host.clock.after(CLOSE_MS, () => {
      host.publish({ event: 'warning', about, code: 'REALOPS_TIMEOUT', message: `its resources were not closed within ${CLOSE_MS} ms` });
      done();
    });
    void resources[Symbol.asyncDispose]().then(() => {
      callOff();
      done();
    });
  });
}

const CONNECTION_CODES = new Set(['ECONNREFUSED', 'ECONNRESET', 'ECONNABORTED', 'EPIPE', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'ETIMEDOUT', 'UND_ERR_SOCKET', 'UND_ERR_CONNECT_TIMEOUT']);

/** Anything a step may throw as a failure with a code: the reason of the signal first, our own errors as they are, socket errors as REALOPS_CONNECTION. */
function describeFailure(thrown: unknown, { aborted, signal }: Deadline): RealopsError {
  if (aborted && signal.reason instanceof RealopsError) return thrown instanceof RealopsError && thrown.code === signal.reason.code ? thrown : signal.reason;
  if (aborted) return new RealopsError('REALOPS_CANCELLED', 'cancelled', { cause: signal.reason });
  if (thrown instanceof RealopsError) return thrown;
  let code: ErrorCode = 'REALOPS_STEP_FAILED';
  for (let error: unknown = thrown, depth = 0; error instanceof Error && depth < 5; error = error.cause, depth += 1) {
    if ('code' in error && typeof error.code === 'string' && CONNECTION_CODES.has(error.code)) code = 'REALOPS_CONNECTION';
  }
  return new RealopsError(code, messageOf(thrown), { cause: thrown });
}

/** The output of a step as JSON: what JSON cannot hold (functions, undefined, big integers) is an error of the step type. */
function asJson(output: unknown): Json | undefined {
  if (output === undefined) return undefined;
  if (typeof output === 'function' || typeof output === 'symbol' || typeof output === 'bigint') throw new RealopsError('REALOPS_STEP_FAILED', `the step gave a ${typeof output} instead of JSON`);
  return output as Json;
}
