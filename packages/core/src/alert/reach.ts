import type { NotifyChannel } from '../model/remedy.js';
import type { Schema } from '../schema/infer.js';
import type { JsonObject } from '../text/index.js';

/**
 * The allow-list under which a channel sends: the hosts that its own options name where its notifier says `holds: 'target'`, and nothing else. Naming a
 * host in a channel allows it for messages of this channel alone; steps and actions do not gain it, and the channel does not gain the hosts of the targets.
 * An option that is the name of a target stands for that target. Give the result as the targets of the context that `send` gets.
 */
export function channelTargets(type: NotifyChannel['type'], options: JsonObject, targets: { readonly [name: string]: string }): { readonly [name: string]: string } {
  const reached: [string, string][] = [];
  const add = (value: unknown, schema: Schema): void => {
    if ('oneOf' in schema) return schema.oneOf.forEach((each) => add(value, each));
    if (Array.isArray(value)) return 'items' in schema ? value.forEach((item) => add(item, schema.items)) : undefined;
    if (typeof value !== 'string' || schema.holds !== 'target') return;
    const named = Object.hasOwn(targets, value) ? targets[value] : undefined;
    reached.push(named === undefined ? [`channel ${reached.length + 1}`, value] : [value, named]);
  };
  for (const [name, schema] of Object.entries(type.with.properties)) if (Object.hasOwn(options, name)) add(options[name], schema);
  return Object.fromEntries(reached.filter(([, url]) => URL.canParse(url)));
}
