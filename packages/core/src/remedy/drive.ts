import { messageOf } from '../errors/index.js';
import type { Json } from '../text/index.js';
import type { Clock } from '../time/index.js';
import type { Ledger } from './ledger.js';
import type { Answer, Protocol, Step } from './machine.js';
import type { ChangeFacts, LedgerRecord } from './records.js';

/** The outside of the protocol: the system under test and the repetition of scenarios. */
export interface RemedyWorld {
  /** The value in force. */
  read(change: ChangeFacts): Promise<Json>;
  write(change: ChangeFacts, value: Json): Promise<void>;
  validate(change: ChangeFacts): Promise<{ readonly result: 'pass' | 'fail' | 'worse' | 'inconclusive' | 'stopped'; readonly why: string }>;
  /** How long the system may take to have a written value in force. */
  settleMs(change: ChangeFacts): number;
  /** Called after a record is on disk. */
  recorded(record: LedgerRecord): void;
  /** For tests: called by name around every step that lasts. */
  readonly failPoint?: (name: string) => Promise<void> | void;
}

/** What carries out the protocol. */
export interface DriveParts {
  readonly ledger: Ledger;
  readonly world: RemedyWorld;
  readonly clock: Clock;
  readonly same: (a: Json, b: Json) => boolean;
}

const READ_AGAIN_MS = 50;

/**
 * Carries out a piece of the protocol against the ledger and the real system. An answer that the system fails to give is an answer (`unreachable`, `unknown`);
 * only a ledger that cannot be written ends it early, after the protocol has put the old value back.
 */
export async function drive<T>(protocol: Protocol<T>, parts: DriveParts): Promise<T> {
  let next = protocol.next();
  while (next.done !== true) {
    const step = next.value;
    if (step.do !== 'append') {
      next = protocol.next(await answer(step, parts));
      continue;
    }
    try {
      await parts.world.failPoint?.(`before:${step.record.type}`);
      await parts.ledger.append(step.record);
    } catch (error) {
      next = protocol.throw(error);
      continue;
    }
    parts.world.recorded(step.record);
    await parts.world.failPoint?.(`after:${step.record.type}`);
    next = protocol.next({ kind: 'appended' });
  }
  return next.value;
}

async function answer(step: Exclude<Step, { readonly do: 'append' }>, parts: DriveParts): Promise<Answer> {
  const { world, same } = parts;
  const { change } = step;
  if (step.do === 'validate') return { kind: 'validated', ...(await world.validate(change)) };
  if (step.do === 'read') return readUntil(change, step.hoped, parts);
  // The closest to an atomic exchange that a system without one allows: read and write back to back, and a read-back after.
  let found: Json;
  try {
    found = await world.read(change);
  } catch (error) {
    return { kind: 'unreachable', why: messageOf(error) };
  }
  if (!same(found, step.from)) return { kind: 'other', found };
  await world.failPoint?.('before:write');
  try {
    await world.write(change, step.to);
  } catch (error) {
    return { kind: 'unknown', why: messageOf(error) };
  }
  await world.failPoint?.('after:write');
  return { kind: 'swapped' };
}

async function readUntil(change: ChangeFacts, hoped: Json | undefined, { world, same, clock }: DriveParts): Promise<Answer> {
  const until = clock.now() + (hoped === undefined ? 0 : world.settleMs(change));
  for (;;) {
    let last: Answer;
    try {
      const value = await world.read(change);
      if (hoped === undefined || same(value, hoped)) return { kind: 'value', value };
      last = { kind: 'value', value };
    } catch (error) {
      last = { kind: 'unreachable', why: messageOf(error) };
    }
    if (clock.now() >= until) return last;
    await clock.sleep(READ_AGAIN_MS, new AbortController().signal);
  }
}
