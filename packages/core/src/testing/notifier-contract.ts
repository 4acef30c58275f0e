import { messageOf } from '../errors/index.js';
import type { NotifierType, NotifyMessage } from '../model/action-type.js';
import type { Logger } from '../model/step-type.js';
import type { JsonObject } from '../text/index.js';
import { systemClock } from '../time/index.js';
import { hasCode } from './has-code.js';
import { frameOf, wordsOf } from './message-frame.js';
import { wrongDeclaration } from './options.js';
import { callOff, count, leftOpen, QUIET_MS } from './quiet.js';
import { sendMessage, type SendOptions } from './run-notifier.js';
import { SAMPLE_MESSAGES } from './sample-messages.js';

/** What a notifier is tried with: a receiver in a test that really takes messages. */
export interface NotifierCases {
  /** Its options, as in the suite, with which the receiver takes everything. */
  readonly options: JsonObject;
  /** Targets and files. */
  readonly use?: Pick<SendOptions, 'targets' | 'files'>;
  /** Every message that has come so far, whole, as the receiver gets it: the body of a request, a mail with its headers, a line. */
  received(): readonly string[] | Promise<readonly string[]>;
  /** What the receiver makes of texts, so that nothing of a message comes alive there: `slack` for links and mentions, `html` for tags. By default it shows them as they are. */
  readonly markup?: 'slack' | 'html';
  /** Options with which the receiver refuses what is sent. */
  readonly refuses: { readonly options: JsonObject };
  /** Options with which there is nobody, e.g. a closed port. Left out for what needs nobody, such as a file. */
  readonly absent?: { readonly options: JsonObject };
  /** Options with which the receiver never answers. Left out for a notifier that never waits for one. */
  readonly hangs?: { readonly options: JsonObject };
  /** Options that it must refuse. */
  readonly wrongOptions?: readonly JsonObject[];
  /** Texts of its options that nobody may be shown. Passwords, paths and queries of URLs among the options count by themselves. */
  readonly secrets?: readonly string[];
  /** How long one message may take; 10 s by default. */
  readonly deadlineMs?: number;
  /** What the process holds open now, one entry each: `() => process.getActiveResourcesInfo()`. */
  readonly openHandles: () => readonly string[];
}

/** A rule of the contract that a notifier does not keep. */
export interface BrokenNotifierRule {
  readonly rule: 'declaration' | 'options' | 'works' | 'arrives' | 'once' | 'breaks-out' | 'message-untouched' | 'refusal' | 'absent' | 'abort' | 'error-code' | 'secret' | 'handles';
  /** One sentence: what was seen. */
  readonly message: string;
}

interface Stage {
  readonly type: NotifierType;
  readonly cases: NotifierCases;
  readonly report: (rule: BrokenNotifierRule['rule'], message: string) => void;
}

/** What is sent twice shows up in this time. */
const ECHO_MS = 50;

/**
 * Runs a notifier against the contract that all notifiers keep and gives the rules it breaks; none is the good answer. Repeating, grouping, quiet hours and redacting are the engine's.
 * Rules: it is declared in full and refuses unknown and wrong options; messages of every kind (fired, cleared, grouped, very long, hostile, …) arrive, each once; no text of a
 * message becomes a header, a key, a link or a mention; it throws a RealopsError when the receiver refuses or is not there, and shows no secret of its options in it; it ends within
 * 1 s of an abort, as no success; the message stays as it is; no handle stays open.
 */
export async function checkNotifier(type: NotifierType, cases: NotifierCases): Promise<readonly BrokenNotifierRule[]> {
  const broken: BrokenNotifierRule[] = [];
  const stage: Stage = { type, cases, report: (rule, message) => void (broken.some((each) => each.message === message) || broken.push({ rule, message })) };
  for (const message of wrongDeclaration(type, cases.options)) stage.report('declaration', message);
  await checkOptions(stage);
  if (!(await checkMessage(stage, 'fired'))) return broken;
  await checkThrows(stage, 'refusal', cases.refuses, 'the receiver refuses it');
  // What stays open between messages, such as a pool of connections, is opened by the first to each receiver.
  const handles = count(cases.openHandles());
  for (const kind of ['cleared', 'info', 'grouped', 'very long', 'unicode'] as const) await checkMessage(stage, kind);
  await checkBreakingOut(stage);
  const all = (await cases.received()).length;
  await systemClock.sleep(ECHO_MS, new AbortController().signal);
  if ((await cases.received()).length > all) stage.report('once', `${type.name} goes on sending after its messages were sent; the engine repeats`);
  await send(stage, SAMPLE_MESSAGES.cleared, cases.refuses.options);
  if (cases.absent !== undefined) await checkThrows(stage, 'absent', cases.absent, 'nobody is there');
  // What still sends has something open, too.
  if (await checkAbort(stage)) for (const { message } of await leftOpen(handles, cases.openHandles, type.name)) stage.report('handles', message);
  return broken;
}

/** Sends once, looking at the message and at what the operator is told. Gives what it threw. */
async function send({ type, cases, report }: Stage, message: NotifyMessage, options: JsonObject, signal?: AbortSignal): Promise<{ readonly thrown?: unknown }> {
  const given = structuredClone(message);
  const secrets = [...secretsOf(type, options), ...(cases.secrets ?? [])];
  const look = (where: string) => (text: string) => {
    for (const secret of secrets) if (text.includes(secret)) report('secret', `${type.name} shows a secret of its options ${where}: ${text.replaceAll(secret, '‹the secret›')}`);
  };
  const told = look('to the operator');
  const tell = (text: string, fields?: JsonObject): void => told(`${text} ${JSON.stringify(fields ?? {})}`);
  const log: Logger = { debug: tell, info: tell, warn: tell };
  const limit = new AbortController();
  const deadlineMs = cases.deadlineMs ?? 10_000;
  const late = systemClock.sleep(deadlineMs, limit.signal).then(() => Promise.reject(new Error(`it is still being sent after ${deadlineMs} ms`)), () => new Promise<never>(() => undefined));
  try {
    await Promise.race([sendMessage(type, given, options, { ...cases.use, log, ...(signal === undefined ? {} : { signal }) }), late]);
    return {};
  } catch (thrown) {
    const hint = hasCode(thrown) && 'hint' in thrown && typeof thrown.hint === 'string' ? ` (${thrown.hint})` : '';
    look('in its error')(`${messageOf(thrown)}${hint}`);
    return { thrown };
  } finally {
    limit.abort();
    if (JSON.stringify(given) !== JSON.stringify(message)) report('message-untouched', `${type.name} changes the message, which is sent again when it fails, and to other channels`);
  }
}

/** What stands in the URLs of the options that is nobody's business. */
function secretsOf(type: NotifierType, options: JsonObject): readonly string[] {
  return Object.entries(options).flatMap(([name, value]) => {
    const schema = type.with.properties[name];
    if (schema?.holds !== 'target' || typeof value !== 'string' || !URL.canParse(value)) return [];
    const { password, pathname, search } = new URL(value);
    return [password, decoded(password), pathname, search].filter((each) => each.length > 1);
  });
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Sends a message and looks at what came; false when nothing can be sent at all. */
async function checkMessage(stage: Stage, kind: keyof typeof SAMPLE_MESSAGES): Promise<boolean> {
  const { type, report } = stage;
  const sent = await sendAndReceive(stage, SAMPLE_MESSAGES[kind]);
  if ('thrown' in sent) {
    report('works', `${type.name} cannot send a message of the kind ${kind}: ${messageOf(sent.thrown)}`);
    return false;
  }
  const [came] = sent.received;
  if (came === undefined) report('arrives', `${type.name} says that it sent a message of the kind ${kind}, and none arrived`);
  else if ((kind === 'fired' || kind === 'cleared') && !wordsOf(came).some((text) => text.includes('Guardian emergency'))) report('arrives', `${type.name} does not send the title of a message`);
  if (sent.received.length > 1) report('once', `${type.name} sends one message ${sent.received.length} times; the engine repeats`);
  return true;
}

async function sendAndReceive(stage: Stage, message: NotifyMessage): Promise<{ readonly thrown: unknown } | { readonly received: readonly string[] }> {
  const { cases } = stage;
  const before = (await cases.received()).length;
  const failed = await send(stage, message, cases.options);
  if ('thrown' in failed) return { thrown: failed.thrown };
  const started = systemClock.now();
  const never = new AbortController().signal;
  while ((await cases.received()).length === before && systemClock.now() - started < QUIET_MS) await systemClock.sleep(10, never);
  return { received: (await cases.received()).slice(before) };
}

/** What would come alive in a receiver. */
const ALIVE = { slack: /<[!@#]|<(?:https?|mailto):|@(?:all|channel|here|everyone)\b/i, html: /<\/?(?:img|script|a|b)\b/i } as const;

/** A hostile message must look like a harmless one, but for its words. */
async function checkBreakingOut(stage: Stage): Promise<void> {
  const { type, cases, report } = stage;
  const [harmless, hostile] = [await sendAndReceive(stage, SAMPLE_MESSAGES.fired), await sendAndReceive(stage, SAMPLE_MESSAGES.hostile)];
  if ('thrown' in hostile) return report('works', `${type.name} cannot send a message with markup and line ends in its texts: ${messageOf(hostile.thrown)}`);
  if ('thrown' in harmless) return;
  const [usual, odd] = [harmless.received[0] ?? '', hostile.received[0] ?? ''];
  if (frameOf(usual) !== undefined && frameOf(usual) !== frameOf(odd)) report('breaks-out', `a text of a message breaks out of its place in ${type.name}: ${frameOf(usual) ?? ''} became ${frameOf(odd) ?? 'a text'}`);
  if (hostile.received.length > harmless.received.length) report('breaks-out', `a text of a message makes ${type.name} send ${hostile.received.length} messages`);
  const pattern = cases.markup === undefined ? undefined : ALIVE[cases.markup];
  const alive = pattern === undefined ? undefined : wordsOf(odd).map((text) => pattern.exec(text)?.[0]).find((found) => found !== undefined);
  if (alive !== undefined) report('breaks-out', `a text of a message comes alive in what ${type.name} sends: ${alive}`);
}

async function checkThrows(stage: Stage, rule: 'refusal' | 'absent', { options }: { readonly options: JsonObject }, when: string): Promise<void> {
  const failed = await send(stage, SAMPLE_MESSAGES.fired, options);
  if (!('thrown' in failed)) stage.report(rule, `${stage.type.name} says that it sent a message when ${when}; throw, so that the engine tries again or tells`);
  else if (!hasCode(failed.thrown)) stage.report('error-code', `${stage.type.name} throws no RealopsError when ${when}: ${messageOf(failed.thrown)}`);
}

/** Aborts in the middle of sending. False when it goes on. */
async function checkAbort(stage: Stage): Promise<boolean> {
  const { type, cases, report } = stage;
  if (cases.hangs === undefined) return true;
  const { options } = cases.hangs;
  const called = async (signal: AbortSignal): Promise<void> => {
    const failed = await send(stage, SAMPLE_MESSAGES.fired, options, signal);
    if ('thrown' in failed) throw failed.thrown;
  };
  const { isQuiet, messages } = await callOff(called, { name: type.name, busy: 'sending', success: 'says that it sent a message whose sending was aborted' });
  for (const message of messages) report('abort', message);
  return isQuiet;
}

async function checkOptions(stage: Stage): Promise<void> {
  const { type, cases, report } = stage;
  for (const options of cases.wrongOptions ?? []) {
    const failed = await send(stage, SAMPLE_MESSAGES.fired, options);
    if (!('thrown' in failed)) report('options', `${type.name} takes the options ${JSON.stringify(options)}`);
    else if (!hasCode(failed.thrown)) report('options', `${type.name} refuses the options ${JSON.stringify(options)} without a RealopsError: ${messageOf(failed.thrown)}`);
  }
}
