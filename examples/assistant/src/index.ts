import { readFile } from 'node:fs/promises';
import { createChat } from './chat.js';
import { orchestratorKnobs, voiceKnobs } from './config.js';
import { createGuardian } from './guardian.js';
import { closeServer, createRouter, listen } from './http.js';
import { unpackModel } from './speech/word-model.js';
import { attachEar, voiceRoutes } from './voice.js';

/** How the assistant is started; everything has a default. */
export interface AssistantOptions {
  /** 0 takes a free port. */
  readonly port?: number;
  readonly guardianPort?: number;
  /** The end-of-speech timeout to begin with, in ms. */
  readonly eosMs?: number;
}

/** A running assistant. */
export interface Assistant {
  readonly urls: { readonly api: string; readonly asr: string; readonly guardian: string };
  close(): Promise<void>;
}

/** Starts the reference assistant on loopback: chat, speech in and out on one port, the guardian on another. */
export async function startAssistant(options: AssistantOptions = {}): Promise<Assistant> {
  const model = unpackModel(JSON.parse(await readFile(new URL('../model/words-sv.json', import.meta.url), 'utf8')));
  const guardian = createGuardian();
  const voice = voiceKnobs(options.eosMs ?? 700);
  const started = performance.now();
  const api = createRouter({
    'GET /health': () => ({ status: 200, body: { alive: true, pid: process.pid, uptime_s: Math.round((performance.now() - started) / 1_000) } }),
    'GET /ready': () => (guardian.state === 'EMERGENCY' ? { status: 503, body: { detail: 'Service not ready' } } : { status: 200, body: { ready: true, guardian_state: guardian.state } }),
    ...createChat(orchestratorKnobs(), guardian),
    ...voiceRoutes(voice),
  });
  const ear = attachEar(api, model, voice);
  const guard = createRouter(guardian.routes);
  const port = await listen(api, options.port ?? 0);
  const guardianPort = await listen(guard, options.guardianPort ?? 0);
  return {
    urls: { api: `http://127.0.0.1:${port}`, asr: `ws://127.0.0.1:${port}/ws/asr`, guardian: `http://127.0.0.1:${guardianPort}` },
    async close() {
      guardian.close();
      ear.close();
      await Promise.all([closeServer(api), closeServer(guard)]);
    },
  };
}
