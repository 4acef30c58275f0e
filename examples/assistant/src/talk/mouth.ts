import type { Clock } from '../clock.js';
import { encodePcm } from '../speech/pcm.js';
import { synthesisRate } from '../voice/synthesiser.js';

/** How the voice is sent. */
export interface VoiceStyle {
  readonly burst: boolean;
  /** Whether the client is told to drop what it has not played when the voice stops. */
  readonly clears: boolean;
  readonly leadMs: number;
  readonly claimsEarlyMs: number;
}

/** What a mouth needs. */
export interface MouthParts {
  readonly clock: Clock;
  readonly send: (message: object) => void;
  readonly style: () => VoiceStyle;
  readonly signal: AbortSignal;
}

/** The voice of a conversation, on the way to somebody who plays it as it comes. */
export interface Mouth {
  /** Speaks, after what is being spoken. */
  say(samples: Float32Array): void;
  /** Whether anything is still to be heard of it. */
  isSpeaking(): boolean;
  /** Falls silent; gives what nobody has heard. */
  stop(): Float32Array;
}

const frameMs = 20;
const frameLength = (synthesisRate * frameMs) / 1000;
/** The voice is sent so much before it is heard, so that a busy moment makes no gap. */
const aheadMs = 400;

interface Run {
  readonly startedAt: number;
  readonly over: AbortController;
  samples: Float32Array;
  sent: number;
}

const msOf = (length: number): number => (1000 * length) / synthesisRate;
const endOf = ({ startedAt, samples }: Run): number => startedAt + msOf(samples.length);

/** A voice that begins when it is told to, and is heard without gaps until all is said. */
export function createMouth({ clock, send, style, signal }: MouthParts): Mouth {
  let run: Run | undefined;
  const speaking = (): Run | undefined => (run !== undefined && clock.now() < endOf(run) ? run : undefined);

  /** Sends what there is, each frame in time, until all of it was heard. */
  const play = async (mine: Run, { burst }: VoiceStyle, until: AbortSignal): Promise<void> => {
    while (clock.now() < endOf(mine)) {
      if (mine.sent >= mine.samples.length) {
        await clock.until(Math.min(endOf(mine), clock.now() + frameMs), until);
        continue;
      }
      if (!burst) await clock.until(mine.startedAt + msOf(mine.sent) - aheadMs, until);
      const frame = mine.samples.subarray(mine.sent, mine.sent + frameLength);
      mine.sent += frame.length;
      send({ event: 'audio', pcm_base64: encodePcm(frame).toString('base64') });
    }
  };
  const claimTheEnd = async (mine: Run, { claimsEarlyMs }: VoiceStyle, until: AbortSignal): Promise<void> => {
    const due = (): number => endOf(mine) - claimsEarlyMs;
    do await clock.until(due(), until);
    while (clock.now() < due());
    send({ event: 'speaking', value: false });
  };

  return {
    isSpeaking: () => speaking() !== undefined,
    say(samples) {
      const now = speaking();
      if (now !== undefined) {
        now.samples = join(now.samples, samples);
        return;
      }
      const how = style();
      const lead = new Float32Array((how.leadMs * synthesisRate) / 1000);
      run = { startedAt: clock.now(), over: new AbortController(), samples: join(lead, samples), sent: 0 };
      send({ event: 'speaking', value: true });
      const until = AbortSignal.any([signal, run.over.signal]);
      // Both end by the signal when the line does, or when the voice is stopped.
      for (const part of [play(run, how, until), claimTheEnd(run, how, until)]) part.catch(() => undefined);
    },
    stop() {
      const now = speaking();
      const { clears, burst } = style();
      // Sound that was sent and is not taken back is going to be heard.
      if (now === undefined || (burst && !clears)) return new Float32Array(0);
      now.over.abort();
      run = undefined;
      if (clears) send({ event: 'clear' });
      send({ event: 'speaking', value: false });
      return now.samples.slice(Math.round(((clock.now() - now.startedAt) * synthesisRate) / 1000));
    },
  };
}

function join(first: Float32Array, second: Float32Array): Float32Array {
  const both = new Float32Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}
