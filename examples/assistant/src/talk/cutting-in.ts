import type { Heard } from './listener.js';
import type { TalkSettings } from './settings.js';

const fewestVoicedMs = 100;

/** Whether what is heard is somebody who wants the turn: long enough, with a voice, and understood. A hum is not understood, a cough has no voice. */
export function cutsIn({ loudMs, voicedMs, hypothesis }: Heard, { barge_in_ms, barge_in_confidence }: Pick<TalkSettings, 'barge_in_ms' | 'barge_in_confidence'>): boolean {
  if (loudMs < barge_in_ms || voicedMs < fewestVoicedMs) return false;
  const { words, confidence } = hypothesis();
  return words.length > 0 && confidence >= barge_in_confidence;
}
