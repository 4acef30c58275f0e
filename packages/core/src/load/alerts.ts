import type { AlertAction, AlertRule } from '../model/remedy.js';
import { isJsonObject, preview, suggest, suggestion } from '../text/index.js';
import { parseDuration } from '../time/index.js';
import { conditionAt } from './compile.js';
import { child, createTaken, items, listed, sourceOf, type Node } from './draft.js';
import { ALERT_ACTIONS, alertSchema } from './envelope-remediation.js';
import type { RemediationLoader } from './remediation.js';

const CAN = `${ALERT_ACTIONS.join(', ')} and notify: NAME`;

/** Compiles the alerts of all files. */
export function loadAlerts(loader: RemediationLoader): readonly AlertRule[] {
  const isFree = createTaken('alert id', loader.draft);
  return listed(loader.roots, 'alerts').flatMap((node) => loadAlert(node, isFree, loader) ?? []);
}

function loadAlert(node: Node, isFree: ReturnType<typeof createTaken>, loader: RemediationLoader): AlertRule | undefined {
  const { draft, found } = loader;
  const yaml = draft.check(alertSchema, node);
  const free = isFree(child(node, 'id').value, child(node, 'id'));
  const when = conditionAt(child(node, 'when'), found, loader);
  const actions = items(child(node, 'do')).flatMap((each) => actionAt(each, loader) ?? []);
  if (yaml === undefined || !free || when === undefined) return undefined;
  const repeatMs = yaml.repeat === undefined ? undefined : parseDuration(yaml.repeat);
  if (repeatMs === 0) draft.report('REALOPS_VALUE_INVALID', `the alert ${yaml.id} would be told again without end`, child(node, 'repeat'), 'write the time between two messages, e.g. 4h; without repeat it is told once');
  return {
    id: yaml.id,
    title: yaml.title ?? yaml.id,
    when,
    forMs: parseDuration(yaml.for),
    clearMs: parseDuration(yaml.clearAfter),
    severity: yaml.severity,
    actions,
    group: yaml.group,
    repeatMs,
    quiet: yaml.quiet === undefined ? undefined : quietHours(yaml.quiet, child(node, 'quiet'), loader),
    source: sourceOf(node),
  };
}

function quietHours(text: string, node: Node, { draft }: RemediationLoader): AlertRule['quiet'] {
  const [from = '', to = ''] = text.split('-');
  if (from === to) draft.report('REALOPS_VALUE_INVALID', `quiet hours from ${from} to ${to} never begin`, node, 'write when they begin and end, e.g. 22:00-07:00');
  return { fromMinute: minuteOf(from), toMinute: minuteOf(to) };
}

function minuteOf(time: string): number {
  const [hours = '', minutes = ''] = time.split(':');
  return Number(hours) * 60 + Number(minutes);
}

/** One entry of `do`: a word, or `notify: NAME`. */
function actionAt(node: Node, { draft, channelNames }: RemediationLoader): AlertAction | undefined {
  const { value } = node;
  const refuse = (hint: string): undefined => void draft.report('REALOPS_VALUE_INVALID', `an alert cannot do ${preview(value, 60)}`, node, hint);
  const words = `an alert can do ${CAN}`;
  if (typeof value === 'string') {
    const kind = ALERT_ACTIONS.find((each) => each === value);
    if (kind !== undefined) return { kind };
    if (/^notify\s*:/.test(value)) return refuse(`leave out the quotes: ${value.replace(/\s*:\s*/, ': ')}`);
    if (value === 'notify') return refuse('name the channel: notify: NAME');
    const near = suggest(value, ALERT_ACTIONS);
    return refuse(near === undefined ? words : `did you mean "${near}"? An alert can do ${CAN}`);
  }
  if (!isJsonObject(value) || Object.keys(value).length !== 1) return refuse(words);
  const [key = ''] = Object.keys(value);
  if (key !== 'notify') return refuse(words);
  const channel = child(node, 'notify');
  if (typeof channel.value !== 'string') return refuse('name the channel: notify: NAME');
  if (channelNames.has(channel.value)) return { kind: 'notify', channel: channel.value };
  draft.report('REALOPS_CHANNEL_UNKNOWN', `no channel is called "${channel.value}"`, channel, channelNames.size === 0 ? 'the suite has no channels; write notify: { team: { use: webhook, url: … } }' : suggestion(channel.value, channelNames, 'channels'));
  return undefined;
}
