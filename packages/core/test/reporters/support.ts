import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { RunEvent } from '../../src/events/event.js';
import { createFold } from '../../src/events/fold.js';
import type { RunReport } from '../../src/events/report.js';
import type { Output, ReporterType } from '../../src/plugin.js';
import { reporters as all } from '../../src/reporters/index.js';
import { openReporters } from '../../src/run/reporting.js';
import { SAMPLE_RUNS } from '../../src/testing/sample-runs.js';
import { systemClock } from '../../src/time/index.js';

export { HOSTILE } from '../../src/testing/sample-runs.js';

/** Runs of every kind, by name. */
export const RUNS: { readonly [kind: string]: () => readonly RunEvent[] } = SAMPLE_RUNS;

/** What reporters made of a run. */
export interface Reported {
  readonly report: RunReport;
  readonly directory: string;
  /** The files of the run folder by name. */
  readonly files: ReadonlyMap<string, string>;
  /** What was printed. */
  readonly printed: string;
  readonly warnings: readonly string[];
}

/** A folder that goes away with the test. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'realops-reporters-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** An output that keeps what is written. */
export function collectOutput(options: Partial<Omit<Output, 'write'>> = {}): Output & { readonly writes: string[] } {
  const writes: string[] = [];
  return { interactive: false, color: false, columns: 80, ...options, writes, write: (text) => void writes.push(text) };
}

/** Drives reporters over events as a run does. */
export async function reportOn(events: readonly RunEvent[], types: readonly ReporterType[] = all, output = collectOutput(), options: { readonly quiet?: boolean } = {}): Promise<Reported> {
  const directory = await temporaryFolder();
  const warnings: string[] = [];
  const open = await openReporters(types.map((type) => ({ type, options: { ...options } })), { directory, output, log: SILENT_LOG, clock: systemClock, warn: (_, message) => void warnings.push(message) });
  const fold = createFold();
  for (const event of events) {
    fold.on(event);
    for (const { on } of open.subscribers) await on(event);
  }
  const report = fold.report();
  await open.finish(report, 30_000);
  return { report, directory, files: await filesOf(directory), printed: output.writes.join(''), warnings };
}

/** Says nothing. */
export const SILENT_LOG = { debug: () => undefined, info: () => undefined, warn: () => undefined };

/** The text of every file of a folder. */
export async function filesOf(directory: string): Promise<ReadonlyMap<string, string>> {
  const names = (await readdir(directory)).sort();
  return new Map(await Promise.all(names.map(async (name) => [name, await readFile(join(directory, name), 'utf8')] as const)));
}
