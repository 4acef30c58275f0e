import { messageOf } from '../errors/index.js';
import { compileTemplate } from '../expression/index.js';
import type { ReporterUse, SinkUse } from '../model/outlet.js';
import { compileSchema } from '../schema/index.js';
import type { ObjectSchema } from '../schema/infer.js';
import { isJsonObject, suggestion, type JsonObject } from '../text/index.js';
import { child, items, showPath, within, type Draft, type Node } from './draft.js';
import type { Surroundings } from './environment.js';
import { fixedRoots } from './names.js';
import type { Registry } from './registry.js';

/** The reporters of a suite that names none. */
const DEFAULT_REPORTERS = ['console', 'markdown', 'csv', 'jsonl', 'junit', 'html'];

/** Resolves `reporters:` and `sinks:` to the registered types with their options, whose templates read env, vars, targets and secrets. */
export async function loadOutlets(roots: readonly Node[], registry: Registry, surroundings: Surroundings, draft: Draft): Promise<{ readonly reporters: readonly ReporterUse[]; readonly sinks: readonly SinkUse[] }> {
  const named = roots.flatMap((root) => items(child(root, 'reporters')));
  // An empty list is a choice too: nothing but the evidence.
  const chosen = roots.some((root) => Array.isArray(child(root, 'reporters').value));
  const reporters =
    !chosen
      ? DEFAULT_REPORTERS.flatMap((name) => {
          const type = registry.reporters.get(name);
          return type === undefined ? [] : [{ type, options: {} }];
        })
      : (await Promise.all(named.map((node) => resolve(node, registry.reporters, 'reporter', surroundings, registry, draft)))).flat();
  const sinks = (await Promise.all(roots.flatMap((root) => items(child(root, 'sinks'))).map((node) => resolve(node, registry.sinks, 'sink', surroundings, registry, draft)))).flat();
  return { reporters, sinks };
}

async function resolve<T extends { readonly name: string; readonly with?: ObjectSchema }>(node: Node, types: ReadonlyMap<string, T>, what: string, surroundings: Surroundings, registry: Registry, draft: Draft): Promise<readonly { readonly type: T; readonly options: JsonObject }[]> {
  const use = typeof node.value === 'string' ? node : child(node, 'use');
  if (typeof use.value !== 'string') return [];
  const type = types.get(use.value);
  if (type === undefined) {
    draft.report('REALOPS_VALUE_INVALID', `no ${what} is called "${use.value}"`, use, types.size === 0 ? `no loaded plugin brings ${what}s` : suggestion(use.value, types.keys(), `${what}s`));
    return [];
  }
  const { use: _, ...written } = isJsonObject(node.value) ? node.value : {};
  const rendered = await renderOptions(node, written, surroundings, registry, draft);
  const options = rendered === undefined ? undefined : checkOptions(type, written, rendered, node, draft);
  return options === undefined ? [] : [{ type, options }];
}

/** The options as their schema takes them, where the type has one. What is written is told with its value; what a template gave is not, since it may be a secret. */
function checkOptions(type: { readonly name: string; readonly with?: ObjectSchema }, written: JsonObject, rendered: JsonObject, node: Node, draft: Draft): JsonObject | undefined {
  if (type.with === undefined) return rendered;
  try {
    if (draft.check(type.with, { ...node, value: written }, 'exempt') === undefined) return undefined;
    const { value, issues } = compileSchema(type.with).check(rendered);
    for (const { path, message } of issues) draft.report('REALOPS_VALUE_INVALID', `${showPath([...node.path, ...path])} ${message.replace(/,? got [^]*$/, '')}, and its template gives something else`, child(node, ...path), 'look at what the variables, targets and secrets in it are set to');
    return issues.length === 0 && isJsonObject(value) ? value : undefined;
  } catch (error) {
    draft.report('REALOPS_PLUGIN_INVALID', `the options of ${type.name} are declared with a schema that cannot be used: ${messageOf(error)}`, node, 'this is for the author of the plugin to mend');
    return undefined;
  }
}

async function renderOptions(node: Node, written: JsonObject, surroundings: Surroundings, registry: Registry, draft: Draft): Promise<JsonObject | undefined> {
  const { template, problems } = compileTemplate(written, {
    shape: { kind: 'keys', keys: fixedRoots(surroundings) },
    functions: registry.functions,
    locate: (path, offset, length) => within(child(node, ...path), offset, length),
  });
  for (const problem of problems) draft.add(problem);
  if (problems.length > 0) return undefined;
  try {
    const rendered = await template.render({ env: surroundings.env, vars: surroundings.vars, targets: surroundings.targets, secrets: Object.fromEntries(surroundings.secrets) });
    return isJsonObject(rendered) ? rendered : undefined;
  } catch (error) {
    draft.report('REALOPS_TEMPLATE_EMPTY', `an option could not be rendered: ${messageOf(error)}`, node, "set the variable, or give a default: ${{ env.NAME ?? 'value' }}");
    return undefined;
  }
}
