import type { Answer, Step } from '../../src/remedy/machine.js';
import type { ChangeFacts, LedgerRecord } from '../../src/remedy/records.js';
import type { LedgerState } from '../../src/remedy/state.js';
import type { RemedyProtocol } from './protocol.js';

/** What may still go wrong on the way. */
export interface Budget {
  readonly crashes: number;
  readonly edits: number;
  /** Reads that give nothing, writes whose fate is not known, writes that are answered and do nothing. */
  readonly faults: number;
  /** The disk is full from some append on, to the end of the session. */
  readonly full: number;
  readonly acks: number;
  readonly approvals: number;
}

/** The system and the ledger, with what the checker remembers to judge them by. */
export interface World {
  readonly ledger: LedgerState;
  /** The value in force. */
  readonly value: number;
  readonly budget: Budget;
  /** The last value that a person set by hand; undefined while nobody did. */
  readonly edited: number | undefined;
  /** Ids of changes whose repetition was answered with `pass`. */
  readonly passed: readonly string[];
  /** Loops in a row that ended red, as the checker counts them. */
  readonly reds: number;
  /** Approvals that a change was made with since they were given. */
  readonly spent: readonly string[];
  readonly full: boolean;
  /** The system could not be asked, or a write did nothing, in this session. */
  readonly troubled: boolean;
}

/** One way on from a step: the name of what happened, the world after it, and the answer; without an answer the session ends there (the process died). */
export interface Option {
  readonly name: string;
  readonly world: World;
  readonly answer?: Answer;
  /** The append failed: the protocol gets an exception. */
  readonly fails?: true;
  /** Nothing was answered yet: the same step is asked again in the new world. */
  readonly again?: true;
}

/** The value that nobody but a person sets. */
export const FOREIGN = 9;

/** Everything that may happen at a step. */
export function optionsOf(step: Step, world: World, protocol: RemedyProtocol): readonly Option[] {
  const options: Option[] = [];
  const { budget } = world;
  if (budget.edits > 0) options.push({ name: 'a person sets the value', world: { ...world, value: FOREIGN, edited: FOREIGN, budget: { ...budget, edits: budget.edits - 1 } }, again: true });
  const died: World = { ...world, budget: { ...budget, crashes: budget.crashes - 1 } };
  if (budget.crashes > 0) options.push({ name: `killed before ${nameOf(step)}`, world: died });
  if (step.do === 'append') appendOptions(step.record, world, died, protocol, options);
  else if (step.do === 'read') readOptions(world, options);
  else if (step.do === 'swap') swapOptions(step, world, died, options);
  else for (const result of ['pass', 'fail', 'worse', 'inconclusive', 'stopped'] as const) options.push({ name: `the repetition says ${result}`, world: result === 'pass' ? { ...world, passed: [...world.passed, step.change.id] } : world, answer: { kind: 'validated', result, why: result } });
  return options;
}

function appendOptions(record: LedgerRecord, world: World, died: World, protocol: RemedyProtocol, options: Option[]): void {
  const { budget } = world;
  if (world.full) return void options.push({ name: `${record.type} does not fit on the disk`, world, fails: true });
  const after = appended(world, record, protocol);
  options.push({ name: record.type, world: after, answer: { kind: 'appended' } });
  if (budget.crashes > 0) options.push({ name: `killed after ${record.type}`, world: { ...after, budget: died.budget } });
  if (budget.full > 0) options.push({ name: `the disk is full at ${record.type}`, world: { ...world, full: true, budget: { ...budget, full: budget.full - 1 } }, fails: true });
}

/** The world with a record in its ledger. Time is counted in loops: each takes as long as the longest limit that is not under test. */
export function appended(world: World, record: LedgerRecord, protocol: RemedyProtocol): World {
  const ledger = protocol.foldRecord(world.ledger, record, world.ledger.loop);
  const reds = record.type === 'loop_end' ? (record.red.length > 0 ? world.reds + 1 : record.green.length > 0 ? 0 : world.reds) : record.type === 'ack' ? 0 : world.reds;
  // An attempt that failed and is in place while the issue is found to be solved counts as validated by that.
  const solved = (record.type === 'loop_end' && record.green.length > 0) || record.type === 'passed' ? world.ledger.changes.filter(({ status }) => status === 'failed').map(({ id }) => id) : [];
  const spent = record.type === 'approved' ? world.spent.filter((digest) => digest !== record.digest) : record.type === 'intent' && record.approval !== null ? [...world.spent, record.approval] : world.spent;
  return { ...world, ledger, reds, spent, passed: [...world.passed, ...solved] };
}

function readOptions(world: World, options: Option[]): void {
  options.push({ name: `read ${world.value}`, world, answer: { kind: 'value', value: world.value } });
  if (world.budget.faults > 0) options.push({ name: 'the system does not answer', world: fault(world), answer: { kind: 'unreachable', why: 'no answer' } });
}

function swapOptions({ change, from, to }: Step & { readonly do: 'swap' }, world: World, died: World, options: Option[]): void {
  const { budget } = world;
  if (budget.faults > 0) options.push({ name: 'the system does not answer', world: fault(world), answer: { kind: 'unreachable', why: 'no answer' } });
  if (world.value !== from) return void options.push({ name: `found ${world.value}, not ${String(from)}`, world, answer: { kind: 'other', found: world.value } });
  const written: World = { ...world, value: Number(to) };
  options.push({ name: `${change.param} ${String(from)} → ${String(to)}`, world: written, answer: { kind: 'swapped' } });
  if (budget.crashes > 0) options.push({ name: `killed after writing ${String(to)}`, world: { ...written, budget: died.budget } });
  if (budget.faults > 0) {
    options.push({ name: 'answered, but nothing was written', world: fault(world), answer: { kind: 'swapped' } });
    options.push({ name: 'not answered, and not written', world: fault(world), answer: { kind: 'unknown', why: 'timeout' } });
    options.push({ name: 'not answered, but written', world: { ...fault(world), value: Number(to) }, answer: { kind: 'unknown', why: 'timeout' } });
  }
}

function fault(world: World): World {
  return { ...world, troubled: true, budget: { ...world.budget, faults: world.budget.faults - 1 } };
}

function nameOf(step: Step): string {
  return step.do === 'append' ? step.record.type : step.do;
}

/** The change that the one remedy of the model would make from a value: one step up. */
export function stepUp(world: World, expires: number | null): ChangeFacts {
  const { loop } = world.ledger;
  return {
    id: String(loop), loop, issue: 'issue', remedy: 'up', use: 'knob.change', with: {}, directory: '', param: 'knob', before: world.value, after: world.value + 1, rollback: 'back', digest: `${world.value}>${world.value + 1}`,
    stateless: false, expires_ms: expires, cause: 'because', evidence: {}, slos: ['slo'], scenarios: ['scenario'],
  };
}
