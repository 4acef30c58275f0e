import type { Server } from 'node:http';
import { WebSocketServer, type RawData, type WebSocket } from 'ws';
import type { Clock } from '../clock.js';
import { checkFields, choice, isRecord, optional, text } from '../http/fields.js';
import { merge, voiceFields } from '../knobs.js';
import { decodePcm } from '../speech/pcm.js';
import { createRecogniser, type EndpointSettings, type SpeechEvent } from '../speech/recogniser.js';
import type { WordModel } from '../speech/word-model.js';

/** What the ear works with. */
export interface SpeechInParts {
  readonly clock: Clock;
  readonly model: WordModel;
  readonly settings: () => EndpointSettings;
  /** False while the assistant takes no new listeners. */
  readonly isOpen: () => boolean;
}

const path = '/ws/asr';
/** Largest message: about five seconds of sound. */
const largestMessage = 256 * 1024;
const mostConnections = 64;
const idleMs = 60_000;
const unacceptable = 1003;
const tryAgainLater = 1013;

/** A message that cannot be understood; ends the connection. */
class MessageError extends Error {}

function parseMessage(data: RawData, binary: boolean): { readonly [key: string]: unknown } {
  if (binary) throw new MessageError('binary messages are not accepted: send JSON text');
  const bytes = Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data instanceof ArrayBuffer ? new Uint8Array(data) : data);
  try {
    const message: unknown = JSON.parse(bytes.toString('utf8'));
    if (isRecord(message)) return message;
  } catch {
    // Falls through: not JSON is as wrong as not an object.
  }
  throw new MessageError('message is not a JSON object');
}

function audioOf(encoded: unknown): Float32Array {
  if (typeof encoded !== 'string') throw new MessageError('pcm_base64 is missing');
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(encoded)) throw new MessageError('pcm_base64 is not base64');
  const bytes = Buffer.from(encoded, 'base64');
  if (bytes.length % 2 !== 0) throw new MessageError('pcm_base64 does not hold whole 16-bit samples');
  return decodePcm(bytes);
}

const configFields = { ...voiceFields, language: optional(choice('sv'), 'sv'), model: optional(text({ max: 100 })) };

/** One connection: its own ear, its own settings over the common ones. */
function serve(socket: WebSocket, { clock, model, settings }: SpeechInParts): void {
  let own: { readonly [K in keyof EndpointSettings]?: EndpointSettings[K] | undefined } = {};
  const inForce = (): EndpointSettings => merge(settings(), own);
  const ear = createRecogniser(model, inForce);
  let workMs = 0;
  const send = (message: object): void => socket.send(JSON.stringify(message));
  const idle = setTimeout(() => socket.close(1000, 'idle'), idleMs);

  const hear = (listen: () => SpeechEvent[]): void => {
    const started = clock.now();
    const events = listen();
    workMs += clock.now() - started;
    for (const { kind, text: words, confidence, atS, ...rest } of events) {
      const said = { event: kind, text: words, confidence: Math.round(confidence * 1000) / 1000 };
      if (kind === 'partial') send({ ...said, timestamp: atS });
      else {
        send({ ...said, language: 'sv', ...('durationS' in rest ? { duration_s: rest.durationS } : {}), processing_time_ms: Math.round(workMs * 10) / 10 });
        workMs = 0;
      }
    }
  };

  const configure = (config: unknown): void => {
    const checked = checkFields(config, configFields, { closed: true });
    if ('problems' in checked) throw new MessageError(checked.problems.map(({ loc, msg }) => `${loc.slice(1).join('.') || 'config'}: ${msg}`).join('; '));
    const { language, model: asked, ...knobs } = checked.values;
    own = merge(own, knobs);
    send({ event: 'config_updated', config: { language, ...(asked === undefined ? {} : { model: asked }), ...inForce() } });
  };

  const take = (message: { readonly [key: string]: unknown }): void => {
    switch (message['type']) {
      case 'audio': {
        const samples = audioOf(message['pcm_base64']);
        return hear(() => ear.push(samples));
      }
      case 'end':
        return hear(() => ear.end());
      case 'config':
        return configure(message['config']);
      default:
        throw new MessageError(`unknown message type ${JSON.stringify(message['type'] ?? null)}`);
    }
  };

  socket.on('message', (data, binary) => {
    if (socket.readyState !== socket.OPEN) return;
    idle.refresh();
    try {
      take(parseMessage(data, binary));
    } catch (error) {
      send({ event: 'error', error: error instanceof MessageError ? error.message : 'internal error' });
      socket.close(error instanceof MessageError ? unacceptable : 1011);
    }
  });
  socket.on('close', () => clearTimeout(idle));
  // A broken frame or an oversized message: ws has already begun to close with the right code.
  socket.on('error', () => clearTimeout(idle));
}

/** Puts `/ws/asr` on an HTTP server: speech in as JSON with base64 PCM, partial and final transcripts out. */
export function attachSpeechIn(server: Server, parts: SpeechInParts): { close(): void } {
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: largestMessage });
  server.on('upgrade', (request, stream, head) => {
    stream.on('error', () => stream.destroy());
    if ((request.url ?? '').split('?')[0] !== path) {
      stream.end('HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
      return;
    }
    sockets.handleUpgrade(request, stream, head, (socket) => {
      if (parts.isOpen() && sockets.clients.size <= mostConnections) return serve(socket, parts);
      socket.on('error', () => socket.terminate());
      socket.send(JSON.stringify({ event: 'error', error: parts.isOpen() ? 'too many connections' : 'SERVICE_OVERLOADED' }));
      socket.close(tryAgainLater);
    });
  });
  return {
    close() {
      for (const socket of sockets.clients) socket.terminate();
      sockets.close();
    },
  };
}
