import { RealopsError } from '../errors/index.js';
import { OWN_PID } from '../journal/index.js';
import type { LedgerView } from '../model/ledger.js';
import { readLedger, recordsOf } from '../remedy/ledger.js';
import { listChanges } from '../remedy/listing.js';
import type { ChangeFacts } from '../remedy/records.js';
import { openLedger, readLedgerRecords } from '../remedy/store.js';
import { suggestion } from '../text/index.js';
import { systemClock, type Clock } from '../time/index.js';
import { leaveRequest, recordRequest, type LedgerRequest } from './requests.js';

/**
 * Reads the ledger of a state folder, also while a run or loop holds it; empty when there is none.
 * @throws RealopsError REALOPS_JOURNAL_DAMAGED
 */
export async function viewLedger(state: string): Promise<LedgerView> {
  const records = recordsOf(await readLedgerRecords(state));
  const { issues } = readLedger(records);
  return { changes: listChanges(records), issues: [...issues].map(([issue, known]) => ({ issue, ...known })) };
}

/** A permission is good for a year at most. */
const LONGEST_APPROVAL_MS = 365 * 24 * 60 * 60_000;

/** Who allows one change, and until when. */
export interface ApproveOptions {
  /** The digest of the proposal. */
  readonly digest: string;
  readonly by: string;
  /** How long the permission is good: more than 0, at most 365 days. */
  readonly forMs: number;
  readonly clock?: Clock;
}

/**
 * Allows exactly one proposed change, once, for a time. `recorded` is false when another process holds the ledger: it takes the permission up at its next step.
 * @throws RealopsError REALOPS_VALUE_INVALID when there is no such proposal (any more), or for a time that is none
 */
export async function approveChange(state: string, { digest, by, forMs, clock = systemClock }: ApproveOptions): Promise<{ readonly change: ChangeFacts; readonly until: Date; readonly recorded: boolean }> {
  if (!(forMs > 0 && forMs <= LONGEST_APPROVAL_MS)) throw new RealopsError('REALOPS_VALUE_INVALID', 'a permission is good for more than 0 s and at most 365 days');
  const { proposals, changes } = readLedger(recordsOf(await readLedgerRecords(state)));
  const proposal = proposals.get(digest);
  const made = changes.findLast((change) => change.digest === digest);
  if (proposal === undefined) {
    const what = made === undefined ? `there is no proposal "${digest}"` : `the proposal ${digest} was carried out already: it is change ${made.id}`;
    throw new RealopsError('REALOPS_VALUE_INVALID', what, { hint: proposals.size === 0 ? 'nothing is proposed now' : suggestion(digest, proposals.keys(), 'proposals') });
  }
  const until = clock.wall().getTime() + forMs;
  const recorded = await ask(state, { kind: 'approve', digest, by, until }, clock, `approve by ${by}`);
  return { change: proposal.change, until: new Date(until), recorded };
}

/** Who has seen to which issue. */
export interface AcknowledgeOptions {
  readonly issue: string;
  readonly by: string;
  readonly clock?: Clock;
}

/**
 * Ends "needs a person" for an issue. `recorded` as for {@link approveChange}.
 * @throws RealopsError REALOPS_VALUE_INVALID when the ledger knows no such issue
 */
export async function acknowledge(state: string, { issue, by, clock = systemClock }: AcknowledgeOptions): Promise<{ readonly was: string | null; readonly recorded: boolean }> {
  const { issues } = readLedger(recordsOf(await readLedgerRecords(state)));
  const known = issues.get(issue);
  if (known === undefined) throw new RealopsError('REALOPS_VALUE_INVALID', `the ledger knows no issue "${issue}"`, { hint: issues.size === 0 ? 'it knows none' : suggestion(issue, issues.keys(), 'issues') });
  return { was: known.manual, recorded: await ask(state, { kind: 'ack', issue, by }, clock, `ack by ${by}`) };
}

/** Puts a request into the ledger at once, or leaves it for the process that holds it. */
async function ask(state: string, request: LedgerRequest, clock: Clock, owner: string): Promise<boolean> {
  try {
    await using held = await openLedger({ folder: state, clock, owner, pid: OWN_PID });
    await recordRequest(held.ledger, request);
    return true;
  } catch (error) {
    if (!(error instanceof RealopsError) || error.code !== 'REALOPS_LEDGER_BUSY') throw error;
    await leaveRequest(state, request, clock.wall().getTime());
    return false;
  }
}
