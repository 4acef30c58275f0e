import { createServer, request, type IncomingMessage, type Server } from 'node:http';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { defineSink, RealopsError, type Json, type JsonObject, type RunEvent, type SinkType } from '../plugin.js';
import { runSink } from './run-sink.js';
import { SAMPLE_RUNS } from './sample-runs.js';
import { startReceiver, type Receiver } from './support.js';
import { checkSink, type BrokenSinkRule, type SinkCases } from './sink-contract.js';

const openHandles = (): readonly string[] => process.getActiveResourcesInfo();

/** The other side: takes lines of JSON, refuses, refuses once, or never answers. */
let receiver: Receiver;
let url: string;
let got: Json[];
beforeEach(async () => {
  got = [];
  const refused = new Set<string>();
  receiver = await startReceiver((path, body) => {
    if (path === '/never') return undefined;
    if (path === '/refuse' || (path === '/once' && !refused.has(path))) {
      refused.add(path);
      return 503;
    }
    got.push(...(JSON.parse(body) as Json[]));
    return 200;
  });
  ({ url } = receiver);
});
afterEach(() => receiver[Symbol.dispose]());
const left: Server[] = [];
afterAll(() => left.forEach((each) => each.close()));

/** Posts JSON over a connection of its own; rejects unless it is taken. */
async function post(to: string, body: Json, signal: AbortSignal | undefined): Promise<void> {
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    const sending = request(to, { method: 'POST', agent: false, ...(signal === undefined ? {} : { signal }) }, resolve);
    sending.on('error', reject);
    sending.end(JSON.stringify(body));
  });
  answer.resume();
  if (answer.statusCode !== 200) throw new RealopsError('REALOPS_CONNECTION', `the other side answered ${answer.statusCode}`);
}

const asJson = (batch: readonly RunEvent[]): Json[] => JSON.parse(JSON.stringify(batch)) as Json[];
const place = ({ to }: JsonObject): string => {
  if (typeof to !== 'string') throw new RealopsError('REALOPS_WITH_INVALID', 'post needs the option to');
  return to;
};
type Write = (to: string, batch: readonly RunEvent[], signal: AbortSignal) => Promise<void>;

/** A sink that keeps the contract, with its functions replaced. */
function sink(write: Write = (to, batch, signal) => post(to, asJson(batch), signal), end: (to: string) => Promise<void> = async () => undefined, type: Partial<SinkType> = {}): SinkType {
  return defineSink({
    name: 'post',
    description: 'Posts events. Option: to.',
    create(options) {
      const to = place(options);
      return { name: 'post', write: (batch, signal) => write(to, batch, signal), [Symbol.asyncDispose]: () => end(to) };
    },
    ...type,
  });
}

/** A sink that keeps all events until it is disposed. */
const patient = defineSink({
  name: 'post', description: 'Posts at the end.',
  create(options) {
    const to = place(options);
    let waiting: readonly RunEvent[] = [];
    return {
      name: 'post',
      write: (batch, signal) => (to.endsWith('never') ? post(to, asJson(batch), signal) : Promise.resolve(void (waiting = [...waiting, ...batch]))),
      async [Symbol.asyncDispose]() {
        const all = waiting;
        waiting = [];
        if (all.length > 0) await post(to, asJson(all), undefined);
      },
    };
  },
});

const cases = (): SinkCases => ({
  options: { to: `${url}/take` }, received: () => got, refuses: { options: { to: `${url}/refuse` } }, refusesOnce: { options: { to: `${url}/once` } }, hangs: { options: { to: `${url}/never` } },
  wrongOptions: [{}, { to: 5 }], events: [...SAMPLE_RUNS.failed(), ...SAMPLE_RUNS.hostile()], openHandles, deadlineMs: 2_000,
});
const rulesOf = async (type: SinkType, more: Partial<SinkCases> = {}): Promise<readonly BrokenSinkRule['rule'][]> => [...new Set((await checkSink(type, { ...cases(), ...more })).map(({ rule }) => rule))];

const quietly: Write = (to, batch, signal) => post(to, asJson(batch), signal).catch((error: unknown) => (signal.aborted ? Promise.reject(error as Error) : undefined));
const shared: RunEvent[] = [];

describe('a sink that breaks the contract', () => {
  it('is told nothing when it does not, whether it sends at once or at the end', async () => {
    expect(await checkSink(sink(), cases())).toEqual([]);
    const { refusesOnce: _, ...rest } = cases();
    expect(await checkSink(patient, rest)).toEqual([]);
  });

  it.each<[BrokenSinkRule['rule'], string, SinkType]>([
    ['declaration', 'has no description', sink(undefined, undefined, { description: '' })],
    ['declaration', 'has another name', sink(undefined, undefined, { name: 'send' })],
    ['works', 'never sends', sink(() => Promise.reject(new Error('no')))],
    ['delivery', 'leaves an event out', sink((to, batch, signal) => post(to, asJson(batch.filter(({ event }) => event !== 'slo_judged')), signal))],
    ['delivery', 'sends in another order', sink((to, batch, signal) => post(to, asJson(batch.toSorted((a, b) => a.event.localeCompare(b.event) || a.seq - b.seq)), signal))],
    ['events-untouched', 'changes a batch', sink(async (to, batch, signal) => (await post(to, asJson(batch), signal), void (batch as RunEvent[]).reverse().splice(5)))],
    ['refusal', 'swallows a refusal', sink(quietly)],
    ['abort', 'does not end on the signal', sink((to, batch) => post(to, asJson(batch), undefined))],
    ['abort', 'calls an aborted write sent', sink((to, batch, signal) => post(to, asJson(batch), signal).catch((error: unknown) => (signal.aborted ? undefined : Promise.reject(error as Error))))],
    ['dispose', 'cannot be disposed twice', defineSink({ ...sink(), create: once })],
    ['shared-state', 'disposes what all of them use', defineSink({ ...sink(), create: together })],
    ['options', 'takes any options', sink(undefined, undefined, { create: (options) => sink().create({ ...options, to: typeof options['to'] === 'string' ? options['to'] : 'http://127.0.0.1:1' }, SILENT) })],
    ['options', 'falls over wrong options', sink(undefined, undefined, { create: (options) => sink().create({ ...options, to: (options['to'] as string).trim() }, SILENT) })],
  ])('%s: %s', async (rule, _, type) => {
    expect(await rulesOf(type)).toEqual([rule]);
  });

  it('is told that it sends an event twice, or all of a batch that was refused', async () => {
    const { refusesOnce: once, ...others } = cases();
    expect(await rulesOf(sink(async (to, batch, signal) => (await post(to, asJson(batch), signal), post(to, asJson(batch.slice(0, 1)), signal))), others)).toEqual(['delivery']);
    if (once === undefined) return;
    let kept: readonly RunEvent[] = [];
    const doubled: Write = async (to, batch, signal) => {
      const all = [...kept, ...batch];
      kept = all;
      await post(to, asJson(all), signal);
      kept = [];
    };
    // A refusal that comes with the making leaves nothing to be doubled.
    expect(await rulesOf(sink(doubled), { refuses: { options: {} } })).toEqual(['retry']);
  });

  it('is told that its end never comes, and what it leaves open', async () => {
    expect(await rulesOf(sink(undefined, () => new Promise(() => undefined)), { deadlineMs: 150, wrongOptions: [] })).toContain('dispose');
    expect(await rulesOf(sink(undefined, () => new Promise<void>((done) => void left.push(createServer().listen(0, '127.0.0.1', done)))))).toEqual(['handles']);
  });

  it('is told that it changes a frozen event, fails for good after a refusal, or cannot be made where nobody answers', async () => {
    expect(await rulesOf(sink(async (_, batch) => void Object.assign(batch[0] ?? {}, { sent: true })))).toEqual(['events-untouched', 'works']);
    let broken = false;
    const sulking: Write = (to, batch, signal) => (broken ? Promise.reject(new Error('never again')) : post(to, asJson(batch), signal).catch((error: unknown) => ((broken = to.endsWith('once')), Promise.reject(error as Error))));
    const { hangs: _, ...answering } = cases();
    expect((await checkSink(sink(sulking), answering)).map(({ message }) => message)).toEqual(['post cannot send a batch again that was refused once: never again']);
    expect((await checkSink(sink(), { ...cases(), hangs: { options: {} } })).map(({ message }) => message)).toContain('post cannot be made for another side that hangs: post needs the option to');
  });

  it('is told that what should hang does not', async () => {
    expect((await checkSink(sink(), { ...cases(), hangs: { options: { to: `${url}/take` } } })).map(({ message }) => message)).toContain('post ended before it could be aborted; give hangs with which it waits');
  });
});

describe('runSink', () => {
  it('sends events as a run does, again where they were refused, and tells what it would warn of', async () => {
    expect(await runSink(sink(), SAMPLE_RUNS.healthy(), { to: `${url}/once` })).toEqual({ warnings: [] });
    expect(got).toEqual(asJson(SAMPLE_RUNS.healthy()));
    expect(await runSink(sink(undefined, () => Promise.reject(new Error('it is stuck'))), SAMPLE_RUNS.torn(), { to: `${url}/take` })).toEqual({ warnings: ['could not be closed: it is stuck'] });
    await expect(runSink(sink(), [])).rejects.toMatchObject({ code: 'REALOPS_WITH_INVALID' });
  });
});

const SILENT = { log: { debug: () => undefined, info: () => undefined, warn: () => undefined } };

function once(options: JsonObject): ReturnType<SinkType['create']> {
  const to = place(options);
  let ended = false;
  return { name: 'post', write: (batch, signal) => post(to, asJson(batch), signal), [Symbol.asyncDispose]: async () => (ended ? Promise.reject(new Error('it is closed')) : void (ended = true)) };
}

/** All sinks send what all of them were given. */
function together(options: JsonObject): ReturnType<SinkType['create']> {
  const to = place(options);
  shared.length = 0;
  return {
    name: 'post',
    async write(batch, signal) {
      if (!to.endsWith('take')) return post(to, asJson(batch), signal);
      shared.push(...batch);
    },
    async [Symbol.asyncDispose]() {
      const all = shared.splice(0);
      if (all.length > 0) await post(to, asJson(all.filter(({ run_id }) => run_id === all[0]?.run_id)), undefined);
    },
  };
}
