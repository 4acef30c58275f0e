import { UNKNOWN_DIAGNOSIS } from '../model/remedy-scope.js';
import type { Diagnosed } from '../model/remedy.js';
import type { Suite } from '../model/suite.js';
import type { Decision } from '../remedy/decide.js';
import type { AttemptEnd } from '../remedy/machine.js';
import { issueOf, type Change, type LedgerState } from '../remedy/state.js';

/** Something that people have to look into as soon as they can. */
export interface Call {
  /** The issue or remedy, for a file name. */
  readonly about: string;
  readonly title: string;
  readonly reasons: readonly string[];
}

/** What a person has to do after a run, and the SLOs that need no line of their own. */
export interface ForPeople {
  readonly manual: readonly { readonly what: string; readonly command: string | null }[];
  /** SLOs that somebody or something sees to. */
  readonly seenTo: ReadonlySet<string>;
  readonly needsHuman: boolean;
}

/** What that is told from. */
export interface ForPeopleParts {
  readonly state: LedgerState;
  readonly diagnosed: readonly Diagnosed[];
  /** Issues with SLOs that still fail. */
  readonly red: readonly string[];
  readonly decision: Decision;
  /** A command on the ledger of this suite. */
  readonly command: (name: string, argument: string) => string;
}

/** What a person has to do, with the command that does it. Pure. */
export function forPeople({ state, diagnosed, red, decision, command }: ForPeopleParts): ForPeople {
  const manual: { readonly what: string; readonly command: string | null }[] = [];
  const seenTo = new Set<string>();
  for (const issue of red) {
    const why = issueOf(state, issue).manual;
    if (why === null) continue;
    manual.push({ what: `${issue === UNKNOWN_DIAGNOSIS ? 'SLOs without a known cause' : `the issue ${issue}`} needs a person: ${why}`, command: command('ack', issue) });
    for (const slo of diagnosed.find(({ diagnosis }) => diagnosis === issue)?.slos ?? []) seenTo.add(slo);
  }
  const needsHuman = manual.length > 0;
  for (const { id, param, issue } of state.changes.filter(({ status }) => status === 'conflict' || status === 'undoing')) {
    const why = issueOf(state, issue).manual;
    if (why !== null && !red.includes(issue)) manual.push({ what: `change ${id} of ${param} needs a person: ${why}`, command: command('ack', issue) });
  }
  if (decision.kind === 'none') return { manual, seenTo, needsHuman };
  const { change } = decision.candidate;
  if (decision.kind === 'propose') manual.push({ what: `allow ${change.remedy} (${decision.why}): ${change.param} ${JSON.stringify(change.before)} → ${JSON.stringify(change.after)}`, command: command('approve', change.digest) });
  for (const slo of change.slos) seenTo.add(slo);
  return { manual, seenTo, needsHuman };
}

/** What calls are made from. */
export interface CallParts {
  /** The ledger before and after the remedies of this run. */
  readonly before: LedgerState;
  readonly state: LedgerState;
  readonly suite: Pick<Suite, 'remedies'>;
  readonly decision: Decision;
  readonly end: AttemptEnd | undefined;
  /** What the repetition said. */
  readonly why: string | undefined;
}

/** What people have to be called for from this run on: issues that newly need a person, and a change that came to nothing by an action that calls people then. Pure. */
export function callsOf({ before, state, suite, decision, end, why }: CallParts): readonly Call[] {
  const calls = [...state.issues].flatMap(([issue, { manual }]): Call[] => {
    if (manual === null || before.issues.get(issue)?.manual === manual) return [];
    const tried = state.changes.filter((change) => change.issue === issue).slice(-MOST_TRIED);
    return [{ about: issue, title: issue === UNKNOWN_DIAGNOSIS ? 'SLOs without a known cause need a person' : `The issue ${issue} needs a person`, reasons: [manual, ...tried.map(triedText)] }];
  });
  if (decision.kind !== 'apply' || end === undefined || end === 'kept') return calls;
  const { change } = decision.candidate;
  const remedy = suite.remedies.find(({ id }) => id === change.remedy);
  if (remedy?.action.callsPeople !== true) return calls;
  const ended = state.changes.find(({ id }) => id === change.id);
  return [...calls, { about: change.remedy, title: `${remedy.title}: it came to nothing`, reasons: [ended?.why ?? why ?? `${change.param} did not come about`] }];
}

const MOST_TRIED = 5;

function triedText({ id, remedy, param, before, after, status, why, stateless }: Change): string {
  const what = stateless ? param : `${param} ${JSON.stringify(before)} → ${JSON.stringify(after)}`;
  return `tried: ${what} by ${remedy} (change ${id}, ${STATUS_WORDS[status]})${why === null ? '' : `: ${why}`}`;
}

const STATUS_WORDS: { readonly [S in Change['status']]: string } = {
  intended: 'unfinished', applied: 'unfinished', doomed: 'unfinished', undoing: 'not undone yet', failed: 'in force', kept: 'in force', undone: 'rolled back', aborted: 'not made', conflict: 'changed by someone else since',
};
