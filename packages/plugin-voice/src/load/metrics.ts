import type { Metric } from '@alice/realops/plugin';

/** As of `voice.transcribe`; `streams`: how many were asked for; `phase`: `ramp` before all of them had begun, `drain` after the first had ended, `steady` between. */
const LABELS = ['noise', 'snr', 'condition', 'streams', 'phase'] as const;

/** What `voice.load` measures: of each turn the same as `voice.transcribe` does, but for what would cost the sender its pace. */
export const LOAD_METRICS: readonly Metric[] = [
  { name: 'voice.partial', kind: 'distribution', unit: 'ms', labels: LABELS, description: 'From the moment at which the first speech sample was due to the first non-empty text. A turn that failed without one counts as worse than any limit.', whenFailed: 'count' },
  { name: 'voice.final', kind: 'distribution', unit: 'ms', labels: LABELS, description: 'From the moment at which the last speech sample was due to the final; not measured when the final came before it (voice.truncated). A turn that failed counts as worse than any limit.', whenFailed: 'count' },
  { name: 'voice.connect', kind: 'distribution', unit: 'ms', labels: LABELS, description: 'From the moment at which a turn was due to the moment at which its audio began. A turn that was refused counts as worse than any limit.', whenFailed: 'count' },
  { name: 'voice.refused', kind: 'rate', unit: 'ratio', labels: LABELS, description: 'A turn had no connection, or its recogniser was never ready for audio; true is bad.' },
  { name: 'voice.missingFinal', kind: 'rate', unit: 'ratio', labels: LABELS, description: 'The recogniser was reached but gave no final; true is bad.' },
  { name: 'voice.truncated', kind: 'rate', unit: 'ratio', labels: LABELS, description: 'The final came before the last speech sample was sent: an early cut-off; true is bad.' },
  { name: 'voice.wer', kind: 'ratio', unit: 'ratio', labels: [...LABELS, 'final'], description: 'Word errors over reference words, both texts normalised. A final that never came counts every reference word as deleted.' },
  { name: 'voice.senderLateness', kind: 'distribution', unit: 'ms', labels: LABELS, description: 'The 99th percentile of how late our own frames of one turn were; above 20 ms its latencies are not judged.' },
];
