import type { RecentEvents } from '../diagnose/notable.js';
import { EXIT_CODES } from '../model/words.js';
import type { JudgedSlo } from '../model/slo.js';
import type { MetricStore } from '../metrics/store.js';
import { untilAborted } from '../time/index.js';
import type { JsonObject } from '../text/index.js';
import { decideOutcome, type FailedAttempts } from './analyse.js';
import { callPeople } from './call-people.js';
import type { CycleEnd, CycleParts } from './cycle.js';
import type { Executed, ExecuteOptions } from './execute.js';
import type { StepHost } from './host.js';
import { insightOf, withRepetition, type Insight } from './insight.js';
import { phaseTime } from './phase-time.js';
import type { Treated } from './remedy-control.js';
import type { Remedies } from './remedies.js';
import type { Samples } from './samples.js';

/** What a run knows when it has judged its SLOs, or has found that it cannot run. */
export interface AftermathParts extends Omit<CycleParts, 'host'> {
  readonly host: StepHost;
  readonly remedies: Remedies;
  readonly recent: RecentEvents;
  /** States of the machine; undefined when nobody asks for them. */
  readonly samples: Samples | undefined;
  readonly store: MetricStore;
  readonly failed: FailedAttempts;
  readonly lanes: Omit<ExecuteOptions, 'signal'>;
  readonly slos: readonly JudgedSlo[];
  readonly executed: Executed;
  readonly preflight: JsonObject;
  /** Why not everything was executed; undefined when it was. */
  readonly incomplete: string | undefined;
  readonly couldNotRun: boolean;
}

/** What follows from the verdicts: causes are named, at most one change is made, people are told. Gives how the run ends. */
export async function aftermath(parts: AftermathParts): Promise<CycleEnd> {
  const { suite, remedies, stream, host, options, signal, recent, store, preflight, executed, incomplete } = parts;
  const ruled = suite.diagnoses.length > 0 || suite.remedies.length > 0 || suite.alerts.length > 0 || remedies.active;
  const look = async (slos: readonly JudgedSlo[], samples: Pick<MetricStore, 'select'>): Promise<Insight> => {
    // Rules read events, so those of this moment must have arrived.
    await stream.drain(1_000, signal);
    return insightOf({ suite, slos, store: samples, events: recent.list(), history: remedies.history(), preflight });
  };
  let treated: Treated = { slos: parts.slos, repeated: undefined, kept: false, manual: [], seenTo: new Set(), needsHuman: false, calls: [] };
  if (ruled && !parts.couldNotRun) {
    const insight = await inTime(look(parts.slos, store));
    for (const each of insight?.diagnosed ?? []) if (suite.diagnoses.length > 0 || remedies.active) stream.publish({ event: 'diagnosed', ...each });
    if (insight !== undefined && remedies.active) {
      stream.publish({ event: 'phase_start', phase: 'remedy' });
      using time = phaseTime(host.clock, 'remedy', options.budget, signal);
      treated = await remedies.treat({ slos: parts.slos, store, failed: parts.failed, executed, insight, incomplete, execute: { ...parts.lanes, signal: time.signal } });
      if (time.over !== undefined) stream.publish({ event: 'warning', about: 'remedy', code: 'REALOPS_BUDGET', message: time.over });
    }
  }
  const end = endOf(parts, treated);
  if (signal.aborted) return end;
  tellPeople(parts, treated);
  const { repeated, slos, calls } = treated;
  const samples = repeated === undefined ? store : withRepetition(store, repeated.store, repeated.executed.scenarios);
  await callPeople({ ...parts, slos, calls, look: () => look(slos, samples), report: () => ({ ...parts.soFar(), ...end, exit_code: EXIT_CODES[end.outcome] }) });
  return end;

  /** The insight, unless the analysis uses up its time first; then nothing is concluded. */
  async function inTime(work: Promise<Insight>): Promise<Insight | undefined> {
    using time = phaseTime(host.clock, 'analyse', options.budget, signal);
    try {
      return await untilAborted(work, time.signal);
    } catch {
      if (time.over !== undefined) stream.publish({ event: 'warning', about: 'analyse', code: 'REALOPS_BUDGET', message: `${time.over}; no cause was named and nothing was changed` });
      return undefined;
    }
  }
}

function tellPeople({ suite, stream, remedies }: AftermathParts, { slos, seenTo, manual }: Treated): void {
  for (const slo of slos) {
    if (slo.verdict === 'fail' && !seenTo.has(slo.id)) stream.publish({ event: 'manual_required', what: `${slo.title}: ${slo.target} was not met and ${remedies.active ? 'nothing was done about it' : suite.remedies.length === 0 ? 'no remedy is configured' : 'remedies are off'}`, command: null });
  }
  for (const { what, command } of manual) stream.publish({ event: 'manual_required', what, command });
}

function endOf({ executed, incomplete, couldNotRun }: AftermathParts, { slos, repeated, kept, needsHuman }: Treated): CycleEnd {
  if (couldNotRun) return { outcome: 'could-not-run', reason: incomplete ?? 'preflight did not hold' };
  const { outcome, reason } = decideOutcome(repeated === undefined ? executed : afterRepetition(executed, repeated.executed), slos);
  const told = incomplete === undefined ? reason : `${reason}; ${incomplete}`;
  if (needsHuman && outcome === 'failed') return { outcome: 'needs-human', reason: `${told}; a person is needed` };
  if (incomplete !== undefined && outcome === 'healthy') return { outcome: 'inconclusive', reason: told };
  return kept && outcome === 'healthy' ? { outcome: 'remedied', reason: `${told}, after one change of the system` } : { outcome, reason: told };
}

/** The counts with the repeated scenarios in the place of their first pass. */
function afterRepetition(first: Executed, again: Executed): Executed {
  const failedIn = new Map(first.failedIn);
  for (const scenario of again.scenarios) failedIn.delete(scenario);
  for (const [scenario, rows] of again.failedIn) failedIn.set(scenario, rows);
  return { ...first, failed: [...failedIn.values()].reduce((sum, rows) => sum + rows, 0), failedIn };
}
