import type { AlertRule } from '../model/remedy.js';
import { messageOfQuietHours, messageOfStep, type MessageDraft } from './message.js';
import { isQuiet } from './quiet.js';
import type { HeldTelling, Telling } from './state.js';

/** A telling with the rule that says who is told, and when. */
export interface Told {
  readonly rule: AlertRule;
  readonly telling: Telling;
}

/** What goes out now, and what waits for the end of quiet hours. */
export interface Delivery {
  readonly messages: readonly { readonly channel: string; readonly message: MessageDraft }[];
  readonly held: readonly HeldTelling[];
}

/**
 * Sorts tellings into messages: one for each channel and group, critical ones at once, others held during the quiet hours of their alert. What was held
 * goes out as one message for each channel as soon as the quiet hours of its alert are over, or the alert is no longer in the suite. Pure.
 */
export function tell(held: readonly HeldTelling[], told: readonly Told[], rules: readonly AlertRule[], now: number): Delivery {
  const quiet = new Set(rules.filter((rule) => rule.severity !== 'critical' && isQuiet(rule.quiet, now)).map(({ id }) => id));
  const due = held.filter(({ alert }) => !quiet.has(alert));
  const kept = held.filter(({ alert }) => quiet.has(alert));
  const aimed = told.flatMap(({ rule, telling }) => channelsOf(rule).map((channel) => ({ channel, telling, group: rule.group })));
  const later = aimed.filter(({ telling }) => quiet.has(telling.alert));
  // What was held comes first: people read what happened in its order.
  const digests = [...groupBy(due, ({ channel }) => channel)].map(([channel, each]) => ({ channel, message: messageOfQuietHours(each) }));
  const groups = groupBy(aimed.filter(({ telling }) => !quiet.has(telling.alert)), ({ channel, telling, group }) => JSON.stringify(group === undefined ? [channel, telling.alert, null] : [channel, null, group]));
  const messages = [...groups.values()].flatMap((each) => {
    const [first] = each;
    return first === undefined ? [] : [{ channel: first.channel, message: messageOfStep(each.map(({ telling }) => telling)) }];
  });
  return { messages: [...digests, ...messages], held: later.reduce(hold, kept) };
}

/** Holds one more telling. Of one alert and channel only the newest of each kind is kept, with how often it came, so that a night of flapping stays short. */
function hold(held: readonly HeldTelling[], { channel, telling }: { readonly channel: string; readonly telling: Telling }): readonly HeldTelling[] {
  const same = (each: HeldTelling): boolean => each.channel === channel && each.alert === telling.alert && each.state === telling.state;
  return [...held.filter((each) => !same(each)), { ...telling, channel, times: (held.find(same)?.times ?? 0) + 1 }];
}

function channelsOf({ actions }: AlertRule): readonly string[] {
  return [...new Set(actions.flatMap((action) => (action.kind === 'notify' ? [action.channel] : [])))];
}

function groupBy<T>(items: readonly T[], key: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group === undefined) groups.set(key(item), [item]);
    else group.push(item);
  }
  return groups;
}
