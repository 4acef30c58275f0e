import { messageOf } from '../errors/index.js';
import type { RunEvent } from '../events/event.js';
import type { SinkType, TelemetrySink } from '../model/outlet.js';
import { isJsonObject, preview, sameValue, type Json, type JsonObject } from '../text/index.js';
import { systemClock } from '../time/index.js';
import { hasCode } from './has-code.js';
import { optionsFor, wrongDeclaration } from './options.js';
import { callOff, count, leftOpen, QUIET_MS } from './quiet.js';
import { SAMPLE_RUNS } from './sample-runs.js';

/** What a sink is tried with: another side in a test that really takes what it sends. */
export interface SinkCases {
  /** Its options, as in the suite, with which the other side takes everything. */
  readonly options: JsonObject;
  /** All that the other side has so far, one entry an event, in the order in which it came. */
  received(): readonly Json[] | Promise<readonly Json[]>;
  /** What should arrive of events, for a sink that keeps some of them or sends them in another form; by default the events as they are. */
  expected?(events: readonly RunEvent[]): readonly Json[];
  /** The events that it is given; those of runs of several kinds by default. */
  readonly events?: readonly RunEvent[];
  /** Options with which the other side refuses everything, or is not there. */
  readonly refuses: { readonly options: JsonObject };
  /** Options with which the other side refuses the first time and takes everything from then on; `received` tells that too. */
  readonly refusesOnce?: { readonly options: JsonObject };
  /** Options with which the other side never answers. Left out for a sink that never waits for one, such as one that writes to a file. */
  readonly hangs?: { readonly options: JsonObject };
  /** Options that it must refuse, e.g. without one that is needed. */
  readonly wrongOptions?: readonly JsonObject[];
  /** How long it may take to be made, to send one batch and to end; 5 s by default, which is what the engine gives a write. */
  readonly deadlineMs?: number;
  /** What the process holds open now, one entry each: `() => process.getActiveResourcesInfo()`. */
  readonly openHandles: () => readonly string[];
}

/** A rule of the contract that a sink does not keep. */
export interface BrokenSinkRule {
  readonly rule: 'declaration' | 'works' | 'delivery' | 'events-untouched' | 'refusal' | 'retry' | 'abort' | 'dispose' | 'shared-state' | 'options' | 'handles';
  /** One sentence: what was seen. */
  readonly message: string;
}

type Report = (rule: BrokenSinkRule['rule'], message: string) => void;
interface Stage {
  readonly type: SinkType;
  readonly cases: SinkCases;
  readonly report: Report;
  readonly events: readonly RunEvent[];
  readonly deadlineMs: number;
  readonly expected: (events: readonly RunEvent[]) => readonly Json[];
}

/** After the last event nothing more should come; what is sent twice shows up in this time. */
const ECHO_MS = 20;

/**
 * Runs a sink against the contract that all sinks keep and gives the rules it breaks; none is the good answer. Batching, repeating, deadlines and counting what was lost are the engine's.
 * Rules: it is declared in full and refuses wrong options with a RealopsError; every event arrives once and in order, at the latest 1 s after it was disposed; a batch that the other side did not
 * take is no success, and arrives once when the engine gives it again; a write ends within 1 s of an abort, as no success; disposing it ends, twice too; two that are
 * alive at once do not disturb each other; events stay as they are; no handle stays open.
 */
export async function checkSink(type: SinkType, cases: SinkCases): Promise<readonly BrokenSinkRule[]> {
  const broken: BrokenSinkRule[] = [];
  const report: Report = (rule, message) => void (broken.some((each) => each.message === message) || broken.push({ rule, message }));
  const events = cases.events ?? [...SAMPLE_RUNS.healthy(), ...SAMPLE_RUNS.failed(), ...SAMPLE_RUNS.hostile(), ...SAMPLE_RUNS['very long']()];
  const stage: Stage = { type, cases, report, events, deadlineMs: cases.deadlineMs ?? 5_000, expected: cases.expected ?? ((given) => given.map(asJson)) };
  for (const message of wrongDeclaration(type, cases.options)) report('declaration', message);
  await checkOptions(stage);
  if (!(await checkDelivery(stage))) return broken;
  // What stays open between sinks, such as a pool of connections, is opened by the first.
  const handles = count(cases.openHandles());
  const has = (rule: BrokenSinkRule['rule']): boolean => broken.some((each) => each.rule === rule);
  if (!has('delivery')) await checkTwoAtOnce(stage);
  await checkRefusal(stage);
  if (!has('delivery') && !has('refusal')) await checkRetry(stage);
  const quiet = await checkAbort(stage);
  // What still writes has something open, too.
  if (quiet) for (const { message } of await leftOpen(handles, cases.openHandles, type.name)) report('handles', message);
  return broken;
}

/** An event as it is sent. */
function asJson(event: RunEvent): Json {
  const parsed: unknown = JSON.parse(JSON.stringify(event));
  return isJsonObject(parsed) ? parsed : null;
}

async function make({ type, report, deadlineMs }: Stage, options: JsonObject): Promise<TelemetrySink> {
  const sink = await inTime(async () => type.create(optionsFor(type, options), { log: SILENT }), `${type.name} is still being made`, deadlineMs);
  if (sink.name !== type.name) report('declaration', `${type.name} makes a sink with the name "${sink.name}", by which warnings would call it`);
  return sink;
}

const SILENT = { debug: () => undefined, info: () => undefined, warn: () => undefined };

/** Writes as the engine does: the promise counts, and the signal is aborted at the deadline. */
async function write({ type, report, deadlineMs }: Stage, sink: TelemetrySink, batch: readonly RunEvent[]): Promise<void> {
  const given = batch.map((event) => Object.freeze(structuredClone(event)));
  const before = JSON.stringify(given);
  const stop = new AbortController();
  try {
    await inTime(() => sink.write(given, stop.signal), `${type.name} is still writing a batch`, deadlineMs);
  } catch (error) {
    if (error instanceof TypeError && /read only property|not extensible|Cannot delete property/.test(error.message)) report('events-untouched', `${type.name} changes the events that it is given: ${error.message}`);
    throw error;
  } finally {
    stop.abort(new Error('the write has ended'));
  }
  if (JSON.stringify(given) !== before) report('events-untouched', `${type.name} changes the events or the batch that it is given, which are given again when the write fails`);
}

async function dispose({ type, report, deadlineMs }: Stage, sink: TelemetrySink, after: string): Promise<void> {
  for (const time of ['', ' a second time'] as const) {
    try {
      await inTime(async () => sink[Symbol.asyncDispose](), `${type.name} is still being disposed${time}`, deadlineMs);
    } catch (error) {
      return report('dispose', `${type.name} cannot be disposed${time} after ${after}: ${messageOf(error)}`);
    }
  }
}

/** Whether it works at all; without that nothing else is tried. */
async function checkDelivery(stage: Stage): Promise<boolean> {
  const { type, cases, events, report, expected } = stage;
  try {
    const before = (await cases.received()).length;
    const sink = await make(stage, cases.options);
    for (const batch of [events.slice(0, 1), events.slice(1, 3), events.slice(3)]) await write(stage, sink, batch);
    await dispose(stage, sink, 'all was sent');
    const wrong = inOrder(await settled(stage, before, expected(events).length), expected(events), []);
    if (wrong !== undefined) report('delivery', `${type.name}: ${wrong}`);
    return true;
  } catch (error) {
    report('works', `${type.name} fails with the given options: ${messageOf(error)}`);
    return false;
  }
}

/** What the other side has got since, once it has as much as it should have, and a little later, so that what is sent twice is seen. */
async function settled({ cases }: Stage, before: number, most: number): Promise<readonly Json[]> {
  const started = systemClock.now();
  const never = new AbortController().signal;
  while ((await cases.received()).length - before < most && systemClock.now() - started < QUIET_MS) await systemClock.sleep(10, never);
  await systemClock.sleep(ECHO_MS, never);
  return (await cases.received()).slice(before);
}

/** What is wrong with what came: it should be one or two sequences, each in its order. Undefined when it is. */
function inOrder(got: readonly Json[], first: readonly Json[], second: readonly Json[]): string | undefined {
  const most = first.length + second.length;
  if (got.length !== most) return `${most} events were sent, and ${got.length} arrived`;
  let [a, b] = [0, 0];
  for (const [index, each] of got.entries()) {
    if (a < first.length && sameValue(each, first[a] ?? null)) a += 1;
    else if (b < second.length && sameValue(each, second[b] ?? null)) b += 1;
    else return `event ${index + 1} arrived as ${preview(each, 200)} in place of ${preview(first[a] ?? second[b] ?? null, 200)}`;
  }
  return undefined;
}

/** Two runs of one process send to the same place; the one that ends first takes nothing from the other. */
async function checkTwoAtOnce(stage: Stage): Promise<void> {
  const { type, cases, report, expected } = stage;
  const [first, second] = [SAMPLE_RUNS.failed(), SAMPLE_RUNS.remedied().map((event) => ({ ...event, run_id: 'another' }))];
  const disturbed = (why: string): void => report('shared-state', `two sinks of the type ${type.name} that are alive at once disturb each other: ${why}`);
  try {
    const before = (await cases.received()).length;
    const [a, b] = [await make(stage, cases.options), await make(stage, cases.options)];
    await write(stage, a, first.slice(0, 5));
    await write(stage, b, second.slice(0, 5));
    await write(stage, a, first.slice(5));
    await dispose(stage, a, 'all was sent');
    await write(stage, b, second.slice(5));
    await dispose(stage, b, 'all was sent');
    const [one, other] = [expected(first), expected(second)];
    const wrong = inOrder(await settled(stage, before, one.length + other.length), one, other);
    if (wrong !== undefined) disturbed(wrong);
  } catch (error) {
    disturbed(messageOf(error));
  }
}

async function checkRefusal(stage: Stage): Promise<void> {
  const { type, cases, report, events } = stage;
  let sink: TelemetrySink | undefined;
  let refused = false;
  try {
    sink = await make(stage, cases.refuses.options);
    await write(stage, sink, events.slice(0, 3));
  } catch {
    refused = true;
  }
  try {
    await inTime(async () => sink?.[Symbol.asyncDispose](), `${type.name} is still being disposed`, stage.deadlineMs);
  } catch (error) {
    if (refused) report('dispose', `${type.name} cannot be disposed after the other side refused a batch: ${messageOf(error)}`);
    refused = true;
  }
  if (!refused) report('refusal', `${type.name} counts a batch as sent that the other side refused; throw, so that the engine tries again and counts what is lost`);
}

async function checkRetry(stage: Stage): Promise<void> {
  const { type, cases, report, events, expected } = stage;
  if (cases.refusesOnce === undefined) return;
  const batch = events.slice(0, 7);
  try {
    const before = (await cases.received()).length;
    const sink = await make(stage, cases.refusesOnce.options);
    const failed = await write(stage, sink, batch).then(() => false, () => true);
    if (failed) await write(stage, sink, batch);
    await dispose(stage, sink, 'a batch was sent again');
    const wrong = inOrder(await settled(stage, before, expected(batch).length), expected(batch), []);
    if (wrong !== undefined) report('retry', `${type.name}, when a batch is refused and then given again: ${wrong}`);
  } catch (error) {
    report('retry', `${type.name} cannot send a batch again that was refused once: ${messageOf(error)}`);
  }
}

/** Aborts in the middle of a write. False when it goes on. */
async function checkAbort(stage: Stage): Promise<boolean> {
  const { type, cases, report, events } = stage;
  if (cases.hangs === undefined) return true;
  let sink: TelemetrySink;
  try {
    sink = await make(stage, cases.hangs.options);
  } catch (error) {
    report('abort', `${type.name} cannot be made for another side that hangs: ${messageOf(error)}`);
    return true;
  }
  const { isQuiet, messages } = await callOff((signal) => sink.write(events.slice(0, 3), signal), { name: type.name, busy: 'writing', success: 'counts a batch as sent whose write was aborted' });
  for (const message of messages) report('abort', message);
  await dispose(stage, sink, 'a write was aborted');
  return isQuiet;
}

async function checkOptions(stage: Stage): Promise<void> {
  const { type, cases, report } = stage;
  for (const options of cases.wrongOptions ?? []) {
    const told = JSON.stringify(options);
    const error = await make(stage, options).then(async (sink) => void (await dispose(stage, sink, 'it was made with wrong options')), (thrown: unknown) => ({ thrown }));
    if (error === undefined) report('options', `${type.name} takes the options ${told}`);
    else if (!hasCode(error.thrown)) report('options', `${type.name} refuses the options ${told} without a RealopsError: ${messageOf(error.thrown)}`);
  }
}

async function inTime<T>(call: () => Promise<T>, what: string, deadlineMs: number): Promise<T> {
  const limit = new AbortController();
  const late = systemClock.sleep(deadlineMs, limit.signal).then(() => Promise.reject(new Error(`${what} after ${deadlineMs} ms`)), () => new Promise<never>(() => undefined));
  try {
    return await Promise.race([Promise.resolve().then(call), late]);
  } finally {
    limit.abort();
  }
}
