import type { Json } from '../text/index.js';
import type { LedgerRecord } from './records.js';

/** One change as `realops ledger` lists it. */
export interface LedgerEntry {
  readonly id: string;
  readonly issue: string;
  readonly remedy: string;
  /** What was, or would be, changed. */
  readonly param: string;
  readonly before: Json;
  readonly after: Json;
  /** How a person would undo it. */
  readonly rollback: string;
  readonly state: 'proposed' | 'approved' | 'unfinished' | 'failed' | 'kept' | 'rolled-back' | 'aborted' | 'conflict';
  readonly loop: number;
  /** When it was proposed or made: UTC, ISO 8601. */
  readonly time: string;
  /** Why it was made, and why it ended as it did. */
  readonly cause: string;
  readonly why: string | null;
  /** Who allowed or undid it; `realops` when nobody was asked. */
  readonly by: string;
  /** Names exactly this change, for `realops approve`. */
  readonly digest: string;
}

type Entry = { -readonly [K in keyof LedgerEntry]: LedgerEntry[K] };

/** Every change that the records of a ledger tell of, oldest first, without limit of age. Pure. */
export function listChanges(records: readonly { readonly at: number; readonly record: LedgerRecord }[]): readonly LedgerEntry[] {
  const changes = new Map<string, Entry>();
  const proposals = new Map<string, Entry>();
  const allowed = new Map<string, string>();
  for (const { at, record } of records) {
    if (record.type === 'proposed' || record.type === 'intent') {
      const { change } = record;
      const { id, issue, remedy, param, before, after, rollback, loop, cause, digest } = change;
      const entry: Entry = { id, issue, remedy, param, before, after, rollback, state: record.type === 'proposed' ? 'proposed' : 'unfinished', loop, time: new Date(at).toISOString(), cause, why: record.type === 'proposed' ? record.why : null, by: 'realops', digest };
      if (record.type === 'proposed') proposals.set(digest, entry);
      else {
        if (record.approval !== null) entry.by = allowed.get(record.approval) ?? entry.by;
        proposals.delete(digest);
        changes.set(id, entry);
      }
    } else if (record.type === 'approved') {
      allowed.set(record.digest, record.by);
      const proposal = proposals.get(record.digest);
      if (proposal !== undefined) Object.assign(proposal, { state: 'approved', by: record.by });
    } else if ('id' in record) end(changes.get(record.id), record);
  }
  return [...changes.values(), ...proposals.values()].sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0));
}

function end(entry: Entry | undefined, record: LedgerRecord & { readonly id: string }): void {
  if (entry === undefined) return;
  switch (record.type) {
    case 'aborted':
      Object.assign(entry, { state: 'aborted', why: record.why });
      break;
    case 'passed':
      entry.state = 'kept';
      break;
    case 'failed':
      Object.assign(entry, { state: 'failed', why: record.why });
      break;
    case 'rollback':
      Object.assign(entry, { state: 'unfinished', why: entry.why ?? record.reason, ...(record.by === 'realops' ? {} : { by: record.by }) });
      break;
    case 'rolled_back':
      entry.state = 'rolled-back';
      break;
    case 'conflict':
      Object.assign(entry, { state: 'conflict', why: `someone else had set it to ${JSON.stringify(record.found)}` });
      break;
    default:
      break;
  }
}

