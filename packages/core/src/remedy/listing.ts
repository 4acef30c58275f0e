import type { LedgerEntry } from '../model/ledger.js';
import type { TimedRecord } from './ledger.js';
import type { ChangeFacts, LedgerRecord } from './records.js';

type Entry = { -readonly [K in keyof LedgerEntry]: LedgerEntry[K] };

/** Every change that the records of a ledger tell of, and the proposals that stand, oldest first, without limit of age. Pure. */
export function listChanges(records: readonly TimedRecord[]): readonly LedgerEntry[] {
  const changes = new Map<string, Entry>();
  const proposals = new Map<string, Entry>();
  const allowed = new Map<string, { readonly by: string; readonly until: number }>();
  for (const { at, record } of records) {
    switch (record.type) {
      case 'proposed': {
        const { remedy, param, digest } = record.change;
        for (const [old, entry] of proposals) if (entry.remedy === remedy && entry.param === param) proposals.delete(old);
        proposals.set(digest, allow(entryOf(record.change, at, 'proposed', record.why), allowed.get(digest)));
        break;
      }
      case 'intent': {
        const { id, digest, expires_ms } = record.change;
        const entry = entryOf(record.change, at, 'unfinished', null);
        if (record.approval !== null) entry.by = allowed.get(record.approval)?.by ?? entry.by;
        if (record.approval !== null) allowed.delete(record.approval);
        if (expires_ms !== null) entry.until = isoTime(at + expires_ms);
        proposals.delete(digest);
        changes.set(id, entry);
        break;
      }
      case 'approved': {
        allowed.set(record.digest, record);
        const proposal = proposals.get(record.digest);
        if (proposal !== undefined) allow(proposal, record);
        break;
      }
      case 'loop_end':
        solve([...changes.values()], record.green);
        for (const [digest, { issue }] of proposals) if (record.green.includes(issue)) proposals.delete(digest);
        break;
      case 'passed':
        solve([...changes.values()], [changes.get(record.id)?.issue ?? '']);
        end(changes.get(record.id), record);
        break;
      default:
        if ('id' in record) end(changes.get(record.id), record);
    }
  }
  return [...changes.values(), ...proposals.values()].sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0));
}

function entryOf(change: ChangeFacts, at: number, state: Entry['state'], why: string | null): Entry {
  const { id, issue, remedy, use, param, before, after, stateless, rollback, loop, cause, digest } = change;
  return { id, issue, remedy, use, param, before, after, stateless, rollback, state, loop, time: isoTime(at), until: null, cause, why, by: 'realops', digest };
}

function allow(proposal: Entry, approval: { readonly by: string; readonly until: number } | undefined): Entry {
  return approval === undefined ? proposal : Object.assign(proposal, { state: 'approved', by: approval.by, until: isoTime(approval.until) });
}

/** With their issue solved, attempts that are still in place are a part of the system as it should be. */
function solve(entries: readonly Entry[], issues: readonly string[]): void {
  for (const entry of entries) if (entry.state === 'failed' && issues.includes(entry.issue)) entry.state = 'kept';
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

function isoTime(at: number): string {
  return new Date(at).toISOString();
}
