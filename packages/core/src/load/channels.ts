import { dirname } from 'node:path';
import type { NotifyChannel } from '../model/remedy.js';
import type { ObjectSchema } from '../schema/infer.js';
import { isJsonObject, preview, suggestion } from '../text/index.js';
import { templateAt } from './compile.js';
import { child, createTaken, named, type Node } from './draft.js';
import { text } from './envelope-parts.js';
import { isName } from './names.js';
import type { RemediationLoader } from './remediation.js';
import { checkWith } from './with.js';

/** A channel; what stands beside `use` is checked by the notifier. */
export const channelSchema = { type: 'object', description: 'A way to reach people, e.g. { use: webhook, url: api }; beside use stand the options of the notifier', properties: { use: { ...text, description: 'The notifier, e.g. webhook' } }, required: ['use'], additionalProperties: true } as const satisfies ObjectSchema;

/** Compiles the channels of all files, by name. */
export function loadChannels(loader: RemediationLoader): ReadonlyMap<string, NotifyChannel> {
  const isFree = createTaken('channel', loader.draft);
  return new Map(named(loader.roots, 'notify').flatMap(([name, node]) => {
    const channel = loadChannel(name, node, loader);
    return isFree(name, node, 'key') && channel !== undefined ? [[name, channel] as const] : [];
  }));
}

function loadChannel(name: string, node: Node, loader: RemediationLoader): NotifyChannel | undefined {
  const { draft, registry, fixed } = loader;
  if (!isName(name)) draft.report('REALOPS_VALUE_INVALID', `"${name}" cannot be the name of a channel`, node, 'a name has letters, digits, _ and -, and begins with a letter', 'key');
  const yaml = draft.check(channelSchema, node, 'exempt');
  if (yaml === undefined || !isJsonObject(node.value)) return undefined;
  const { use } = yaml;
  const { use: _, ...options } = node.value;
  const type = registry.notifiers.get(use);
  if (type === undefined) {
    draft.report('REALOPS_NOTIFIER_UNKNOWN', `no loaded plugin registers the notifier ${preview(use)}`, child(node, 'use'), suggestion(use, registry.notifiers.keys(), 'notifiers'));
    return undefined;
  }
  const rest: Node = { ...node, value: options };
  const sound = checkWith({ use: type.name, description: type.description, with: type.with }, rest, node, { ...loader, namesHosts: true });
  const template = templateAt(rest, { kind: 'keys', keys: fixed }, loader);
  return sound && template !== undefined ? { name, type, options: template, directory: dirname(node.document.file) } : undefined;
}
