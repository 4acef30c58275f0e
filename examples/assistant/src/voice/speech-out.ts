import type { Clock } from '../clock.js';
import { choice, number, optional, text } from '../http/fields.js';
import type { Routes } from '../http/server.js';
import { encodeWav } from '../speech/pcm.js';
import { speakerNames, synthesise, synthesisRate } from './synthesiser.js';

interface Spoken {
  readonly audio: string;
  readonly durationMs: number;
  readonly madeAt: number;
}

const mostCached = 200;
const longestText = 500;

/** POST /api/tts with a cache of what was spoken before, and the endpoint that clears it. */
export function createSpeechOut(clock: Clock): Routes {
  const cache = new Map<string, Spoken>();

  const remember = (key: string, spoken: Spoken): void => {
    cache.delete(key);
    cache.set(key, spoken);
    const [oldest] = cache.keys();
    if (cache.size > mostCached && oldest !== undefined) cache.delete(oldest);
  };

  return {
    'POST /api/tts': async ({ body, json }) => {
      const { text: words, voice, speed } = await body({
        text: text({ min: 1, max: longestText }),
        voice: optional(choice(...speakerNames), 'anna'),
        speed: optional(number({ min: 0.5, max: 2 }), 1),
      });
      const started = clock.now();
      const key = JSON.stringify([words, voice, speed]);
      const known = cache.get(key);
      const samples = known ? undefined : synthesise(words, { speaker: voice, speed });
      const spoken = known ?? {
        audio: encodeWav(samples ?? new Float32Array(0), synthesisRate).toString('base64'),
        durationMs: Math.round(((samples?.length ?? 0) * 1000) / synthesisRate),
        madeAt: started,
      };
      remember(key, spoken);
      const tookMs = Math.round((clock.now() - started) * 10) / 10;
      json(200, { audio_data: spoken.audio, duration_ms: spoken.durationMs, processing_time_ms: tookMs, cache: known ? 'HIT' : 'MISS' });
    },
    'POST /api/tts/cache/clear': async ({ body, json }) => {
      const { older_than_s } = await body({ older_than_s: optional(number({ min: 0, max: 1e9 }), 0) }, { closed: true });
      const before = cache.size;
      for (const [key, { madeAt }] of cache) if (clock.now() - madeAt >= 1000 * older_than_s) cache.delete(key);
      json(200, { cleared: before - cache.size });
    },
  };
}
