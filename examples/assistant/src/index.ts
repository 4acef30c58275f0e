import { createAnswerer } from './chat/answer.js';
import { createChat } from './chat/chat.js';
import { createDeepQueue } from './chat/deep-queue.js';
import { createGenerator } from './chat/generation.js';
import { systemClock, type Clock } from './clock.js';
import { createGuardian } from './guardian.js';
import { createHttpServer, listen, shut } from './http/server.js';
import { createKnobs, defaultVoiceSettings } from './knobs.js';
import { loadWordModel } from './model.js';
import { createRandom } from './random.js';
import { createSessions } from './sessions.js';
import type { Misbehaviour } from './talk/behaviour.js';
import { createTalkKnobs, defaultTalkSettings } from './talk/settings.js';
import { createTalk } from './talk/talk.js';
import { attachSockets } from './voice/sockets.js';
import { createSpeechIn } from './voice/speech-in.js';
import { createSpeechOut } from './voice/speech-out.js';

/** How the assistant is started; everything has a default. */
export interface AssistantOptions {
  /** Port of chat and speech on 127.0.0.1; 0 takes a free one. */
  readonly port?: number;
  /** Port of the guardian on 127.0.0.1; 0 takes a free one. */
  readonly guardianPort?: number;
  /** The end-of-speech timeout to begin with, in ms. */
  readonly eosMs?: number;
  /** Decides which plans come out malformed while the schema is not enforced. */
  readonly seed?: number;
  /** What it does wrong in conversations to begin with. */
  readonly misbehave?: readonly Misbehaviour[];
  readonly clock?: Clock;
}

/** A running assistant. */
export interface Assistant {
  readonly urls: { readonly api: string; readonly asr: string; readonly talk: string; readonly guardian: string };
  /** Ends every connection and answer in the making, then both listeners. Safe to call twice. */
  close(): Promise<void>;
}

/**
 * Starts the reference assistant on loopback: chat, speech in, speech out and conversations on one port, the guardian on another.
 * @throws when a port is taken or the word model cannot be read.
 */
export async function startAssistant(options: AssistantOptions = {}): Promise<Assistant> {
  const clock = options.clock ?? systemClock;
  const model = await loadWordModel();
  const started = clock.now();
  const guardian = createGuardian(clock);
  const knobs = createKnobs({ ...defaultVoiceSettings, ...(options.eosMs === undefined ? {} : { vad_eos_timeout_ms: options.eosMs }) });
  const sessions = createSessions();
  const deepQueue = createDeepQueue();
  const generate = createGenerator(clock, createRandom(options.seed ?? 1));
  const answerer = createAnswerer({ clock, guardian, settings: knobs.orchestrator, sessions, deepQueue, generate });
  const talk = createTalkKnobs({ ...defaultTalkSettings, misbehave: options.misbehave ?? [] });
  const isOpen = (): boolean => guardian.state() !== 'EMERGENCY';

  const api = createHttpServer({
    'GET /health': ({ json }) => {
      const { active, waiting, peak } = deepQueue;
      json(200, { alive: true, pid: process.pid, uptime_s: Math.round(clock.now() - started) / 1000, sessions: sessions.size, deep: { active, waiting, peak } });
    },
    'GET /ready': ({ json }) => (isOpen() ? json(200, { ready: true, guardian_state: guardian.state() }) : json(503, { detail: 'Service not ready' })),
    'POST /api/chat': createChat({ clock, guardian, answerer }),
    ...knobs.routes,
    ...talk.routes,
    ...sessions.routes,
    ...createSpeechOut(clock),
  });
  const lines = attachSockets(api, {
    '/ws/asr': createSpeechIn({ clock, model, settings: knobs.voice }),
    '/ws/talk': createTalk({ clock, model, answerer, voice: knobs.voice, settings: talk.settings, isOpen }),
  }, isOpen);
  const guard = createHttpServer(guardian.routes);

  const close = async (): Promise<void> => {
    guardian.stop();
    lines.close();
    await Promise.all([shut(api), shut(guard)]);
  };
  try {
    const port = await listen(api, options.port ?? 0);
    const guardianPort = await listen(guard, options.guardianPort ?? 0);
    return {
      urls: { api: `http://127.0.0.1:${port}`, asr: `ws://127.0.0.1:${port}/ws/asr`, talk: `ws://127.0.0.1:${port}/ws/talk`, guardian: `http://127.0.0.1:${guardianPort}` },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
