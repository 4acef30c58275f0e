import { existsSync } from 'node:fs';
import { NO_HISTORY, type RemedyHistory } from '../diagnose/history.js';
import { asRealopsError, type RealopsError } from '../errors/index.js';
import { acquireLease, OWN_PID } from '../journal/index.js';
import { shellQuote } from '../events/shell.js';
import type { Suite } from '../model/suite.js';
import type { Plan } from '../plan/plan.js';
import type { Redactor } from '../privacy/index.js';
import { historyOf } from '../remedy/history.js';
import { readLedger, recordsOf } from '../remedy/ledger.js';
import { leaseFile, ledgerFile, openLedger, readLedgerRecords, type HeldLedger } from '../remedy/store.js';
import type { StepHost } from './host.js';
import type { RunOptions } from './options.js';
import { createRemedyControl, type Analysed, type RemedyControl, type Treated } from './remedy-control.js';
import { takeRequests } from './requests.js';
import type { Stream } from './stream.js';

/** The remedies of a run, or nothing in their place. */
export interface Remedies extends RemedyControl, AsyncDisposable {
  /** Whether this run may remedy. */
  readonly active: boolean;
  /** Whether this process alone acts for the state folder, so that alerts may be told from here. */
  readonly alone: boolean;
  /** What earlier runs left behind, as rules read it. */
  readonly history: () => RemedyHistory;
}

/** What opening them takes. */
export interface OpenRemediesParts {
  readonly suite: Suite;
  readonly host: StepHost;
  readonly runId: string;
  readonly plan: Plan;
  readonly redactor: Redactor;
  readonly signal: AbortSignal;
  readonly options: RunOptions;
  readonly stream: Stream;
}

/**
 * Opens the ledger when there may be something to do with it: the suite has remedies, or an earlier run left a ledger. A ledger that another process holds switches remedies off
 * for this run and is told; one that is damaged or cannot be written stops the run before it begins, since nobody knows in what state the system is.
 */
export async function openRemedies(parts: OpenRemediesParts): Promise<Remedies> {
  const { suite, options, stream, runId } = parts;
  const folder = options.state;
  const mode = options.remediate ?? 'propose';
  if (folder === undefined) return nothing(NO_HISTORY, undefined);
  if (mode === 'off' || (suite.remedies.length === 0 && suite.diagnoses.length === 0 && !existsSync(ledgerFile(folder)))) return watchOnly(parts, folder);
  let held: HeldLedger;
  try {
    held = options.ledger ?? (await openLedger({ folder, clock: parts.host.clock, owner: `run ${runId} of ${suite.name}`, pid: OWN_PID }));
  } catch (error) {
    const failure = asRealopsError(error, 'REALOPS_LEDGER_WRITE');
    if (failure.code !== 'REALOPS_LEDGER_BUSY') throw failure;
    stream.publish({ event: 'warning', about: 'remedies', code: failure.code, message: `off in this run${suite.alerts.length > 0 ? ', and so are alerts' : ''}: ${failure.message}` });
    return nothing(await historyIn(folder, parts.host), undefined);
  }
  if (held.sealed > 0) stream.publish({ event: 'warning', about: 'ledger', code: 'REALOPS_JOURNAL_WRITE', message: `an unfinished record of ${held.sealed} bytes was moved aside; it was never acted on` });
  const control = createRemedyControl({
    suite, host: parts.host, runId, ledger: held.ledger, stateFolder: folder, mode, plan: parts.plan, redactor: parts.redactor, cancelled: () => parts.signal.aborted,
    suiteArgument: `${shellQuote(options.suiteArgument ?? suite.file)}${options.stateArgument === undefined ? '' : ` --state ${shellQuote(options.stateArgument)}`}`, publish: (draft) => stream.publish(draft), failPoint: options.failPoint,
  });
  let lost: RealopsError | undefined;
  /** A ledger that fails in the middle of a run ends the remedies, not the report. */
  const orLost = async (what: () => Promise<void>): Promise<void> => {
    if (lost !== undefined) return;
    try {
      await what();
    } catch (error) {
      lost = asRealopsError(error, 'REALOPS_LEDGER_WRITE');
      stream.publish({ event: 'warning', about: 'ledger', code: lost.code, message: `remedies are off from here on: ${lost.message}` });
    }
  };
  return {
    active: true,
    alone: true,
    history: () => historyOf(held.ledger.state(), parts.host.clock.wall().getTime()),
    start: () => orLost(async () => {
      await takeRequests(folder, held.ledger);
      await control.start();
    }),
    async treat(analysed) {
      let treated: Treated | undefined;
      await orLost(async () => {
        await takeRequests(folder, held.ledger);
        treated = await control.treat(analysed);
      });
      if (treated !== undefined) return treated;
      const why = lost?.message ?? 'the ledger could not be written';
      return { ...untreated(analysed), needsHuman: true, calls: [{ about: 'ledger', title: 'The ledger of remedies cannot be kept', reasons: [why] }], manual: [{ what: `the ledger could not be kept, so nothing was changed for good: ${why}`, command: null }] };
    },
    [Symbol.asyncDispose]: () => (options.ledger === undefined ? held[Symbol.asyncDispose]() : Promise.resolve()),
  };
}

function untreated({ slos }: Analysed): Treated {
  return { slos, repeated: undefined, kept: false, manual: [], seenTo: new Set(), needsHuman: false, calls: [] };
}

/** Remedies that are off; alerts are told when nobody else acts for the state folder. */
async function watchOnly({ suite, options, stream, runId, host }: OpenRemediesParts, folder: string): Promise<Remedies> {
  const history = await historyIn(folder, host);
  if (suite.alerts.length === 0 || options.ledger !== undefined) return nothing(history, NOTHING_HELD);
  try {
    return nothing(history, await acquireLease({ file: leaseFile(folder), clock: host.clock, owner: `run ${runId} of ${suite.name}`, pid: OWN_PID }));
  } catch (error) {
    const failure = asRealopsError(error, 'REALOPS_LEDGER_WRITE');
    stream.publish({ event: 'warning', about: 'alerts', code: failure.code, message: `off in this run: ${failure.message}` });
    return nothing(history, undefined);
  }
}

const NOTHING_HELD: AsyncDisposable = { [Symbol.asyncDispose]: () => Promise.resolve() };

/** Nothing in the place of remedies; with a lease, alerts may be told. */
function nothing(history: RemedyHistory, lease: AsyncDisposable | undefined): Remedies {
  return {
    active: false,
    alone: lease !== undefined,
    history: () => history,
    start: () => Promise.resolve(),
    treat: (analysed) => Promise.resolve(untreated(analysed)),
    [Symbol.asyncDispose]: async () => lease?.[Symbol.asyncDispose](),
  };
}

/** The history in a ledger that is only read. One that is damaged gives none: those who would act on it find out for themselves. */
async function historyIn(folder: string, { clock }: StepHost): Promise<RemedyHistory> {
  try {
    return historyOf(readLedger(recordsOf(await readLedgerRecords(folder))), clock.wall().getTime());
  } catch {
    return NO_HISTORY;
  }
}
