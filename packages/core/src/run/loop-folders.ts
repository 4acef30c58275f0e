import { rm } from 'node:fs/promises';
import type { RunReport } from '../events/report.js';
import type { LoopOptions } from './loop-options.js';

/** Keeps the newest run folders of a loop, and all with incidents. Folders that other runs made are never touched. */
export function createKeeper({ keep }: Pick<LoopOptions, 'keep'>): { kept(report: RunReport, directory: string | null): Promise<void> } {
  const own: string[] = [];
  return {
    async kept({ incidents, diagnostics }, directory) {
      if (keep === undefined || directory === null || incidents.length + diagnostics.length > 0) return;
      own.push(directory);
      while (own.length > Math.max(1, keep)) {
        const oldest = own.shift();
        // A folder that cannot be removed costs space, nothing else.
        if (oldest !== undefined) await rm(oldest, { recursive: true, force: true }).catch(() => undefined);
      }
    },
  };
}
