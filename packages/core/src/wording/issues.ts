import type { RemediationReport, RunReport } from '../events/report.js';
import type { SloShift } from '../events/remedy-event.js';
import type { Diagnosed } from '../model/remedy.js';
import type { JudgedSlo } from '../model/slo.js';

/** What a report says of changes and causes. */
type Treated = Pick<RunReport, 'slos' | 'diagnoses' | 'remediations' | 'held'>;

type Held = RunReport['held'][number];

/** An SLO that failed, or that failed and holds after a change, with what was found and done about it. */
export interface Issue {
  readonly slo: JudgedSlo;
  /** How it stood before the change that healed it; undefined when it still fails. */
  readonly healed: SloShift | undefined;
  /** The cause; undefined when none was looked for. */
  readonly diagnosis: Diagnosed | undefined;
  /** Changes that were made or proposed for it. */
  readonly changes: readonly RemediationReport[];
  /** Why nothing, or nothing else, was done. */
  readonly held: readonly Held[];
}

/** One cause with what was done about it. `diagnosis` is null for changes and reasons that belong to no cause of this run, e.g. an undo of what an earlier run left. */
export interface Treatment {
  readonly diagnosis: Diagnosed | null;
  readonly changes: readonly RemediationReport[];
  readonly held: readonly Held[];
}

/** By SLO, how it stood before the kept change that healed it. */
export function healedSlos({ slos, remediations }: Pick<RunReport, 'slos' | 'remediations'>): ReadonlyMap<string, SloShift> {
  const passing = new Set(slos.filter(({ verdict }) => verdict === 'pass').map(({ id }) => id));
  const shifts = remediations.filter(({ state }) => state === 'kept').flatMap((change) => change.shifts);
  return new Map(shifts.filter(({ slo, before }) => before.verdict !== 'pass' && passing.has(slo)).map((shift) => [shift.slo, shift]));
}

/** The SLOs that failed or were healed, in the order of the report, healed ones last. */
export function issuesOf(report: Treated): readonly Issue[] {
  const healed = healedSlos(report);
  const issues = report.slos
    .filter(({ id, verdict }) => verdict === 'fail' || healed.has(id))
    .map((slo): Issue => {
      const diagnosis = report.diagnoses.find(({ slos }) => slos.includes(slo.id));
      const changes = report.remediations.filter((change) => change.slos.includes(slo.id) || change.shifts.some((shift) => shift.slo === slo.id));
      return { slo, healed: healed.get(slo.id), diagnosis, changes, held: report.held.filter(({ issue }) => issue === diagnosis?.diagnosis || issue === slo.id) };
    });
  return [...issues.filter((issue) => issue.healed === undefined), ...issues.filter((issue) => issue.healed !== undefined)];
}

/** Everything found and done, cause by cause in the order of the report; what belongs to no cause comes last. Each change and each reason is told once. */
export function treatmentsOf({ diagnoses, remediations, held }: Treated): readonly Treatment[] {
  const known = new Set(diagnoses.map(({ diagnosis }) => diagnosis));
  const of = (issue: string): Omit<Treatment, 'diagnosis'> => ({ changes: remediations.filter((change) => change.issue === issue), held: held.filter((each) => each.issue === issue) });
  const rest = { diagnosis: null, changes: remediations.filter(({ issue }) => !known.has(issue)), held: held.filter(({ issue }) => !known.has(issue)) };
  const first = diagnoses.map((diagnosis, index): Treatment => {
    const told = diagnoses.findIndex((each) => each.diagnosis === diagnosis.diagnosis) < index;
    return { diagnosis, ...(told ? { changes: [], held: [] } : of(diagnosis.diagnosis)) };
  });
  return rest.changes.length + rest.held.length > 0 ? [...first, rest] : first;
}

/** SLOs by title: what people know them by. An id that the report does not judge stays an id. */
export function titlesOf(ids: readonly string[], { slos }: Pick<RunReport, 'slos'>): readonly string[] {
  return ids.map((id) => slos.find((slo) => slo.id === id)?.title ?? id);
}
