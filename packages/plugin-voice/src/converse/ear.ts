import type { Millis } from '@alice/realops/plugin';
import { rmsLevel } from '../audio/level.js';
import { atHundredth, type Chunk } from './timeline.js';
import { createVad, type Segment, type SoundWindow, type VadSettings } from './vad.js';

/** Length of what a level is taken of. */
const WINDOW_MS = 10;
/** What stands for nothing at all in a timeline, which is JSON. */
const SILENCE_DB = -120;

/** Hears the assistant as somebody would who plays its sound as it comes. */
export interface Ear {
  /** Sound that came: it plays when it is there and what came before it is over. `item` names what it is a piece of. */
  arrive(samples: Int16Array, atMs: Millis, item?: string): void;
  /** What was not played yet is not played any more. Gives how much that is. */
  clear(atMs: Millis): Millis;
  /** How much came of each item that has a name, and how much of that is played, also in time to come unless it is cleared. In the order in which they came. */
  items(): ReadonlyMap<string, { readonly lastsMs: Millis; readonly playedMs: Millis }>;
  /** When all that came so far is over. */
  overMs(): Millis;
  /** Speech that was played until now. */
  segments(nowMs: Millis): readonly Segment[];
  chunks(): readonly Chunk[];
  /** What is played in this span, at the rate of the sound; silence where nothing is. */
  played(fromMs: Millis, samples: number): Int16Array;
}

interface Piece {
  readonly arrivedMs: Millis;
  readonly playsMs: Millis;
  readonly samples: Int16Array;
  playedMs: Millis;
  readonly levels: readonly number[];
  readonly item: string | undefined;
}

/** An ear for sound of this rate. */
export function createEar(rate: number, vad: VadSettings): Ear {
  const pieces: Piece[] = [];
  const online = createVad(vad);
  let waiting: SoundWindow[] = [];
  let overMs = 0;
  /** Tells the VAD what has played by now. */
  const listen = (nowMs: Millis): void => {
    const heard = waiting.findIndex(({ toMs }) => toMs > nowMs);
    for (const window of heard < 0 ? waiting.splice(0) : waiting.splice(0, heard)) online.hear(window);
  };
  const lasts = ({ samples }: Piece): Millis => (samples.length * 1_000) / rate;
  return {
    arrive(samples, at, item) {
      if (samples.length === 0) return;
      const arrivedMs = atHundredth(at);
      const playsMs = Math.max(arrivedMs, overMs);
      const levels = levelsOf(samples, rate);
      const piece = { arrivedMs, playsMs, samples, playedMs: (samples.length * 1_000) / rate, levels, item };
      pieces.push(piece);
      overMs = playsMs + piece.playedMs;
      waiting.push(...windowsOf({ ...piece, lastsMs: piece.playedMs }));
    },
    clear(at) {
      const atMs = atHundredth(at);
      let dropped = 0;
      for (const piece of pieces) {
        const left = piece.playsMs + piece.playedMs - Math.max(atMs, piece.playsMs);
        if (left <= 0) continue;
        piece.playedMs -= left;
        dropped += left;
      }
      overMs = Math.min(overMs, atMs);
      waiting = waiting.filter(({ fromMs }) => fromMs < atMs).map((window) => ({ ...window, toMs: Math.min(window.toMs, atMs) }));
      listen(atMs);
      online.cut(atMs);
      return atHundredth(dropped);
    },
    items() {
      const items = new Map<string, { readonly lastsMs: Millis; readonly playedMs: Millis }>();
      for (const piece of pieces) {
        if (piece.item === undefined) continue;
        const { lastsMs, playedMs } = items.get(piece.item) ?? { lastsMs: 0, playedMs: 0 };
        items.set(piece.item, { lastsMs: lastsMs + lasts(piece), playedMs: playedMs + piece.playedMs });
      }
      return items;
    },
    overMs: () => overMs,
    segments(nowMs) {
      listen(nowMs);
      // What plays right now is judged when it has played; until then there is no silence after it began.
      return online.segments(Math.min(nowMs, waiting[0]?.fromMs ?? nowMs));
    },
    chunks: () => pieces.map((piece) => ({ arrivedMs: piece.arrivedMs, playsMs: atHundredth(piece.playsMs), lastsMs: atHundredth(lasts(piece)), playedMs: atHundredth(piece.playedMs), levels: piece.levels })),
    played(fromMs, samples) {
      const out = new Int16Array(samples);
      const toMs = fromMs + (samples * 1_000) / rate;
      for (let index = pieces.length - 1; index >= 0; index -= 1) {
        const piece = pieces[index];
        if (piece === undefined || piece.playsMs + piece.playedMs <= fromMs) break;
        if (piece.playsMs >= toMs) continue;
        const at = Math.round(((piece.playsMs - fromMs) * rate) / 1_000);
        const heard = piece.samples.subarray(Math.max(0, -at), Math.round((piece.playedMs * rate) / 1_000));
        if (heard.length > 0) out.set(heard.subarray(0, Math.max(0, samples - Math.max(0, at))), Math.max(0, at));
      }
      return out;
    },
  };
}

function levelsOf(samples: Int16Array, rate: number): readonly number[] {
  const size = (rate * WINDOW_MS) / 1_000;
  return Array.from({ length: Math.ceil(samples.length / size) }, (_, index) => Math.max(SILENCE_DB, Math.round(rmsLevel(samples.subarray(index * size, (index + 1) * size)) * 10) / 10));
}

/** The windows of a chunk as far as it was played. */
export function windowsOf({ playsMs, lastsMs, playedMs, levels }: Pick<Chunk, 'playsMs' | 'lastsMs' | 'playedMs' | 'levels'>): readonly SoundWindow[] {
  const windows: SoundWindow[] = [];
  for (const [index, db] of levels.entries()) {
    const toMs = playsMs + Math.min((index + 1) * WINDOW_MS, lastsMs, playedMs);
    if (index * WINDOW_MS < playedMs) windows.push({ fromMs: playsMs + index * WINDOW_MS, toMs, db });
  }
  return windows;
}
