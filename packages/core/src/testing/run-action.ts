import { resolve } from 'node:path';
import { RealopsError } from '../errors/index.js';
import { compileExpression } from '../expression/index.js';
import type { ActionContext, ActionPlan, ActionType } from '../model/action-type.js';
import { resolveTarget } from '../model/egress.js';
import type { KnobUse } from '../model/knob.js';
import type { Logger, StepType } from '../model/step-type.js';
import { compileSchema } from '../schema/index.js';
import { builtInSteps } from '../steps/index.js';
import { isJsonObject, suggestion, type Json, type JsonObject } from '../text/index.js';
import { systemClock, type Clock } from '../time/index.js';
import { runStep } from './run-step.js';

/** What an action meets in a test. */
export interface ActionOptions {
  /** Targets by name; also the hosts the action may reach. */
  readonly targets?: { readonly [name: string]: string };
  /** The folder that relative files and commands start from; the current folder by default. */
  readonly files?: string;
  /** Knobs by name. */
  readonly knobs?: { readonly [name: string]: KnobUse };
  /** Step types beside the built-in ones that it may run. */
  readonly steps?: readonly StepType[];
  readonly signal?: AbortSignal;
  readonly clock?: Clock;
  /** What it says to the operator; nowhere by default. */
  readonly log?: Logger;
}

/** An action with its parameters, as the engine uses it. */
export interface ActionUse {
  readonly param: string;
  read(): Promise<Json>;
  plan(before: Json): Promise<ActionPlan>;
  write(value: Json): Promise<void>;
}

/**
 * An action ready to be tried against real endpoints, files and processes, without a suite. Journal, compare-and-set and validation are the engine's and not done here.
 * @throws RealopsError REALOPS_WITH_INVALID when the parameters do not fit its schema, as a load would
 */
export function openAction(type: ActionType, parameters: JsonObject, options: ActionOptions = {}): ActionUse {
  const { value, issues } = compileSchema(type.with).check(parameters);
  if (issues[0] !== undefined) throw new RealopsError('REALOPS_WITH_INVALID', `${type.use}: ${[...issues[0].path, issues[0].message].join(' ')}`, { hint: issues[0].hint });
  const context = contextOf(options);
  const action = callable(type);
  return {
    param: action.param(value),
    read: async () => action.read(value, context),
    plan: async (before) => action.plan(value, before, context),
    write: async (wanted) => action.write(value, wanted, context),
  };
}

/** A type-erased action as one that takes parameters which its own schema has accepted. */
export function callable(type: ActionType): CallableAction {
  return type;
}

/** An action whose functions can be called with checked parameters. */
export interface CallableAction {
  param(parameters: Json): string;
  read(parameters: Json, context: ActionContext): Promise<Json>;
  plan(parameters: Json, before: Json, context: ActionContext): Promise<ActionPlan>;
  write(parameters: Json, value: Json, context: ActionContext): Promise<void>;
}

/** What an action or a notifier may touch in a test. */
export function contextOf({ targets = {}, files = '.', knobs = {}, steps = [], signal = new AbortController().signal, clock = systemClock, log = silent }: ActionOptions): ActionContext {
  const types = new Map([...builtInSteps, ...steps].map((type) => [type.use, type]));
  return {
    signal,
    clock,
    log,
    environment: 'sandbox',
    async knob(name) {
      const knob = Object.hasOwn(knobs, name) ? knobs[name] : undefined;
      if (knob === undefined) throw new RealopsError('REALOPS_KNOB_UNKNOWN', `there is no knob "${name}"`, { hint: suggestion(name, Object.keys(knobs), 'knobs') });
      return knob;
    },
    target: (nameOrUrl) => resolveTarget(nameOrUrl, targets),
    file: (path) => resolve(files, path),
    async evaluate(expression, input) {
      const { expression: compiled, problems } = compileExpression(expression, {});
      if (compiled === undefined) throw new RealopsError(problems[0]?.code ?? 'REALOPS_EXPRESSION_SYNTAX', problems[0]?.message ?? expression);
      return compiled.evaluate(isJsonObject(input) ? input : { value: input });
    },
    async run(step) {
      const type = types.get(step.use);
      if (type === undefined) throw new RealopsError('REALOPS_STEP_UNKNOWN', `no step type "${step.use}" is loaded`);
      const { output, error } = await runStep(type, isJsonObject(step.with) ? step.with : {}, { targets, files, steps: [...types.values()], signal, clock, timeoutMs: 60_000 });
      if (error !== undefined) throw error;
      return output;
    },
  };
}

const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined };
