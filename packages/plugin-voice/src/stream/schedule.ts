import { RealopsError, type Millis } from '@alice/realops/plugin';

/** What is to be sent at which pace. */
export interface ScheduleOptions {
  readonly frames: number;
  readonly frameMs: number;
  /** How long each frame is held back after its time, never so that one overtakes another; not at all when absent. */
  readonly holdsMs?: Float64Array;
  /** Sends one frame, now, and gives how many bytes wait unsent in the connection afterwards. */
  send(index: number, now: Millis): number;
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

/** The part of pacing that does not wait: which frame is due when, and how late each was. */
export interface Schedule {
  /** When frame 0 was due; NaN before `start`. */
  readonly startedAt: Millis;
  /** When the next frame is due; Infinity when all are sent. */
  readonly dueAt: Millis;
  start(now: Millis): void;
  /** Sends the frame that is due. @throws RealopsError REALOPS_CONNECTION when the other side has stopped reading */
  sendNext(now: Millis): void;
  readonly record: { readonly sentAt: Float64Array; readonly lateness: Float64Array; report(): PaceReport };
}

/** More unsent bytes than this (about 20 s of speech in base64) and the other side has stopped reading. */
const BUFFER_LIMIT = 1 << 20;

/** A schedule of absolute deadlines: frame `i` is due at start + i · frameMs, however late the ones before it were. */
export function createSchedule({ frames, frameMs, holdsMs, send }: ScheduleOptions): Schedule {
  const sentAt = new Float64Array(frames).fill(NaN);
  const lateness = new Float64Array(frames);
  let startedAt = NaN;
  let sent = 0;
  let peakBuffered = 0;
  const due = (): Millis => (sent < frames ? startedAt + sent * frameMs + (holdsMs?.[sent] ?? 0) : Infinity);
  return {
    get startedAt() {
      return startedAt;
    },
    get dueAt() {
      return due();
    },
    start: (now) => void (startedAt = now),
    sendNext(now) {
      sentAt[sent] = now;
      lateness[sent] = now - due();
      const buffered = send(sent, now);
      sent += 1;
      peakBuffered = Math.max(peakBuffered, buffered);
      if (buffered > BUFFER_LIMIT) {
        throw new RealopsError('REALOPS_CONNECTION', `the recogniser stopped reading: ${Math.round(buffered / 1024)} KiB of audio wait unsent after ${sent} of ${frames} frames`);
      }
    },
    record: {
      sentAt,
      lateness,
      report() {
        const sorted = lateness.slice(0, sent).sort();
        const rank = (share: number): number => sorted[Math.max(0, Math.ceil(share * sent) - 1)] ?? 0;
        return { sent, p50Ms: rank(0.5), p99Ms: rank(0.99), maxMs: rank(1), peakBuffered };
      },
    },
  };
}
