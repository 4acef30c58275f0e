import { asRealopsError } from '../errors/index.js';
import type { Json } from '../text/index.js';
import type { LedgerRecord } from './records.js';
import { EMPTY_LEDGER, foldRecord, type LedgerState } from './state.js';

/** What the ledger needs of the journal it is kept in. */
export interface LedgerJournal {
  readonly records: readonly { readonly at: number; readonly payload: Json }[];
  /** Resolves when the record is on disk. */
  append(payload: Json): Promise<{ readonly at: number }>;
}

/** The ledger of one system: every record so far, folded, and the way to add one. */
export interface Ledger {
  readonly state: () => LedgerState;
  /**
   * Puts a record on disk, then folds it in.
   * @throws RealopsError when it could not be made durable; nothing is folded then.
   */
  append(record: LedgerRecord): Promise<void>;
  /** Whether a record could not be made durable; opening the ledger anew finds out how it stands. */
  readonly failed: boolean;
}

/** The ledger that a journal holds. */
export function createLedger(journal: LedgerJournal): Ledger {
  let state = readLedger(recordsOf(journal.records));
  let failed = false;
  return {
    state: () => state,
    get failed() {
      return failed;
    },
    async append(record) {
      try {
        const { at } = await journal.append(asJson(record));
        state = foldRecord(state, record, at);
      } catch (error) {
        failed = true;
        throw asRealopsError(error, 'REALOPS_LEDGER_WRITE');
      }
    },
  };
}

/** A record with the time it was written at. */
export interface TimedRecord {
  readonly at: number;
  readonly record: LedgerRecord;
}

/** The state that records fold to; for readers that do not write. */
export function readLedger(records: readonly TimedRecord[]): LedgerState {
  let state = EMPTY_LEDGER;
  for (const { at, record } of records) state = foldRecord(state, record, at);
  return state;
}

/** What the records of a journal say. */
export function recordsOf(records: LedgerJournal['records']): readonly TimedRecord[] {
  return records.map(({ at, payload }) => ({ at, record: asRecord(payload) }));
}

/** The seam to the journal: what it gives back is what was appended, proven by its checks. */
function asRecord(payload: Json): LedgerRecord {
  return payload as unknown as LedgerRecord;
}

function asJson(record: LedgerRecord): Json {
  return record as unknown as Json;
}
