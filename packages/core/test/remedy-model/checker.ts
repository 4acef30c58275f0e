import type { Answer, MachineView, Protocol, Step } from '../../src/remedy/machine.js';
import { brokenAtEnd, brokenByStep, type Invariant, type SessionFacts, type Violation } from './invariants.js';
import type { RemedyProtocol } from './protocol.js';
import { appended, optionsOf, stepUp, type Budget, type Option, type World } from './world.js';

/** How far the checker goes. */
export interface Bounds {
  readonly loops: number;
  readonly budget: Budget;
  /** Every change needs an approval. */
  readonly needsApproval?: boolean;
  /** Every change ends by itself after so many loops. */
  readonly expires?: number;
  /** What a loop may see: that all is well, that the issue is there for certain or not, that a fault is active. */
  readonly sights?: readonly Sight[];
}

/** What a loop sees. */
export type Sight = 'green' | 'red' | 'uncertain' | 'fault';

/** What was looked at. */
export interface Checked {
  readonly sessions: number;
  readonly steps: number;
  readonly paths: number;
  readonly violation: Violation | undefined;
}

const MOST_STEPS = 80;

/** The world before the first loop. */
export function firstWorld(protocol: RemedyProtocol, budget: Budget): World {
  return { ledger: protocol.EMPTY_LEDGER, value: 0, budget, edited: undefined, passed: [], spent: [], reds: 0, full: false, troubled: false };
}

/**
 * Walks through every session that can follow every session, up to the bounds: each answer that the system may give, each instant at which the process may die, each instant at which
 * a person may turn the knob. Sessions that start from equal worlds are walked through once. Stops at the first promise that does not hold.
 */
export function check(protocol: RemedyProtocol, bounds: Bounds): Checked {
  const seen = new Set<string>();
  const queue: { readonly world: World; readonly trace: readonly string[] }[] = [{ world: firstWorld(protocol, bounds.budget), trace: [] }];
  const counts = { sessions: 0, steps: 0, paths: 0 };
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    for (const start of startsOf(next.world, protocol)) {
      if (start.world.ledger.loop >= bounds.loops) continue;
      const key = keyOf(start.world);
      if (seen.has(key)) continue;
      seen.add(key);
      for (const sight of bounds.sights ?? ['green', 'red']) {
        counts.sessions += 1;
        const trace = [...next.trace, ...start.said, `— loop ${start.world.ledger.loop + 1}: ${sight}`];
        const violation = walk(protocol, bounds, start.world, sight, counts, (world, said) => queue.push({ world, trace: [...trace, ...said] }));
        if (violation !== undefined) return { ...counts, violation: { invariant: violation.invariant, trace: [...trace, ...violation.trace] } };
      }
    }
  }
  return { ...counts, violation: undefined };
}

/** A session may begin at once, after a person has acknowledged, or after one has approved. */
function startsOf(ended: World, protocol: RemedyProtocol): readonly { readonly world: World; readonly said: readonly string[] }[] {
  const world: World = { ...ended, full: false, troubled: false };
  const starts = [{ world, said: [] as readonly string[] }];
  const { budget, ledger } = world;
  if (budget.acks > 0 && protocol.issueOf(ledger, 'issue').manual !== null) starts.push({ world: appended({ ...world, budget: { ...budget, acks: budget.acks - 1 } }, { type: 'ack', issue: 'issue', by: 'a person' }, protocol), said: ['a person acknowledges'] });
  if (budget.approvals > 0) {
    const digest = `${world.value}>${world.value + 1}`;
    for (const until of [ledger.loop + 1, ledger.loop + 3]) starts.push({ world: appended({ ...world, budget: { ...budget, approvals: budget.approvals - 1 } }, { type: 'approved', digest, by: 'a person', until }, protocol), said: [`a person approves ${digest} until ${until}`] });
  }
  return starts;
}

/** Walks through every path of one session; generators cannot be copied, so each path is run from its start with the answers that lead to it. */
function walk(protocol: RemedyProtocol, bounds: Bounds, start: World, sight: Sight, counts: { steps: number; paths: number }, ended: (world: World, said: readonly string[]) => void): Violation | undefined {
  const facts: SessionFacts = { faultActive: sight === 'fault', certain: sight !== 'uncertain', needsApproval: bounds.needsApproval === true, expires: bounds.expires !== undefined };
  const pending: (readonly number[])[] = [[]];
  for (let choices = pending.pop(); choices !== undefined; choices = pending.pop()) {
    counts.paths += 1;
    let world = start;
    const said: string[] = [];
    const broken = (invariant: Invariant): Violation => ({ invariant, trace: said });
    const view: MachineView = { state: () => world.ledger, now: () => world.ledger.loop, same: (a, b) => a === b };
    const running = session(protocol, view, () => world, sight, bounds);
    let answer: Answer | undefined;
    let fails = false;
    let taken = 0;
    let lost = false;
    let step: Step | undefined;
    for (;;) {
      if (step === undefined) {
        let next: IteratorResult<Step, void>;
        try {
          next = fails ? running.throw(new Error('disk full')) : answer === undefined ? running.next() : running.next(answer);
        } catch {
          lost = true;
          break;
        }
        if (next.done === true) break;
        step = next.value;
      }
      counts.steps += 1;
      if (said.length > MOST_STEPS) return broken('I11');
      const options = optionsOf(step, world, protocol);
      const known = taken < choices.length;
      const index = known ? (choices[taken] ?? 0) : 0;
      // The first time here: the other ways on are put aside for later.
      if (!known) for (let other = 1; other < options.length; other += 1) pending.push([...choices, ...zeros(taken - choices.length), other]);
      taken += 1;
      const option: Option | undefined = options[index];
      if (option === undefined) throw new Error('the protocol is not deterministic');
      said.push(option.name);
      const invariant = brokenByStep(step, world, option, facts, protocol);
      if (invariant !== undefined) return broken(invariant);
      ({ world } = option);
      if (option.again === true) continue;
      step = undefined;
      ({ answer } = option);
      fails = option.fails === true;
      if (answer === undefined && !fails) {
        ended(world, said);
        lost = true;
        world = { ...world, full: false };
        break;
      }
    }
    if (lost && !world.full) continue;
    const invariant = brokenAtEnd(world, facts, protocol);
    if (invariant !== undefined) return broken(invariant);
    ended(world, said);
  }
  return undefined;
}

function zeros(count: number): readonly number[] {
  return Array.from({ length: count }, () => 0);
}

/** One session as the engine composes it: finish what was left, decide, change at most one thing, say how it stands. */
export function* session(protocol: RemedyProtocol, view: MachineView, world: () => World, sight: Sight, bounds: Bounds): Protocol<void> {
  const outstanding = yield* protocol.boot(view, 'run');
  if (sight === 'green') return yield* protocol.close(view, [], ['issue'], { slo: 'pass' });
  const change = stepUp(world(), bounds.expires ?? null);
  const candidate = { change, cooldownMs: 0, dailyLimit: 100, needsApproval: bounds.needsApproval === true };
  const decision = protocol.decide(view.state(), { now: view.now(), issues: [{ issue: 'issue', certain: sight !== 'uncertain', candidates: [candidate], refused: [] }], faultActive: sight === 'fault', outstanding, mode: 'apply' });
  const end = decision.kind === 'apply' ? yield* protocol.attempt(view, decision.candidate.change, decision.approval) : 'nothing-done';
  return yield* end === 'kept' ? protocol.close(view, [], ['issue'], { slo: 'pass' }) : protocol.close(view, ['issue'], [], { slo: 'fail' });
}

/** Worlds with the same key have the same future, up to the names of loops. */
function keyOf({ ledger, value, budget, edited, reds, passed, spent }: World): string {
  const { loop } = ledger;
  const changes = ledger.changes.filter(({ status }) => status !== 'undone' && status !== 'aborted').map(({ id, status, before, after, intendedAt }) => [status, before, after, status === 'kept' && passed.includes(id), loop - intendedAt]);
  const approvals = [...ledger.approvals].map(([digest, { until, used }]) => [digest, until - loop, used]);
  return JSON.stringify([loop, value, budget, edited, reds, changes, [...ledger.issues], approvals, spent]);
}
