import type { Millis } from '@alice/realops/plugin';
import type { ConverseParameters } from '../converse/script.js';
import type { TranscribeParameters } from '../transcribe/prepare.js';

/** How long each utterance is: whole frames of 20 ms. */
export const UTTERANCE_MS = 300;
/** How long the peer waits before it answers. An answer without any delay shows what the wire itself takes. */
export const END_DELAYS: readonly Millis[] = [0, 60, 150, 300];
/** From the beginning of an utterance; much shorter than one, so that what answers its end comes later also on a busy machine. */
export const ONSET_DELAYS: readonly Millis[] = [0, 40, 90, 140];

const TONE = { file: 'tone.wav', onsetMs: 0, endMs: UTTERANCE_MS, pauses: [], speed: 1 };

/** `voice.transcribe` with what is given to it, defaults included. */
export function transcribeParameters(): TranscribeParameters {
  return {
    target: 'peer', audio: TONE.file, protocol: 'alice', language: 'sv', alternatives: [], normaliser: 'none', headers: {}, speed: 1, pauses: [], keywords: [], labels: {},
    onsetMs: TONE.onsetMs, endMs: TONE.endMs, leadMs: 0, tailMs: 3_000, tail: 'silence', finals: 'first',
  };
}

/** `voice.converse` with so many pairs of turns: one that is answered at length, and one that cuts into the answer. */
export function converseParameters(pairs: number): ConverseParameters {
  const turn = { say: TONE, class: 'speech', text: [], intents: [] } as const;
  const turns: ConverseParameters['turns'] = Array.from({ length: pairs }, (_, index) => [
    { ...turn, start: { after: index === 0 ? ('sessionStart' as const) : ('agentSpeechEnd' as const), delayMs: 150, timeoutMs: 10_000 }, expect: 'respond' as const },
    { ...turn, start: { after: 'agentSpeechStart' as const, delayMs: 250, timeoutMs: 10_000 }, expect: 'stop' as const },
  ]).flat();
  return {
    target: 'peer', protocol: 'alice', language: 'sv', headers: {}, turns,
    windows: { respondMs: 3_000, stopMs: 1_400, ignoreSpeakingMs: 1_000, ignoreSilentMs: 2_000, resumeMs: 2_000, gapMs: 3_000, claimMs: 300 },
    vad: { onDb: -45, offDb: -51, minSpeechMs: 50, minSilenceMs: 100 }, hangUpMs: 200, atMostMs: 590_000,
  };
}
