import type { Metric } from '@alice/realops/plugin';

/** As those of `voice.transcribe`, and which time was taken: of arrival, or claimed. */
const LABELS = ['noise', 'snr', 'condition', 'time'] as const;

/** What `voice.vad` measures. */
export const VAD_METRICS: readonly Metric[] = [
  { name: 'voice.vadStart', kind: 'distribution', unit: 'ms', labels: LABELS, description: 'From the first sample of a stretch of speech being sent to the recogniser saying that it hears speech; negative when it said so before. Of each stretch that it heard.' },
  { name: 'voice.vadStop', kind: 'distribution', unit: 'ms', labels: LABELS, description: 'From the last sample of a stretch of speech being sent to the recogniser saying that speech has ended; negative when it said so before. Of each stretch that it heard to its end.' },
  { name: 'voice.vadMiss', kind: 'rate', unit: 'ratio', labels: LABELS, description: 'A stretch of speech was not heard; true is bad.' },
  { name: 'voice.vadFalseAlarm', kind: 'rate', unit: 'ratio', labels: LABELS, description: 'A stretch that was heard holds no speech; true is bad.' },
  { name: 'voice.vadMissedTime', kind: 'ratio', unit: 'ratio', labels: [...LABELS, 'collar'], description: 'Time of speech in which none was heard, over the time of speech (NIST: Pmiss). Label collar: how many ms around each beginning and end are not scored.' },
  { name: 'voice.vadFalseTime', kind: 'ratio', unit: 'ratio', labels: [...LABELS, 'collar'], description: 'Time without speech in which speech was heard, over the time without speech (NIST: Pfa).' },
  { name: 'voice.senderLateness', kind: 'distribution', unit: 'ms', labels: LABELS, description: 'The 99th percentile of how late our own frames of one clip were; above 20 ms its latencies are not judged.' },
];
