import type { Metric } from '@alice/realops/plugin';
import { RECOGNISE } from './recognise.js';

/** What a suite may say under `with:` of `voice.synthesize`. */
export const SYNTHESIZE_WITH = {
  type: 'object',
  properties: {
    url: { type: 'string', minLength: 1, holds: 'target', description: 'A target name, or a URL whose host is the host of a target.' },
    text: { type: 'string', minLength: 1, description: 'What is to be said.' },
    method: { enum: ['POST', 'PUT'], default: 'POST' },
    headers: { type: 'object', properties: {}, additionalProperties: { type: 'string' }, default: {}, description: 'Headers of the request.' },
    json: { type: 'object', properties: {}, additionalProperties: true, description: 'The body of the request; { text } when absent.' },
    audio: { type: 'string', minLength: 1, holds: 'expression', description: 'Gives the sound of a JSON answer in base64: a WAV, or with ffmpeg mp3, ogg, flac and others. Without it the body is the sound, heard as it comes.' },
    pcm: {
      type: 'object',
      description: 'The sound is 16-bit samples without a header, one channel.',
      properties: { rate: { type: 'integer', minimum: 8_000, maximum: 192_000, description: 'Samples a second.' } },
      required: ['rate'],
    },
    cached: { type: 'string', minLength: 1, holds: 'expression', description: 'Holds when the answer came from a cache; sees { status, headers, body }. Makes the label cache hit or miss.' },
    recognise: { ...RECOGNISE, description: 'A recogniser that listens to the sound: which words of the text come back? What it mishears counts too, so hold the figure against the one it has for people.' },
  },
  required: ['url', 'text'],
} as const;

/** What `voice.synthesize` gives to the steps after it. */
export const SYNTHESIZE_OUTPUT = {
  type: 'object',
  properties: {
    status: { type: 'integer' },
    characters: { type: 'integer', description: 'Of the text, as a reader counts them.' },
    durationMs: { type: 'number', description: 'Length of the sound; of a coded one with the silence that its coder may have put around it.' },
    firstByteMs: { type: 'number', description: 'From the request to the first byte of the answer.' },
    firstAudibleMs: { oneOf: [{ type: 'number' }, { enum: [null] }], description: 'From the request to the first sound that is heard; null when there is none, or when it cannot be told of a coded sound.' },
    totalMs: { type: 'number', description: 'From the request to the end of the answer.' },
    gapsMs: { oneOf: [{ type: 'number' }, { enum: [null] }], description: 'How long somebody who plays it as it comes hears nothing because it has not come; null for a coded sound (mp3, ogg …), of which that is not known.' },
    leadingSilenceMs: { type: 'number' },
    trailingSilenceMs: { type: 'number' },
    longestPauseMs: { type: 'number' },
    activeDb: { oneOf: [{ type: 'number' }, { enum: [null] }], description: 'Active speech level (ITU-T P.56) in dB of full scale; null when nothing is said.' },
    silent: { type: 'boolean' },
    clipped: { type: 'boolean' },
    truncated: { type: 'boolean' },
    coding: { oneOf: [{ type: 'string' }, { enum: [null] }], description: 'What had to be decoded: MP3, Ogg …; null for WAV and samples.' },
    cache: { enum: ['hit', 'miss', 'unknown'] },
    recognised: { type: 'string', description: 'What the recogniser understood; absent without one.' },
    wer: { oneOf: [{ type: 'number' }, { enum: [null] }], description: 'Word error rate of that against the text; null without a recogniser.' },
    file: { oneOf: [{ type: 'string' }, { enum: [null] }], description: 'The sound among the artifacts of the run; null without the consent audio:store.' },
  },
  required: ['status', 'characters', 'durationMs', 'firstByteMs', 'firstAudibleMs', 'totalMs', 'gapsMs', 'leadingSilenceMs', 'trailingSilenceMs', 'longestPauseMs', 'activeDb', 'silent', 'clipped', 'truncated', 'coding', 'cache', 'wer', 'file'],
} as const;

const LABELS = ['cache'] as const;

/** What `voice.synthesize` measures. */
export const SYNTHESIZE_METRICS: readonly Metric[] = [
  { name: 'voice.ttsFirstByte', kind: 'distribution', unit: 'ms', labels: LABELS, description: 'From the request to the first byte of the answer; the connection is a new one, and opening it counts.', whenFailed: 'count' },
  { name: 'voice.ttsFirstAudible', kind: 'distribution', unit: 'ms', labels: LABELS, description: 'From the request to the first sound above −60 dB of full scale as heard by somebody who plays it as it comes; silence at the beginning counts. A coded sound is heard as far as it can be decoded.', whenFailed: 'count' },
  { name: 'voice.ttsTotal', kind: 'distribution', unit: 'ms', labels: LABELS, description: 'From the request to the end of the answer.', whenFailed: 'count' },
  { name: 'voice.ttsDuration', kind: 'distribution', unit: 'ms', labels: LABELS, description: 'Length of the sound.' },
  { name: 'voice.ttsRealTime', kind: 'ratio', unit: 'ratio', labels: LABELS, description: 'Time to the end of the answer over the length of the sound; above 1 it is made slower than it is heard.' },
  { name: 'voice.ttsGaps', kind: 'distribution', unit: 'ms', labels: LABELS, description: 'How long nothing was left to play before the end; not measured of a coded sound.' },
  { name: 'voice.ttsSilent', kind: 'rate', unit: 'ratio', labels: LABELS, description: 'Nothing was to be heard; true is bad.' },
  { name: 'voice.ttsClipped', kind: 'rate', unit: 'ratio', labels: LABELS, description: 'Three samples in a row or more lie at full scale, or of a coded sound above it; true is bad.' },
  { name: 'voice.ttsTruncated', kind: 'rate', unit: 'ratio', labels: LABELS, description: 'The sound breaks off: its last 10 ms are at most 20 dB quieter than its speech; true is bad. Of aac, and of mp3 without a header, the 20 ms before a silence of at most 70 ms, which their coders put at the end.' },
  { name: 'voice.ttsWer', kind: 'ratio', unit: 'ratio', labels: LABELS, description: 'Words of the text that a recogniser did not find again in the sound, over the words of the text, both normalised; measured with recognise. Errors of the recogniser are among them.' },
];
