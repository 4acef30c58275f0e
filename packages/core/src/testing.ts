/**
 * For tests of what plugins bring (step types, actions, reporters, sinks, notifiers, commands): run one as the engine does, with real endpoints, and check that it keeps its contract.
 *
 * @example
 * const { output, measurements } = await runStep(ping, { target: 'api' }, { targets: { api: 'http://127.0.0.1:8000' } });
 * const broken = await checkStepType(ping, { valid: { target: 'api' }, options: { targets }, openHandles: () => process.getActiveResourcesInfo() });
 */
export { runStep } from './testing/run-step.js';
export type { RunStepOptions, StepRun } from './testing/run-step.js';
export { checkStepType } from './testing/contract.js';
export type { BrokenRule, StepContractCases } from './testing/contract.js';
export { openAction } from './testing/run-action.js';
export type { ActionOptions, ActionUse } from './testing/run-action.js';
export { checkActionType } from './testing/action-contract.js';
export type { ActionFixture, BrokenActionRule } from './testing/action-contract.js';
export { runReporter } from './testing/run-reporter.js';
export type { ReporterRun, RunReporterOptions } from './testing/run-reporter.js';
export { checkReporter } from './testing/reporter-contract.js';
export type { BrokenReporterRule, ReporterCases } from './testing/reporter-contract.js';
export { runSink } from './testing/run-sink.js';
export type { SinkRun } from './testing/run-sink.js';
export { checkSink } from './testing/sink-contract.js';
export type { BrokenSinkRule, SinkCases } from './testing/sink-contract.js';
export { sendMessage } from './testing/run-notifier.js';
export type { SendOptions } from './testing/run-notifier.js';
export { checkNotifier } from './testing/notifier-contract.js';
export type { BrokenNotifierRule, NotifierCases } from './testing/notifier-contract.js';
export { SAMPLE_RUNS } from './testing/sample-runs.js';
export { SAMPLE_MESSAGES } from './testing/sample-messages.js';
export { runCommand } from './testing/run-command.js';
export type { CommandRun, RunCommandOptions } from './testing/run-command.js';
export { manualClock } from './time/manual-clock.js';
export type { ManualClock } from './time/manual-clock.js';
