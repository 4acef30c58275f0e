import type { Metric } from '@alice/realops/plugin';

/** As those of `voice.transcribe`, and how many speak. */
const LABELS = ['noise', 'snr', 'condition', 'speakers'] as const;
const ERROR_LABELS = [...LABELS, 'final'] as const;

/** What `voice.overlap` measures. */
export const OVERLAP_METRICS: readonly Metric[] = [
  { name: 'voice.wer', kind: 'ratio', unit: 'ratio', labels: ERROR_LABELS, description: 'Word errors over reference words of the speaker to follow, both texts normalised: words of the others that were taken for that speaker’s are insertions.' },
  { name: 'voice.overlapWer', kind: 'ratio', unit: 'ratio', labels: ERROR_LABELS, description: 'Word errors over the reference words of all speakers, whoever said them: the fewest over all ways to mix the words of several speakers, each in their order (Fiscus et al. 2006).' },
  { name: 'voice.cpWer', kind: 'ratio', unit: 'ratio', labels: ERROR_LABELS, description: 'Word errors over the reference words of all speakers, with the words of each given to one speaker of the recogniser so that errors are fewest (concatenated minimum-permutation WER, CHiME-6 2020); of recognisers that tell speakers apart.' },
  { name: 'voice.der', kind: 'ratio', unit: 'ratio', labels: [...LABELS, 'collar', 'by'], description: 'Diarisation error: time missed, made up, or given to the wrong speaker, over the time that speakers speak, overlapping speech included (NIST). Label collar: how many ms around each beginning and end are not scored; by: recogniser or diariser.' },
  { name: 'voice.final', kind: 'distribution', unit: 'ms', labels: LABELS, description: 'From the last speech sample of all speakers being sent to the last final; not measured when it came before.' },
  { name: 'voice.missingFinal', kind: 'rate', unit: 'ratio', labels: LABELS, description: 'The recogniser was reached but gave no final; true is bad.' },
  { name: 'voice.senderLateness', kind: 'distribution', unit: 'ms', labels: LABELS, description: 'The 99th percentile of how late our own frames of one clip were; above 20 ms its latencies are not judged.' },
];
