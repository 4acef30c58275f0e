import { RealopsError } from '../errors/index.js';
import { compileTemplate } from '../expression/index.js';
import type { Scope } from '../expression/types.js';
import type { ActionContext, ActionType } from '../model/action-type.js';
import { renderedRead, renderedWrite } from '../model/knob-access.js';
import type { KnobUse } from '../model/knob.js';
import { resolveTarget } from '../model/egress.js';
import type { Suite } from '../model/suite.js';
import type { ChangeFacts } from '../remedy/records.js';
import { compileSchema } from '../schema/index.js';
import { isJsonObject, suggestion, type Json } from '../text/index.js';
import { startDeadline, untilAborted } from '../time/index.js';
import { runAttempt } from './attempt.js';
import { findFile } from './files.js';
import type { StepHost } from './host.js';
import { traceId } from './row.js';

/** What an action reads and writes the system with. */
export interface ActionIo {
  readonly suite: Suite;
  readonly host: StepHost;
  readonly runId: string;
}

/** The longest that one read or write of an action may take; restarts bound their own waiting within it. */
const ACTION_MS = 300_000;
const READ_MS = 15_000;

/** Calls one function of an action with its parameters made whole and checked, under a deadline of its own: undoing must work in a run that is being cancelled. */
export async function withAction<T>(io: ActionIo, change: Pick<ChangeFacts, 'use' | 'with' | 'directory' | 'param'>, what: 'read' | 'write' | 'plan', call: (action: ActionType, parameters: never, context: ActionContext) => Promise<T>): Promise<T> {
  const action = io.suite.actions.get(change.use);
  if (action === undefined) throw new RealopsError('REALOPS_PLUGIN_INVALID', `no loaded plugin brings the action ${change.use}`, { hint: 'list the plugin that brought it under plugins again, or undo the change by hand' });
  const whole = await compileTemplate(change.with, {}).template.render(rootsOf(io.suite));
  const { value, issues } = compileSchema(action.with).check(whole);
  if (issues[0] !== undefined) throw new RealopsError('REALOPS_WITH_INVALID', `${change.use}: ${issues[0].message}`, { hint: issues[0].hint });
  using deadline = startDeadline(io.host.clock, what === 'write' ? ACTION_MS : READ_MS, new AbortController().signal, `${what === 'write' ? 'changing' : 'reading'} ${change.param}`);
  return await untilAborted(call(action, asParameters(value), createActionContext(io, change.directory, deadline.signal)), deadline.signal);
}

/** The seam where a type-erased action meets parameters that its own schema has just accepted. */
function asParameters(value: Json): never {
  return value as never;
}

/** What an action or a notifier may touch: under the allow-list, and without leaving samples in the run. */
export function createActionContext(io: ActionIo, directory: string, signal: AbortSignal): ActionContext {
  const { suite } = io;
  // What remedies do to the system is no sample of the run.
  const host: StepHost = { ...io.host, record: () => undefined, recordFailedAttempt: () => undefined, publish: (draft) => (draft.event === 'warning' ? io.host.publish(draft) : undefined) };
  return {
    signal,
    clock: host.clock,
    log: host.log,
    environment: suite.environment,
    knob: (name) => useKnob(suite, name),
    target: (nameOrUrl) => resolveTarget(nameOrUrl, suite.targets),
    file: (path) => findFile(path, { directory, rowDirectory: undefined }),
    evaluate: async (expression, input) => (await host.compile(expression)).evaluate(isJsonObject(input) ? input : { value: input }),
    async run(step) {
      const type = host.steps.get(step.use);
      if (type === undefined) throw new RealopsError('REALOPS_STEP_UNKNOWN', `no step type "${step.use}" is loaded`);
      const { value, issues } = compileSchema(type.with).check(step.with ?? {});
      if (issues[0] !== undefined) throw new RealopsError('REALOPS_WITH_INVALID', `${step.use}: ${issues[0].message}`, { hint: issues[0].hint });
      const place = { scenario: 'remedy', row: 1, trace_id: traceId(io.runId, 'remedy', 1) };
      const { output, error } = await runAttempt(host, type, value, { place, step: 'action', attempt: 1, directory, rowDirectory: undefined, timeoutMs: ACTION_MS, signal });
      if (error !== undefined) throw error;
      return output;
    },
  };
}

/** What templates of knobs and actions read. */
export function rootsOf(suite: Suite): Scope {
  return { env: suite.env, vars: suite.vars, targets: suite.targets, secrets: Object.fromEntries(suite.secrets) };
}

async function useKnob(suite: Suite, name: string): Promise<KnobUse> {
  const knob = suite.knobs.get(name);
  if (knob === undefined) throw new RealopsError('REALOPS_KNOB_UNKNOWN', `the suite has no knob "${name}"`, { hint: suggestion(name, suite.knobs.keys(), 'knobs') });
  const roots = rootsOf(suite);
  return {
    name: knob.name,
    bounds: knob.bounds,
    directory: knob.directory,
    settleMs: knob.settleMs,
    read: renderedRead(name, await knob.read.render(roots)),
    writeOf: async (value) => renderedWrite(name, await knob.write.render({ ...roots, value })),
  };
}
