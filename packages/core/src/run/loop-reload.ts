import { stat } from 'node:fs/promises';
import { asRealopsError, type RealopsError } from '../errors/index.js';
import type { Suite } from '../model/suite.js';

/** Finds out whether a suite has to be loaded again. */
export interface Reloader {
  /** Has it loaded again in any case. */
  ask(): void;
  /** The suite to run now. `problem` says why a changed one could not be loaded; it is told once for each state of the files. */
  take(): Promise<{ readonly suite: Suite; readonly changed: boolean; readonly problem: RealopsError | undefined }>;
}

/** A reloader that knows the files as they are now. */
export function createReloader(first: Suite, load: (() => Promise<Suite>) | undefined): Reloader {
  let suite = first;
  let asked = false;
  let problem: RealopsError | undefined;
  let seen = fingerprint(first.files);
  return {
    ask() {
      asked = true;
    },
    async take() {
      if (load === undefined) return { suite, changed: false, problem: undefined };
      const before = await seen;
      const now = await fingerprint(suite.files);
      if (now === before && !asked) return { suite, changed: false, problem };
      asked = false;
      try {
        suite = await load();
        problem = undefined;
        // The files may be others now, and may have changed while they were read: then they are read again the next time.
        seen = suite.files.join() === first.files.join() ? Promise.resolve(now) : fingerprint(suite.files);
        return { suite, changed: true, problem };
      } catch (error) {
        problem = asRealopsError(error, 'REALOPS_LOAD_FAILED');
        seen = Promise.resolve(now);
        return { suite, changed: false, problem };
      }
    },
  };
}

/** What tells files from changed ones without reading them. */
async function fingerprint(files: readonly string[]): Promise<string> {
  const marks = await Promise.all(files.map(async (file) => {
    const known = await stat(file).catch(() => undefined);
    return known === undefined ? 'gone' : `${known.mtimeMs}:${known.size}:${known.ino}`;
  }));
  return marks.join();
}
