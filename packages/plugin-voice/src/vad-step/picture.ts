import type { Millis, Picture } from '@alice/realops/plugin';
import type { Found, VadComparison } from './compare.js';

/** Where speech is against where it was heard; what was missed, and what was heard where nobody spoke, stands out. */
export function pictureOf({ truth, falseAlarms }: Pick<VadComparison, 'truth' | 'falseAlarms'>, found: readonly Found[], streamMs: Millis): Picture {
  const last = found.reduce((most, { endMs }) => Math.max(most, endMs), streamMs);
  return {
    durationMs: last,
    lanes: [
      { name: 'speech', spans: truth.map(({ startMs, endMs, missed }) => ({ fromMs: startMs, toMs: endMs, ...(missed ? { tone: 'bad' as const, label: 'missed' } : {}) })) },
      { name: 'heard', spans: found.map(({ startMs, endMs, isOpen }, index) => ({ fromMs: startMs, toMs: endMs, ...(falseAlarms[index] === true ? { tone: 'bad' as const, label: 'false alarm' } : isOpen ? { label: 'its end was never told' } : {}) })) },
    ],
  };
}
