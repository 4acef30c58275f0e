import type { Server } from 'node:http';
import { WebSocketServer, type RawData, type WebSocket } from 'ws';
import { changed } from './chat.js';
import type { Knobs, VoiceKnobs } from './config.js';
import type { Routes } from './http.js';
import { decodePcm, encodeWav } from './speech/pcm.js';
import { createRecogniser, type EndpointSettings, type SpeechEvent } from './speech/recogniser.js';
import type { WordModel } from './speech/word-model.js';
import { synthesise } from './speech-synthesis.js';

/** Answers kept for texts that were spoken before. */
const mostCached = 500;

/** The HTTP side of the voice service: its knobs, and speech for text. */
export function voiceRoutes(knobs: Knobs<VoiceKnobs>): Routes {
  const cache = new Map<string, { readonly audio: string; readonly durationMs: number }>();
  return {
    'GET /api/voice/config': () => ({ status: 200, body: knobs.values }),
    'POST /api/voice/config': ({ body }) => changed(knobs, body),
    'POST /api/tts': ({ body }) => {
      const started = performance.now();
      const { text, speed = 1 } = (typeof body === 'object' && body !== null ? body : {}) as { readonly text?: unknown; readonly speed?: unknown };
      if (typeof text !== 'string' || text === '' || text.length > 1_000) return { status: 422, body: { detail: [{ loc: ['body', 'text'], msg: 'must be a text of 1 to 1000 characters', type: 'value_error' }] } };
      if (typeof speed !== 'number' || !(speed >= 0.5 && speed <= 2)) return { status: 422, body: { detail: [{ loc: ['body', 'speed'], msg: 'must be between 0.5 and 2', type: 'value_error' }] } };
      const key = `${speed}\u0000${text}`;
      const known = cache.get(key);
      const made = known ?? speak(text, speed);
      if (known === undefined) cache.set(key, made);
      for (const oldest of cache.keys()) {
        if (cache.size <= mostCached) break;
        cache.delete(oldest);
      }
      return { status: 200, body: { audio_data: made.audio, duration_ms: made.durationMs, processing_time_ms: Math.round(performance.now() - started), cache: known === undefined ? 'MISS' : 'HIT' } };
    },
    'POST /api/tts/cache/clear': () => {
      const cleared = cache.size;
      cache.clear();
      return { status: 200, body: { cleared } };
    },
  };
}

function speak(text: string, speed: number): { readonly audio: string; readonly durationMs: number } {
  const samples = synthesise(text, speed);
  return { audio: encodeWav(samples, 16_000).toString('base64'), durationMs: Math.round(samples.length / 16) };
}

/** Attaches the ear to a server: `/ws/asr` takes audio as JSON with base64 PCM and gives partial and final transcripts. */
export function attachEar(server: Server, model: WordModel, knobs: Knobs<VoiceKnobs>): { close(): void } {
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: 1_048_576 });
  server.on('upgrade', (request, socket, head) => {
    const { pathname } = new URL(request.url ?? '/', 'http://127.0.0.1');
    if (pathname !== '/ws/asr') {
      socket.end('HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n');
      return;
    }
    sockets.handleUpgrade(request, socket, head, (opened) => listen(opened, model, knobs));
  });
  return {
    close() {
      for (const socket of sockets.clients) socket.terminate();
      sockets.close();
    },
  };
}

function listen(socket: WebSocket, model: WordModel, knobs: Knobs<VoiceKnobs>): void {
  let own: Partial<EndpointSettings> = {};
  const ear = createRecogniser(model, () => ({ ...knobs.values, ...own }));
  const send = (message: object): void => socket.send(JSON.stringify(message));
  const say = (events: readonly SpeechEvent[], tookMs: number): void => {
    for (const event of events) {
      if (event.kind === 'partial') send({ event: 'partial', text: event.text, confidence: event.confidence, timestamp: Date.now() / 1_000 });
      else send({ event: 'final', text: event.text, confidence: event.confidence, language: 'sv', duration_s: event.durationS, processing_time_ms: Math.round(tookMs * 10) / 10 });
    }
  };
  const refuse = (error: string): void => {
    send({ event: 'error', error });
    socket.close(1003, 'bad message');
  };
  socket.on('error', () => socket.terminate());
  socket.on('message', (data: RawData, binary: boolean) => {
    if (binary) return refuse('binary messages are not spoken here');
    const message = parse(data);
    if (message === undefined) return refuse('the message is not a JSON object');
    const started = performance.now();
    switch (message['type']) {
      case 'audio': {
        const pcm = message['pcm_base64'];
        if (typeof pcm !== 'string' || pcm === '') return refuse("'pcm_base64' is missing");
        const bytes = Buffer.from(pcm, 'base64');
        if (bytes.length === 0 || bytes.length % 2 !== 0) return refuse('the audio is not 16-bit PCM');
        return say(ear.push(decodePcm(bytes)), performance.now() - started);
      }
      case 'end':
        return say(ear.end(), performance.now() - started);
      case 'config': {
        const wanted = configOf(message['config']);
        if (wanted === undefined) return refuse('config holds an unknown knob or a bad value');
        own = { ...own, ...wanted };
        return send({ event: 'config_updated', config: { language: 'sv', ...knobs.values, ...own } });
      }
      default:
        return refuse(`unknown type ${JSON.stringify(message['type'])}`);
    }
  });
}

function parse(data: RawData): { readonly [name: string]: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.isBuffer(data) ? data.toString('utf8') : Array.isArray(data) ? Buffer.concat(data).toString('utf8') : Buffer.from(data).toString('utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

function configOf(config: unknown): Partial<EndpointSettings> | undefined {
  if (typeof config !== 'object' || config === null) return undefined;
  const known = new Set(['vad_start_threshold', 'vad_stop_threshold', 'vad_eos_timeout_ms']);
  const wanted = Object.entries(config).filter(([name]) => name !== 'language' && name !== 'model');
  return wanted.every(([name, value]) => known.has(name) && typeof value === 'number' && value > 0 && value <= 3_000) ? Object.fromEntries(wanted) : undefined;
}
