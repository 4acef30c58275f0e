import type { Millis } from '@alice/realops/plugin';
import { resample } from '../audio/resample.js';
import type { Ear } from './ear.js';

/** Puts together what the microphone hears, a frame at a time. */
export interface Mic {
  /** Says something from the next frame on; gives the place of its first sample. */
  say(samples: Int16Array): number;
  /** What is played is heard again for so long, from the next frame on. */
  echo(options: { readonly ms: Millis; readonly delayMs: Millis; readonly gain: number }): void;
  /** The next frame, which begins at `atMs` of the conversation. */
  frame(atMs: Millis): Int16Array;
  /** All frames so far. */
  heard(): Int16Array;
}

/** What a microphone needs. */
export interface MicOptions {
  /** Samples of a frame. */
  readonly frame: number;
  readonly rate: number;
  /** Under all that is heard; silence when absent, and when it is over. */
  readonly noise: Int16Array | undefined;
  readonly loudspeaker: Pick<Ear, 'played'>;
  readonly loudspeakerRate: number;
}

const EDGE_MS = 10;

/** A microphone that is open all the time. */
export function createMic({ frame, rate, noise, loudspeaker, loudspeakerRate }: MicOptions): Mic {
  const frames: Int16Array[] = [];
  let said: { readonly samples: Int16Array; readonly at: number }[] = [];
  let echoes: { readonly fromMs: Millis; readonly toMs: Millis; readonly delayMs: Millis; readonly gain: number }[] = [];
  const frameMs = (frame * 1_000) / rate;
  /** A frame of what was played from then on; with what lies around it, so that no edge is heard where rates differ. */
  const reheard = (fromMs: Millis): Float32Array => {
    const around = loudspeaker.played(fromMs - EDGE_MS, Math.round(((frameMs + 2 * EDGE_MS) * loudspeakerRate) / 1_000));
    const from = (EDGE_MS * rate) / 1_000;
    return resample(Float32Array.from(around), loudspeakerRate, rate).subarray(from, from + frame);
  };
  return {
    say(samples) {
      const at = frames.length * frame;
      said.push({ samples, at });
      return at;
    },
    echo({ ms, delayMs, gain }) {
      const fromMs = frames.length * frameMs;
      echoes.push({ fromMs, toMs: fromMs + ms, delayMs, gain });
    },
    frame(atMs) {
      const from = frames.length * frame;
      const sum = Float32Array.from({ length: frame }, (_, index) => noise?.[from + index] ?? 0);
      said = said.filter(({ samples, at }) => at + samples.length > from);
      for (const { samples, at } of said) {
        for (let index = Math.max(0, at - from); index < frame; index += 1) sum[index] = (sum[index] ?? 0) + (samples[from + index - at] ?? 0);
      }
      echoes = echoes.filter(({ toMs }) => toMs > frames.length * frameMs);
      for (const { delayMs, gain } of echoes) reheard(atMs - delayMs).forEach((value, index) => void (sum[index] = (sum[index] ?? 0) + value * gain));
      const heard = Int16Array.from(sum, (value) => Math.max(-32_768, Math.min(32_767, Math.round(value))));
      frames.push(heard);
      return heard;
    },
    heard() {
      const all = new Int16Array(frames.length * frame);
      frames.forEach((each, index) => all.set(each, index * frame));
      return all;
    },
  };
}
