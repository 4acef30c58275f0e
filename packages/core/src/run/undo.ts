import { RealopsError } from '../errors/index.js';
import { OWN_PID } from '../journal/index.js';
import type { Logger } from '../model/step-type.js';
import type { Suite } from '../model/suite.js';
import { drive } from '../remedy/drive.js';
import { coverOf, undo } from '../remedy/machine.js';
import type { Change, LedgerState } from '../remedy/state.js';
import { openLedger } from '../remedy/store.js';
import { suggestion } from '../text/index.js';
import { systemClock, type Clock } from '../time/index.js';
import { betweenRuns } from './between-runs.js';

/** How a change is undone by a person. */
export interface UndoOptions {
  /** The state folder. */
  readonly state: string;
  /** The number of the change in the ledger. */
  readonly id: string;
  /** Who asks. */
  readonly by: string;
  readonly clock?: Clock;
  readonly log?: Logger;
  readonly failPoint?: (name: string) => Promise<void> | void;
}

const QUIET: Logger = { debug: () => undefined, info: () => undefined, warn: () => undefined };

/**
 * Undoes one change because a person asks: never held up by a limit, and never over a value that someone else has set. Gives the change as it stands afterwards.
 * @throws RealopsError REALOPS_LEDGER_BUSY while a run or loop holds the ledger; REALOPS_VALUE_INVALID for a change that is not in force, that
 * a later one stands on, or that has nothing to put back
 */
export async function undoChange(suite: Suite, options: UndoOptions): Promise<Change> {
  const { state: folder, id, by, clock = systemClock, log = QUIET } = options;
  await using held = await openLedger({ folder, clock, owner: `undo ${id} by ${by}`, pid: OWN_PID });
  const { ledger } = held;
  const change = findChange(ledger.state(), id);
  const { drives, view } = betweenRuns({ suite, ledger, clock, log, about: `undo-${id}`, failPoint: options.failPoint });
  await drive(undo(view, change, 'asked', by), drives);
  return findAny(ledger.state().changes, id);
}

function findChange(state: LedgerState, id: string): Change {
  const change = findAny(state.changes, id);
  if (change.status === 'undone' || change.status === 'aborted' || change.status === 'conflict') {
    throw new RealopsError('REALOPS_VALUE_INVALID', `change ${id} of ${change.param} is not in force: ${change.status === 'undone' ? 'it was rolled back already' : change.status === 'aborted' ? 'nothing was changed' : 'someone else changed the value'}`);
  }
  if (change.stateless) throw new RealopsError('REALOPS_VALUE_INVALID', `change ${id} cannot be undone: ${change.rollback}`);
  const cover = coverOf(state, change);
  if (cover !== undefined) throw new RealopsError('REALOPS_VALUE_INVALID', `change ${cover.id} of ${change.param} stands on change ${id}`, { hint: `undo change ${cover.id} first` });
  return change;
}

function findAny(changes: readonly Change[], id: string): Change {
  const change = changes.find((each) => each.id === id);
  if (change === undefined) throw new RealopsError('REALOPS_VALUE_INVALID', `the ledger has no change "${id}"`, { hint: changes.length === 0 ? 'nothing was changed yet' : suggestion(id, changes.map((each) => each.id), 'changes') });
  return change;
}
