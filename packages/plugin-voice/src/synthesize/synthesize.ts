import { defineStep } from '@alice/realops/plugin';
import { readRiff } from '../audio/riff.js';
import { inSlices } from '../audio/slices.js';
import { listening } from '../audio/sound.js';
import { readingWav } from '../audio/wav.js';
import { fetchSpeech } from './fetch.js';
import { SYNTHESIZE_METRICS, SYNTHESIZE_OUTPUT, SYNTHESIZE_WITH } from './parameters.js';
import { playout, type Playout } from './playout.js';
import { recognise } from './recognise.js';
import type { SpeechAnswer } from './request.js';

/** `voice.synthesize`: has a text said, times when it would be heard, and listens to whether it is whole. */
export const synthesize = defineStep({
  use: 'voice.synthesize',
  description: 'Has a text said by a speech synthesiser; measures when it is heard, and whether the sound is silent, clipped or broken off.',
  with: SYNTHESIZE_WITH,
  output: SYNTHESIZE_OUTPUT,
  metrics: SYNTHESIZE_METRICS,
  async run({ url, text, method, headers, json, audio, pcm, cached, recognise: listener }, context) {
    const { answer, wav, json: readBody } = await fetchSpeech({ url, method, headers, body: json ?? { text }, audio, rawRate: pcm?.rate }, context);
    const clip = await inSlices(readingWav(wav, { name: 'the sound' }), context);
    const sound = await inSlices(listening(clip.samples), context);
    const play = audio === undefined ? playoutOf(answer, wav, pcm === undefined) : undefined;
    const begins = (ms: number): number => (play === undefined ? answer.totalMs + ms : play.at(ms));
    const cache: 'hit' | 'miss' | 'unknown' = cached === undefined ? 'unknown' : (await context.evaluate(cached, { status: answer.status, headers: flat(answer), body: readBody(audio !== undefined) })) === true ? 'hit' : 'miss';
    const firstByteMs = answer.pieces[0]?.at ?? answer.totalMs;
    const firstAudibleMs = sound.silent ? null : begins(sound.leadingSilenceMs);
    const gapsMs = play?.gapsMs ?? 0;

    const labels = { labels: { cache } };
    context.measure('voice.ttsFirstByte', firstByteMs, labels);
    if (firstAudibleMs !== null) context.measure('voice.ttsFirstAudible', firstAudibleMs, labels);
    context.measure('voice.ttsTotal', answer.totalMs, labels);
    context.measure('voice.ttsDuration', clip.durationMs, labels);
    context.measure('voice.ttsRealTime', { part: answer.totalMs, whole: clip.durationMs }, labels);
    context.measure('voice.ttsGaps', gapsMs, labels);
    context.measure('voice.ttsSilent', sound.silent, labels);
    context.measure('voice.ttsClipped', sound.clipped, labels);
    context.measure('voice.ttsTruncated', sound.truncated, labels);
    const heard = listener === undefined ? undefined : await recognise(sound.silent ? NOTHING : clip.samples, text, listener, context);
    if (heard !== undefined) context.measure('voice.ttsWer', heard.errors, labels);
    const file = await context.attach('speech.wav', wav, { mediaType: 'audio/wav', scope: 'audio:store' });
    const { silent, clipped, truncated, leadingSilenceMs, trailingSilenceMs, longestPauseMs, activeDb } = sound;
    return {
      status: answer.status, characters: [...new Intl.Segmenter('sv', { granularity: 'grapheme' }).segment(text)].length, durationMs: clip.durationMs, firstByteMs, firstAudibleMs, totalMs: answer.totalMs, gapsMs,
      leadingSilenceMs, trailingSilenceMs, longestPauseMs, activeDb: Number.isFinite(activeDb) ? activeDb : null, silent, clipped, truncated, cache,
      ...(heard === undefined ? {} : { recognised: heard.text }), wer: heard?.wer ?? null, file,
    };
  },
});

/** Silence need not be listened to. */
const NOTHING = new Int16Array(0);

/** When a moment of the sound is heard, in ms since the request. */
function playoutOf({ pieces }: SpeechAnswer, wav: Uint8Array, hasHeader: boolean): { at(ms: number): number; readonly gapsMs: number } {
  const { channels, bits, sampleRate, data } = readRiff(wav, 'the sound');
  const bytesPerMs = (channels * bits * sampleRate) / 8_000;
  const from = hasHeader ? data.byteOffset - wav.byteOffset : 0;
  const played: Playout = playout(pieces, from, bytesPerMs);
  return { at: (ms) => played.heardAt(from + Math.floor(ms * bytesPerMs)), gapsMs: played.gapsMs };
}

function flat({ headers }: SpeechAnswer): { readonly [name: string]: string } {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : (value ?? '')]));
}
