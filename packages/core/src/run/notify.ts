import { join } from 'node:path';
import { deliver } from '../alert/deliver.js';
import { channelTargets } from '../alert/reach.js';
import { RealopsError } from '../errors/index.js';
import type { NotifyMessage } from '../model/action-type.js';
import type { NotifyChannel } from '../model/remedy.js';
import { compileSchema } from '../schema/index.js';
import { isJsonObject, suggestion, type JsonObject } from '../text/index.js';
import { startDeadline } from '../time/index.js';
import { createActionContext, rootsOf } from './action-context.js';
import type { Waiting } from './alert-file.js';
import type { CallParts } from './call-people.js';
import { createStepHost } from './step-host.js';

export type { Waiting } from './alert-file.js';

/** What messages are sent with. */
export interface SendParts extends CallParts {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Files that were written for people, relative to the run folder. */
  readonly incidents: readonly string[];
}

/** Sending may hold up the end of a run for so long. */
const SENDING_MS = 45_000;
/** A message that could not be delivered is tried again with every later run, this long. */
const WAITING_MS = 24 * 60 * 60_000;
const MOST_WAITING = 100;

/**
 * Sends messages, those of one channel in their order, channels side by side. Gives those that could not be delivered and should be tried again. That people cannot be
 * reached never fails a run: it is a warning.
 */
export async function sendMessages(messages: readonly Waiting[], parts: SendParts): Promise<readonly Waiting[]> {
  if (messages.length === 0) return [];
  using limit = startDeadline(parts.host.clock, parts.options.budget?.report ?? SENDING_MS, parts.signal, 'sending messages');
  const channels = [...new Set(messages.map(({ channel }) => channel))];
  const left = await Promise.all(channels.map(async (name) => {
    const waiting: Waiting[] = [];
    for (const each of messages.filter(({ channel }) => channel === name)) {
      // Behind one that could not be delivered the others wait too: people read what happened in its order.
      if (waiting.length > 0 || !(await sendOne(each, parts, limit.signal))) waiting.push(each);
    }
    return waiting;
  }));
  return left.flat().slice(-MOST_WAITING);
}

/** Sends one message; false when it should be tried again later. */
async function sendOne(waiting: Waiting, parts: SendParts, signal: AbortSignal): Promise<boolean> {
  const { suite, stream, redactor, host, now } = parts;
  const about = `notify ${waiting.channel}`;
  const warn = (error: RealopsError, again: boolean): void => stream.publish({ event: 'warning', about, code: error.code, message: `"${waiting.message.title}" was not delivered${again ? '; it is tried again with the next run' : ''}: ${error.message}` });
  const channel = suite.channels.get(waiting.channel);
  if (channel === undefined) return warn(new RealopsError('REALOPS_CHANNEL_UNKNOWN', `the suite no longer has the channel "${waiting.channel}"`, { hint: suggestion(waiting.channel, suite.channels.keys(), 'channels') }), false), true;
  let options: JsonObject;
  try {
    options = await optionsOf(channel, parts);
  } catch (error) {
    return warn(error instanceof RealopsError ? error : new RealopsError('REALOPS_WITH_INVALID', String(error)), false), true;
  }
  const own = { ...suite, targets: channelTargets(channel.type, options, suite.targets) };
  // A message is no sample of the run.
  const silent = createStepHost({ suite: own, clock: host.clock, log: host.log, seed: host.seed, directory: undefined, publish: () => undefined, record: () => undefined, recordFailedAttempt: () => undefined });
  const message = redactedMessage(waiting, parts, redactor);
  const late = waiting.since < now;
  const delivered = await deliver((each) => channel.type.send(message, options, createActionContext({ suite: own, host: silent, runId: parts.id }, channel.directory, each)), { clock: host.clock, signal, about, ...(late ? { pausesMs: [] } : {}) });
  if (delivered.delivered) return true;
  const again = ['REALOPS_NOTIFY_FAILED', 'REALOPS_CONNECTION', 'REALOPS_TIMEOUT', 'REALOPS_CANCELLED'].includes(delivered.error.code) && now - waiting.since < WAITING_MS;
  warn(delivered.error, again);
  return !again;
}

/** The options of a channel with its templates rendered and checked. */
async function optionsOf({ type, options, name }: NotifyChannel, { suite }: SendParts): Promise<JsonObject> {
  const missing = options.reads.flatMap((read) => (read.startsWith('secrets.') ? [read.slice('secrets.'.length)] : [])).find((secret) => suite.missingSecrets.has(secret));
  if (missing !== undefined) throw new RealopsError('REALOPS_WITH_INVALID', `the channel "${name}" needs the secret ${missing}, which the environment does not set`, { hint: `set ${missing}` });
  const { value, issues } = compileSchema(type.with).check(await options.render(rootsOf(suite)));
  if (issues[0] !== undefined || !isJsonObject(value)) throw new RealopsError('REALOPS_WITH_INVALID', `the channel "${name}": ${issues[0]?.message ?? 'its options are no object'}`, { hint: issues[0]?.hint });
  return value;
}

/** The message as it goes out; nothing secret leaves with it. */
function redactedMessage({ message }: Waiting, { suite, id, directory, incidents }: SendParts, redactor: SendParts['redactor']): NotifyMessage {
  const files = incidents.map((file) => (directory === undefined ? file : join(directory, file)));
  const fields: JsonObject = { environment: suite.environment, ...(directory === undefined ? {} : { 'run folder': directory }), ...(files.length === 0 ? {} : { files }) };
  const alerts = message.alerts.map((alert) => ({ ...alert, evidence: redactor.json(alert.evidence) }));
  return { ...message, title: redactor.text(message.title), text: redactor.text(message.text), alerts, suite: suite.name, runId: id, fields: redactor.json(fields) };
}
