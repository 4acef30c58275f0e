import type { Json } from '../text/index.js';
import type { ChangeFacts, LedgerRecord, UndoReason } from './records.js';
import { issueOf, MOST_ATTEMPTS, type Change, type LedgerState } from './state.js';

/**
 * The remedy protocol, one durable or outward step at a time. It is the only place that decides what happens in which order; the engine carries the steps out against the
 * journal and the real system, and the model checker carries out the very same steps against every interleaving of crashes, foreign edits and answers.
 */
export type Step =
  /** Put a record on disk; the answer comes when it is synced. */
  | { readonly do: 'append'; readonly record: LedgerRecord }
  /** Read the value in force; with `hoped`, again and again until it is that one or the time the system may take is over. */
  | { readonly do: 'read'; readonly change: ChangeFacts; readonly hoped?: Json }
  /** Read the value and, only if it is `from`, write `to`. */
  | { readonly do: 'swap'; readonly change: ChangeFacts; readonly from: Json; readonly to: Json }
  /** Run the failed scenarios again and judge them. */
  | { readonly do: 'validate'; readonly change: ChangeFacts };

/** What a step is answered with. */
export type Answer =
  | { readonly kind: 'appended' }
  | { readonly kind: 'value'; readonly value: Json }
  | { readonly kind: 'unreachable'; readonly why: string }
  | { readonly kind: 'swapped' }
  /** The value was another one; nothing was written. */
  | { readonly kind: 'other'; readonly found: Json }
  /** The write may or may not have happened. */
  | { readonly kind: 'unknown'; readonly why: string }
  | { readonly kind: 'validated'; readonly result: 'pass' | 'fail' | 'worse' | 'inconclusive' | 'stopped'; readonly why: string };

/** A piece of the protocol that ends with a `T`. */
export type Protocol<T> = Generator<Step, T, Answer>;

/** What the protocol reads at every step; the ledger changes under it with each append. */
export interface MachineView {
  readonly state: () => LedgerState;
  /** Milliseconds since 1970, never before the latest record. */
  readonly now: () => number;
  readonly same: (a: Json, b: Json) => boolean;
}

/** How an attempt ended. `outstanding`: the system could not be asked; the next start finishes it. */
export type AttemptEnd = 'kept' | 'failed' | 'undone' | 'nothing-done' | 'conflict' | 'outstanding';

/** The first thing of every session: finishes what an earlier one left, then takes a loop number. Gives the changes that could not be finished. */
export function* boot(view: MachineView, run: string): Protocol<readonly string[]> {
  yield* recover(view);
  yield { do: 'append', record: { type: 'loop', loop: view.state().loop + 1, run } };
  return view.state().changes.filter(inFlight).map(({ id }) => id);
}

/** Finishes what an earlier session left in flight, and undoes what must not stay. */
export function* recover(view: MachineView): Protocol<void> {
  for (const change of newestFirst(view.state(), inFlight)) yield* finish(view, change);
  yield* undoAllDue(view);
}

/** Makes one change, validates it, and keeps or undoes it. The change carries the number of the present loop. */
export function* attempt(view: MachineView, facts: ChangeFacts, approval: string | null): Protocol<AttemptEnd> {
  yield { do: 'append', record: { type: 'intent', change: facts, approval } };
  try {
    return yield* applyAndValidate(view, facts);
  } catch (error) {
    // The ledger can take no more: what it knows is enough to finish later, but the system is better off with the value from before right now.
    yield { do: 'swap', change: facts, from: facts.after, to: facts.before };
    throw error;
  }
}

function* applyAndValidate(view: MachineView, facts: ChangeFacts): Protocol<AttemptEnd> {
  const swapped = yield { do: 'swap', change: facts, from: facts.before, to: facts.after };
  if (swapped.kind === 'other') return yield* leave(facts, swapped.found);
  if (swapped.kind !== 'swapped') {
    const taken = swapped.kind === 'unknown' ? yield* look(view, facts, facts.after) : 'before';
    if (taken === 'before') return yield* abort(facts, 'why' in swapped ? swapped.why : 'nothing was written');
    if (taken !== 'after') return taken.kind === 'other' ? yield* leave(facts, taken.found) : 'outstanding';
  }
  yield { do: 'append', record: { type: 'applied', id: facts.id } };
  const inForce = yield* look(view, facts, facts.after);
  if (inForce === 'before' && !facts.stateless) return yield* abort(facts, 'the write was answered, but the value did not change');
  if (typeof inForce === 'object') return inForce.kind === 'other' ? yield* leave(facts, inForce.found) : 'outstanding';
  const { result, why } = validation(yield { do: 'validate', change: facts });
  if (result === 'pass') {
    yield { do: 'append', record: { type: 'passed', id: facts.id } };
    return 'kept';
  }
  if (result === 'inconclusive' || result === 'stopped') return (yield* undo(view, facts, result, 'realops')) ? 'undone' : 'outstanding';
  yield { do: 'append', record: { type: 'failed', id: facts.id, worse: result === 'worse', why } };
  yield* undoAllDue(view);
  return view.state().changes.some(({ id, status }) => id === facts.id && status === 'failed') ? 'failed' : 'undone';
}

/** The last thing of every loop: says how the issues stand, and undoes what must not stay. */
export function* close(view: MachineView, red: readonly string[], green: readonly string[], verdicts: { readonly [slo: string]: string }): Protocol<void> {
  yield { do: 'append', record: { type: 'loop_end', loop: view.state().loop, red, green, verdicts } };
  yield* undoAllDue(view);
}

/** Undoes every change that must not stay: of issues with too many attempts or that need a person, that made a guard worse, or whose time is over. Newest first. */
export function* undoAllDue(view: MachineView): Protocol<void> {
  for (const change of newestFirst(view.state(), (each) => dueReason(view, each) !== undefined)) {
    // Under a newer change that is still in force its value is not there to be replaced: it waits for that one.
    if (!isCovered(view.state(), change)) yield* undo(view, change, dueReason(view, change) ?? 'failed', 'realops');
  }
}

/** Writes the value from before back, unless someone else has changed it meanwhile. Gives whether the change is finished. */
export function* undo(view: MachineView, change: ChangeFacts, reason: UndoReason, by: string): Protocol<boolean> {
  try {
    yield { do: 'append', record: { type: 'rollback', id: change.id, reason, by } };
  } catch (error) {
    // Undoing is never held up, not even by a full disk; the next start finds the old value in force and says so in the ledger.
    yield { do: 'swap', change, from: change.after, to: change.before };
    throw error;
  }
  return yield* putBack(view, change);
}

function* putBack(view: MachineView, change: ChangeFacts): Protocol<boolean> {
  if (change.stateless) {
    yield { do: 'append', record: { type: 'rolled_back', id: change.id } };
    return true;
  }
  const swapped = yield { do: 'swap', change, from: change.after, to: change.before };
  if (swapped.kind === 'unreachable') return false;
  if (swapped.kind === 'other' && !view.same(swapped.found, change.before)) {
    yield* leave(change, swapped.found);
    return true;
  }
  const now = yield* look(view, change, change.before);
  if (typeof now === 'object' && now.kind === 'other') {
    // Written back, and changed by someone else a moment later.
    yield* leave(change, now.found);
    return true;
  }
  if (now !== 'before') {
    // Written, but not in force: it stays in flight, so that every later start tries again, and a person is told.
    yield { do: 'append', record: { type: 'manual', issue: change.issue, why: `change ${change.id} could not be undone: ${now === 'after' ? 'the value did not change back' : now.why}` } };
    return false;
  }
  yield { do: 'append', record: { type: 'rolled_back', id: change.id } };
  return true;
}

/** Finishes a change that an earlier session left in flight. What was not validated is never kept. */
function* finish(view: MachineView, change: Change): Protocol<void> {
  if (change.status === 'undoing') return void (yield* putBack(view, change));
  const found = yield* look(view, change);
  if (found === 'before' && change.status === 'intended') return void (yield* abort(change, 'the run ended before anything was changed'));
  if (typeof found === 'object') return void (found.kind === 'other' ? yield* leave(change, found.found) : undefined);
  yield* undo(view, change, change.status === 'doomed' ? 'worse' : 'unfinished', 'realops');
}

type Look = 'before' | 'after' | { readonly kind: 'other'; readonly found: Json } | { readonly kind: 'unreachable'; readonly why: string };

/** Which value is in force. */
function* look({ same }: MachineView, change: ChangeFacts, hoped?: Json): Protocol<Look> {
  const read = yield { do: 'read', change, ...(hoped === undefined ? {} : { hoped }) };
  if (read.kind !== 'value') return { kind: 'unreachable', why: 'why' in read ? read.why : 'the value could not be read' };
  if (same(read.value, change.after) && !same(change.before, change.after)) return 'after';
  return same(read.value, change.before) ? 'before' : { kind: 'other', found: read.value };
}

/** Someone else changed the value: it is theirs now. */
function* leave(change: ChangeFacts, found: Json): Protocol<'conflict'> {
  yield { do: 'append', record: { type: 'conflict', id: change.id, found } };
  return 'conflict';
}

function* abort(change: ChangeFacts, why: string): Protocol<'nothing-done'> {
  yield { do: 'append', record: { type: 'aborted', id: change.id, why } };
  return 'nothing-done';
}

function validation(answer: Answer): Answer & { readonly kind: 'validated' } {
  return answer.kind === 'validated' ? answer : { kind: 'validated', result: 'inconclusive', why: 'the scenarios could not be run again' };
}

/** Between intent and end: whoever finds such a change has to finish it. */
export function inFlight({ status }: Change): boolean {
  return status === 'intended' || status === 'applied' || status === 'doomed' || status === 'undoing';
}

function dueReason({ state, now }: MachineView, change: Change): UndoReason | undefined {
  if (change.status === 'doomed') return 'worse';
  if (change.status === 'failed') {
    const { attempts, manual } = issueOf(state(), change.issue);
    if (attempts >= MOST_ATTEMPTS || manual !== null) return 'failed';
    return isOver(change, now()) ? 'expired' : undefined;
  }
  return change.status === 'kept' && isOver(change, now()) ? 'expired' : undefined;
}

function isOver({ expires_ms, intendedAt }: Change, now: number): boolean {
  return expires_ms !== null && now >= intendedAt + expires_ms;
}

/** Whether a newer change of the same value is in force, or may be. */
function isCovered(state: LedgerState, change: Change): boolean {
  return coverOf(state, change) !== undefined;
}

/** The newest change that stands on this one: it changed the same value later and is in force, so that the older value is not there to be put back. */
export function coverOf({ changes }: LedgerState, change: Change): Change | undefined {
  const newer = changes.slice(changes.findIndex(({ id }) => id === change.id) + 1);
  return newer.findLast((each) => each.param === change.param && (inFlight(each) || each.status === 'failed' || each.status === 'kept'));
}

function newestFirst(state: LedgerState, which: (change: Change) => boolean): readonly Change[] {
  return state.changes.filter(which).reverse();
}
