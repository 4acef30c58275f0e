import { dirname } from 'node:path';
import { messageOf } from '../errors/index.js';
import type { Plugin } from '../model/plugin.js';
import type { Draft, Node } from './draft.js';
import { sameCommand, whatIsWrongWithCommand } from './plugin-command.js';
import { isPath, locateModule } from './plugin-module.js';

const FORM = 'its module must default-export definePlugin({ name, apiVersion: 1, … })';

/** A plugin, or what is wrong with it. */
export type ImportedPlugin = { readonly plugin: Plugin; readonly url: string } | { readonly plugin?: never; readonly message: string; readonly hint: string };

/** Imports a plugin named in a suite: a path that begins with `.` or `/` starts from the file, anything else is a package seen from there. */
export async function importPlugin(node: Node, name: string, draft: Draft): Promise<Plugin | undefined> {
  const imported = await importFrom(name, dirname(node.document.file));
  if (imported.plugin === undefined) draft.report('REALOPS_PLUGIN_INVALID', imported.message, node, imported.hint);
  return imported.plugin;
}

/** Imports a plugin as a suite in that folder would. */
export async function importFrom(name: string, directory: string): Promise<ImportedPlugin> {
  const refuse = (message: string, hint: string): ImportedPlugin => ({ message, hint });
  const url = locateModule(name, directory);
  if (url === undefined && isPath(name)) return refuse(`there is no plugin ${name}`, 'the path starts from the suite file and needs its ending, e.g. ./my-plugin.js');
  if (url === undefined) return refuse(`the plugin ${name} is not installed`, `install it beside the suite: npm install ${name}`);
  let exported: unknown;
  try {
    exported = await import(url);
  } catch (error) {
    return refuse(`the plugin ${name} fails while it is loaded: ${messageOf(error)}`, 'import it alone to see where');
  }
  const plugin = isRecord(exported) ? exported['default'] : undefined;
  const wrong = whatIsWrong(plugin);
  if (wrong !== undefined) return refuse(`the plugin ${name} ${wrong}`, FORM);
  // The seam where a module from outside becomes a plugin; `whatIsWrong` has looked at every part that the engine relies on.
  return { plugin: plugin as Plugin, url };
}

function whatIsWrong(plugin: unknown): string | undefined {
  if (!isRecord(plugin)) return 'has no default export that is a plugin';
  if (plugin['apiVersion'] !== 1) return `was written for version ${JSON.stringify(plugin['apiVersion'])} of the plugin interface; this engine speaks version 1`;
  if (typeof plugin['name'] !== 'string') return 'has no name';
  const twice = sameCommand(plugin['commands']);
  if (twice !== undefined) return `gives two commands ${twice}`;
  for (const key of ['steps', 'actions', 'notifiers', 'reporters', 'sinks', 'commands'] as const) {
    const parts: unknown = plugin[key] ?? [];
    if (!Array.isArray(parts)) return `gives ${key} that are not a list`;
    for (const [index, part] of parts.entries()) {
      const wrong = whatIsWrongWithPart(key, part, index);
      if (wrong !== undefined) return wrong;
    }
  }
  const checks: unknown = plugin['checks'] ?? [];
  if (!Array.isArray(checks) || !checks.every((check) => isRecord(check) && typeof check['name'] === 'string' && typeof check['description'] === 'string' && typeof check['run'] === 'function')) return 'gives checks that are not a list of { name, description, run }';
  const functions: unknown = plugin['functions'] ?? {};
  if (!isRecord(functions) || Object.values(functions).some((each) => typeof each !== 'function')) return 'gives functions that are not an object of functions';
  return undefined;
}

function whatIsWrongWithPart(key: 'steps' | 'actions' | 'notifiers' | 'reporters' | 'sinks' | 'commands', part: unknown, index: number): string | undefined {
  if (key === 'steps') return whatIsWrongWithStep(part, index);
  if (key === 'actions') return whatIsWrongWithAction(part, index);
  if (key === 'commands') return whatIsWrongWithCommand(part, index);
  return key === 'notifiers' ? whatIsWrongWithNotifier(part, index) : whatIsWrongWithOutlet(part, `${key}[${index}]`);
}

function whatIsWrongWithAction(action: unknown, index: number): string | undefined {
  if (!isRecord(action) || typeof action['use'] !== 'string') return `gives an actions[${index}] without use`;
  const name = `the action ${action['use']}`;
  if (typeof action['description'] !== 'string') return `gives ${name} without description`;
  if (!isObjectSchema(action['with'])) return `gives ${name} without a with of { type: 'object', properties }`;
  const missing = ['param', 'read', 'plan', 'write'].find((each) => typeof action[each] !== 'function');
  if (missing !== undefined) return `gives ${name} without ${missing}`;
  const odd = ['check', 'moves'].find((each) => action[each] !== undefined && typeof action[each] !== 'function');
  return odd === undefined ? undefined : `gives ${name} a ${odd} that is not a function`;
}

function whatIsWrongWithNotifier(notifier: unknown, index: number): string | undefined {
  if (!isRecord(notifier) || typeof notifier['name'] !== 'string') return `gives a notifiers[${index}] without name`;
  const name = `the notifier ${notifier['name']}`;
  if (typeof notifier['description'] !== 'string') return `gives ${name} without description`;
  if (!isObjectSchema(notifier['with'])) return `gives ${name} without a with of { type: 'object', properties }`;
  return typeof notifier['send'] === 'function' ? undefined : `gives ${name} without send`;
}

function whatIsWrongWithStep(step: unknown, index: number): string | undefined {
  if (!isRecord(step) || typeof step['use'] !== 'string') return `gives a steps[${index}] without use`;
  const name = `the step type ${step['use']}`;
  if (typeof step['description'] !== 'string') return `gives ${name} without description`;
  if (!isObjectSchema(step['with'])) return `gives ${name} without a with of { type: 'object', properties }`;
  if (step['output'] !== undefined && !isObjectSchema(step['output'])) return `gives ${name} an output that is not { type: 'object', properties }`;
  if (typeof step['run'] !== 'function') return `gives ${name} without run`;
  const recompute = step['recompute'];
  if (recompute !== undefined && !(isRecord(recompute) && typeof recompute['artifact'] === 'string' && Array.isArray(recompute['metrics']) && typeof recompute['measurements'] === 'function')) return `gives ${name} a recompute that is not { artifact, metrics, measurements }`;
  const metrics: unknown = step['metrics'] ?? [];
  if (!Array.isArray(metrics)) return `gives ${name} metrics that are not a list`;
  return metrics.every((metric) => isRecord(metric) && ['name', 'kind', 'unit'].every((key) => typeof metric[key] === 'string')) ? undefined : `gives ${name} a metric without name, kind or unit`;
}

function whatIsWrongWithOutlet(outlet: unknown, place: string): string | undefined {
  if (!isRecord(outlet) || typeof outlet['name'] !== 'string') return `gives a ${place} without name`;
  return typeof outlet['create'] === 'function' ? undefined : `gives ${outlet['name']} without create`;
}

function isObjectSchema(schema: unknown): boolean {
  return isRecord(schema) && schema['type'] === 'object' && isRecord(schema['properties']);
}

function isRecord(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
