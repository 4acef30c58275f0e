import { defineStep, RealopsError } from '../plugin.js';
import { traceParent } from './http/headers.js';
import { readTls, tlsSchema } from './http/tls.js';
import { webSocket } from './ws/connection.js';
import { parseMessage } from './ws/message.js';
import { checkScript, keep, lineSchema, playLine, type Play } from './ws/script.js';

const text = { type: 'string' } as const;
const scalar = { oneOf: [text, { type: 'number' }, { type: 'boolean' }] } as const;

/** Plays a script of messages over a WebSocket: what is sent, what must be received, and when. */
export const wsExchange = defineStep({
  use: 'ws.exchange',
  description: 'Opens a WebSocket, sends messages and waits for answers by a script.',
  with: {
    type: 'object',
    properties: {
      url: { type: 'string', minLength: 1, holds: 'target', description: 'A target name, or a URL whose host is the host of a target' },
      protocols: { type: 'array', items: text, default: [], description: 'Subprotocols, in order of preference' },
      headers: { type: 'object', properties: {}, additionalProperties: scalar, default: {}, description: 'Headers of the upgrade' },
      tls: tlsSchema,
      script: { type: 'array', items: lineSchema, minItems: 1, description: 'What is done, line by line' },
      maxMessageBytes: { type: 'integer', minimum: 1, default: 1_048_576, description: 'The largest message that is accepted' },
      parse: { enum: ['auto', 'json', 'text'], default: 'auto', description: 'auto parses JSON where it can; json insists on JSON text, text on text' },
      trace: { type: 'boolean', default: true, description: 'Sends the trace id of the row as traceparent' },
    },
    required: ['url', 'script'],
  },
  output: {
    type: 'object',
    properties: {
      messages: { type: 'array', items: {}, description: 'The last 1000 messages that came until the end of the script' },
      count: { type: 'integer', description: 'How many messages came' },
      received: { type: 'object', properties: {}, additionalProperties: true, description: 'Messages kept by save' },
      last: { description: 'The last message, or null' },
      protocol: { type: 'string', description: 'The subprotocol that the server chose' },
      openMs: { type: 'number', description: 'Time to the open socket' },
      lastMs: { description: 'From the open socket to the arrival of the last message, or null' },
      closeCode: { description: 'The code the socket was closed with; null when it was still open at the end of the script' },
      closeReason: text,
    },
    required: ['messages', 'count', 'received', 'last', 'protocol', 'openMs', 'lastMs', 'closeCode', 'closeReason'],
  },
  metrics: [
    { name: 'ws.open', kind: 'distribution', unit: 'ms', labels: [], description: 'From the start of the connection to an open socket.', whenFailed: 'count' },
    { name: 'ws.message', kind: 'distribution', unit: 'ms', labels: ['receive'], description: 'From the last send (or the open socket) to the arrival of the message that a receive waited for; the label receive names the line.', whenFailed: 'count' },
    { name: 'ws.success', kind: 'rate', unit: 'ratio', labels: [], description: 'Whether the whole script was played.', whenFailed: 'count' },
  ],
  async run({ url, protocols, headers, tls, script, maxMessageBytes, parse, trace }, context) {
    checkScript(script);
    const given = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]));
    const connection = await context.use(
      webSocket(socketUrl(context.target(url)), {
        protocols, maxMessageBytes, tls: await readTls(tls, context), clock: context.clock,
        headers: { ...(trace ? { traceparent: traceParent(context.step.traceId) } : {}), ...given },
      }),
    );
    context.measure('ws.open', connection.openMs);
    const opened = context.clock.now();
    const play: Play = { connection, context, parse, messages: [], count: 0, saved: {}, sentAt: opened, lastAt: undefined };
    for (const [index, line] of script.entries()) await playLine(line, index, play);
    for (const received of connection.drain()) keep(parseMessage(received, 'auto'), received.at, play);
    context.measure('ws.success', true);
    const { messages, count, saved, lastAt } = play;
    return {
      messages: messages.slice(-1_000), count, received: saved, last: messages.at(-1) ?? null, protocol: connection.protocol, openMs: connection.openMs,
      lastMs: lastAt === undefined ? null : Math.max(0, lastAt - opened), closeCode: connection.closing?.code ?? null, closeReason: connection.closing?.reason ?? '',
    };
  },
});

function socketUrl(given: URL): URL {
  const url = new URL(given);
  if (url.protocol === 'http:' || url.protocol === 'https:') url.protocol = url.protocol === 'http:' ? 'ws:' : 'wss:';
  url.hash = '';
  if (url.protocol === 'ws:' || url.protocol === 'wss:') return url;
  throw new RealopsError('REALOPS_WITH_INVALID', `ws.exchange speaks ws and wss, not ${url.protocol}//`, { hint: 'check the URL of the target' });
}
