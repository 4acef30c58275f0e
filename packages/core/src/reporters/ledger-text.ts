import { shellQuote } from '../events/shell.js';
import type { LedgerEntry, LedgerIssue, LedgerView } from '../model/ledger.js';
import { plainLine } from '../text/plain.js';
import { beforeAfter, changeText, REMEDY_WORDS, undoWords } from '../wording/remedies.js';
import { createStyle, type Style } from './console-style.js';
import { wrapWords } from './console-table.js';

/** How a ledger is shown. */
export interface LedgerTextOptions {
  /** The suite, and the state folder when it is not the suite's own, as their user named them: the commands that are printed carry both. */
  readonly suiteArgument: string;
  readonly stateArgument?: string;
  /** Width of the terminal; 80 by default. Commands and requests are never broken, so that they can be copied. */
  readonly columns?: number;
  readonly color?: boolean;
  /** Decides which permissions are over. */
  readonly now: Date;
}

/** What an entry is shown with. */
interface Showing {
  readonly columns: number;
  readonly style: Style;
  readonly now: Date;
  readonly command: (name: string, argument: string) => string;
  readonly changes: readonly LedgerEntry[];
}

/** Width of the word before a line, with its gap. */
const WORD = 10;

/** A ledger for people: every change with its values, cause, end and way back, the proposals, then the issues that need a person. Ends with a newline; empty for an empty ledger. */
export function formatLedger(view: LedgerView, { suiteArgument, stateArgument, columns = 80, color = false, now }: LedgerTextOptions): string {
  const place = `${shellQuote(suiteArgument)}${stateArgument === undefined ? '' : ` --state ${shellQuote(stateArgument)}`}`;
  const showing: Showing = { columns: Math.max(40, columns), style: createStyle(color), now, changes: view.changes, command: (name, argument) => `realops ${name} ${shellQuote(plainLine(argument))} ${place}` };
  const parts = [...view.changes.map((entry) => entryLines(entry, showing)), ...view.issues.flatMap((issue) => issueLines(issue, showing))];
  return parts.map((lines) => `${lines.join('\n')}\n`).join('\n');
}

function entryLines(entry: LedgerEntry, showing: Showing): readonly string[] {
  const { id, state, issue, remedy, cause, time, loop, by } = entry;
  const waits = state === 'proposed' || state === 'approved';
  return [
    ...(waits ? [`proposal  ${showing.style.unsure(isOver(entry, showing) ? 'not approved any more' : state)}  ${whatChanges(entry)}`] : [`change ${plainLine(id)}  ${stateWord(entry, showing.style)}  ${whatChanges(entry)}`]),
    ...line(waits ? 'proposed' : 'made', `${clock(time)} in loop ${loop} by ${plainLine(remedy)}`, showing),
    ...line('cause', `${plainLine(issue)}: ${plainLine(cause)}`, showing),
    ...(waits ? approvalLines(entry, showing) : [...endLines(entry, showing), ...(by === 'realops' ? [] : line('person', plainLine(by), showing)), ...undoLines(entry, showing)]),
  ];
}

/** `eosTimeout 500 → 650`; what has no values to compare goes by its action: `asr (service.restart)`. */
function whatChanges(entry: LedgerEntry): string {
  return beforeAfter({ ...entry, unit: null }) === '' ? `${plainLine(entry.param)} (${plainLine(entry.use)})` : changeText({ ...entry, unit: null });
}

function stateWord({ state }: LedgerEntry, style: Style): string {
  if (state === 'approved' || state === 'unfinished') return style.unsure(state);
  return (state === 'kept' ? style.good : state === 'failed' || state === 'conflict' ? style.bad : style.unsure)(REMEDY_WORDS[state]);
}

function isOver({ until }: LedgerEntry, { now }: Showing): boolean {
  return until !== null && Date.parse(until) <= now.getTime();
}

function approvalLines(entry: LedgerEntry, showing: Showing): readonly string[] {
  const { state, by, until, why, digest } = entry;
  const over = isOver(entry, showing);
  const allow = command('allow', showing.command('approve', digest));
  if (state === 'proposed' || until === null) return [...(why === null ? [] : line('waits', plainLine(why), showing)), ...allow];
  return [...line('allowed', `by ${plainLine(by)} ${over ? 'until' : 'once, until'} ${clock(until)}${over ? ', which is over' : '; the next run makes it if its cause is still there'}`, showing), ...(over ? allow : [])];
}

/** How a change ended. */
function endLines({ state, why, until }: LedgerEntry, showing: Showing): readonly string[] {
  const reason = why === null ? null : undoWords(why);
  const said: { readonly [S in LedgerEntry['state']]?: string | null } = {
    kept: reason === null ? null : `at first: ${reason}; later its SLOs held`,
    failed: `${reason ?? 'its SLOs did not hold'}; it stays until the next attempt`,
    'rolled-back': reason,
    aborted: reason,
    conflict: `${reason ?? 'someone else had changed the value'}; it was left alone`,
    unfinished: 'the next run finishes it before anything else',
  };
  const text = said[state] ?? null;
  return [...(text === null ? [] : line('result', text, showing)), ...(until !== null && (state === 'kept' || state === 'failed') ? line('ends', `${clock(until)}, or at the first run after it`, showing) : [])];
}

/** How a change that is in force is taken back. */
function undoLines(entry: LedgerEntry, showing: Showing): readonly string[] {
  if (!isInForce(entry)) return [];
  if (entry.stateless) return line('undo', plainLine(entry.rollback), showing);
  const cover = showing.changes.slice(showing.changes.indexOf(entry) + 1).findLast((each) => each.param === entry.param && isInForce(each));
  if (cover !== undefined) return line('undo', `change ${plainLine(cover.id)} stands on it: undo that one first`, showing);
  return [...command('undo', showing.command('undo', entry.id)), ...command('by hand', plainLine(entry.rollback))];
}

function isInForce({ state }: LedgerEntry): boolean {
  return state === 'kept' || state === 'failed' || state === 'unfinished';
}

function issueLines({ issue, manual }: LedgerIssue, showing: Showing): readonly (readonly string[])[] {
  if (manual === null) return [];
  const [first = '', ...rest] = wrapWords(`${plainLine(issue)}: ${plainLine(manual)}`, showing.columns - 'needs a person  '.length);
  return [[`${showing.style.bad('needs a person')}  ${first}`, ...rest.map((each) => `  ${each}`), ...command('seen to', showing.command('ack', issue))]];
}

function line(word: string, text: string, { columns }: Showing): readonly string[] {
  return wrapWords(text, columns - WORD - 2).map((each, index) => `  ${(index === 0 ? word : '').padEnd(WORD)}${each}`);
}

/** A line that is to be copied is never broken. */
function command(word: string, text: string): readonly string[] {
  return [`  ${word.padEnd(WORD)}${text}`];
}

/** `2026-11-23 18:43:13 UTC`. */
function clock(time: string): string {
  return `${time.slice(0, 19).replace('T', ' ')} UTC`;
}
