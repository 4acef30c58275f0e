/**
 * RealOps as a library: load a suite, run it, rebuild reports from a log.
 *
 * @example
 * const suite = await load(['scenarios.yaml'], { env: process.env });
 * const running = run(suite, { runs: 'runs' });
 * for await (const event of running) if (event.event === 'slo_judged') console.log(event.slo.id, event.slo.verdict);
 * const report = await running.report;
 */
import { dirname, join } from 'node:path';
import { builtInActions } from './actions/index.js';
import { loadSuite } from './load/load.js';
import { findSuiteFile } from './load/files.js';
import { editorSchema } from './load/editor.js';
import type { Env } from './load/environment.js';
import { createRegistry } from './load/registry.js';
import type { ReporterUse } from './model/outlet.js';
import type { Suite } from './model/suite.js';
import { builtInNotifiers } from './notifiers/index.js';
import type { Plugin } from './plugin.js';
import { evidence, reporters } from './reporters/index.js';
import { loop as loopSuite } from './run/loop.js';
import type { Loop, LoopOptions } from './run/loop-options.js';
import type { Run, RunOptions } from './run/options.js';
import { run as runSuite } from './run/run.js';
import { builtInSteps } from './steps/index.js';
import type { JsonObject } from './text/index.js';

/** How a suite is loaded. */
export interface LoadOptions {
  /** The variables that `${{ env.NAME }}` and `secrets:` read; none by default, since a library takes nothing from the process. */
  readonly env?: Env;
  /** Plugins that are already at hand; a suite that names one of them under `plugins:` gets this one. */
  readonly plugins?: readonly Plugin[];
}

/**
 * Loads suite files (or folders that hold `scenarios.yaml`) as one suite: the first is the suite itself, the others are read as if included.
 * @throws RealopsError REALOPS_LOAD_FAILED with all problems, each with its place and a way out; REALOPS_FILE_NOT_FOUND for a path that is not there
 */
export async function load(files: readonly string[], options: LoadOptions = {}): Promise<Suite> {
  const paths = await Promise.all(files.map(findSuiteFile));
  return loadSuite(paths, { plugins: [core, ...(options.plugins ?? [])], env: options.env ?? {} });
}

/**
 * Starts a run of a loaded suite. With `runs` it keeps a run folder, in which the event log and `result.json` are always written.
 * @throws RealopsError REALOPS_FILTER_EMPTY when the filters leave nothing to run
 */
export function run(suite: Suite, options: RunOptions = {}): Run {
  const chosen = options.reporters ?? suite.reporters;
  const always: readonly ReporterUse[] = evidence.filter(({ name }) => !chosen.some(({ type }) => type.name === name)).map((type) => ({ type, options: {} }));
  return runSuite(suite, { ...options, reporters: options.runs === undefined ? chosen : [...always, ...chosen] });
}

/**
 * Runs a suite again and again as its `loop:` says, under one hold of its ledger. Remedies are applied unless told otherwise.
 * Everything that may go wrong, e.g. that another process controls the system, is told by `ended`.
 */
export function loop(suite: Suite, options: LoopOptions): Loop {
  return loopSuite(suite, options, run);
}

/** The state folder of a suite when none is named: `.realops` beside its file. Takes the file or its folder. */
export async function stateFolderOf(suite: string): Promise<string> {
  return join(dirname(await findSuiteFile(suite)), '.realops');
}

/** The JSON Schema of suite files for editors: built-in step types, and those of the plugins that the given suites name. */
export async function editorSchemaOf(files: readonly string[], options: LoadOptions = {}): Promise<JsonObject> {
  const given = createRegistry([core, ...(options.plugins ?? [])], () => undefined);
  if (files.length === 0) return editorSchema(given);
  const suite = await load(files, options);
  return editorSchema({ steps: suite.steps, actions: suite.actions, notifiers: suite.notifiers, reporters: suite.reporterTypes, sinks: given.sinks });
}

const core: Plugin = { name: '@alice/realops', apiVersion: 1, steps: builtInSteps, actions: builtInActions, notifiers: builtInNotifiers, reporters };

export { findPlugin } from './load/find-plugin.js';
export { examine } from './load/examine.js';
export type { Examination, ExaminedCheck, ExaminedPlugin, ExamineOptions } from './load/examine.js';
export { makePlan as plan } from './plan/plan.js';
export type { Plan, PlanFilter, PlannedScenario } from './plan/plan.js';
export { recompute } from './run/recompute.js';
export type { Recomputed, RecomputedFigure } from './run/recompute.js';
export { replay } from './run/replay.js';
export { acknowledge, approveChange, viewLedger } from './run/people.js';
export type { AcknowledgeOptions, ApproveOptions } from './run/people.js';
export { undoChange } from './run/undo.js';
export type { UndoOptions } from './run/undo.js';
export { formatLedger } from './reporters/ledger-text.js';
export type { LedgerTextOptions } from './reporters/ledger-text.js';
export type { LedgerEntry, LedgerEntryState, LedgerIssue, LedgerView } from './model/ledger.js';
export { formatProblem, formatProblems, RealopsError } from './errors/index.js';
export type { ErrorCode, FormatOptions, Problem, SourceRange } from './errors/index.js';
export type * from './events/index.js';
export type { JudgedSlo, Verdict } from './model/slo.js';
export type { Output, Reporter, ReporterIo, ReporterType, ReporterUse } from './model/outlet.js';
export type { Scenario, Step, Suite } from './model/suite.js';
export type { Outcome, StepOutcome } from './model/words.js';
export type { CheckResult, Plugin } from './plugin.js';
export { ENGINE_VERSION } from './run/version.js';
export type { FollowUp } from './run/follow-up.js';
export type { Loop, LoopOptions } from './run/loop-options.js';
export type { LoopStatus } from './run/loop-status.js';
export type { Run, RunOptions } from './run/options.js';
