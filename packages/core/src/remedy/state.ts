import type { Json } from '../text/index.js';
import type { ChangeFacts, LedgerRecord, UndoReason } from './records.js';

/** Where a change stands. In flight are `intended`, `applied`, `doomed` and `undoing`: whoever finds one of those after a crash has to finish it. */
export type ChangeStatus = 'intended' | 'applied' | 'failed' | 'doomed' | 'kept' | 'undoing' | 'undone' | 'aborted' | 'conflict';

/** A change with what came of it. */
export interface Change extends ChangeFacts {
  readonly status: ChangeStatus;
  /** Milliseconds since 1970, as the ledger saw them. */
  readonly intendedAt: number;
  readonly endedAt: number | null;
  readonly approval: string | null;
  readonly reason: UndoReason | null;
  readonly why: string | null;
  /** What was found instead, for a conflict. */
  readonly found: Json;
}

/** What the ledger knows of one issue. */
export interface Issue {
  /** Validated changes that failed since the issue was last green or acknowledged. */
  readonly attempts: number;
  /** Consecutive loops that ended with the issue red. */
  readonly failures: number;
  /** Why a person is needed; null when none is. Sticky until acknowledged. */
  readonly manual: string | null;
}

/** A permission for one change. */
export interface Approval {
  readonly by: string;
  readonly until: number;
  readonly used: boolean;
}

/** Everything that the ledger says, folded from its records. */
export interface LedgerState {
  /** The last loop number that was used. */
  readonly loop: number;
  /** The latest time any record was written; time is never taken to be before it. */
  readonly time: number;
  /** Oldest first. */
  readonly changes: readonly Change[];
  /** How many of them failed and are still in place; saves looking through them all at every end of a loop. */
  readonly attempts: number;
  readonly issues: ReadonlyMap<string, Issue>;
  readonly approvals: ReadonlyMap<string, Approval>;
  /** By digest: the newest proposal of each remedy for what it changes that was not carried out, as long as its issue is not over. */
  readonly proposals: ReadonlyMap<string, { readonly change: ChangeFacts; readonly why: string; readonly at: number }>;
  /** The verdicts of past loops, newest first. */
  readonly past: readonly { readonly loop: number; readonly verdicts: { readonly [slo: string]: string } }[];
  /** Requests of people that were carried out. */
  readonly requests: ReadonlySet<string>;
}

/** After so many failed attempts everything done for the issue is rolled back. */
export const MOST_ATTEMPTS = 2;
/** After so many failed loops in a row a person is needed. */
export const MOST_FAILURES = 3;
const PAST_LOOPS = 20;

/** A ledger without records. */
export const EMPTY_LEDGER: LedgerState = { loop: 0, time: 0, changes: [], attempts: 0, issues: new Map(), approvals: new Map(), proposals: new Map(), past: [], requests: new Set() };

/** The issue as the ledger knows it; an issue it has not heard of is new. */
export function issueOf(state: LedgerState, issue: string): Issue {
  return state.issues.get(issue) ?? { attempts: 0, failures: 0, manual: null };
}

/** The state after one more record, written at `at`. Pure. */
export function foldRecord(before: LedgerState, record: LedgerRecord, at: number): LedgerState {
  const { loop, changes, attempts, issues, approvals, proposals, past, requests } = before;
  // Spelt out: spreading costs more than all the rest, and a ledger of years is folded at every start.
  const state: LedgerState = { loop, time: Math.max(before.time, at), changes, attempts, issues, approvals, proposals, past, requests };
  switch (record.type) {
    case 'loop':
      return { ...state, loop: Math.max(loop, record.loop) };
    case 'proposed':
      return { ...state, proposals: propose(state, record.change, record.why) };
    case 'intent': {
      const change: Change = { ...record.change, status: 'intended', intendedAt: state.time, endedAt: null, approval: record.approval, reason: null, why: null, found: null };
      return { ...useUp(state, record.approval, record.change.digest), changes: [...withoutOld(state), change] };
    }
    case 'applied':
      return update(state, record.id, { status: 'applied' });
    case 'aborted':
      return update(state, record.id, { status: 'aborted', why: record.why, endedAt: state.time });
    case 'passed':
      return onIssueOf(keepAttempts(update(state, record.id, { status: 'kept', endedAt: state.time }), issuesOf(state, record.id)), record.id, (issue) => ({ ...issue, attempts: 0 }));
    case 'failed':
      return onIssueOf(update(state, record.id, { status: record.worse ? 'doomed' : 'failed', why: record.why }), record.id, (issue) => ({ ...issue, attempts: issue.attempts + 1 }));
    case 'rollback':
      return update(state, record.id, { status: 'undoing', reason: record.reason });
    case 'rolled_back':
      return update(state, record.id, { status: 'undone', endedAt: state.time });
    case 'conflict':
      return onIssueOf(update(state, record.id, { status: 'conflict', found: record.found, endedAt: state.time }), record.id, (issue) => ({ ...issue, manual: issue.manual ?? `the value of change ${record.id} was changed by someone else` }));
    case 'loop_end':
      return endLoop(state, record);
    case 'manual':
      return onIssue(state, record.issue, (issue) => ({ ...issue, manual: issue.manual ?? record.why }));
    case 'ack':
      return onIssue(asked(state, record.request), record.issue, () => ({ attempts: 0, failures: 0, manual: null }));
    case 'approved':
      return { ...asked(state, record.request), approvals: new Map(state.approvals).set(record.digest, { by: record.by, until: record.until, used: false }) };
  }
}

function asked(state: LedgerState, request: string | undefined): LedgerState {
  return request === undefined ? state : { ...state, requests: new Set(state.requests).add(request) };
}

/** A remedy that proposes another change of the same value has withdrawn its earlier proposal; a permission for that one stays good. */
function propose({ proposals, time }: LedgerState, change: ChangeFacts, why: string): LedgerState['proposals'] {
  const others = [...proposals].filter(([, { change: earlier }]) => earlier.remedy !== change.remedy || earlier.param !== change.param);
  return new Map([...others, [change.digest, { change, why, at: time }]]);
}

/** An approval serves once; a proposal that is carried out is none any more. */
function useUp(state: LedgerState, approval: string | null, digest: string): LedgerState {
  const proposals = new Map(state.proposals);
  proposals.delete(digest);
  const given = approval === null ? undefined : state.approvals.get(approval);
  if (approval === null || given === undefined) return { ...state, proposals };
  return { ...state, proposals, approvals: new Map(state.approvals).set(approval, { ...given, used: true }) };
}

function update(state: LedgerState, id: string, change: Partial<Change>): LedgerState {
  // What is updated is nearly always the newest.
  const index = state.changes.findLastIndex((each) => each.id === id);
  const known = state.changes[index];
  if (known === undefined) return state;
  // Copied and set: many times quicker than `with`, and a ledger of years is folded at every start.
  const changes = state.changes.slice();
  changes[index] = { ...known, ...change };
  const attempts = state.attempts + Number(changes[index]?.status === 'failed') - Number(known.status === 'failed');
  return { ...state, changes, attempts };
}

/** So many changes are looked through before those that can matter to nothing any more are left out. */
const MANY_CHANGES = 512;
/** Looking through them costs their number, so it is done at every so-manieth. */
const LOOK_AT = 64;
/** The longest cooldown that is kept; nothing that ended before it bears on a decision. */
const MEMORY_MS = 31 * 24 * 60 * 60_000;

/** Leaves out changes that ended long ago, so that a ledger of years is read in time that grows with its length alone. The file keeps them all. */
function withoutOld({ changes, time }: LedgerState): readonly Change[] {
  const [oldest] = changes;
  if (changes.length < MANY_CHANGES || changes.length % LOOK_AT !== 0 || oldest === undefined || time - oldest.intendedAt < MEMORY_MS) return changes;
  return changes.filter(({ endedAt, expires_ms, status }) => endedAt === null || time - endedAt < MEMORY_MS || (status === 'kept' && expires_ms !== null));
}

function onIssue(state: LedgerState, name: string, change: (issue: Issue) => Issue): LedgerState {
  return { ...state, issues: new Map(state.issues).set(name, change(issueOf(state, name))) };
}

function onIssueOf(state: LedgerState, id: string, change: (issue: Issue) => Issue): LedgerState {
  const found = state.changes.findLast((each) => each.id === id);
  return found === undefined ? state : onIssue(state, found.issue, change);
}

/** With their issue solved, attempts that are still in place are a part of the system as it should be. */
function keepAttempts(state: LedgerState, solved: readonly string[]): LedgerState {
  if (state.attempts === 0) return state;
  const isSolved = ({ status, issue }: Change): boolean => status === 'failed' && solved.includes(issue);
  return { ...state, attempts: state.changes.filter(({ status, issue }) => status === 'failed' && !solved.includes(issue)).length, changes: state.changes.map((change) => (isSolved(change) ? { ...change, status: 'kept' as const, endedAt: state.time } : change)) };
}

function issuesOf(state: LedgerState, id: string): readonly string[] {
  return state.changes.filter((change) => change.id === id).map(({ issue }) => issue);
}

function endLoop(state: LedgerState, { loop, red, green, verdicts }: LedgerRecord & { readonly type: 'loop_end' }): LedgerState {
  const issues = new Map(state.issues);
  for (const name of red) {
    const issue = issueOf(state, name);
    const failures = issue.failures + 1;
    issues.set(name, { ...issue, failures, manual: issue.manual ?? (failures >= MOST_FAILURES ? `${failures} loops in a row ended with it unsolved` : null) });
  }
  for (const name of green) issues.set(name, { ...issueOf(state, name), attempts: 0, failures: 0 });
  const proposals = state.proposals.size === 0 ? state.proposals : new Map([...state.proposals].filter(([, { change }]) => !green.includes(change.issue)));
  return { ...keepAttempts(state, green), issues, proposals, past: [{ loop, verdicts }, ...state.past].slice(0, PAST_LOOPS) };
}
