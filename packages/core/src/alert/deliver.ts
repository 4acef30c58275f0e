import { asRealopsError, RealopsError, type ErrorCode } from '../errors/index.js';
import type { Clock, Millis } from '../time/index.js';
import { startDeadline, untilAborted } from '../time/index.js';

/** How a message is repeated. */
export interface Delivery {
  readonly clock: Clock;
  /** Aborts when the run or the loop ends; what is under way then counts as not delivered. */
  readonly signal: AbortSignal;
  /** What is delivered, for the deadline's message: `the channel "team"`. */
  readonly about: string;
  /** The pauses between tries; 1 s, 4 s and 15 s by default, so four tries. */
  readonly pausesMs?: readonly Millis[];
  /** How long one try may take; 20 s by default. */
  readonly timeoutMs?: Millis;
}

/** What came of a delivery. Not being able to reach people never fails a run: it is a warning. */
export type Delivered = { readonly delivered: true; readonly tries: number } | { readonly delivered: false; readonly tries: number; readonly error: RealopsError };

const PAUSES: readonly Millis[] = [1_000, 4_000, 15_000];
/** Failures that stay: they are not repeated. */
const FINAL: ReadonlySet<ErrorCode> = new Set(['REALOPS_NOTIFY_REFUSED', 'REALOPS_PACKAGE_MISSING', 'REALOPS_WITH_INVALID', 'REALOPS_EGRESS_DENIED', 'REALOPS_TARGET_UNKNOWN', 'REALOPS_FILE_NOT_FOUND', 'REALOPS_CANCELLED']);

/** Sends until it works, a failure is final, or the tries are used up; each try under a deadline of its own. Never rejects. */
export async function deliver(send: (signal: AbortSignal) => Promise<void>, { clock, signal, about, pausesMs = PAUSES, timeoutMs = 20_000 }: Delivery): Promise<Delivered> {
  for (let tries = 1; ; tries += 1) {
    try {
      using deadline = startDeadline(clock, timeoutMs, signal, about);
      await untilAborted(send(deadline.signal), deadline.signal);
      return { delivered: true, tries };
    } catch (thrown) {
      const error = signal.aborted ? new RealopsError('REALOPS_CANCELLED', `${about} was cancelled while a message was on its way`, { cause: thrown }) : asRealopsError(thrown, 'REALOPS_NOTIFY_FAILED');
      const pause = pausesMs[tries - 1];
      if (pause === undefined || FINAL.has(error.code)) return { delivered: false, tries, error };
      await clock.sleep(pause, signal).catch(() => undefined);
      if (signal.aborted) return { delivered: false, tries, error };
    }
  }
}
