import { createReadStream } from 'node:fs';
import { mkdir, realpath, rm, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { RealopsError, messageOf } from '../errors/index.js';
import type { RunEvent, RunStart } from '../events/event.js';
import { createFold } from '../events/fold.js';
import { splitLines } from '../events/lines.js';
import { readLog, type LogNote } from '../events/read-log.js';
import type { RunReport } from '../events/report.js';
import type { Output, ReporterType } from '../model/outlet.js';
import type { Logger } from '../model/step-type.js';
import type { JsonObject } from '../text/index.js';
import { systemClock } from '../time/index.js';
import { openReporters } from './reporting.js';

/** What replay needs beside the log. */
export interface ReplayOptions {
  /** Where the reports are written; made when it is missing. */
  readonly directory: string;
  readonly reporters: readonly ReporterType[];
  readonly output: Output;
  readonly log: Logger;
}

/** The file of a run folder that replay reads. */
const LOG_FILE = 'log.jsonl';
/** How long one reporter may take to finish. */
const FINISH_MS = 60_000;

/**
 * Rebuilds the reports of a run from its event log (or its run folder), byte for byte as the run wrote them: the same events drive the same reporters
 * and the same fold. A last line that breaks off is left out, also of the copy of the log, and the report says `torn`.
 * Existing reports in the folder are replaced, each at once; a folder that holds the log of another run is refused.
 * @throws RealopsError REALOPS_FILE_NOT_FOUND, REALOPS_LOG_INVALID (with the line), REALOPS_USAGE for the folder of another run,
 * REALOPS_REPORTER_FAILED when a reporter failed: here the reports are all there is
 */
export async function replay(logFile: string, options: ReplayOptions): Promise<RunReport> {
  const path = await findLog(logFile);
  const directory = resolve(options.directory);
  const first = await firstOf(path);
  const keepLog = await prepare(directory, path, first.run_id);
  const failures: string[] = [];
  const reporters = await openReporters(
    options.reporters.filter(({ name }) => name !== 'jsonl' || !keepLog).map((type) => ({ type, options: optionsOf(type.name, first) })),
    { directory, output: options.output, log: options.log, clock: systemClock, warn: (_, message) => void failures.push(message) },
  );
  const fold = createFold();
  const failed = new Set<string>();
  for await (const event of eventsOf(path, (note) => tell(options.log, note))) {
    fold.on(event);
    for (const { name, lossless, on } of reporters.subscribers) {
      if (failed.has(name)) continue;
      try {
        await on(event);
      } catch (error) {
        if (lossless) throw error;
        failed.add(name);
        failures.push(`${name} failed: ${messageOf(error)}`);
      }
    }
  }
  const report = fold.report();
  await reporters.finish(report, FINISH_MS);
  if (failures.length > 0) throw new RealopsError('REALOPS_REPORTER_FAILED', failures.join('; '));
  return report;
}

/** The event log at a path, which may be the run folder. @throws RealopsError REALOPS_FILE_NOT_FOUND */
export async function findLog(path: string): Promise<string> {
  try {
    const file = (await stat(path)).isDirectory() ? join(path, LOG_FILE) : path;
    await stat(file);
    return file;
  } catch (error) {
    throw new RealopsError('REALOPS_FILE_NOT_FOUND', `there is no event log at ${path}`, { hint: 'name a log.jsonl or the run folder that holds it', cause: error });
  }
}

/** The events of a log, one by one. */
export function eventsOf(path: string, note?: (note: LogNote) => void): AsyncGenerator<RunEvent, void, undefined> {
  return readLog(splitLines(createReadStream(path, { encoding: 'utf8', highWaterMark: 1 << 18 })), note);
}

/** The options that the run gave a reporter, without the secrets that the log has hidden; logs of earlier versions do not say. */
function optionsOf(name: string, first: RunEvent): JsonObject {
  const reporters: Partial<RunStart>['reporters'] = first.event === 'run_start' ? first.reporters : undefined;
  return reporters?.find((each) => each.name === name)?.options ?? {};
}

async function firstOf(path: string): Promise<RunEvent> {
  for await (const event of eventsOf(path)) return event;
  throw new RealopsError('REALOPS_LOG_INVALID', `${path} holds no event`, { hint: 'give a log.jsonl of a run folder, as it was written' });
}

/** Makes the folder ready; gives whether its log stays because it is the very one that is read. An older copy of the same log makes room. */
async function prepare(directory: string, path: string, runId: string): Promise<boolean> {
  await mkdir(directory, { recursive: true });
  const there = join(directory, LOG_FILE);
  const real = await realpath(there).catch(() => undefined);
  if (real === undefined) return false;
  if (real === (await realpath(path))) return true;
  const other = await firstOf(there).then(({ run_id }) => run_id, () => undefined);
  if (other !== runId) {
    throw new RealopsError('REALOPS_USAGE', `${directory} holds the event log of ${other === undefined ? 'something else' : `run ${other}`}, not of run ${runId}`, { hint: 'choose another folder' });
  }
  await rm(there);
  return false;
}

function tell(log: Logger, note: LogNote): void {
  if (note.kind === 'torn') log.warn(`line ${note.line} of the event log breaks off and was left out: the run was killed while it wrote`);
  else log.warn(`line ${note.line} of the event log is event ${note.got}, expected was ${note.expected}: events are missing or come twice`);
}
