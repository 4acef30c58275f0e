import type { Metric } from '@alice/realops/plugin';

/** The noise that was mixed in (file name, or `none`), with noise how far the speech was above it in dB, and what else was done to the speech (`codec=g711`). */
const LABELS = ['noise', 'snr', 'condition'] as const;
/** `final: missing` on the errors of a clip whose final never came. */
const ERROR_LABELS = [...LABELS, 'final'] as const;
const OUTCOMES = ['final'] as const;

/** What `voice.transcribe` measures. */
export const TRANSCRIBE_METRICS: readonly Metric[] = [
  { name: 'voice.partial', kind: 'distribution', unit: 'ms', labels: LABELS, description: 'From the first speech sample being sent to the first non-empty partial (or final, when no partial came before it).', whenFailed: 'count' },
  { name: 'voice.partialCorrect', kind: 'distribution', unit: 'ms', labels: LABELS, description: 'From the first speech sample being sent to the first text whose words are the beginning of the reference, both normalised; not measured when there was none.' },
  { name: 'voice.final', kind: 'distribution', unit: 'ms', labels: LABELS, description: 'From the last speech sample being sent to the final; not measured when the final came before it (voice.truncated).', whenFailed: 'count' },
  { name: 'voice.finalLate', kind: 'rate', unit: 'ratio', labels: LABELS, description: 'Words came or changed after the recogniser had said, when all had been spoken, that the turn is over; true is bad. Only with finals: all, and where the recogniser says so.' },
  { name: 'voice.endpoint', kind: 'distribution', unit: 'ms', labels: LABELS, description: 'From the last speech sample being sent to the moment at which the recogniser ended the turn by itself, negative when it cut the speaker off; not measured when the end message ended it.' },
  { name: 'voice.wer', kind: 'ratio', unit: 'ratio', labels: ERROR_LABELS, outcomes: OUTCOMES, description: 'Word errors over reference words, both texts normalised. A final that never came counts every reference word as deleted.' },
  { name: 'voice.werStrict', kind: 'ratio', unit: 'ratio', labels: ERROR_LABELS, outcomes: OUTCOMES, description: 'Word errors over reference words, texts as they are.' },
  { name: 'voice.werCompound', kind: 'ratio', unit: 'ratio', labels: ERROR_LABELS, outcomes: OUTCOMES, description: 'As voice.wer, where words that are only written together or apart are right (as merge_compounds of kaldialign).' },
  { name: 'voice.cer', kind: 'ratio', unit: 'ratio', labels: ERROR_LABELS, outcomes: OUTCOMES, description: 'Character errors over reference characters, both texts normalised.' },
  { name: 'voice.keywordErrors', kind: 'ratio', unit: 'ratio', labels: ERROR_LABELS, outcomes: OUTCOMES, description: 'Keywords missed or made up over keywords in the reference.' },
  { name: 'voice.numberErrors', kind: 'ratio', unit: 'ratio', labels: ERROR_LABELS, outcomes: OUTCOMES, description: 'Numbers and clock times missed or made up over those in the reference, both texts normalised.' },
  { name: 'voice.truncated', kind: 'rate', unit: 'ratio', labels: LABELS, description: 'The final came before the last speech sample was sent: an early cut-off; true is bad.' },
  { name: 'voice.pauseCut', kind: 'rate', unit: 'ratio', labels: [...LABELS, 'pause'], description: 'A final came within a pause that was put into the speech (label pause: its length in ms); true is bad.' },
  { name: 'voice.missingFinal', kind: 'rate', unit: 'ratio', labels: LABELS, description: 'The recogniser was reached but gave no final; true is bad.' },
  { name: 'voice.revision', kind: 'ratio', unit: 'ratio', labels: LABELS, description: 'Words already shown in partials that were changed later, over words of the final.' },
  { name: 'voice.vadStart', kind: 'distribution', unit: 'ms', labels: LABELS, description: 'From the first speech sample being sent to the recogniser saying that it hears speech; negative when it said so before.' },
  { name: 'voice.vadStop', kind: 'distribution', unit: 'ms', labels: LABELS, description: 'From the last speech sample being sent to the recogniser saying for the last time that speech has ended; negative when it said so before.' },
  { name: 'voice.brier', kind: 'distribution', unit: 'ratio', labels: LABELS, description: '(confidence − c)², where c is 1 when every word is right and else 0. Its mean is the Brier score (Brier 1950): 0 for confidence that always knows, 0.25 for one that always says 0.5.' },
  { name: 'voice.senderLateness', kind: 'distribution', unit: 'ms', labels: LABELS, description: 'The 99th percentile of how late our own frames of one clip were; above 20 ms its latencies are not judged.' },
];
