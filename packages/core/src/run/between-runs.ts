import type { Logger } from '../model/step-type.js';
import type { Suite } from '../model/suite.js';
import type { DriveParts } from '../remedy/drive.js';
import { drive } from '../remedy/drive.js';
import type { Ledger } from '../remedy/ledger.js';
import { inFlight, recover, undoAllDue, type MachineView } from '../remedy/machine.js';
import { sameValue } from '../remedy/same.js';
import type { LedgerState } from '../remedy/state.js';
import type { Clock } from '../time/index.js';
import { withAction } from './action-context.js';
import { createStepHost } from './step-host.js';

/** What reaching the system between runs takes. */
export interface BetweenRuns {
  readonly suite: Suite;
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly log: Logger;
  /** For trace ids. */
  readonly about: string;
  readonly failPoint?: ((name: string) => Promise<void> | void) | undefined;
}

/** The protocol against the real system where no run is under way: nothing can be validated, but everything can be undone. */
export function betweenRuns({ suite, ledger, clock, log, about, failPoint }: BetweenRuns): { readonly drives: DriveParts; readonly view: MachineView } {
  const host = createStepHost({ suite, clock, log, seed: 0, directory: undefined, publish: () => undefined, record: () => undefined, recordFailedAttempt: () => undefined });
  const io = { suite, host, runId: about };
  const world: DriveParts['world'] = {
    read: (facts) => withAction(io, facts, 'read', (action, parameters, context) => action.read(parameters, context)),
    write: (facts, value) => withAction(io, facts, 'write', (action, parameters, context) => action.write(parameters, value, context)),
    settleMs: ({ param }) => suite.knobs.get(param)?.settleMs ?? 2_000,
    validate: () => Promise.resolve({ result: 'inconclusive', why: 'outside of runs nothing is validated' }),
    recorded: () => undefined,
    ...(failPoint === undefined ? {} : { failPoint }),
  };
  const view: MachineView = { state: ledger.state, now: () => Math.max(clock.wall().getTime(), ledger.state().time), same: sameValue };
  return { drives: { ledger, world, clock, same: sameValue }, view };
}

/** Undoes the changes whose time is over. Gives how many ended. */
export async function undoExpired(parts: BetweenRuns): Promise<number> {
  const { drives, view } = betweenRuns(parts);
  const before = inForce(view.state());
  await drive(undoAllDue(view), drives);
  return before - inForce(view.state());
}

/** Finishes what a process that is gone left in flight. Gives how many changes it was about. */
export async function finishUnfinished(parts: BetweenRuns): Promise<number> {
  const { drives, view } = betweenRuns(parts);
  const unfinished = view.state().changes.filter(inFlight).length;
  await drive(recover(view), drives);
  return unfinished;
}

/** When the next change ends by itself, in milliseconds since 1970; undefined when none does. */
export function nextExpiry({ changes }: LedgerState): number | undefined {
  const ends = changes.flatMap(({ status, expires_ms, intendedAt }) => ((status === 'kept' || status === 'failed') && expires_ms !== null ? [intendedAt + expires_ms] : []));
  return ends.length === 0 ? undefined : Math.min(...ends);
}

/** How many changes are in force. */
export function inForce({ changes }: LedgerState): number {
  return changes.filter(({ status }) => status === 'kept' || status === 'failed').length;
}
