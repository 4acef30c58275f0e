import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import type { RunEvent } from '../events/event.js';
import { createFold } from '../events/fold.js';
import type { RunReport } from '../events/report.js';
import type { Output, ReporterType } from '../model/outlet.js';
import { reporterIo } from '../run/reporting.js';
import type { JsonObject } from '../text/index.js';
import { optionsFor } from './options.js';

/** How a reporter is run in a test. */
export interface RunReporterOptions {
  /** Its options, as in the suite. */
  readonly options?: JsonObject;
  /** The run folder. By default one that is made for it and gone afterwards; null for a run that keeps none. */
  readonly directory?: string | null;
  /** What `io.output` says of the terminal; none by default, without colour, 80 columns. */
  readonly output?: Partial<Omit<Output, 'write'>>;
}

/** What a reporter made of a run. */
export interface ReporterRun {
  /** The files of the run folder by name. */
  readonly files: ReadonlyMap<string, string>;
  /** What it printed. */
  readonly printed: string;
  /** The report that it was given at the end. */
  readonly report: RunReport;
}

/**
 * Gives events to a reporter as the engine does, and tells what it made of them. Events come from `SAMPLE_RUNS`, or from a run of your own (`for await (const event of run(suite))`).
 * @throws RealopsError REALOPS_WITH_INVALID when the options do not fit its schema, as a load would; what the reporter throws, which in a run would be a warning
 */
export async function runReporter(type: ReporterType, events: readonly RunEvent[], options: RunReporterOptions = {}): Promise<ReporterRun> {
  const made = options.directory === undefined ? await mkdtemp(join(tmpdir(), 'realops-reporter-')) : undefined;
  const directory = made ?? options.directory ?? null;
  const written: string[] = [];
  const output = { interactive: false, color: false, columns: 80, ...options.output, write: (text: string) => void written.push(text) };
  try {
    const reporter = type.create();
    await reporter.start?.({ ...reporterIo({ directory, output, log: SILENT }), options: optionsFor(type, options.options ?? {}) });
    const fold = createFold();
    for (const event of events) {
      fold.on(event);
      await reporter.on(event);
    }
    const report = fold.report();
    await reporter.finish?.(report);
    return { files: directory === null ? new Map() : await textsOf(directory), printed: written.join(''), report };
  } finally {
    if (made !== undefined) await rm(made, { recursive: true, force: true });
  }
}

async function textsOf(directory: string): Promise<ReadonlyMap<string, string>> {
  return new Map([...(await bytesOf(directory))].map(([name, bytes]) => [name, bytes.toString('utf8')]));
}

/** Every file below a folder with what is in it, by its name from there. */
export async function bytesOf(directory: string): Promise<ReadonlyMap<string, Buffer>> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name)).sort();
  return new Map(await Promise.all(paths.map(async (path) => [relative(directory, path), await readFile(path)] as const)));
}

const SILENT = { debug: () => undefined, info: () => undefined, warn: () => undefined };
