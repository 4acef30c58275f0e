/**
 * For tests of step types and actions: run one as the engine does, with real endpoints, and check that it keeps its contract.
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
export { runCommand } from './testing/run-command.js';
export type { CommandRun, RunCommandOptions } from './testing/run-command.js';
export { manualClock } from './time/manual-clock.js';
export type { ManualClock } from './time/manual-clock.js';
