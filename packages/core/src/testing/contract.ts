import type { StepContext, StepType } from '../model/step-type.js';
import { ROOTS } from '../load/registry.js';
import { compileSchema } from '../schema/index.js';
import type { Json, JsonObject } from '../text/index.js';
import { systemClock } from '../time/index.js';
import { ABORT_AFTER_MS, count, leftOpen, QUIET_MS, within } from './quiet.js';
import { runStep, type RunStepOptions, type StepRun } from './run-step.js';

/** What a step type is tried with. */
export interface StepContractCases {
  /** Parameters with which the step passes. */
  readonly valid: JsonObject;
  /** Targets, files and the rest for every run. */
  readonly options?: RunStepOptions;
  /** Parameters (and targets) with which the step would wait for long, e.g. on a server that never answers: the abort is tried with them. By default `valid`. */
  readonly stuck?: { readonly parameters: JsonObject; readonly options?: RunStepOptions };
  /** What the process holds open now, one entry each: `() => process.getActiveResourcesInfo()`. */
  readonly openHandles: () => readonly string[];
}

/** A rule of the contract that a step type does not keep. */
export interface BrokenRule {
  readonly rule: 'declaration' | 'unknown-parameter' | 'passes' | 'output' | 'metrics' | 'parameters-untouched' | 'abort' | 'handles';
  /** One sentence: what was seen. */
  readonly message: string;
}

/**
 * Runs a step type against the contract that all step types keep and gives the rules it breaks; none is the good answer. Rules: it is declared in full and
 * no output shares the name of a root; unknown parameters are refused; it passes with `valid`, its output fits its schema and its parameters are left as
 * they were; it measures only declared metrics; it ends within 1 s of an abort; after a first run (which may fill a connection pool) no run leaves a handle open.
 */
export async function checkStepType(type: StepType, cases: StepContractCases): Promise<readonly BrokenRule[]> {
  const broken: BrokenRule[] = [...checkDeclaration(type)];
  const strict = compileSchema(type.with).check({ ...cases.valid, not_a_parameter: true }).issues;
  if (strict.length === 0) broken.push({ rule: 'unknown-parameter', message: `${type.use} accepts the parameter "not_a_parameter"; close its schema` });
  broken.push(...(await checkPassing(type, cases)));
  broken.push(...(await checkAbort(type, cases)));
  return broken.filter(({ message }, index) => broken.findIndex((other) => other.message === message) === index);
}

function checkDeclaration(type: StepType): readonly BrokenRule[] {
  const wrong: string[] = [];
  if (!/^[a-z][A-Za-z0-9]*(?:\.[a-z][A-Za-z0-9]*)+$/.test(type.use)) wrong.push(`"${type.use}" is not of the form area.verb`);
  if (type.description.trim() === '') wrong.push(`${type.use} has no description`);
  for (const { name, description } of type.metrics ?? []) if (description.trim() === '') wrong.push(`the metric ${name} has no description`);
  const names = (type.metrics ?? []).map(({ name }) => name);
  for (const name of new Set(names.filter((each, index) => names.indexOf(each) !== index))) wrong.push(`the metric ${name} is declared twice`);
  const roots: readonly string[] = ROOTS;
  for (const name of Object.keys(type.output?.properties ?? {})) if (roots.includes(name)) wrong.push(`the output "${name}" has the name of a root, so expressions could not read both`);
  return wrong.map((message) => ({ rule: 'declaration', message }));
}

/** Runs with good parameters: twice, since the first run may open what is kept for the next. */
async function checkPassing(type: StepType, { valid, options, openHandles }: StepContractCases): Promise<readonly BrokenRule[]> {
  const broken: BrokenRule[] = [];
  const watched = watch(type);
  await runStep(watched.type, valid, options);
  const before = count(openHandles());
  const result = await runStep(watched.type, valid, options);
  if (result.outcome !== 'passed') broken.push({ rule: 'passes', message: `${type.use} does not pass with the valid parameters: ${result.error?.code ?? ''} ${result.error?.message ?? ''}` });
  else broken.push(...checkOutput(type, result));
  for (const warning of result.warnings) broken.push({ rule: 'handles', message: `${type.use}: ${warning}` });
  for (const name of watched.undeclared) broken.push({ rule: 'metrics', message: `${type.use} measures ${name}, which it does not declare` });
  if (watched.touched()) broken.push({ rule: 'parameters-untouched', message: `${type.use} changes its parameters, which other rows share` });
  broken.push(...(await leftOpen(before, openHandles, `a run of ${type.use}`)));
  return broken;
}

function checkOutput(type: StepType, { output }: StepRun): readonly BrokenRule[] {
  if (type.output === undefined) return output === undefined ? [] : [{ rule: 'output', message: `${type.use} gives an output but declares none` }];
  return compileSchema(type.output)
    .check(output ?? null)
    .issues.map(({ path, message }) => ({ rule: 'output', message: `the output of ${type.use} does not fit its schema: ${path.join('.')} ${message}` }));
}

/** Aborts in the middle of a wait: the step's own promise must settle, not only the engine's wait for it. */
async function checkAbort(type: StepType, { valid, options, stuck, openHandles }: StepContractCases): Promise<readonly BrokenRule[]> {
  const broken: BrokenRule[] = [];
  const before = count(openHandles());
  const watched = watch(type);
  const stop = new AbortController();
  const callOff = systemClock.after(ABORT_AFTER_MS, () => stop.abort(new Error('the contract calls it off')));
  const result = await runStep(watched.type, stuck?.parameters ?? valid, { ...options, ...stuck?.options, signal: stop.signal });
  callOff();
  if (stuck !== undefined && result.outcome === 'passed') broken.push({ rule: 'abort', message: `${type.use} passed before it could be aborted; give stuck parameters that make it wait` });
  if (!(await within(QUIET_MS, watched.running))) broken.push({ rule: 'abort', message: `${type.use} was still at work ${QUIET_MS} ms after its signal aborted` });
  broken.push(...(await leftOpen(before, openHandles, `an aborted run of ${type.use}`)));
  return broken;
}

interface Watched {
  readonly type: StepType;
  /** Whether a call is still under way. */
  running(): boolean;
  /** Whether a call has changed its parameters. */
  touched(): boolean;
  readonly undeclared: ReadonlySet<string>;
}

/** A step type whose calls are looked at from outside. */
function watch(type: StepType): Watched {
  const declared = new Map((type.metrics ?? []).map((metric) => [metric.name, metric] as const));
  const undeclared = new Set<string>();
  let under = 0;
  let touched = false;
  // The seam where a type-erased step type meets the parameters that runStep has checked.
  const call = type.run.bind(type) as (parameters: Json, context: StepContext) => Promise<unknown>;
  const run = async (parameters: Json, context: StepContext): Promise<unknown> => {
    const given = JSON.stringify(parameters);
    under += 1;
    try {
      return await call(parameters, {
        ...context,
        measure: (name, ...rest) => {
          const metric = declared.get(name);
          if (metric === undefined) undeclared.add(`"${name}"`);
          for (const label of Object.keys(rest[1]?.labels ?? {})) if (metric?.labels?.includes(label) === false) undeclared.add(`${name} with the label "${label}"`);
          context.measure(name, ...rest);
        },
      });
    } finally {
      under -= 1;
      if (JSON.stringify(parameters) !== given) touched = true;
    }
  };
  return { type: { ...type, run }, running: () => under > 0, touched: () => touched, undeclared };
}
