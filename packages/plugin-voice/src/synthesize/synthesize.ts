import { defineStep, RealopsError, type Json } from '@alice/realops/plugin';
import { readRiff } from '../audio/riff.js';
import { listen } from '../audio/sound.js';
import { readWav } from '../audio/wav.js';
import { wavOf } from '../audio/wav-file.js';
import { SYNTHESIZE_METRICS, SYNTHESIZE_OUTPUT, SYNTHESIZE_WITH } from './parameters.js';
import { playout, type Playout } from './playout.js';
import { requestSpeech, type SpeechAnswer } from './request.js';

/** `voice.synthesize`: has a text said, times when it would be heard, and listens to whether it is whole. */
export const synthesize = defineStep({
  use: 'voice.synthesize',
  description: 'Has a text said by a speech synthesiser; measures when it is heard, and whether the sound is silent, clipped or broken off.',
  with: SYNTHESIZE_WITH,
  output: SYNTHESIZE_OUTPUT,
  metrics: SYNTHESIZE_METRICS,
  async run({ url, text, method, headers, json, audio, pcm, cached }, context) {
    const { traceId } = context.step;
    const target = context.target(url);
    if (target.protocol !== 'http:' && target.protocol !== 'https:') throw new RealopsError('REALOPS_WITH_INVALID', `voice.synthesize speaks http and https, not ${target.protocol}//`, { hint: 'check the URL of the target' });
    const answer = await requestSpeech({
      url: target, method, clock: context.clock, signal: context.signal, body: JSON.stringify(json ?? { text }),
      headers: { 'content-type': 'application/json', traceparent: `00-${traceId}-${traceId.slice(16)}-01`, ...headers },
    });
    if (answer.status < 200 || answer.status > 299) throw new RealopsError('REALOPS_TARGET_FAILED', `the synthesiser answered with status ${answer.status}`, { hint: 'its answer is not shown, since it may hold what was said' });
    const body = audio === undefined && cached === undefined ? null : readJson(answer, audio !== undefined);
    const bytes = audio === undefined ? answer.body : Buffer.from(await soundIn(body, audio, context.evaluate), 'base64');
    const wav = pcm === undefined ? bytes : wavOf(bytes, pcm.rate);
    const clip = readWav(wav, { name: 'the sound' });
    const sound = listen(clip.samples);
    const play = audio === undefined ? playoutOf(answer, wav, pcm === undefined) : undefined;
    const begins = (ms: number): number => (play === undefined ? answer.totalMs + ms : play.at(ms));
    const cache: 'hit' | 'miss' | 'unknown' = cached === undefined ? 'unknown' : (await context.evaluate(cached, { status: answer.status, headers: flat(answer), body })) === true ? 'hit' : 'miss';
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
    const file = await context.attach('speech.wav', wav, { mediaType: 'audio/wav', scope: 'audio:store' });
    const { silent, clipped, truncated, leadingSilenceMs, trailingSilenceMs, longestPauseMs, activeDb } = sound;
    return {
      status: answer.status, characters: [...new Intl.Segmenter('sv', { granularity: 'grapheme' }).segment(text)].length, durationMs: clip.durationMs, firstByteMs, firstAudibleMs, totalMs: answer.totalMs, gapsMs,
      leadingSilenceMs, trailingSilenceMs, longestPauseMs, activeDb: Number.isFinite(activeDb) ? activeDb : null, silent, clipped, truncated, cache, file,
    };
  },
});

/** When a moment of the sound is heard, in ms since the request. */
function playoutOf({ pieces }: SpeechAnswer, wav: Uint8Array, hasHeader: boolean): { at(ms: number): number; readonly gapsMs: number } {
  const { channels, bits, sampleRate, data } = readRiff(wav, 'the sound');
  const bytesPerMs = (channels * bits * sampleRate) / 8_000;
  const from = hasHeader ? data.byteOffset - wav.byteOffset : 0;
  const played: Playout = playout(pieces, from, bytesPerMs);
  return { at: (ms) => played.heardAt(from + Math.floor(ms * bytesPerMs)), gapsMs: played.gapsMs };
}

function readJson({ body }: SpeechAnswer, isNeeded: boolean): Json {
  try {
    return JSON.parse(body.toString('utf8')) as Json;
  } catch (cause) {
    if (!isNeeded) return null;
    throw new RealopsError('REALOPS_PROTOCOL', `the synthesiser answered with ${body.length} bytes that are not JSON`, { hint: 'leave audio out when the body is the sound', cause });
  }
}

async function soundIn(body: Json, expression: string, evaluate: (expression: string, input: Json) => Promise<Json | undefined>): Promise<string> {
  const sound = await evaluate(expression, body);
  if (typeof sound === 'string' && sound !== '') return sound;
  throw new RealopsError('REALOPS_PROTOCOL', `the expression audio gives ${sound === undefined ? 'nothing' : JSON.stringify(sound).slice(0, 60)}, not a text of base64`);
}

function flat({ headers }: SpeechAnswer): { readonly [name: string]: string } {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : (value ?? '')]));
}
