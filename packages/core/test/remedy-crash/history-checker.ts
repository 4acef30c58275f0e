import { recordsOf } from '../../src/remedy/ledger.js';
import { readLedger } from '../../src/remedy/ledger.js';
import { inFlight } from '../../src/remedy/machine.js';
import type { JournalRecord } from '../../src/journal/index.js';
import type { SeenWrite } from './support.js';

/** What was seen from both sides, after the last session ended in peace. */
export interface History {
  readonly records: readonly JournalRecord[];
  /** What the system was told to take, in order. */
  readonly writes: readonly SeenWrite[];
  /** The value before the first session. */
  readonly first: number;
  /** The value now. */
  readonly last: number;
}

/** The promises that a history breaks, in words; none when it keeps them all. It knows nothing of how the controller works. */
export function checkHistory({ records, writes, first, last }: History): readonly string[] {
  const broken: string[] = [];
  const timed = recordsOf(records);
  const state = readLedger(timed);
  for (const change of state.changes.filter(inFlight)) broken.push(`change ${change.id} is still ${change.status}`);
  const loops = timed.flatMap(({ record }) => (record.type === 'intent' ? [record.change.loop] : []));
  if (new Set(loops).size < loops.length) broken.push(`more than one change in a loop: ${loops.join(', ')}`);
  let [seq, token] = [0, 0];
  for (const record of records) {
    if (record.seq !== seq + 1) broken.push(`record ${record.seq} follows ${seq}`);
    if (record.token < token) broken.push(`record ${record.seq} is by an earlier holder`);
    [seq, token] = [record.seq, record.token];
  }
  broken.push(...unannounced(timed, writes));
  const expected = valueOf(timed, first);
  if (last !== expected) broken.push(`the value is ${last}, and the ledger says ${String(expected)}`);
  broken.push(...outOfOrder(timed));
  return broken;
}

type Timed = ReturnType<typeof recordsOf>;

/** Writes that no record had announced when they came. */
function unannounced(timed: Timed, writes: readonly SeenWrite[]): readonly string[] {
  const changes = new Map(timed.flatMap(({ record }) => (record.type === 'intent' ? [[record.change.id, record.change] as const] : [])));
  return writes.flatMap(({ value, at }) => {
    const announced = timed.some(({ at: told, record }) => told <= at && ((record.type === 'intent' && record.change.after === value) || (record.type === 'rollback' && changes.get(record.id)?.before === value)));
    return announced ? [] : [`${value} was written before any record said so`];
  });
}

/** The value that should be in force: the newest change that was not taken back, aborted or never made. */
function valueOf(timed: Timed, first: number): unknown {
  let stack: { readonly id: string; readonly after: unknown }[] = [];
  const verdicts = new Map<string, string>();
  for (const { record } of timed) {
    if (record.type === 'intent') stack.push({ id: record.change.id, after: record.change.after });
    if (record.type === 'aborted' || record.type === 'rolled_back') stack = stack.filter(({ id }) => id !== record.id);
    if (record.type === 'passed' || record.type === 'failed') verdicts.set(record.id, record.type);
  }
  const unjudged = stack.find(({ id }) => !verdicts.has(id));
  return unjudged === undefined ? (stack.at(-1)?.after ?? first) : `${String(unjudged.after)}, which was never validated`;
}

/** A change that was taken back while a later one of the same value was in force. */
function outOfOrder(timed: Timed): readonly string[] {
  const inForce: string[] = [];
  return timed.flatMap(({ record }) => {
    if (record.type === 'intent') inForce.push(record.change.id);
    if (record.type === 'aborted') inForce.splice(inForce.indexOf(record.id), 1);
    if (record.type !== 'rolled_back') return [];
    const top = inForce.at(-1);
    inForce.splice(inForce.indexOf(record.id), 1);
    return top === record.id ? [] : [`change ${record.id} was taken back under change ${top ?? ''}`];
  });
}
