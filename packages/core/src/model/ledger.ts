import type { Json } from '../text/index.js';

/** Where a change stands, as people are told. */
export type LedgerEntryState = 'proposed' | 'approved' | 'unfinished' | 'failed' | 'kept' | 'rolled-back' | 'aborted' | 'conflict';

/** One change as `realops ledger` lists it. */
export interface LedgerEntry {
  /** The number of the change; for a proposal that of the loop that proposed it. */
  readonly id: string;
  readonly issue: string;
  readonly remedy: string;
  /** The action, e.g. `knob.change`. */
  readonly use: string;
  /** What was, or would be, changed. */
  readonly param: string;
  readonly before: Json;
  readonly after: Json;
  /** There is nothing to compare or undo, e.g. a restart. */
  readonly stateless: boolean;
  /** How a person would undo it. */
  readonly rollback: string;
  readonly state: LedgerEntryState;
  readonly loop: number;
  /** When it was proposed or made: UTC, ISO 8601. */
  readonly time: string;
  /** When the permission of an approved proposal, or a change that lasts for a time only, is over: UTC, ISO 8601. Null: never. */
  readonly until: string | null;
  /** Why it was made, and why it ended as it did. */
  readonly cause: string;
  readonly why: string | null;
  /** Who allowed or undid it; `realops` when nobody was asked. */
  readonly by: string;
  /** Names exactly this change, for `realops approve`. */
  readonly digest: string;
}

/** What the ledger knows of an issue. */
export interface LedgerIssue {
  readonly issue: string;
  /** Validated changes that failed since the issue was last over or acknowledged. */
  readonly attempts: number;
  /** Consecutive loops that ended with the issue unsolved. */
  readonly failures: number;
  /** Why a person is needed; null when none is. */
  readonly manual: string | null;
}

/** What a ledger says to people. */
export interface LedgerView {
  /** Every change that was made or is proposed, oldest first. */
  readonly changes: readonly LedgerEntry[];
  readonly issues: readonly LedgerIssue[];
}
