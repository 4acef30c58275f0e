import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { shellQuote } from '../events/shell.js';
import type { RunEventDraft } from '../events/event.js';
import { decide as decideCondition } from '../diagnose/decide.js';
import { withDiagnosis } from '../diagnose/scope.js';
import type { MetricStore } from '../metrics/store.js';
import { UNKNOWN_DIAGNOSIS } from '../model/remedy-scope.js';
import type { Diagnosed } from '../model/remedy.js';
import type { JudgedSlo } from '../model/slo.js';
import type { Plan } from '../plan/plan.js';
import type { Redactor } from '../privacy/index.js';
import { decide, type Decision } from '../remedy/decide.js';
import { drive, type DriveParts } from '../remedy/drive.js';
import type { Ledger } from '../remedy/ledger.js';
import { attempt, boot, close, type AttemptEnd, type MachineView } from '../remedy/machine.js';
import type { ChangeFacts, LedgerRecord } from '../remedy/records.js';
import { sameValue } from '../remedy/same.js';
import type { Change } from '../remedy/state.js';
import type { Json } from '../text/index.js';
import { withAction, type ActionIo } from './action-context.js';
import type { FailedAttempts } from './analyse.js';
import { asRemedyChange, candidatesFor } from './candidates.js';
import type { Executed, ExecuteOptions } from './execute.js';
import type { Insight } from './insight.js';
import { callsOf, forPeople, type Call } from './for-people.js';
import { revalidate, scenariosOf, type Revalidated } from './revalidate.js';
import { traceId } from './row.js';

/** What remedying a run needs of it. */
export interface RemedyControlParts extends ActionIo {
  readonly ledger: Ledger;
  readonly stateFolder: string;
  readonly mode: 'propose' | 'apply';
  readonly plan: Plan;
  readonly redactor: Redactor;
  readonly suiteArgument: string;
  readonly publish: (draft: RunEventDraft) => void;
  /** Whether the run was cancelled (and not only its time for remedies used up). */
  readonly cancelled: () => boolean;
  readonly failPoint?: ((name: string) => Promise<void> | void) | undefined;
}

/** What the analysis of a run left for its remedies. */
export interface Analysed {
  readonly slos: readonly JudgedSlo[];
  readonly store: MetricStore;
  readonly failed: FailedAttempts;
  readonly executed: Executed;
  readonly insight: Insight;
  /** Why not everything was executed; then nothing is changed. */
  readonly incomplete: string | undefined;
  /** How a repetition is executed; its signal ends the phase. */
  readonly execute: ExecuteOptions;
}

/** What came of it. */
export interface Treated {
  /** The verdicts as they stand now. */
  readonly slos: readonly JudgedSlo[];
  /** The repetition that took the place of what failed; undefined when nothing was changed for good. */
  readonly repeated: (Pick<Revalidated, 'store'> & { readonly executed: Executed }) | undefined;
  readonly kept: boolean;
  /** What a person has to do. */
  readonly manual: readonly { readonly what: string; readonly command: string | null }[];
  /** SLOs that somebody or something sees to, so that they need no line of their own. */
  readonly seenTo: ReadonlySet<string>;
  readonly needsHuman: boolean;
  /** What people have to be called for, from this run on. */
  readonly calls: readonly Call[];
}

/** The remedies of one run: finish what earlier runs left, then at most one change. */
export interface RemedyControl {
  /** Before anything else touches the system. */
  start(): Promise<void>;
  treat(analysed: Analysed): Promise<Treated>;
}

/** Chaos marks that it is at work with this file in the state folder; no remedy is applied meanwhile. */
export const FAULT_MARK = 'fault-active';

/** The remedies of one run over a ledger that this process holds. */
export function createRemedyControl(parts: RemedyControlParts): RemedyControl {
  const { ledger, suite, publish } = parts;
  const clock = parts.host.clock;
  const now = (): number => Math.max(clock.wall().getTime(), ledger.state().time);
  const view: MachineView = { state: ledger.state, now, same: sameValue };
  let outstanding: readonly string[] = [];
  let revalidated: Revalidated | undefined;
  let analysed: Analysed | undefined;

  const world: DriveParts['world'] = {
    read: (change) => withAction(parts, change, 'read', (action, parameters, context) => action.read(parameters, context)),
    write: (change, value) => withAction(parts, change, 'write', (action, parameters, context) => action.write(parameters, value, context)),
    settleMs: ({ param }) => suite.knobs.get(param)?.settleMs ?? 2_000,
    validate: async (change) => {
      if (analysed === undefined) return { result: 'inconclusive', why: 'there is nothing to run again' };
      revalidated = await repeat(parts, change, analysed);
      publish({ event: 'remediation_validated', id: change.id, result: revalidated.result, why: revalidated.why, slos: revalidated.shifts, guards: revalidated.guards });
      return revalidated;
    },
    recorded: (record) => tell(parts, ledger.state().changes, record),
    ...(parts.failPoint === undefined ? {} : { failPoint: parts.failPoint }),
  };
  const drives: DriveParts = { ledger, world, clock, same: sameValue };

  return {
    async start() {
      outstanding = await drive(boot(view, parts.runId), drives);
    },
    async treat(seen) {
      analysed = seen;
      const { signal } = seen.execute;
      const { diagnosed } = seen.insight;
      const before = ledger.state();
      const issues = await issuesOf(seen);
      const decision = decide(ledger.state(), { now: now(), issues, faultActive: existsSync(join(parts.stateFolder, FAULT_MARK)), outstanding, mode: parts.mode });
      for (const { issue, remedy, why } of decision.held) publish({ event: 'remediation_held', issue, remedy, why });
      for (const held of decision.held) if (held.manual) await drive(record({ type: 'manual', issue: held.issue, why: held.why }), drives);
      let end: AttemptEnd | undefined;
      if (decision.kind === 'propose') await propose(decision);
      if (decision.kind === 'apply' && signal.aborted) publish({ event: 'remediation_held', issue: decision.candidate.change.issue, remedy: decision.candidate.change.remedy, why: 'the time for remedies was over' });
      else if (decision.kind === 'apply') end = await drive(attempt(view, decision.candidate.change, decision.approval), drives);
      const kept = end === 'kept';
      const slos = kept && revalidated !== undefined ? replaced(seen.slos, revalidated.judged) : seen.slos;
      if (kept) for (const slo of revalidated?.judged ?? []) publish({ event: 'slo_judged', slo });
      if (!parts.cancelled()) await drive(close(view, redIssues(diagnosed, slos), seen.incomplete === undefined ? greenIssues(diagnosed, slos) : [], Object.fromEntries(slos.map(({ id, verdict }) => [id, verdict]))), drives);
      return { slos, repeated: kept ? revalidated : undefined, kept, ...forPeople({ state: ledger.state(), diagnosed, red: redIssues(diagnosed, slos), decision, command }), calls: callsOf({ before, state: ledger.state(), suite, decision, end, why: revalidated?.why }) };
    },
  };

  async function issuesOf(seen: Analysed): Promise<Parameters<typeof decide>[1]['issues']> {
    const { diagnosed, scope } = seen.insight;
    const { incomplete } = seen;
    const tags = new Map(suite.scenarios.map(({ id, tags: each }) => [id, each]));
    const tagsOf = (id: string): readonly string[] => tags.get(id) ?? [];
    const [last] = ledger.state().past;
    const isCertain = (slos: readonly string[]): boolean => slos.some((id) => seen.slos.some((slo) => slo.id === id && slo.verdict === 'fail' && (slo.proven || last?.verdicts[id] === 'fail')));
    const scenarios = (slos: readonly string[]): readonly string[] => {
      const wanted = new Set(suite.slos.filter(({ id }) => slos.includes(id)).flatMap((slo) => scenariosOf(slo, seen.store, seen.failed, tagsOf)));
      return parts.plan.scenarios.map(({ scenario }) => scenario.id).filter((id) => wanted.has(id));
    };
    return Promise.all(diagnosed.map(async (each) => {
      if (each.diagnosis === UNKNOWN_DIAGNOSIS) return { issue: UNKNOWN_DIAGNOSIS, certain: true, candidates: [], refused: ['no diagnosis explains it, so no remedy is tried'] };
      if (incomplete !== undefined) return { issue: each.diagnosis, certain: true, candidates: [], refused: [`${incomplete}, and nothing is changed on half the evidence`] };
      const decides = (when: Parameters<typeof decideCondition>[0], diagnosis: string): ReturnType<typeof decideCondition> => decideCondition(when, withDiagnosis(scope, diagnosis));
      const { candidates, refused } = await candidatesFor(each, { ...parts, loop: ledger.state().loop, decides, scope: scope.values, scenarios });
      return { issue: each.diagnosis, certain: isCertain(each.slos), candidates, refused };
    }));
  }

  async function propose({ candidate, why }: Decision & { readonly kind: 'propose' }): Promise<void> {
    const { change } = candidate;
    if (!ledger.state().proposals.has(change.digest)) await drive(record({ type: 'proposed', change, why }), drives);
    publish({ event: 'remediation_proposed', change: asRemedyChange(suite, change), digest: change.digest, why, command: command('approve', change.digest) });
  }

  function command(name: string, argument: string): string {
    return `realops ${name} ${shellQuote(argument)} ${parts.suiteArgument}`;
  }

  function redIssues(diagnosed: readonly Diagnosed[], slos: readonly JudgedSlo[]): readonly string[] {
    const failing = new Set(slos.filter(({ verdict }) => verdict === 'fail').map(({ id }) => id));
    return diagnosed.filter((each) => each.slos.some((slo) => failing.has(slo))).map(({ diagnosis }) => diagnosis);
  }

  /** Issues that the ledger remembers and that this run saw to be over: all SLOs they may be about were judged and hold. */
  function greenIssues(diagnosed: readonly Diagnosed[], slos: readonly JudgedSlo[]): readonly string[] {
    const red = redIssues(diagnosed, slos);
    const holds = (id: string): boolean => slos.some((slo) => slo.id === id && slo.verdict === 'pass');
    const lastSlos = (issue: string): readonly string[] => ledger.state().changes.findLast((change) => change.issue === issue)?.slos ?? diagnosed.find(({ diagnosis }) => diagnosis === issue)?.slos ?? suite.slos.map(({ id }) => id);
    return [...ledger.state().issues.keys()].filter((issue) => !red.includes(issue) && lastSlos(issue).every(holds));
  }
}

function* record(entry: LedgerRecord): Generator<{ readonly do: 'append'; readonly record: LedgerRecord }, void, unknown> {
  yield { do: 'append', record: entry };
}

function replaced(slos: readonly JudgedSlo[], judged: readonly JudgedSlo[]): readonly JudgedSlo[] {
  return slos.map((slo) => judged.find(({ id }) => id === slo.id) ?? slo);
}

async function repeat(parts: RemedyControlParts, change: ChangeFacts, analysed: Analysed): Promise<Revalidated> {
  const { suite, plan, runId } = parts;
  const scenarios = plan.scenarios.filter(({ scenario }) => change.scenarios.includes(scenario.id));
  parts.publish({ event: 'rerun_start', id: change.id, scenarios: scenarios.map(({ scenario }) => scenario.id), rows: scenarios.reduce((sum, { rows }) => sum + rows.length, 0) });
  const remedy = suite.remedies.find(({ id }) => id === change.remedy);
  if (remedy !== undefined && remedy.settleMs > 0) await parts.host.clock.sleep(remedy.settleMs, analysed.execute.signal).catch(() => undefined);
  // The rows are the same; their traces are not, so that the system's own logs can tell the two apart.
  return revalidate({ suite, scenarios, slos: change.slos, guards: remedy?.guards ?? [], before: analysed.slos, store: analysed.store, execute: { ...analysed.execute, runId: traceId(runId, change.id, 0) } });
}

/** Puts what the ledger has recorded on the stream. */
function tell({ suite, publish, ledger }: RemedyControlParts, changes: readonly Change[], entry: LedgerRecord): void {
  if (!('id' in entry)) return;
  const change = changes.find(({ id }) => id === entry.id);
  if (change === undefined) return;
  const shown = asRemedyChange(suite, change);
  const by = change.approval === null ? 'realops' : (ledger.state().approvals.get(change.approval)?.by ?? 'realops');
  const ended = (state: 'aborted' | 'conflict', why: string, found: Json): void => publish({ event: 'remediation_ended', change: shown, state, why, found });
  if (entry.type === 'applied') publish({ event: 'remediation_applied', change: shown, by });
  else if (entry.type === 'aborted') ended('aborted', entry.why, null);
  else if (entry.type === 'conflict') ended('conflict', 'someone else has changed the value; it was left alone', entry.found);
  else if (entry.type === 'rolled_back') publish({ event: 'remediation_rolled_back', change: shown, reason: change.reason ?? 'failed', by: 'realops' });
}

