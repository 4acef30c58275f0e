import { Buffer } from 'node:buffer';
import { defineStep } from '@alice/realops/plugin';
import { findingClipping } from '../audio/clipping.js';
import { fileOf } from '../audio/container.js';
import { readRiff } from '../audio/riff.js';
import { inSlices } from '../audio/slices.js';
import { listening } from '../audio/sound.js';
import { readingWav } from '../audio/wav.js';
import { codedHeardAt } from './coded-playout.js';
import { fetchSpeech, type Coded, type Speech } from './fetch.js';
import { SYNTHESIZE_METRICS, SYNTHESIZE_OUTPUT, SYNTHESIZE_WITH } from './parameters.js';
import { playout, type Piece, type Playout } from './playout.js';
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
    const { answer, wav, coded, json: readBody } = await fetchSpeech({ url, method, headers, body: json ?? { text }, audio, rawRate: pcm?.rate }, context);
    const clip = await inSlices(readingWav(wav, { name: 'the sound' }), context);
    const sound = await inSlices(listening(clip.samples, { paddingMs: coded !== undefined && isPadded(coded) ? PADDING_MS : 0 }), context);
    const clipped = await inSlices(findingClipping(readRiff(wav, 'the sound')), context);
    const play = audio === undefined ? playoutOf({ answer, wav, coded }, pcm === undefined) : whenAllHasCome(answer);
    const cache: 'hit' | 'miss' | 'unknown' = cached === undefined ? 'unknown' : (await context.evaluate(cached, { status: answer.status, headers: flat(answer), body: readBody(audio !== undefined) })) === true ? 'hit' : 'miss';
    const firstByteMs = answer.pieces[0]?.at ?? answer.totalMs;
    const firstAudibleMs = sound.silent ? null : await play.at(sound.leadingSilenceMs);
    const { gapsMs } = play;

    const labels = { labels: { cache } };
    context.measure('voice.ttsFirstByte', firstByteMs, labels);
    if (firstAudibleMs !== null) context.measure('voice.ttsFirstAudible', firstAudibleMs, labels);
    context.measure('voice.ttsTotal', answer.totalMs, labels);
    context.measure('voice.ttsDuration', clip.durationMs, labels);
    context.measure('voice.ttsRealTime', { part: answer.totalMs, whole: clip.durationMs }, labels);
    if (gapsMs !== null) context.measure('voice.ttsGaps', gapsMs, labels);
    context.measure('voice.ttsSilent', sound.silent, labels);
    context.measure('voice.ttsClipped', clipped, labels);
    context.measure('voice.ttsTruncated', sound.truncated, labels);
    const heard = listener === undefined ? undefined : await recognise(sound.silent ? NOTHING : clip.samples, text, listener, context);
    if (heard !== undefined) context.measure('voice.ttsWer', heard.errors, labels);
    // What came, not what was made of it.
    const { ending, mediaType } = fileOf(coded ?? { name: 'WAV' });
    const file = await context.attach(`speech.${ending}`, coded?.bytes ?? wav, { mediaType, scope: 'audio:store' });
    const { silent, truncated, leadingSilenceMs, trailingSilenceMs, longestPauseMs, activeDb } = sound;
    return {
      status: answer.status, characters: [...new Intl.Segmenter('sv', { granularity: 'grapheme' }).segment(text)].length, durationMs: clip.durationMs, firstByteMs, firstAudibleMs, totalMs: answer.totalMs, gapsMs,
      leadingSilenceMs, trailingSilenceMs, longestPauseMs, activeDb: Number.isFinite(activeDb) ? activeDb : null, silent, clipped, truncated, coding: coded?.name ?? null, cache,
      ...(heard === undefined ? {} : { recognised: heard.text }), wer: heard?.wer ?? null, file,
    };
  },
});

/** Silence need not be listened to. */
const NOTHING = new Int16Array(0);

/** The longest frame that these coders have at rates of speech: 1024 samples of aac at 16 kHz, and a little. */
const PADDING_MS = 70;

/** Whether the last frame of a sound is filled up with silence of which nothing is said: mp3 tells it in a header, which streams go without; aac does not. */
function isPadded({ name, bytes }: Coded): boolean {
  if (name !== 'MP3') return name === 'AAC' || name === 'MP4';
  const head = Buffer.from(bytes.subarray(0, 8_192)).toString('latin1');
  return !head.includes('Xing') && !head.includes('Info');
}

/** What a listener hears who plays the sound as it comes; null for what cannot be told. */
interface Play {
  /** When a moment of the sound is heard, in ms since the request. */
  at(ms: number): Promise<number | null>;
  readonly gapsMs: number | null;
}

/** Of a sound in JSON nothing is heard before all of it is there. */
function whenAllHasCome({ totalMs }: SpeechAnswer): Play {
  return { at: async (ms) => totalMs + ms, gapsMs: 0 };
}

function playoutOf({ answer: { pieces }, wav, coded }: Pick<Speech, 'answer' | 'wav' | 'coded'>, hasHeader: boolean): Play {
  if (coded !== undefined) return codedPlayout(pieces, coded);
  const { channels, bits, sampleRate, data } = readRiff(wav, 'the sound');
  const bytesPerMs = (channels * bits * sampleRate) / 8_000;
  const from = hasHeader ? data.byteOffset - wav.byteOffset : 0;
  const played: Playout = playout(pieces, from, bytesPerMs);
  return { at: async (ms) => played.heardAt(from + Math.floor(ms * bytesPerMs)), gapsMs: played.gapsMs };
}

/** How much sound each piece of a coded one holds is found out as far as its beginning needs it; for gaps all of them would have to be known. */
function codedPlayout(pieces: readonly Piece[], coded: Coded): Play {
  return { at: (ms) => codedHeardAt(pieces, ms, coded.decodableMs), gapsMs: null };
}

function flat({ headers }: SpeechAnswer): { readonly [name: string]: string } {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : (value ?? '')]));
}
