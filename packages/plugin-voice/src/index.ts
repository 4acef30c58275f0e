import { definePlugin, RealopsError, type Json } from '@alice/realops/plugin';
import { calibration } from './calibrate/step.js';
import { commands } from './commands/index.js';
import { diarisationErrors, type Spoken } from './diarise/der.js';
import { spokenIn } from './diarise/read.js';
import { converse } from './converse/converse.js';
import { ffmpegCheck } from './ffmpeg/check.js';
import { compareTexts } from './transcribe/compare.js';
import { normaliseSwedish } from './normalise/normalise-sv.js';
import { overlap } from './overlap/overlap.js';
import { synthesize } from './synthesize/synthesize.js';
import { createLoad } from './load/load.js';
import { transcribe } from './transcribe/transcribe.js';
import { vad } from './vad-step/vad.js';

export { calibration } from './calibrate/step.js';
export { activeSpeechLevel, rmsLevel, type SpeechLevel } from './audio/level.js';
export { mixNoise, type Mix, type MixOptions } from './audio/mix-noise.js';
export { resample } from './audio/resample.js';
export { speechBounds, type SpeechBounds } from './audio/speech-bounds.js';
export { readWav, SAMPLE_RATE, type Clip, type ReadWavOptions } from './audio/wav.js';
export { normaliseSwedish, SWEDISH_NORMALISER_VERSION, type SwedishNormaliserOptions } from './normalise/normalise-sv.js';
export { diarisationErrors, type DiarisationErrors, type Spoken } from './diarise/der.js';
export { comparePaired, FEWEST_UTTERANCES, type PairedComparison } from './stats/permutation.js';
export { converse } from './converse/converse.js';
export { conversationFiguresOf, type Figures, type TurnMeasurement } from './converse/measure.js';
export { type Chunk, type SaidTurn, type Timeline, type TimelineEvent, VOICE_METRICS_VERSION } from './converse/timeline.js';
export { overlap } from './overlap/overlap.js';
export { synthesize } from './synthesize/synthesize.js';
export { transcribe } from './transcribe/transcribe.js';
export { vad } from './vad-step/vad.js';
export { compoundErrors } from './wer/compound.js';
export { keywordErrors, numberErrors, type Share } from './wer/keywords.js';
export { alignWords, characterErrors, wordErrors, type AlignedWord, type CharacterErrors, type EditCounts, type WordErrors } from './wer/wer.js';

/** `voice.load`: many streams into one recogniser at the same time. Its thread is a file of its own in the built package. */
export const load = createLoad(new URL('./load-worker.js', import.meta.url));

/** The plugin: `voice.transcribe`, `voice.synthesize`, `voice.converse`, `voice.overlap`, `voice.vad`, `voice.load` and `voice.calibrate`, the commands of `realops voice`, and `$wer`, `$werCompound`, `$cer`, `$der`, `$normaliseSwedish` for expressions. */
export default definePlugin({
  name: '@alice/realops-plugin-voice',
  apiVersion: 1,
  steps: [transcribe, synthesize, converse, overlap, vad, load, calibration],
  commands,
  checks: [ffmpegCheck],
  functions: {
    /** `$wer(reference, hypothesis)`: the word error rate of the texts as normalised for Swedish. */
    wer: (reference, hypothesis) => compareTexts(text('wer', reference), text('wer', hypothesis), 'sv').words.wer,
    /** `$werCompound(reference, hypothesis)`: the same, where words that are only written together or apart are right. */
    werCompound: (reference, hypothesis) => compareTexts(text('werCompound', reference), text('werCompound', hypothesis), 'sv').compound.wer,
    /** `$der(reference, hypothesis, collarMs)`: the diarisation error rate of lists of `{ speaker, startMs, endMs }`; the collar is 0 unless given. */
    der: (reference, hypothesis, collarMs = 0) => diarisationErrors(spoken(reference), spoken(hypothesis), typeof collarMs === 'number' ? collarMs : 0).der,
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

function spoken(value: Json | undefined): readonly Spoken[] {
  return spokenIn(value, (each) => new RealopsError('REALOPS_INPUT_INVALID', `$der takes lists of { speaker, startMs, endMs }, got ${JSON.stringify(each)}`));
}
