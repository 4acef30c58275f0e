import { mkdirSync } from 'node:fs';
import { rename, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { RealopsError, messageOf } from '../errors/index.js';

/** A run id from the time a run started: `YYYYMMDD_HHMM` in UTC. */
export function runIdAt(started: Date): string {
  const digits = started.toISOString().replaceAll(/\D/g, '');
  return `${digits.slice(0, 8)}_${digits.slice(8, 12)}`;
}

/**
 * Makes the folder of a run; an id that is taken gets a suffix (`_2`, `_3`, …). Gives the id and the path.
 * @throws RealopsError REALOPS_LOG_WRITE when the folder cannot be made.
 */
export function makeRunFolder(runs: string, id: string): { readonly id: string; readonly directory: string } {
  try {
    mkdirSync(runs, { recursive: true });
    for (let suffix = 1; ; suffix += 1) {
      const name = suffix === 1 ? id : `${id}_${suffix}`;
      const directory = join(runs, name);
      try {
        mkdirSync(directory);
        return { id: name, directory };
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
      }
    }
  } catch (error) {
    throw new RealopsError('REALOPS_LOG_WRITE', `no run folder can be made in ${runs}: ${messageOf(error)}`, { cause: error });
  }
}

/** Points `runs/latest` at a run, atomically; file systems without links go without. */
export async function linkLatest(runs: string, id: string): Promise<void> {
  const temporary = join(runs, `.latest-${id}`);
  try {
    await symlink(id, temporary);
    await rename(temporary, join(runs, 'latest'));
  } catch {
    await rm(temporary, { force: true });
  }
}
