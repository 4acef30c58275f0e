import { definePlugin, RealopsError, type Json } from '@alice/realops/plugin';
import { compareTexts } from './transcribe/compare.js';
import { normaliseSwedish } from './normalise/normalise-sv.js';
import { transcribe } from './transcribe/transcribe.js';

export { activeSpeechLevel, rmsLevel, type SpeechLevel } from './audio/level.js';
export { mixNoise, type Mix, type MixOptions } from './audio/mix-noise.js';
export { resample } from './audio/resample.js';
export { speechBounds, type SpeechBounds } from './audio/speech-bounds.js';
export { readWav, SAMPLE_RATE, type Clip, type ReadWavOptions } from './audio/wav.js';
export { normaliseSwedish, SWEDISH_NORMALISER_VERSION, type SwedishNormaliserOptions } from './normalise/normalise-sv.js';
export { transcribe } from './transcribe/transcribe.js';
export { alignWords, characterErrors, wordErrors, type AlignedWord, type CharacterErrors, type EditCounts, type WordErrors } from './wer/wer.js';

/** The plugin: `voice.transcribe`, and `$wer`, `$cer`, `$normaliseSwedish` for expressions. */
export default definePlugin({
  name: '@alice/realops-plugin-voice',
  apiVersion: 1,
  steps: [transcribe],
  functions: {
    /** `$wer(reference, hypothesis)`: the word error rate of the texts as normalised for Swedish. */
    wer: (reference, hypothesis) => compareTexts(text('wer', reference), text('wer', hypothesis), 'sv').words.wer,
    /** `$cer(reference, hypothesis)`: the character error rate of the texts as normalised for Swedish. */
    cer: (reference, hypothesis) => compareTexts(text('cer', reference), text('cer', hypothesis), 'sv').characters.cer,
    /** `$normaliseSwedish(text)`. */
    normaliseSwedish: (value) => normaliseSwedish(text('normaliseSwedish', value)),
  },
});

function text(name: string, value: Json | undefined): string {
  if (typeof value === 'string') return value;
  throw new RealopsError('REALOPS_INPUT_INVALID', `$${name} takes texts, got ${value === undefined ? 'nothing' : JSON.stringify(value)}`);
}
