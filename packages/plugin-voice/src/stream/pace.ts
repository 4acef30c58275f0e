import { RealopsError, type Clock, type Millis } from '@alice/realops/plugin';

/** What a pacer needs. */
export interface PaceOptions {
  readonly frames: number;
  readonly frameMs: number;
  /** How long each frame is held back after its time, never so that one overtakes another; not at all when absent. */
  readonly holdsMs?: Float64Array;
  /** Sends one frame and gives how many bytes wait unsent in the connection afterwards. */
  send(index: number): number;
  readonly clock: Pick<Clock, 'now' | 'sleep'>;
  readonly signal: AbortSignal;
}

/** Sends frames in real time and keeps a record of how well it did. */
export interface Pacer {
  /** When each frame was handed to the connection, on the clock; NaN while it was not. */
  readonly sentAt: Float64Array;
  /** When frame 0 was due; NaN before `run`. */
  readonly startedAt: Millis;
  /** Ends when every frame is sent or `stop` was called; rejects with the signal's reason when it aborts. */
  run(): Promise<void>;
  stop(): void;
  report(): PaceReport;
}

/** How late the sender itself was; a late sender measures itself, not the recogniser. */
export interface PaceReport {
  readonly sent: number;
  /** Nearest-rank over the frames sent, in ms. */
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  /** The most bytes that waited unsent after a frame. */
  readonly peakBuffered: number;
}

/** More unsent bytes than this (about 20 s of speech in base64) and the other side has stopped reading. */
const BUFFER_LIMIT = 1 << 20;

/**
 * A pacer over absolute deadlines: frame `i` is due at start + i · frameMs whatever happened before, so there is no drift (a chain of relative timers loses
 * 2 to 4 per cent). A late frame is sent at once; none is ever left out.
 */
export function createPacer({ frames, frameMs, holdsMs, send, clock, signal }: PaceOptions): Pacer {
  const sentAt = new Float64Array(frames).fill(NaN);
  const lateness = new Float64Array(frames);
  const stopped = new AbortController();
  let startedAt = NaN;
  let sent = 0;
  let peakBuffered = 0;
  return {
    sentAt,
    get startedAt() {
      return startedAt;
    },
    async run() {
      const either = AbortSignal.any([signal, stopped.signal]);
      startedAt = clock.now();
      while (sent < frames && !stopped.signal.aborted) {
        signal.throwIfAborted();
        const due = startedAt + sent * frameMs + (holdsMs?.[sent] ?? 0);
        const wait = due - clock.now();
        if (wait > 0) {
          await clock.sleep(Math.ceil(wait), either).catch((error: unknown) => {
            if (!stopped.signal.aborted) throw error;
          });
          continue;
        }
        const now = clock.now();
        sentAt[sent] = now;
        lateness[sent] = now - due;
        const buffered = send(sent);
        sent += 1;
        peakBuffered = Math.max(peakBuffered, buffered);
        if (buffered > BUFFER_LIMIT) {
          throw new RealopsError('REALOPS_CONNECTION', `the recogniser stopped reading: ${Math.round(buffered / 1024)} KiB of audio wait unsent after ${sent} of ${frames} frames`);
        }
      }
    },
    stop: () => stopped.abort(),
    report() {
      const sorted = lateness.slice(0, sent).sort();
      const rank = (share: number): number => sorted[Math.max(0, Math.ceil(share * sent) - 1)] ?? 0;
      return { sent, p50Ms: rank(0.5), p99Ms: rank(0.99), maxMs: rank(1), peakBuffered };
    },
  };
}

/** A sender later than this at its 99th percentile, or with more than this unsent, measures itself. */
const LATE_MS = 20;
const BACKLOG_BYTES = 64 * 1024;

/** Why latencies must not be judged: the sender was late itself. */
export function invalidityOf({ p99Ms, peakBuffered }: Pick<PaceReport, 'p99Ms' | 'peakBuffered'>): { readonly invalid?: string } {
  if (p99Ms > LATE_MS) return { invalid: `sender late: p99 ${Math.round(p99Ms)} ms` };
  return peakBuffered > BACKLOG_BYTES ? { invalid: `sender backed up: ${Math.round(peakBuffered / 1024)} KiB unsent` } : {};
}
