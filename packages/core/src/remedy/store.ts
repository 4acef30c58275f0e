import type { Clock } from '../time/index.js';
import type { Ledger } from './ledger.js';

/** The ledger of a state folder, held by this process alone until it is closed. */
export interface HeldLedger extends AsyncDisposable {
  readonly ledger: Ledger;
  /** The folder, absolute. */
  readonly folder: string;
}

/** How the ledger is opened. */
export interface OpenLedgerOptions {
  readonly folder: string;
  readonly clock: Clock;
  /** Who holds it, for messages: `run 20261123_1412`. */
  readonly owner: string;
}
