import { join } from 'node:path';
import type { Outcome } from '../model/words.js';
import { writeFileAtomic } from '../text/index.js';

/** Why a loop began. */
export type LoopCause = 'schedule' | 'failing' | 'retest' | 'remediate' | 'approval';

/** The loop that is at work. */
export interface CurrentLoop {
  readonly run_id: string;
  readonly why: LoopCause;
  readonly phase: string;
  readonly started: string;
}

/** How the last loop ended. */
export interface LastLoop {
  readonly run_id: string;
  readonly why: LoopCause;
  readonly outcome: Outcome;
  readonly exit_code: number;
  readonly reason: string;
  readonly ended: string;
  readonly duration_ms: number;
  /** Its run folder; null when none is kept. */
  readonly directory: string | null;
}

/** Where a loop stands: `loop-status.json` of the state folder and the answer of `/healthz`. Times are UTC, ISO 8601. */
export interface LoopStatus {
  readonly version: 1;
  readonly state: 'starting' | 'waiting' | 'running' | 'stopping' | 'stopped';
  readonly suite: string;
  readonly remediate: 'off' | 'propose' | 'apply';
  readonly pid: number;
  /** When this process began. */
  readonly started: string;
  readonly updated: string;
  /** Loops that this process has ended. */
  readonly loops: number;
  readonly current: CurrentLoop | null;
  readonly last: LastLoop | null;
  /** When the next loop begins; null while one is at work. */
  readonly next: string | null;
  /** Beginnings that came while a loop was at work, or while the machine slept. */
  readonly missed: { readonly count: number; readonly last: string | null };
  /** Since when no loop was healthy; null while all is well. */
  readonly failing_since: string | null;
  /** Alerts that fire. */
  readonly alerts: readonly string[];
  /** Issues that need a person. */
  readonly needs_human: readonly string[];
  /** Changes of the system that are in force. */
  readonly in_force: number;
  /** Where `/healthz` is; null when there is none. */
  readonly health: string | null;
  /** What keeps the loop from doing all of its work, e.g. a suite file that cannot be loaded any more; null when nothing does. */
  readonly problem: string | null;
}

/** The status file in a state folder. */
export function loopStatusFile(state: string): string {
  return join(state, 'loop-status.json');
}

/** Writes statuses one after the other, the newest last; what came in between is left out. A disk that takes none is told once. */
export function createStatusWriter(state: string, warn: (error: unknown) => void): { write(status: LoopStatus): Promise<void> } {
  let waiting: LoopStatus | undefined;
  let work: Promise<void> | undefined;
  let told = false;
  const drain = async (): Promise<void> => {
    for (let next = waiting; next !== undefined; next = waiting) {
      waiting = undefined;
      try {
        await writeFileAtomic(loopStatusFile(state), `${JSON.stringify(next, null, 2)}\n`);
        told = false;
      } catch (error) {
        if (!told) warn(error);
        told = true;
      }
    }
    work = undefined;
  };
  return {
    write(status) {
      waiting = status;
      work ??= drain();
      return work;
    },
  };
}
