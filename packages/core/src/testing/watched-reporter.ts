import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, normalize } from 'node:path';
import { messageOf } from '../errors/index.js';
import type { RunEvent } from '../events/event.js';
import { createFold } from '../events/fold.js';
import type { Output, Reporter, ReporterIo, ReporterType } from '../model/outlet.js';
import type { JsonObject } from '../text/index.js';
import { systemClock } from '../time/index.js';
import type { BrokenReporterRule } from './reporter-contract.js';
import { optionsFor } from './options.js';
import { within } from './quiet.js';
import { bytesOf } from './run-reporter.js';

/** What a reporter is watched with. */
export interface WatchOptions {
  /** The run folder, made anew; null for a run that keeps none. */
  readonly directory: string | null;
  readonly options: JsonObject;
  readonly output: Pick<Output, 'interactive' | 'color'>;
  readonly deadlineMs: number;
  readonly report: (rule: BrokenReporterRule['rule'], message: string) => void;
  /** What stands in for writing a file. */
  readonly write?: ReporterIo['write'];
}

/** What a reporter made of a run. Files are their bytes as text. */
export interface Made {
  readonly files: ReadonlyMap<string, string>;
  readonly printed: string;
  /** How often it asked for a file to be written. */
  readonly writes: number;
}

/** Why a run ended early. */
export interface Failure {
  /** What the reporter threw; undefined when it did not end in time. */
  readonly thrown: unknown;
  /** Reported already as a rule of its own. */
  readonly told: boolean;
  /** It did not end in time, so every further run would hang too. */
  readonly late: boolean;
}

/** How a run ended: one of the two is there. */
export interface Ended {
  readonly failure?: Failure;
  readonly made?: Made;
}

/** A reporter that is looked at from outside. What a call gives is why the run cannot go on. */
export interface WatchedReporter {
  start(): Promise<Failure | undefined>;
  on(event: RunEvent): Promise<Failure | undefined>;
  finish(): Promise<Ended>;
}

/** The files that every run writes itself. */
const EVIDENCE: ReadonlyMap<string, string> = new Map([['log.jsonl', 'jsonl'], ['result.json', 'json']]);
/** Writing takes so long here, so that one that nobody waits for is still under way at the end. */
const WRITE_MS = 2;
const SILENT = { debug: () => undefined, info: () => undefined, warn: () => undefined };

/** Makes a reporter and watches it; what it does wrong is told to `report` as it happens. */
export function watchReporter(type: ReporterType, options: WatchOptions): WatchedReporter {
  const { directory, report, deadlineMs } = options;
  let reporter: Reporter | undefined;
  const fold = createFold();
  const printed: string[] = [];
  const named = new Set<string>();
  let writes = 0;
  let underWay = 0;
  let ended = false;

  // As the engine's, but for the sync: nobody cuts the power here.
  const put: ReporterIo['write'] = async (name, body) => {
    if (directory === null) return;
    await mkdir(dirname(join(directory, name)), { recursive: true });
    await writeFile(join(directory, name), body);
  };
  const write: ReporterIo['write'] = async (name, body) => {
    if (ended) return report('unfinished', `${type.name} writes "${name}" after its finish has ended`);
    if (isAbsolute(name) || normalize(name).startsWith('..')) return report('folder', `${type.name} writes to "${name}", which lies outside the run folder`);
    const owner = EVIDENCE.get(normalize(name));
    if (owner !== undefined && owner !== type.name) return report('folder', `${type.name} writes "${name}", which is the evidence of the run itself; give the file another name`);
    named.add(normalize(name));
    writes += 1;
    underWay += 1;
    try {
      await systemClock.sleep(WRITE_MS, new AbortController().signal);
      await (options.write ?? put)(name, body);
    } finally {
      underWay -= 1;
    }
  };
  const call = async (what: string, run: () => Promise<void> | void): Promise<Failure | undefined> => {
    const limit = new AbortController();
    const late = systemClock.sleep(deadlineMs, limit.signal).then(() => true, () => false);
    try {
      if (!(await Promise.race([Promise.resolve().then(run).then(() => false), late]))) return undefined;
      report('deadline', `${type.name} is still at its ${what} after ${deadlineMs} ms`);
      return { thrown: undefined, told: true, late: true };
    } catch (thrown) {
      const told = triesToChange(thrown);
      if (told) report('events-untouched', `${type.name} changes what it is given in its ${what}: ${messageOf(thrown)}`);
      return { thrown, told, late: false };
    } finally {
      limit.abort();
    }
  };
  const untouched = async <T>(what: string, given: object, run: () => Promise<T>): Promise<T> => {
    const before = JSON.stringify(given);
    const result = await run();
    if (JSON.stringify(given) !== before) report('events-untouched', `${type.name} changes ${what}, which others are given too`);
    return result;
  };
  return {
    async start() {
      if (directory !== null) {
        await rm(directory, { recursive: true, force: true });
        await mkdir(directory, { recursive: true });
      }
      return call('start', () => {
        reporter = type.create();
        return reporter.start?.({ directory, write, log: SILENT, output: { ...options.output, columns: 80, write: (text) => void printed.push(text) }, options: optionsFor(type, options.options) });
      });
    },
    async on(given) {
      // As in a run, where only the event itself is frozen: what lies deeper is watched.
      const event = Object.freeze(structuredClone(given));
      fold.on(given);
      return untouched(`the event ${event.event}`, event, () => call(`event ${event.event}`, () => reporter?.on(event)));
    },
    async finish() {
      const result = fold.report();
      const failure = await untouched('the report', result, () => call('finish', () => reporter?.finish?.(result)));
      ended = true;
      if (failure !== undefined) return { failure };
      if (underWay > 0) report('unfinished', `${type.name} ends its finish while ${underWay === 1 ? 'a file is' : `${underWay} files are`} still being written; wait for io.write`);
      await within(deadlineMs, () => underWay > 0);
      const files = directory === null ? new Map<string, Buffer>() : await bytesOf(directory);
      // The event log is written line by line, since a killed run must leave it behind.
      const own = type.lossless === true ? [] : [...files.keys()].filter((name) => !named.has(normalize(name)));
      for (const name of own) report('folder', `${type.name} writes "${name}" by itself; io.write leaves no half of a file`);
      const beside = directory === null ? [] : (await readdir(dirname(directory))).filter((name) => name !== basename(directory));
      for (const name of beside) report('folder', `${type.name} leaves "${name}" beside the run folder`);
      return { made: { files: new Map([...files].map(([name, bytes]) => [name, bytes.toString('latin1')])), printed: printed.join(''), writes } };
    },
  };
}

/** Whether an error came of a change to something frozen. */
function triesToChange(error: unknown): boolean {
  return error instanceof TypeError && /read only property|not extensible|Cannot delete property|Cannot redefine property/.test(error.message);
}
