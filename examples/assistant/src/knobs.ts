import { flag, number, optional } from './http/fields.js';
import type { Exchange, Routes } from './http/server.js';
import type { EndpointSettings } from './speech/recogniser.js';

/** The knobs of the chat side. */
export interface OrchestratorSettings {
  /** Passages of knowledge put before the model: more is slower. */
  readonly rag_top_k: number;
  /** Whether planner answers are held to their schema while they are generated. */
  readonly strict_schema: boolean;
  /** Whether deep requests reach the deep route. */
  readonly deep_enabled: boolean;
}

export const defaultVoiceSettings: EndpointSettings = { vad_start_threshold: 0.35, vad_stop_threshold: 0.3, vad_eos_timeout_ms: 700 };
export const defaultOrchestratorSettings: OrchestratorSettings = { rag_top_k: 5, strict_schema: true, deep_enabled: true };

/** What a voice knob may be; every one may be left out. */
export const voiceFields = {
  vad_start_threshold: optional(number({ min: 0.05, max: 0.95 })),
  vad_stop_threshold: optional(number({ min: 0.05, max: 0.95 })),
  vad_eos_timeout_ms: optional(number({ min: 200, max: 2000, whole: true })),
};

const orchestratorFields = {
  rag_top_k: optional(number({ min: 1, max: 10, whole: true })),
  strict_schema: optional(flag),
  deep_enabled: optional(flag),
};

/** A settings object whose given values replace those in force; values left out stay. */
export function merge<T extends object>(settings: T, changes: { readonly [K in keyof T]?: T[K] | undefined }): T {
  const given = Object.entries(changes).filter(([, value]) => value !== undefined);
  return { ...settings, ...Object.fromEntries(given) };
}

/** Settings that can be read and changed while the assistant runs. */
export interface Knobs {
  voice(): EndpointSettings;
  orchestrator(): OrchestratorSettings;
  readonly routes: Routes;
}

/** The settings in force and the endpoints that read and change them. A change that is refused changes nothing. */
export function createKnobs(startVoice: EndpointSettings): Knobs {
  let voice = startVoice;
  let orchestrator = defaultOrchestratorSettings;
  const changeVoice = async (exchange: Exchange): Promise<void> => {
    voice = merge(voice, await exchange.body(voiceFields, { closed: true }));
    exchange.json(200, voice);
  };
  const changeOrchestrator = async (exchange: Exchange): Promise<void> => {
    orchestrator = merge(orchestrator, await exchange.body(orchestratorFields, { closed: true }));
    exchange.json(200, orchestrator);
  };
  return {
    voice: () => voice,
    orchestrator: () => orchestrator,
    routes: {
      'GET /api/voice/config': ({ json }) => json(200, voice),
      'POST /api/voice/config': changeVoice,
      'GET /api/orchestrator/config': ({ json }) => json(200, orchestrator),
      'POST /api/orchestrator/config': changeOrchestrator,
    },
  };
}
