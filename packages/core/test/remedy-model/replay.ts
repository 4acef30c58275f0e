import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isDeepStrictEqual } from 'node:util';
import * as decision from '../../src/remedy/decide.js';
import { drive } from '../../src/remedy/drive.js';
import { readLedger, recordsOf } from '../../src/remedy/ledger.js';
import * as machine from '../../src/remedy/machine.js';
import type { LedgerRecord } from '../../src/remedy/records.js';
import * as folding from '../../src/remedy/state.js';
import { openLedger, readLedgerRecords, type HeldLedger } from '../../src/remedy/store.js';
import { createRandom } from '../../src/text/random.js';
import { systemClock } from '../../src/time/index.js';
import { firstWorld, session, type Bounds, type Sight } from './checker.js';
import type { RemedyProtocol } from './protocol.js';
import { appended, optionsOf, type Option } from './world.js';

/** The engine's own functions. */
const PROTOCOL: RemedyProtocol = { ...machine, ...decision, ...folding };

/** How the real system is to behave during one step. */
type Mood = 'well' | 'mute' | 'deaf' | 'deaf and mute to writes' | 'mute to writes';

/** A knob behind HTTP whose behaviour is set from step to step. */
export interface MoodySystem {
  readonly server: Server;
  readonly url: string;
  value: number;
  mood: Mood;
}

/** Starts it on loopback. */
export async function moodySystem(): Promise<MoodySystem> {
  const system = { value: 0, mood: 'well' as Mood };
  const server = createServer((request, response) => {
    if (system.mood === 'mute') return void request.socket.destroy();
    if (request.method === 'GET') return void response.end(String(system.value));
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      if (!system.mood.startsWith('deaf')) system.value = Number(body);
      if (system.mood.endsWith('mute to writes')) request.socket.destroy();
      else response.end('ok');
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  return Object.assign(system, { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` });
}

/** What a replay found: the first difference between the model and the real controller, with what had happened until then. */
export interface Replayed {
  readonly steps: number;
  readonly sessions: number;
  readonly deaths: number;
  readonly difference: { readonly what: string; readonly trace: readonly string[] } | undefined;
}

class Different extends Error {}

/**
 * Walks one random way through the model and lets the real controller (its interpreter, its ledger on disk, a knob behind HTTP) go the same way: what the model says happens is made
 * to happen, and at every step the answers, at every end of a session the ledgers and the values have to be the same.
 */
export async function replayTrace(bounds: Bounds, seed: number, folder: string, system: MoodySystem): Promise<Replayed> {
  const random = createRandom(seed);
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
  let world = firstWorld(PROTOCOL, bounds.budget);
  const trace: string[] = [];
  const counts = { steps: 0, sessions: 0, deaths: 0 };
  system.value = world.value;
  try {
    while (world.ledger.loop < bounds.loops && counts.sessions < 12) {
      world = { ...world, full: false, troubled: false };
      const sight = pick<Sight>(bounds.sights ?? ['green', 'red', 'red']);
      trace.push(`— session ${(counts.sessions += 1)}: ${sight}`);
      await liveSession(sight);
      system.mood = 'well';
      const real = readLedger(recordsOf(await readLedgerRecords(folder)));
      if (!isDeepStrictEqual(real, world.ledger)) throw new Different(`the ledger on disk says ${show(real)}, the model ${show(world.ledger)}`);
      if (system.value !== world.value) throw new Different(`the value is ${system.value}, in the model ${world.value}`);
    }
    return { ...counts, difference: undefined };
  } catch (error) {
    if (!(error instanceof Different)) throw error;
    return { ...counts, difference: { what: error.message, trace } };
  }

  async function liveSession(sight: Sight): Promise<void> {
    // Time is counted in loops, as the model counts it.
    let moment = world.ledger.loop;
    const clock = { ...systemClock, wall: () => new Date(moment) };
    let full = false;
    const refuse = (): void => {
      if (full) throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
    };
    const held: HeldLedger = await openLedger({ folder, clock, owner: 'replay', pid: process.pid, io: {
      write: async (file, bytes, position) => (refuse(), (await file.write(bytes, 0, bytes.length, position)).bytesWritten), sync: (file) => file.datasync(), truncate: (file, length) => file.truncate(length),
    } });
    let die: string | undefined;
    let died: () => void = () => undefined;
    const death = new Promise<'died'>((resolve) => (died = () => resolve('died')));
    const grave = (): Promise<never> => (died(), new Promise<never>(() => undefined));
    await between(held);
    const next = { option: undefined as Option | undefined };
    const view = { state: held.ledger.state, now: () => world.ledger.loop, same: (a: unknown, b: unknown) => a === b };
    const ask = async (value?: number): Promise<number> => {
      const response = await fetch(system.url, value === undefined ? {} : { method: 'POST', body: String(value) });
      return Number(await response.text());
    };
    const real = {
      read: async () => (die === 'read' ? grave() : await ask()),
      write: async (_change: unknown, value: unknown) => void (await ask(Number(value))),
      settleMs: () => 1,
      validate: async () => (die === 'validate' ? await grave() : (next.option?.answer as { result: 'pass'; why: string })),
      recorded: () => undefined,
      failPoint: (name: string) => (die === name ? grave() : undefined),
    };
    const outcome = await Promise.race([drive(following(), { ledger: held.ledger, world: real, clock: systemClock, same: (a, b) => a === b }).then(() => 'ended' as const, (error: unknown) => (error instanceof Different ? error : ('lost' as const))), death]);
    if (outcome === 'died') counts.deaths += 1;
    await held[Symbol.asyncDispose]();
    if (outcome instanceof Different) throw outcome;

    /** The engine's session, with the way of the model chosen before each step and its answer compared after it. */
    function* following(): machine.Protocol<void> {
      const running = session(PROTOCOL, view, () => world, sight, bounds);
      let result = running.next();
      while (result.done !== true) {
        const step = result.value;
        counts.steps += 1;
        let option = pick(optionsOf(step, world, PROTOCOL));
        for (; option.again === true; option = pick(optionsOf(step, world, PROTOCOL))) {
          trace.push(option.name);
          ({ world } = option);
          system.value = world.value;
        }
        trace.push(option.name);
        next.option = option;
        moment = world.ledger.loop;
        arrange(option, step);
        if (option.answer === undefined) world = option.world;
        let answer: machine.Answer;
        try {
          answer = yield step;
        } catch (error) {
          if (option.fails !== true) throw new Different(`${step.do} failed, which the model does not know: ${String(error)}`);
          ({ world } = option);
          result = running.throw(error);
          continue;
        }
        if (option.fails === true || option.answer === undefined) throw new Different(`${step.do} was answered with ${show(answer)}, in the model it was "${option.name}"`);
        if (answer.kind !== option.answer.kind || !sameFacts(answer, option.answer)) throw new Different(`${step.do} was answered with ${show(answer)}, in the model with ${show(option.answer)}`);
        ({ world } = option);
        if (world.value !== system.value) throw new Different(`after "${option.name}" the value is ${system.value}, in the model ${world.value}`);
        result = running.next(answer);
      }
    }

    /** Makes happen what the model says will. */
    function arrange({ name, fails }: Option, step: machine.Step): void {
      system.mood = MOODS[name] ?? 'well';
      full ||= fails === true;
      if (!name.startsWith('killed')) return;
      const record = step.do === 'append' ? step.record.type : undefined;
      die = record !== undefined ? `${name.startsWith('killed before') ? 'before' : 'after'}:${record}` : name.startsWith('killed after') ? 'after:write' : step.do === 'validate' ? 'validate' : 'read';
    }
  }

  /** What people do between two sessions. */
  async function between({ ledger }: HeldLedger): Promise<void> {
    const { budget } = world;
    const digest = `${world.value}>${world.value + 1}`;
    const records: LedgerRecord[] = [];
    if (budget.acks > 0 && folding.issueOf(world.ledger, 'issue').manual !== null) {
      records.push({ type: 'ack', issue: 'issue', by: 'a person' });
      world = { ...world, budget: { ...budget, acks: budget.acks - 1 } };
    }
    if (budget.approvals > 0 && random() < 0.7) {
      records.push({ type: 'approved', digest, by: 'a person', until: world.ledger.loop + pick([1, 3]) });
      world = { ...world, budget: { ...world.budget, approvals: budget.approvals - 1 } };
    }
    for (const record of records) {
      trace.push(record.type);
      await ledger.append(record);
      world = appended(world, record, PROTOCOL);
    }
  }
}

const MOODS: { readonly [name: string]: Mood } = {
  'the system does not answer': 'mute', 'answered, but nothing was written': 'deaf', 'not answered, and not written': 'deaf and mute to writes', 'not answered, but written': 'mute to writes',
};

/** Whether two answers say the same; words for people may differ. */
function sameFacts(a: machine.Answer, b: machine.Answer): boolean {
  const facts = (answer: machine.Answer): object => ({ ...answer, why: undefined });
  return isDeepStrictEqual(facts(a), facts(b));
}

function show(value: unknown): string {
  return JSON.stringify(value, (_key, each: unknown) => (each instanceof Map || each instanceof Set ? [...each] : each));
}
