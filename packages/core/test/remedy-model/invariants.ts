import type { Step } from '../../src/remedy/machine.js';
import type { RemedyProtocol } from './protocol.js';
import type { Option, World } from './world.js';

/** A promise of the safety contract that did not hold, and the way there. */
export interface Violation {
  readonly invariant: string;
  readonly trace: readonly string[];
}

/** The promises, by the names that the checker prints. */
export const INVARIANTS = {
  I1: 'after a session every value that is not the first one is explained by a change in the ledger or by a person, and nothing is unfinished',
  I1b: 'nothing is kept that was not validated',
  I2: 'a loop number is used once, and makes at most one change',
  I3: 'a change moves the value by at most one step',
  I4: 'the intent is in the ledger before the value changes',
  I4b: 'a ledger that takes no more leaves the value from before in force',
  I5: 'after two failed attempts everything done for the issue is put back before anything else',
  I6: 'after three failed loops a person is needed',
  I6b: 'nothing is changed while a person is needed',
  I8: 'a change that needs an approval has one, of exactly itself, used once',
  I10: 'a change that made a guard worse, or whose time is over, does not stay',
  I11: 'every session comes to its end',
  I13: 'nothing is changed while a fault is active, or while it is not certain that something is wrong',
} as const;

/** The name of a promise. */
export type Invariant = keyof typeof INVARIANTS;

/** What the checker knows of the session beside the world. */
export interface SessionFacts {
  readonly faultActive: boolean;
  readonly certain: boolean;
  readonly needsApproval: boolean;
  readonly expires: boolean;
}

/** The promise that one step breaks, if any; `before` is the world in which it was asked. */
export function brokenByStep(step: Step, before: World, { world: after }: Option, facts: SessionFacts, { issueOf }: RemedyProtocol): Invariant | undefined {
  if (step.do === 'swap' && before.value !== after.value) {
    const known = before.ledger.changes.find(({ id }) => id === step.change.id);
    if (known === undefined) return 'I4';
    const applies = after.value === known.after && known.status === 'intended';
    if (applies && issueOf(before.ledger, 'issue').attempts >= 2 && before.ledger.changes.some(({ status }) => status === 'failed')) return 'I5';
  }
  if (step.do !== 'append' || after.ledger === before.ledger) return undefined;
  const { record } = step;
  if (record.type === 'loop' && record.loop <= before.ledger.loop) return 'I2';
  if (record.type !== 'intent') return undefined;
  const { change, approval } = record;
  if (before.ledger.changes.some(({ loop }) => loop === change.loop)) return 'I2';
  if (Math.abs(Number(change.after) - Number(change.before)) > 1) return 'I3';
  if (issueOf(before.ledger, 'issue').manual !== null || before.reds >= 3) return 'I6b';
  if (facts.faultActive || !facts.certain) return 'I13';
  const given = before.ledger.approvals.get(change.digest);
  if (facts.needsApproval && (approval !== change.digest || given === undefined || before.spent.includes(change.digest) || given.until <= before.ledger.time)) return 'I8';
  return undefined;
}

/** The promise that the end of a whole session breaks, if any. */
export function brokenAtEnd(world: World, facts: SessionFacts, { issueOf, inFlight }: RemedyProtocol): Invariant | undefined {
  const { ledger, value, edited } = world;
  const live = ledger.changes.filter(({ status }) => status === 'kept' || status === 'failed');
  const open = ledger.changes.filter(inFlight);
  if (world.reds >= 3 && issueOf(ledger, 'issue').manual === null) return 'I6';
  if (ledger.changes.some(({ id, status }) => status === 'kept' && !world.passed.includes(id))) return 'I1b';
  // A full disk, or a system that did not answer: what is not finished is at least known.
  if (open.length > 0) {
    if (!world.full && !world.troubled) return 'I1';
    const [only] = open;
    if (world.full && !world.troubled && edited === undefined && open.length === 1 && (only?.status === 'intended' || only?.status === 'applied') && value !== only.before) return 'I4b';
    return value === 0 || value === edited || [...live, ...open].some(({ before, after }) => after === value || before === value) ? undefined : 'I1';
  }
  // What was put back without a record is found to be so, and recorded, by the next session.
  if (world.full) return value === 0 || value === edited || live.some(({ before, after }) => before === value || after === value) ? undefined : 'I1';
  if (issueOf(ledger, 'issue').attempts >= 2 && ledger.changes.some(({ status }) => status === 'failed')) return 'I5';
  if (facts.expires && ledger.changes.some((change) => change.status === 'kept' && change.expires_ms !== null && ledger.time > change.intendedAt + change.expires_ms)) return 'I10';
  if (edited !== undefined) return value === edited || value === (live.at(-1)?.after ?? 0) || live.some(({ after }) => after === value) || value === 0 ? undefined : 'I1';
  return value === (live.at(-1)?.after ?? 0) ? undefined : 'I1';
}
