import { isDeepStrictEqual } from 'node:util';
import type { Json } from '../text/index.js';
import type { ChangeFacts } from './records.js';
import { issueOf, MOST_ATTEMPTS, type Change, type LedgerState } from './state.js';
import { inFlight } from './machine.js';

/** A change that a remedy would make now, with the limits it stands under. */
export interface Candidate {
  readonly change: ChangeFacts;
  readonly cooldownMs: number;
  readonly dailyLimit: number;
  /** It takes an approval of exactly this change. */
  readonly needsApproval: boolean;
}

/** What a loop has seen, as far as it matters for a remedy. */
export interface Observation {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Issues that are red, worst first, each with its candidates in the order of the suite. `certain`: one of its SLOs failed proven, or at the same point twice running. */
  readonly issues: readonly { readonly issue: string; readonly certain: boolean; readonly candidates: readonly Candidate[]; /** Why a remedy gave no candidate. */ readonly refused: readonly string[] }[];
  readonly faultActive: boolean;
  /** Changes that could not be finished at the start. */
  readonly outstanding: readonly string[];
  readonly mode: 'propose' | 'apply';
}

/** What to do about the red issues of a loop: at most one change. */
export type Decision =
  | { readonly kind: 'apply'; readonly candidate: Candidate; readonly approval: string | null; readonly held: readonly Held[] }
  | { readonly kind: 'propose'; readonly candidate: Candidate; readonly why: string; readonly held: readonly Held[] }
  | { readonly kind: 'none'; readonly held: readonly Held[] };

/** Why nothing is done about an issue. `manual`: a person is needed, and the ledger has to say so. */
export interface Held {
  readonly issue: string;
  readonly remedy: string | null;
  readonly why: string;
  readonly manual: boolean;
}

const DAY_MS = 24 * 60 * 60_000;

/** Chooses the change of this loop, or says of every issue why there is none. Pure. */
export function decide(state: LedgerState, seen: Observation): Decision {
  const held: Held[] = [];
  for (const { issue, certain, candidates, refused } of seen.issues) {
    const stop = issueBarrier(state, seen, issue, certain);
    if (stop !== undefined) {
      held.push({ issue, remedy: null, why: stop, manual: false });
      continue;
    }
    for (const why of refused) held.push({ issue, remedy: null, why, manual: false });
    if (candidates.length === 0 && refused.length === 0) held.push({ issue, remedy: null, why: 'no remedy is configured for it', manual: false });
    for (const candidate of candidates) {
      const barrier = candidateBarrier(state, candidate, seen.now);
      if (barrier !== undefined) {
        held.push({ issue, remedy: candidate.change.remedy, ...barrier });
        continue;
      }
      const approval = approvalFor(state, candidate.change.digest, seen.now);
      if (approval !== undefined) return { kind: 'apply', candidate, approval, held };
      if (candidate.needsApproval) return { kind: 'propose', candidate, why: 'it needs an approval', held };
      if (seen.mode === 'propose') return { kind: 'propose', candidate, why: 'remedies are only proposed in this run', held };
      return { kind: 'apply', candidate, approval: null, held };
    }
  }
  return { kind: 'none', held };
}

/** Why nothing may be done about an issue now. */
function issueBarrier(state: LedgerState, seen: Observation, issue: string, certain: boolean): string | undefined {
  const { manual, attempts } = issueOf(state, issue);
  if (seen.faultActive) return 'a fault is active: what fails now may be its doing';
  if (seen.outstanding.length > 0) return `change ${seen.outstanding.join(', ')} is not finished`;
  if (state.changes.some(inFlight)) return 'another change is not finished';
  if (manual !== null) return `a person is needed: ${manual}`;
  if (attempts >= MOST_ATTEMPTS) return `${attempts} attempts failed and were rolled back`;
  if (!certain) return 'it is not certain yet: the verdict is neither proven nor the second in a row';
  return undefined;
}

/** Why a change may not be made now. */
function candidateBarrier(state: LedgerState, { change, cooldownMs, dailyLimit }: Candidate, now: number): { readonly why: string; readonly manual: boolean } | undefined {
  // A clock that jumped back makes nothing younger than the ledger knows it to be.
  const time = Math.max(now, state.time);
  const own = state.changes.filter(({ remedy, status }) => remedy === change.remedy && status !== 'aborted');
  const last = own.at(-1);
  if (last !== undefined && time - last.intendedAt < cooldownMs) return { why: `it was used ${minutes(time - last.intendedAt)} ago and rests for ${minutes(cooldownMs)}`, manual: false };
  if (own.filter(({ intendedAt }) => time - intendedAt < DAY_MS).length >= dailyLimit) return { why: `it was used ${dailyLimit} times within 24 hours`, manual: false };
  const onParam = state.changes.filter(({ param, status }) => param === change.param && status !== 'aborted');
  const foreign = onParam.find(({ issue, status }) => status === 'failed' && issue !== change.issue);
  if (foreign !== undefined) return { why: `${change.param} holds the attempt ${foreign.id} of ${foreign.issue}`, manual: false };
  const temporary = onParam.find(({ status, expires_ms }) => status === 'kept' && expires_ms !== null);
  if (temporary !== undefined) return { why: `${change.param} holds change ${temporary.id}, which ends by itself`, manual: false };
  const opposite = onParam.find((earlier) => time - earlier.intendedAt < DAY_MS && isOpposite(earlier, change));
  if (opposite !== undefined) return { why: `change ${opposite.id} moved ${change.param} the other way within 24 hours`, manual: true };
  return undefined;
}

/** Whether two changes move one value in opposite directions; for values without an order, whether the later one brings back what the earlier one replaced. */
function isOpposite(earlier: Change, later: ChangeFacts): boolean {
  if (earlier.stateless || later.stateless) return false;
  if (isNumber(earlier.before) && isNumber(earlier.after) && isNumber(later.before) && isNumber(later.after)) return (earlier.after - earlier.before) * (later.after - later.before) < 0;
  return isDeepStrictEqual(later.after, earlier.before) && !isDeepStrictEqual(later.after, later.before);
}

function isNumber(value: Json): value is number {
  return typeof value === 'number';
}

/** The approval of exactly this change, when it is still good. */
function approvalFor(state: LedgerState, digest: string, now: number): string | undefined {
  const approval = state.approvals.get(digest);
  return approval !== undefined && !approval.used && Math.max(now, state.time) < approval.until ? digest : undefined;
}

function minutes(ms: number): string {
  return ms < 60_000 ? `${Math.round(ms / 1_000)} s` : `${Math.round(ms / 60_000)} min`;
}
