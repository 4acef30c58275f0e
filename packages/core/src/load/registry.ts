import type { ErrorCode } from '../errors/index.js';
import type { Functions } from '../expression/index.js';
import type { Metric } from '../metrics/metric.js';
import { createMetricRegistry } from '../metrics/registry.js';
import type { ActionType, NotifierType } from '../model/action-type.js';
import type { ReporterType, SinkType } from '../model/outlet.js';
import type { StepType } from '../model/step-type.js';
import type { Plugin } from '../model/plugin.js';

/** The names that expressions read at the root; an output may not use them at its top level. */
export const ROOTS = ['env', 'vars', 'targets', 'secrets', 'row', 'run', 'steps', 'saved', 'item', 'index'] as const;

/** Everything the loaded plugins bring, by name. */
export interface Registry {
  readonly steps: ReadonlyMap<string, StepType>;
  readonly actions: ReadonlyMap<string, ActionType>;
  readonly notifiers: ReadonlyMap<string, NotifierType>;
  readonly reporters: ReadonlyMap<string, ReporterType>;
  readonly sinks: ReadonlyMap<string, SinkType>;
  readonly metrics: ReadonlyMap<string, Metric>;
  readonly functions: Functions;
}

/** Registers plugins in order. Whatever clashes or is malformed is reported with the name of the plugin and left out. */
export function createRegistry(plugins: readonly Plugin[], report: (plugin: Plugin, code: ErrorCode, message: string, hint?: string) => void): Registry {
  const steps = new Map<string, StepType>();
  const actions = new Map<string, ActionType>();
  const notifiers = new Map<string, NotifierType>();
  const reporters = new Map<string, ReporterType>();
  const sinks = new Map<string, SinkType>();
  const metrics = createMetricRegistry();
  const owners = new Map<string, string>();
  const functions: { [name: string]: Functions[string] } = {};

  const claim = (plugin: Plugin, what: string, name: string): boolean => {
    const owner = owners.get(`${what} ${name}`);
    if (owner === undefined) return owners.set(`${what} ${name}`, plugin.name), true;
    report(plugin, 'REALOPS_ID_DUPLICATE', `the plugin ${plugin.name} registers the ${what} ${name}, which ${owner} already registers`, `leave out one of the two plugins, or rename the ${what}`);
    return false;
  };
  for (const plugin of plugins) {
    for (const step of plugin.steps ?? []) {
      const clash = Object.keys(step.output?.properties ?? {}).find((key) => (ROOTS as readonly string[]).includes(key));
      if (clash !== undefined) report(plugin, 'REALOPS_PLUGIN_INVALID', `the step type ${step.use} gives an output named "${clash}", which is a name that expressions read already`, `rename the output; taken are ${ROOTS.join(', ')}`);
      else if (claim(plugin, 'step type', step.use)) steps.set(step.use, step);
      for (const metric of step.metrics ?? []) {
        const problem = metrics.declare(metric, `the step type ${step.use}`);
        if (problem !== undefined) report(plugin, problem.code, problem.message, problem.hint);
      }
    }
    for (const action of plugin.actions ?? []) if (claim(plugin, 'action', action.use)) actions.set(action.use, action);
    for (const notifier of plugin.notifiers ?? []) if (claim(plugin, 'notifier', notifier.name)) notifiers.set(notifier.name, notifier);
    for (const reporter of plugin.reporters ?? []) if (claim(plugin, 'reporter', reporter.name)) reporters.set(reporter.name, reporter);
    for (const sink of plugin.sinks ?? []) if (claim(plugin, 'sink', sink.name)) sinks.set(sink.name, sink);
    for (const [name, call] of Object.entries(plugin.functions ?? {})) if (claim(plugin, 'function', `$${name}`)) functions[name] = call;
  }
  return { steps, actions, notifiers, reporters, sinks, metrics: metrics.metrics, functions };
}
