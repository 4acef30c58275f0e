import { existsSync } from 'node:fs';
import { createRecentEvents } from '../diagnose/notable.js';
import type { RealopsError } from '../errors/index.js';
import { asRealopsError } from '../errors/index.js';
import { OWN_PID } from '../journal/index.js';
import { shellQuote } from '../events/shell.js';
import type { Suite } from '../model/suite.js';
import type { Plan } from '../plan/plan.js';
import type { Redactor } from '../privacy/index.js';
import { ledgerFile, openLedger, type HeldLedger } from '../remedy/store.js';
import type { StepHost } from './host.js';
import type { RunOptions } from './options.js';
import { createRemedyControl, type Analysed, type RemedyControl, type Treated } from './remedy-control.js';
import { takeRequests } from './requests.js';
import type { Stream } from './stream.js';

/** The remedies of a run, or nothing in their place. */
export interface Remedies extends RemedyControl, AsyncDisposable {
  /** Whether this run may remedy. */
  readonly active: boolean;
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
  if (folder === undefined || (suite.remedies.length === 0 && suite.diagnoses.length === 0 && !existsSync(ledgerFile(folder)))) return NONE;
  if (mode === 'off') return NONE;
  let held: HeldLedger;
  try {
    held = options.ledger ?? (await openLedger({ folder, clock: parts.host.clock, owner: `run ${runId} of ${suite.name}`, pid: OWN_PID }));
  } catch (error) {
    const failure = asRealopsError(error, 'REALOPS_LEDGER_WRITE');
    if (failure.code !== 'REALOPS_LEDGER_BUSY') throw failure;
    stream.publish({ event: 'warning', about: 'remedies', code: failure.code, message: `off in this run: ${failure.message}` });
    return NONE;
  }
  if (held.sealed > 0) stream.publish({ event: 'warning', about: 'ledger', code: 'REALOPS_JOURNAL_WRITE', message: `an unfinished record of ${held.sealed} bytes was moved aside; it was never acted on` });
  const recent = createRecentEvents();
  stream.subscribe({ name: 'recent', lossless: false, on: recent.on });
  const control = createRemedyControl({
    suite, host: parts.host, runId, ledger: held.ledger, stateFolder: folder, mode, plan: parts.plan, redactor: parts.redactor, signal: parts.signal,
    suiteArgument: `${shellQuote(options.suiteArgument ?? suite.file)}${options.stateArgument === undefined ? '' : ` --state ${shellQuote(options.stateArgument)}`}`, recent, publish: (draft) => stream.publish(draft), failPoint: options.failPoint,
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
    start: () => orLost(async () => {
      await takeRequests(folder, held.ledger);
      await control.start();
    }),
    async treat(analysed) {
      let treated: Treated | undefined;
      stream.publish({ event: 'phase_start', phase: 'remedy' });
      await stream.drain(1_000, parts.signal);
      await orLost(async () => {
        await takeRequests(folder, held.ledger);
        treated = await control.treat(analysed);
      });
      if (treated !== undefined) return treated;
      const why = lost?.message ?? 'the ledger could not be written';
      return { ...untreated(analysed), needsHuman: true, manual: [{ what: `the ledger could not be kept, so nothing was changed for good: ${why}`, command: null }] };
    },
    [Symbol.asyncDispose]: () => (options.ledger === undefined ? held[Symbol.asyncDispose]() : Promise.resolve()),
  };
}

function untreated({ slos }: Analysed): Treated {
  return { slos, repeated: undefined, kept: false, manual: [], seenTo: new Set(), needsHuman: false };
}

const NONE: Remedies = {
  active: false,
  start: () => Promise.resolve(),
  treat: (analysed) => Promise.resolve(untreated(analysed)),
  [Symbol.asyncDispose]: () => Promise.resolve(),
};
