import { createServer, request, type IncomingMessage, type Server } from 'node:http';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { defineNotifier, RealopsError, type JsonObject, type NotifierType, type NotifyMessage } from '../plugin.js';
import { slackText } from '../notifiers/slack.js';
import { plainLine } from '../text/plain.js';
import { frameOf } from './message-frame.js';
import { checkNotifier, type BrokenNotifierRule, type NotifierCases } from './notifier-contract.js';
import { startReceiver, type Receiver } from './support.js';

const openHandles = (): readonly string[] => process.getActiveResourcesInfo();

/** The receiver: keeps bodies, refuses, or never answers. */
let receiver: Receiver;
let url: string;
let got: string[];
beforeEach(async () => {
  got = [];
  receiver = await startReceiver((path, body) => {
    if (path.startsWith('/never')) return undefined;
    if (!path.startsWith('/take')) return 403;
    got.push(body);
    return 200;
  });
  ({ url } = receiver);
});
afterEach(() => receiver[Symbol.dispose]());
const left: Server[] = [];
afterAll(() => left.forEach((each) => each.close()));

/** Posts a text over a connection of its own. */
async function post(to: string, body: string, signal?: AbortSignal): Promise<void> {
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    const sending = request(to, { method: 'POST', agent: false, ...(signal === undefined ? {} : { signal }) }, resolve);
    sending.on('error', (cause) => reject(new RealopsError('REALOPS_CONNECTION', `the receiver cannot be reached: ${cause.message}`)));
    sending.end(body);
  });
  answer.resume();
  if (answer.statusCode !== 200) throw new RealopsError('REALOPS_NOTIFY_REFUSED', `the receiver answered ${answer.statusCode}`);
}

type Send = (message: NotifyMessage, to: string, context: Parameters<NotifierType['send']>[2], options: JsonObject) => Promise<void>;
const bodyOf = ({ title, text, state }: NotifyMessage): string => JSON.stringify({ title: slackText(title), text: slackText(text), state });
const good: Send = (message, to, { signal }) => post(to, bodyOf(message), signal);

/** A notifier that keeps the contract, with `send` replaced. */
function notifier(send: Send = good, type: Partial<NotifierType> = {}): NotifierType {
  return defineNotifier({
    name: 'post',
    description: 'Posts the title and the text.',
    with: { type: 'object', properties: { url: { type: 'string', holds: 'target' }, team: { type: 'string', default: 'voice' } }, required: ['url'] },
    async send(message, options, context) {
      if (options['team'] === '') throw new RealopsError('REALOPS_WITH_INVALID', 'team must not be empty');
      await send(message, context.target(String(options['url'])).href, context, options);
    },
    ...type,
  });
}

const cases = (): NotifierCases => ({
  options: { url: `${url}/take/T0K3N` }, received: () => got, markup: 'slack', refuses: { options: { url: `${url}/refuse/T0K3N` } }, absent: { options: { url: 'http://bot:s3cr3t@127.0.0.1:1/take/T0K3N' } },
  hangs: { options: { url: `${url}/never` } }, wrongOptions: [{}, { url: `${url}/take`, team: '' }], openHandles,
});
const rulesOf = async (type: NotifierType, more: Partial<NotifierCases> = {}): Promise<readonly BrokenNotifierRule['rule'][]> => [...new Set((await checkNotifier(type, { ...cases(), ...more })).map(({ rule }) => rule))];

const swallowing = (swallows: (error: unknown) => boolean): Send => (message, to, context) =>
  good(message, to, context, {}).catch((error: unknown) => (swallows(error) ? undefined : Promise.reject(error as Error)));
const codeOf = (error: unknown): string => (error instanceof RealopsError ? error.code : '');
const retold = (tell: (to: string, message: string) => Error): Send => (message, to, context) => good(message, to, context, {}).catch((error: unknown) => Promise.reject(tell(to, error instanceof Error ? error.message : '')));
/** A mail as it is written by hand: what stands in a header must be one line. */
const mail = (line: (text: string) => string): Send => ({ title, text }, to, { signal }) => post(to, `Subject: ${line(title)}\r\nFrom: ops@alice.example\r\n\r\n${text}`, signal);

describe('a notifier that breaks the contract', () => {
  it('is told nothing when it does not', async () => {
    expect(await checkNotifier(notifier(), cases())).toEqual([]);
    const { markup: _, ...plain } = cases();
    expect(await checkNotifier(notifier(mail(plainLine)), plain)).toEqual([]);
    expect(await checkNotifier(notifier(({ title }, to, { signal }) => post(to, `<p>${title.replaceAll('<', '&lt;')}</p>`, signal)), { ...plain, markup: 'html' })).toEqual([]);
  });

  it.each<[BrokenNotifierRule['rule'], string, () => NotifierType]>([
    ['declaration', 'has no description', () => notifier(good, { description: '' })],
    ['declaration', 'takes unknown options', () => notifier(good, { with: { ...notifier().with, additionalProperties: true } })],
    ['options', 'takes wrong options', () => notifier(good, { send: (message, options, context) => good(message, String(options['url']), context, options) })],
    ['options', 'falls over wrong options', () => notifier(good, { send: (message, options, context) => (options['team'] === '' ? Promise.reject(new Error('no')) : good(message, String(options['url']), context, options)) })],
    ['works', 'never sends', () => notifier(() => Promise.reject(new RealopsError('REALOPS_NOTIFY_FAILED', 'no')))],
    ['works', 'has no place for long messages', () => notifier((message, to, context) => (message.text.length > 10_000 ? Promise.reject(new RealopsError('REALOPS_NOTIFY_REFUSED', 'too long')) : good(message, to, context, {})))],
    ['arrives', 'forgets what has cleared', () => notifier((message, to, context) => (message.state === 'cleared' && !to.includes('refuse') ? Promise.resolve() : good(message, to, context, {})))],
    ['arrives', 'leaves the title out', () => notifier((message, to, context) => good({ ...message, title: 'Alert' }, to, context, {}))],
    ['once', 'sends each alert by itself', () => notifier(async (message, to, context) => void (await Promise.all((message.alerts.length > 1 ? message.alerts : [0]).map(() => good(message, to, context, {})))))],
    ['once', 'sends again a little later', () => notifier(async (message, to, context) => (await good(message, to, context, {}), void setTimeout(() => void good(message, to, context, {}).catch(() => undefined), 15)))],
    ['breaks-out', 'writes headers as they come', () => notifier(mail((text) => text))],
    ['breaks-out', 'makes JSON by hand', () => notifier(({ title, text }, to, { signal }) => post(to, `{"title":"${title}","text":${JSON.stringify(slackText(text))}}`, signal))],
    ['breaks-out', 'lets links and mentions through', () => notifier(({ title, text }, to, { signal }) => post(to, JSON.stringify({ title, text: slackText(text) }), signal))],
    ['message-untouched', 'changes the message', () => notifier(async (message, to, context) => (await good(message, to, context, {}), void Object.assign(message.fields, { sent: true })))],
    ['refusal', 'swallows a refusal', () => notifier(swallowing((error) => codeOf(error) === 'REALOPS_NOTIFY_REFUSED'))],
    ['absent', 'does not mind that nobody is there', () => notifier(swallowing((error) => String(error).includes('ECONNREFUSED')))],
    ['abort', 'does not end on the signal', () => notifier((message, to) => post(to, bodyOf(message)))],
    ['abort', 'calls an aborted message sent', () => notifier((message, to, context) => swallowing(() => context.signal.aborted)(message, to, context, {}))],
    ['error-code', 'throws what it finds', () => notifier(retold((_, text) => new Error(text)))],
    ['secret', 'shows the path of its URL', () => notifier(retold((to, text) => new RealopsError('REALOPS_NOTIFY_FAILED', `${new URL(to).pathname}: ${text}`)))],
    ['secret', 'shows a password in a hint', () => notifier(retold((to, text) => new RealopsError('REALOPS_NOTIFY_FAILED', text, { hint: `is ${new URL(to).password || 'it'} right?` })))],
    ['secret', 'tells the operator where it sends', () => notifier((message, to, context) => (context.log.debug('sends', { to }), good(message, to, context, {})))],
    ['handles', 'leaves a server open', () => notifier(async (message, to, context) => (await good(message, to, context, {}), new Promise<void>((done) => void left.push(createServer().listen(0, '127.0.0.1', done)))))],
  ])('%s: %s', async (rule, _, type) => {
    expect(await rulesOf(type())).toEqual([rule]);
  });

  it.each<[string, Send]>([
    ['headers as they come', mail((text) => text)],
    ['JSON by hand', ({ title, text }, to, { signal }) => post(to, `{"title":"${title}","text":${JSON.stringify(text)}}`, signal)],
    ['a message for each line of a title', async ({ title }, to, { signal }) => { for (const line of title.split('\n')) await post(to, line, signal); }],
  ])('is told that texts break out, whatever the receiver makes of markup: %s', async (_, send) => {
    const { markup: __, ...plain } = cases();
    expect([...new Set((await checkNotifier(notifier(send), plain)).map(({ rule }) => rule))]).toEqual(['breaks-out']);
  });

  it('is told that tags come alive where the receiver shows HTML', async () => {
    expect(await rulesOf(notifier(({ title }, to, { signal }) => post(to, `<p>${title}</p>`, signal)), { markup: 'html' })).toEqual(['breaks-out']);
  });

  it('is told all at once, and that what should hang does not', async () => {
    const messages = (await checkNotifier(notifier(swallowing(() => true), { description: '' }), { ...cases(), hangs: { options: { url: `${url}/take` } } })).map(({ message }) => message);
    expect(messages).toEqual([
      'post has no description',
      'post says that it sent a message when the receiver refuses it; throw, so that the engine tries again or tells',
      'post says that it sent a message when nobody is there; throw, so that the engine tries again or tells',
      'post ended before it could be aborted; give hangs with which it waits',
    ]);
  });
});

it('the frame of a message is its keys or its headers, whatever its words are', () => {
  expect(frameOf('{"a":[1,{"b":"x"}],"c":null}')).toBe('/a/0:number /a/1/b:string /c:object');
  expect(frameOf('Subject: x\r\n folded: y\r\nTo: z\r\n\r\nbody: w\r\n')).toBe('subject to');
  expect([frameOf('only words'), frameOf('two: words\nand no end')]).toEqual([undefined, undefined]);
});
