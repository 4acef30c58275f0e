import { defineStep, RealopsError, type Infer, type Json, type StepContext } from '../plugin.js';
import { parseDuration } from '../time/index.js';
import { webSocket, type Connection, type Received } from './ws/connection.js';

const text = { type: 'string' } as const;
const duration = { type: 'string', holds: 'duration' } as const;

const line = {
  type: 'object',
  properties: {
    send: { description: 'Any value, sent as JSON text' },
    sendText: text,
    sendBase64: { type: 'string', description: 'Bytes, sent as one binary message' },
    receive: {
      type: 'object',
      properties: {
        until: { type: 'string', holds: 'expression', description: 'Waits for the message for which this holds; fields of a JSON message are at the root, any other message is value' },
        within: { ...duration, description: 'From this line on; by default the deadline of the step' },
        save: { type: 'string', pattern: '^[A-Za-z]\\w*$', description: 'Keeps the message as saved.NAME of the output' },
      },
    },
    wait: { ...duration, description: 'Waits before the next line' },
    close: { type: 'object', properties: { code: { type: 'integer', minimum: 1000, maximum: 4999, default: 1000 }, reason: { ...text, default: '' } } },
  },
} as const;

/** Plays a script of messages over a WebSocket: what is sent, what must be received, and when. */
export const wsExchange = defineStep({
  use: 'ws.exchange',
  description: 'Opens a WebSocket, sends messages and waits for answers by a script.',
  with: {
    type: 'object',
    properties: {
      url: { type: 'string', minLength: 1, holds: 'target', description: 'A target name, or a URL whose host is the host of a target' },
      protocols: { type: 'array', items: text, default: [] },
      headers: { type: 'object', properties: {}, additionalProperties: text, default: {} },
      script: { type: 'array', items: line, minItems: 1 },
      maxMessageBytes: { type: 'integer', minimum: 1, default: 1_048_576 },
      parse: { enum: ['auto', 'json', 'text'], default: 'auto', description: 'auto parses JSON where it can; json insists' },
    },
    required: ['url', 'script'],
  },
  output: {
    type: 'object',
    properties: {
      messages: { type: 'array', items: {}, description: 'The last 1000 messages' },
      count: { type: 'integer' },
      saved_messages: { type: 'object', properties: {}, additionalProperties: true, description: 'Messages kept by save' },
      last: { description: 'The last message' },
      openMs: { type: 'number' },
      closeCode: {},
      closeReason: text,
    },
  },
  metrics: [
    { name: 'ws.open', kind: 'distribution', unit: 'ms', description: 'From the start of the step to an open socket.', whenFailed: 'count' },
    { name: 'ws.message', kind: 'distribution', unit: 'ms', description: 'From the last send to the arrival of the message that a receive waited for.' },
    { name: 'ws.success', kind: 'rate', unit: 'ratio', description: 'Whether the whole script was played.', whenFailed: 'count' },
  ],
  async run({ url, protocols, headers, script, maxMessageBytes, parse }, context) {
    const target = context.target(url);
    if (target.protocol === 'http:' || target.protocol === 'https:') target.protocol = target.protocol === 'http:' ? 'ws:' : 'wss:';
    const connection = await context.use(webSocket(target, { protocols, headers, maxMessageBytes, clock: context.clock }));
    context.measure('ws.open', connection.openMs);
    const play: Play = { connection, context, parse, messages: [], count: 0, kept: {}, sentAt: context.clock.now() };
    let closed: { readonly code: number; readonly reason: string } | undefined;
    for (const [index, each] of script.entries()) {
      try {
        closed = (await playLine(each, play)) ?? closed;
      } catch (error) {
        throw atLine(error, index, play);
      }
    }
    context.measure('ws.success', true);
    return { messages: play.messages.slice(-1_000), count: play.count, saved_messages: play.kept, last: play.messages.at(-1) ?? null, openMs: connection.openMs, closeCode: closed?.code ?? null, closeReason: closed?.reason ?? '' };
  },
});

interface Play {
  readonly connection: Connection;
  readonly context: StepContext;
  readonly parse: 'auto' | 'json' | 'text';
  readonly messages: Json[];
  readonly kept: { [name: string]: Json };
  count: number;
  sentAt: number;
}

async function playLine(each: Infer<typeof line>, play: Play): Promise<{ readonly code: number; readonly reason: string } | undefined> {
  const { connection, context } = play;
  const outgoing = [...(each.send === undefined ? [] : [JSON.stringify(each.send)]), ...(each.sendText === undefined ? [] : [each.sendText]), ...(each.sendBase64 === undefined ? [] : [Buffer.from(each.sendBase64, 'base64')])];
  for (const data of outgoing) {
    play.sentAt = context.clock.now();
    await connection.send(data);
  }
  if (each.receive !== undefined) await receive(each.receive, play);
  if (each.wait !== undefined) await context.clock.sleep(parseDuration(each.wait), context.signal);
  return each.close === undefined ? undefined : connection.close(each.close.code, each.close.reason);
}

async function receive({ until, within, save }: { readonly until?: string; readonly within?: string; readonly save?: string }, play: Play): Promise<void> {
  const { context, connection } = play;
  const limit = new AbortController();
  const signal = AbortSignal.any([context.signal, limit.signal]);
  const timer = within === undefined ? undefined : setTimeout(() => limit.abort(new RealopsError('REALOPS_TIMEOUT', `no message for which ${until ?? 'any'} holds within ${within}`)), parseDuration(within));
  try {
    for (;;) {
      const received = await connection.next(signal);
      const message = parseMessage(received, play.parse);
      play.count += 1;
      play.messages.push(message);
      if (play.messages.length > 2_000) play.messages.splice(0, 1_000);
      if (until !== undefined && (await context.evaluate(until, message)) !== true) continue;
      context.measure('ws.message', received.at - play.sentAt);
      if (save !== undefined) play.kept[save] = message;
      return;
    }
  } finally {
    clearTimeout(timer);
  }
}

function parseMessage({ data, binary }: Received, parse: Play['parse']): Json {
  if (binary) {
    if (parse === 'json') throw new RealopsError('REALOPS_PROTOCOL', `a binary message of ${data.length} bytes came where JSON text was expected`);
    return { binary: true, bytes: data.length, base64: data.subarray(0, 1_024).toString('base64') };
  }
  const content = data.toString('utf8');
  if (parse === 'text') return content;
  try {
    // JSON.parse gives JSON and nothing else.
    return JSON.parse(content) as Json;
  } catch (error) {
    if (parse === 'auto') return content;
    throw new RealopsError('REALOPS_PROTOCOL', `a message is not JSON: ${JSON.stringify(content.slice(0, 200))}`, { cause: error });
  }
}

function atLine(error: unknown, index: number, play: Play): unknown {
  if (!(error instanceof RealopsError)) return error;
  const last = play.messages.at(-1);
  const seen = play.count === 0 ? 'no message had come' : `${play.count} ${play.count === 1 ? 'message' : 'messages'} had come, the last ${JSON.stringify(last).slice(0, 200)}`;
  return new RealopsError(error.code, `script[${index}]: ${error.message}; ${seen}`, { cause: error, hint: error.hint });
}
