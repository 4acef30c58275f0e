import { RealopsError } from '../errors/index.js';
import type { PictureDrawn, RunEventDraft } from '../events/event.js';
import { compileExpression } from '../expression/index.js';
import type { Sample } from '../metrics/metric.js';
import type { StepType } from '../model/step-type.js';
import { CONSENT_SCOPES } from '../model/words.js';
import { runAttempt } from '../run/attempt.js';
import type { StepHost } from '../run/host.js';
import { compileSchema } from '../schema/index.js';
import type { Json, JsonObject } from '../text/index.js';
import { createTurns, systemClock, type Clock } from '../time/index.js';

/** How a step is run in a test. */
export interface RunStepOptions {
  /** Targets by name; also the hosts the step may reach. */
  readonly targets?: { readonly [name: string]: string };
  /** The folder that relative file parameters start from; the current folder by default. */
  readonly files?: string;
  readonly signal?: AbortSignal;
  /** The deadline of the step; 10 s by default. */
  readonly timeoutMs?: number;
  /** Step types that nested steps may use. */
  readonly steps?: readonly StepType[];
  readonly clock?: Clock;
  /** Consent scopes; all by default. */
  readonly consents?: readonly string[];
  readonly seed?: number;
  /** What the step sees as `context.env`; nothing by default. */
  readonly env?: { readonly [name: string]: string };
}

/** What came of a step in a test. */
export interface StepRun {
  readonly outcome: 'passed' | 'error';
  readonly output: Json | undefined;
  readonly error: RealopsError | undefined;
  readonly durationMs: number;
  /** Every measurement in order. */
  readonly measurements: readonly Sample[];
  /** What the step noted: partial transcripts and the like. */
  readonly notes: readonly { readonly name: string; readonly fields: JsonObject }[];
  /** What the step drew, as the log has it. */
  readonly pictures: readonly Pick<PictureDrawn, 'title' | 'duration_ms' | 'lanes' | 'dropped'>[];
  /** Artifacts by path. */
  readonly artifacts: ReadonlyMap<string, Uint8Array | string>;
  /** Resources that could not be closed, and the like. */
  readonly warnings: readonly string[];
}

/**
 * Runs one step type against real endpoints, exactly as the engine does, without a suite.
 * @throws RealopsError REALOPS_WITH_INVALID when the parameters do not fit its schema, as a load would.
 */
export async function runStep(type: StepType, parameters: JsonObject, options: RunStepOptions = {}): Promise<StepRun> {
  const { value, issues } = compileSchema(type.with).check(parameters);
  if (issues[0] !== undefined) throw new RealopsError('REALOPS_WITH_INVALID', `${type.use}: ${issues[0].message}`, { hint: issues[0].hint });
  const measurements: Sample[] = [];
  const notes: { readonly name: string; readonly fields: JsonObject }[] = [];
  const pictures: StepRun['pictures'][number][] = [];
  const warnings: string[] = [];
  const artifacts = new Map<string, Uint8Array | string>();
  const types = [type, ...(options.steps ?? [])];
  const clock = options.clock ?? systemClock;
  const host: StepHost = {
    clock,
    turns: createTurns(clock),
    log: silent,
    environment: 'sandbox',
    env: options.env ?? {},
    targets: options.targets ?? {},
    consents: new Set(options.consents ?? CONSENT_SCOPES),
    steps: new Map(types.map((each) => [each.use, each])),
    metrics: new Map(types.flatMap(({ metrics }) => metrics ?? []).map((metric) => [metric.name, metric])),
    seed: options.seed ?? 1,
    compile: async (text) => {
      const { expression, problems } = compileExpression(text, {});
      if (expression === undefined) throw new RealopsError(problems[0]?.code ?? 'REALOPS_EXPRESSION_SYNTAX', problems[0]?.message ?? text);
      return expression;
    },
    publish: (draft: RunEventDraft) => {
      if (draft.event === 'note') notes.push({ name: draft.name, fields: draft.fields });
      if (draft.event === 'asr_partial' || draft.event === 'asr_final') notes.push({ name: draft.event, fields: draft });
      if (draft.event === 'picture') pictures.push({ title: draft.title, duration_ms: draft.duration_ms, lanes: draft.lanes, dropped: draft.dropped });
      if (draft.event === 'warning') warnings.push(`${draft.about}: ${draft.message}`);
    },
    record: (sample) => void measurements.push(sample),
    recordFailedAttempt: () => undefined,
    store: async (path, body) => {
      artifacts.set(path, body);
      return path;
    },
  };
  const result = await runAttempt(host, type, value, {
    place: { scenario: 'test', row: 1, trace_id: '0'.repeat(31) + '1' },
    step: 'step1',
    attempt: 1,
    directory: options.files ?? '.',
    rowDirectory: undefined,
    timeoutMs: options.timeoutMs ?? 10_000,
    signal: options.signal ?? new AbortController().signal,
  });
  return { outcome: result.error === undefined ? 'passed' : 'error', ...result, measurements, notes, pictures, artifacts, warnings };
}

const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined };
