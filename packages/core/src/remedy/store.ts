import { join } from 'node:path';
import { acquireLease, openJournal, readJournal, type JournalIo, type JournalRecord } from '../journal/index.js';
import type { Clock } from '../time/index.js';
import { createLedger, type Ledger } from './ledger.js';

/** The ledger of a state folder, held by this process alone until it is closed. */
export interface HeldLedger extends AsyncDisposable {
  readonly ledger: Ledger;
  /** The records that were there when it was opened. */
  readonly records: readonly JournalRecord[];
  /** How many bytes of a record that was cut off were moved aside. */
  readonly sealed: number;
}

/** How the ledger is opened. */
export interface OpenLedgerOptions {
  /** The state folder. */
  readonly folder: string;
  readonly clock: Clock;
  /** Who holds it, for messages: `run 20261123_1412`. */
  readonly owner: string;
  readonly pid: number;
  readonly io?: JournalIo;
}

/** The file of the ledger in a state folder. */
export function ledgerFile(folder: string): string {
  return join(folder, 'ledger.jsonl');
}

/** The file of the lease in a state folder. */
export function leaseFile(folder: string): string {
  return join(folder, 'ledger.lease');
}

/**
 * Takes the lease and opens the ledger for writing.
 * @throws RealopsError REALOPS_LEDGER_BUSY, REALOPS_JOURNAL_DAMAGED or REALOPS_JOURNAL_WRITE
 */
export async function openLedger({ folder, clock, owner, pid, io }: OpenLedgerOptions): Promise<HeldLedger> {
  const lease = await acquireLease({ file: leaseFile(folder), clock, owner, pid });
  try {
    const journal = await openJournal({ file: ledgerFile(folder), clock, token: lease.token, assertHeld: () => lease.assertHeld(), ...(io === undefined ? {} : { io }) });
    return {
      ledger: createLedger(journal),
      records: journal.records,
      sealed: journal.sealed,
      async [Symbol.asyncDispose]() {
        await journal[Symbol.asyncDispose]();
        await lease[Symbol.asyncDispose]();
      },
    };
  } catch (error) {
    await lease[Symbol.asyncDispose]();
    throw error;
  }
}

/** The records of a ledger, read without holding it; none when there is no ledger yet. */
export async function readLedgerRecords(folder: string): Promise<readonly JournalRecord[]> {
  return (await readJournal(ledgerFile(folder))).records;
}
