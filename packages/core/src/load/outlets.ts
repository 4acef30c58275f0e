import type { ReporterUse, SinkUse } from '../model/outlet.js';
import { isJsonObject, suggestion, type JsonObject } from '../text/index.js';
import { child, items, type Draft, type Node } from './draft.js';
import type { Registry } from './registry.js';

/** The reporters of a suite that names none. */
const DEFAULT_REPORTERS = ['console', 'markdown', 'csv', 'jsonl', 'junit', 'html'];

/** Resolves `reporters:` and `sinks:` to the registered types with their options. */
export function loadOutlets(roots: readonly Node[], registry: Registry, draft: Draft): { readonly reporters: readonly ReporterUse[]; readonly sinks: readonly SinkUse[] } {
  const named = roots.flatMap((root) => items(child(root, 'reporters')));
  const reporters =
    named.length === 0
      ? DEFAULT_REPORTERS.flatMap((name) => {
          const type = registry.reporters.get(name);
          return type === undefined ? [] : [{ type, options: {} }];
        })
      : named.flatMap((node) => resolve(node, registry.reporters, 'reporter', draft));
  const sinks = roots.flatMap((root) => items(child(root, 'sinks'))).flatMap((node) => resolve(node, registry.sinks, 'sink', draft));
  return { reporters, sinks };
}

function resolve<T>(node: Node, types: ReadonlyMap<string, T>, what: string, draft: Draft): readonly { readonly type: T; readonly options: JsonObject }[] {
  const use = typeof node.value === 'string' ? node : child(node, 'use');
  if (typeof use.value !== 'string') return [];
  const type = types.get(use.value);
  if (type === undefined) {
    draft.report('REALOPS_VALUE_INVALID', `no ${what} is called "${use.value}"`, use, types.size === 0 ? `no loaded plugin brings ${what}s` : suggestion(use.value, types.keys(), `${what}s`));
    return [];
  }
  const { use: _, ...options } = isJsonObject(node.value) ? node.value : {};
  return [{ type, options }];
}
