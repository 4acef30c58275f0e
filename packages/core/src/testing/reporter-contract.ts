import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { messageOf, RealopsError } from '../errors/index.js';
import type { RunEvent } from '../events/event.js';
import type { ReporterType } from '../model/outlet.js';
import type { JsonObject } from '../text/index.js';
import { systemClock } from '../time/index.js';
import { hasCode } from './has-code.js';
import { wrongDeclaration } from './options.js';
import { controlsOf, holdsColour, withoutColour } from './printed-text.js';
import { count, leftOpen } from './quiet.js';
import { SAMPLE_RUNS } from './sample-runs.js';
import { watchReporter, type Ended, type Failure, type Made, type WatchedReporter, type WatchOptions } from './watched-reporter.js';

/** What a reporter is tried with. */
export interface ReporterCases {
  /** Its options, as in the suite. */
  readonly options?: JsonObject;
  /** Options that it must refuse, e.g. of a wrong type. */
  readonly wrongOptions?: readonly JsonObject[];
  /** Runs beside {@link SAMPLE_RUNS}, by name: e.g. with the steps and metrics that it is made for. */
  readonly events?: { readonly [run: string]: readonly RunEvent[] };
  /** How long each of its calls may take; 10 s by default, as at the end of a run. */
  readonly deadlineMs?: number;
  /** What may not be written to past `io.output`: `console`. */
  readonly printers?: { log: Print; info: Print; warn: Print; error: Print; debug: Print };
  /** What the process holds open now, one entry each: `() => process.getActiveResourcesInfo()`. */
  readonly openHandles: () => readonly string[];
}

type Print = (...words: unknown[]) => void;

/** A rule of the contract that a reporter does not keep. */
export interface BrokenReporterRule {
  readonly rule:
    | 'declaration' | 'throws' | 'deadline' | 'same-files' | 'shared-state' | 'folder' | 'unfinished' | 'lost-write' | 'without-folder' | 'options' | 'events-untouched' | 'control-characters' | 'colour' | 'not-interactive'
    | 'printers' | 'handles';
  /** One sentence: what was seen, and in which runs. */
  readonly message: string;
}

type Report = (rule: BrokenReporterRule['rule'], message: string, run?: string) => void;
type Stage = { readonly type: ReporterType; readonly base: string; readonly cases: ReporterCases; readonly report: Report; readonly runs: { readonly [run: string]: readonly RunEvent[] } };

/**
 * Gives a reporter the events of runs of every kind (healthy, failed, remedied, torn, could not run, hostile texts, very long ones, …) and gives the rules it breaks; none is the
 * good answer. Rules: it throws for none of them (unless lossless) and ends each call in time; the same events make the same files, byte for byte, wherever the folder lies and
 * whoever else is alive; it writes whole files through `io.write` inside the run folder, waits for them, and says so when one cannot be written; it goes without a folder; it prints
 * through `io.output` alone, no colour where there is none, nothing that moves the cursor where nobody sits, and no control characters that stood in a text of the run; it refuses
 * wrong options with a RealopsError; it leaves events as they are, and no handle open.
 */
export async function checkReporter(type: ReporterType, cases: ReporterCases): Promise<readonly BrokenReporterRule[]> {
  const found = new Map<string, { readonly rule: BrokenReporterRule['rule']; readonly message: string; readonly runs: Set<string> }>();
  const report: Report = (rule, message, run) => {
    const entry = found.get(`${rule} ${message}`) ?? { rule, message, runs: new Set<string>() };
    found.set(`${rule} ${message}`, entry);
    if (run !== undefined) entry.runs.add(run);
  };
  const base = await mkdtemp(join(tmpdir(), 'realops-reporter-'));
  const release = watchPrinters(type, cases, report);
  const stage: Stage = { type, base, cases, report, runs: { ...Object.fromEntries(Object.entries(SAMPLE_RUNS).map(([run, make]) => [run, make()])), ...cases.events } };
  const has = (...rules: readonly BrokenReporterRule['rule'][]): boolean => [...found.values()].some(({ rule }) => rules.includes(rule));
  try {
    checkDeclaration(type, cases, report);
    await play(stage, 'healthy');
    const handles = count(cases.openHandles());
    const made = has('deadline') ? new Map<string, Made>() : await checkRuns(stage);
    if (!has('deadline')) {
      if (!has('throws', 'same-files', 'unfinished')) await checkTwoAtOnce(stage, made);
      await checkWithoutFolder(stage, made);
      await checkTerminals(stage, made);
      if (!has('unfinished', 'throws') && type.lossless !== true) await checkLostWrite(stage, made);
      if (made.has('healthy')) await checkOptions(stage);
    }
    for (const { message } of await leftOpen(handles, cases.openHandles, type.name)) report('handles', message);
  } finally {
    release();
    await rm(base, { recursive: true, force: true });
  }
  return [...found.values()].map(({ rule, message, runs }) => ({ rule, message: runs.size === 0 ? message : `${message} (in: ${[...runs].join(', ')})` }));
}

function checkDeclaration(type: ReporterType, { options }: ReporterCases, report: Report): void {
  for (const message of wrongDeclaration(type, options)) report('declaration', message);
  try {
    const { name, lossless } = type.create();
    if (name !== type.name) report('declaration', `${type.name} makes a reporter with the name "${name}", by which warnings would call it`);
    if ((lossless ?? false) !== (type.lossless ?? false)) report('declaration', `${type.name} and the reporter it makes do not agree on whether it is lossless`);
  } catch {
    // Every run below says so.
  }
}

const PLAIN = { interactive: false, color: false } as const;

function open({ type, cases, report, base }: Stage, run: string, options: Partial<WatchOptions> = {}): WatchedReporter {
  return watchReporter(type, { directory: join(base, run, 'run'), options: cases.options ?? {}, output: PLAIN, deadlineMs: cases.deadlineMs ?? 10_000, report: (rule, message) => report(rule, message, run), ...options });
}

/** One run from beginning to end. */
async function play(stage: Stage, run: string, options: Partial<WatchOptions> = {}): Promise<Ended> {
  const reporter = open(stage, run, options);
  let failure = await reporter.start();
  for (const event of stage.runs[run] ?? []) failure ??= await reporter.on(event);
  return failure === undefined ? reporter.finish() : { failure };
}

/** Every run twice, one after the other, and one in another place. Gives what the first made. */
async function checkRuns(stage: Stage): Promise<ReadonlyMap<string, Made>> {
  const { type, report, runs } = stage;
  const made = new Map<string, Made>();
  const today = systemClock.wall().toISOString().slice(0, 10);
  for (const [run, events] of Object.entries(runs)) {
    const [first, second, elsewhere] = [await play(stage, run), await play(stage, run), run === 'failed' ? await play(stage, run, { directory: join(stage.base, 'elsewhere', 'deeper', 'run') }) : undefined];
    const failure = first.failure ?? second.failure;
    if (failure !== undefined) {
      if (!failure.told && type.lossless !== true) report('throws', `${type.name} throws: ${messageOf(failure.thrown)}`, run);
      if (failure.late) return made;
      continue;
    }
    if (first.made === undefined || second.made === undefined) continue;
    made.set(run, first.made);
    const [told] = differences(first.made, second.made);
    if (told !== undefined) report('same-files', `${type.name} makes something else of the same events the second time: ${told}`, run);
    const [moved] = elsewhere?.made === undefined ? [] : differences(first.made, { ...elsewhere.made, printed: first.made.printed });
    if (moved !== undefined) report('same-files', `${type.name} makes other files where the run folder lies elsewhere: ${moved}`, run);
    const dated = [...first.made.files].find(([, text]) => text.includes(today));
    if (dated !== undefined && !JSON.stringify(events).includes(today)) report('same-files', `${type.name} writes the date of today (${today}) into ${dated[0]}; take times from the events`, run);
  }
  return made;
}

function differences(first: Made, second: Made): readonly string[] {
  const names = [...new Set([...first.files.keys(), ...second.files.keys()])].filter((name) => first.files.get(name) !== second.files.get(name));
  return [...names, ...(first.printed === second.printed ? [] : ['what it prints'])];
}

/** Two reporters of one type that are alive at once, as in a loop or beside a replay, make what each makes alone. */
async function checkTwoAtOnce(stage: Stage, made: ReadonlyMap<string, Made>): Promise<void> {
  const pair = ['failed', 'remedied'] as const;
  const reporters = pair.map((run) => open(stage, run));
  for (const reporter of reporters) await reporter.start();
  const longest = Math.max(...pair.map((run) => stage.runs[run]?.length ?? 0));
  let failure: Failure | undefined;
  for (let index = 0; index < longest; index += 1) {
    for (const [which, run] of pair.entries()) {
      const event = stage.runs[run]?.[index];
      if (event !== undefined) failure ??= await reporters[which]?.on(event);
    }
  }
  for (const [which, run] of pair.entries()) {
    const ended = await reporters[which]?.finish();
    const alone = made.get(run);
    failure ??= ended?.failure;
    const different = ended?.made === undefined || alone === undefined ? [] : differences(alone, ended.made);
    if (different.length > 0) stage.report('shared-state', `two reporters of the type ${stage.type.name} that are alive at once disturb each other: ${different.join(', ')}; keep state in what create gives`, run);
  }
  if (failure !== undefined && !failure.told) stage.report('shared-state', `two reporters of the type ${stage.type.name} that are alive at once disturb each other: ${messageOf(failure.thrown)}`);
}

async function checkWithoutFolder(stage: Stage, made: ReadonlyMap<string, Made>): Promise<void> {
  for (const run of ['healthy', 'failed', 'torn']) {
    if (!made.has(run)) continue;
    const { failure } = await play(stage, run, { directory: null });
    if (failure?.told === false) stage.report('without-folder', `${stage.type.name} does not work without a run folder: ${messageOf(failure.thrown)}`, run);
  }
}

/** What is printed, with every kind of terminal. The runs without hostile texts show what the reporter itself uses. */
async function checkTerminals(stage: Stage, plain: ReadonlyMap<string, Made>): Promise<void> {
  const { type, report } = stage;
  for (const output of [PLAIN, { interactive: false, color: true }, { interactive: true, color: false }, { interactive: true, color: true }]) {
    const own = new Set<string>();
    for (const run of ['healthy', 'failed', 'remedied', 'hostile']) {
      const made = output === PLAIN ? plain.get(run) : (await play(stage, run, { output })).made;
      if (made === undefined) continue;
      const { printed } = made;
      if (!output.color && run !== 'hostile' && holdsColour(printed)) report('colour', `${type.name} prints colours where io.output.color is false`, run);
      if (run === 'hostile') {
        const foreign = controlsOf(printed, own);
        const alive = foreign.length > 0 ? foreign.join(', ') : printed.includes(ALIVE) ? 'an escape sequence' : undefined;
        if (alive !== undefined) report('control-characters', `${type.name} prints what a text of the run tells a terminal to do: ${alive}`);
        continue;
      }
      for (const name of controlsOf(printed)) own.add(name);
      const moving = controlsOf(withoutColour(printed));
      if (!output.interactive && moving.length > 0) report('not-interactive', `${type.name} prints ${moving.join(', ')} where io.output is no terminal`, run);
    }
  }
}

/** A piece of the hostile texts of {@link SAMPLE_RUNS} that no reporter prints by itself. */
const ALIVE = '\u001b[31mred';

/** Where a file cannot be written, the run must be told. */
async function checkLostWrite(stage: Stage, made: ReadonlyMap<string, Made>): Promise<void> {
  if ((made.get('failed')?.writes ?? 0) === 0) return;
  const write = async (): Promise<void> => Promise.reject(new RealopsError('REALOPS_FILE_NOT_FOUND', 'no space left on device'));
  const { failure } = await play(stage, 'failed', { write });
  if (failure === undefined) stage.report('lost-write', `${stage.type.name} says nothing of a file that could not be written; let what io.write throws through`);
}

async function checkOptions(stage: Stage): Promise<void> {
  for (const options of stage.cases.wrongOptions ?? []) {
    const { failure } = await play(stage, 'healthy', { options });
    const told = JSON.stringify(options);
    if (failure === undefined) stage.report('options', `${stage.type.name} takes the options ${told}`);
    else if (!hasCode(failure.thrown)) stage.report('options', `${stage.type.name} refuses the options ${told} without a RealopsError: ${messageOf(failure.thrown)}`);
  }
}

/** Listens to printers until released. */
function watchPrinters(type: ReporterType, { printers }: ReporterCases, report: Report): () => void {
  if (printers === undefined) return () => undefined;
  const names = ['log', 'info', 'warn', 'error', 'debug'] as const;
  const kept = names.map((name) => [name, printers[name]] as const);
  for (const [name, print] of kept) {
    printers[name] = (...words) => {
      report('printers', `${type.name} prints past io.output, by console.${name}`);
      print.apply(printers, words);
    };
  }
  return () => {
    for (const [name, print] of kept) printers[name] = print;
  };
}
