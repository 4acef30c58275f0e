import { measuringLevel, rmsLevel } from './level.js';
import { SLICE, type Slices } from './slices.js';
import { SAMPLE_RATE } from './wav.js';

/** What a recording sounds like, as far as can be told without understanding it. Times in ms. */
export interface Sound {
  /** Nothing in it lies above −60 dB of full scale. */
  readonly silent: boolean;
  readonly leadingSilenceMs: number;
  readonly trailingSilenceMs: number;
  /** The longest silence between two sounds. */
  readonly longestPauseMs: number;
  /** It breaks off: its last 10 ms are at most 20 dB quieter than its speech. */
  readonly truncated: boolean;
  readonly activeDb: number;
}

/** How a sound was coded, as far as it changes what is to be heard at its end. */
export interface Coding {
  /** So much silence at the end may be there only because coders work in whole frames; the sound ends before it. */
  readonly paddingMs?: number;
}

const FRAME_MS = 10;
const FRAME = (SAMPLE_RATE * FRAME_MS) / 1_000;
const AUDIBLE_DB = -60;
const BREAK_DB = 20;

/** Listens to 16 kHz samples, in slices. */
export function* listening(samples: Int16Array, { paddingMs = 0 }: Coding = {}): Slices<Sound> {
  const { activeDb } = yield* measuringLevel(samples);
  const frames: boolean[] = [];
  for (let from = 0; from < samples.length; from += FRAME) {
    if (frames.length % (SLICE / 128) === SLICE / 128 - 1) yield;
    frames.push(rmsLevel(samples.subarray(from, from + FRAME)) > AUDIBLE_DB);
  }
  const first = frames.indexOf(true);
  const end = frames.lastIndexOf(true) + 1;
  const isPadded = (frames.length - end) * FRAME_MS <= paddingMs;
  // Where padding begins within a frame, that frame holds only the rest of the sound.
  const lastLevel = isPadded && paddingMs > 0 ? rmsLevel(samples.subarray(Math.max(0, end - 2) * FRAME, end * FRAME)) : rmsLevel(samples.subarray(Math.max(0, samples.length - FRAME)));
  let [pause, longest] = [0, 0];
  for (const isAudible of frames.slice(Math.max(0, first), end)) {
    pause = isAudible ? 0 : pause + 1;
    longest = Math.max(longest, pause);
  }
  const durationMs = (samples.length / SAMPLE_RATE) * 1_000;
  return {
    silent: first < 0,
    leadingSilenceMs: first < 0 ? durationMs : first * FRAME_MS,
    trailingSilenceMs: first < 0 ? durationMs : Math.max(0, durationMs - end * FRAME_MS),
    longestPauseMs: longest * FRAME_MS,
    truncated: first >= 0 && lastLevel > activeDb - BREAK_DB,
    activeDb,
  };
}
