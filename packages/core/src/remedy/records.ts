import type { Json, JsonObject } from '../text/index.js';

/** What is known of a change before it is made; enough to undo it without the run that made it. */
export interface ChangeFacts {
  /** Unique in the ledger: the loop that made it. */
  readonly id: string;
  readonly loop: number;
  readonly issue: string;
  readonly remedy: string;
  /** The action, e.g. `knob.change`. */
  readonly use: string;
  /** Its rendered parameters; secrets stand as `${{ secrets.NAME }}`. */
  readonly with: JsonObject;
  /** The folder that relative paths of the parameters start from. */
  readonly directory: string;
  /** What is changed, e.g. `eosTimeout`. */
  readonly param: string;
  readonly before: Json;
  readonly after: Json;
  /** How a person would undo it, in one line. */
  readonly rollback: string;
  /** The digest of exactly this change, which approvals are bound to. */
  readonly digest: string;
  /** There is nothing to compare or undo, e.g. a restart. */
  readonly stateless: boolean;
  /** It ends by itself so long after it was made; null: never. */
  readonly expires_ms: number | null;
  /** Why: the cause, with the evidence. */
  readonly cause: string;
  readonly evidence: JsonObject;
  /** The failing SLOs that it should heal, and the scenarios that are run again to see whether it did. */
  readonly slos: readonly string[];
  readonly scenarios: readonly string[];
}

/** Why a change is undone. */
export type UndoReason = 'failed' | 'worse' | 'inconclusive' | 'stopped' | 'unfinished' | 'expired' | 'asked';

/** One entry of the ledger. What happens to the system happens between two of them; each is on disk before the next step is taken. */
export type LedgerRecord =
  /** A loop began; its number is never used again. */
  | { readonly type: 'loop'; readonly loop: number; readonly run: string }
  /** A change that would be made, if it were allowed to. */
  | { readonly type: 'proposed'; readonly change: ChangeFacts; readonly why: string }
  /** A change is about to be made. `approval` is the digest that a person approved, or null. */
  | { readonly type: 'intent'; readonly change: ChangeFacts; readonly approval: string | null }
  | { readonly type: 'applied'; readonly id: string }
  /** Nothing was changed after all. */
  | { readonly type: 'aborted'; readonly id: string; readonly why: string }
  /** Validated: the SLOs hold; the change stays. */
  | { readonly type: 'passed'; readonly id: string }
  /** Validated: the SLOs do not hold. It stays until the next attempt, unless a guard got worse. */
  | { readonly type: 'failed'; readonly id: string; readonly worse: boolean; readonly why: string }
  /** A change is about to be undone. */
  | { readonly type: 'rollback'; readonly id: string; readonly reason: UndoReason; readonly by: string }
  | { readonly type: 'rolled_back'; readonly id: string }
  /** Someone else changed the value; it is left alone. */
  | { readonly type: 'conflict'; readonly id: string; readonly found: Json }
  /** How the issues stood at the end of a loop; `failing` are the SLOs whose point estimate failed. */
  | { readonly type: 'loop_end'; readonly loop: number; readonly red: readonly string[]; readonly green: readonly string[]; readonly verdicts: { readonly [slo: string]: string } }
  /** A person is needed for another reason than conflict and repeated failure. */
  | { readonly type: 'manual'; readonly issue: string; readonly why: string }
  /** A person has seen to an issue. */
  | { readonly type: 'ack'; readonly issue: string; readonly by: string; readonly request?: string }
  /** A person allows exactly one change, once, until a time (milliseconds since 1970). */
  | { readonly type: 'approved'; readonly digest: string; readonly by: string; readonly until: number; readonly request?: string };
