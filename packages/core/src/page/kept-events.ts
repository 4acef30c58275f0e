import type { RunEvent } from '../events/event.js';
import { serialise } from '../events/serialise.js';
import { plainLine } from '../text/plain.js';
import { eventWords } from '../wording/event-words.js';

/** One event for the table that needs no script. */
export interface Milestone {
  readonly time: string;
  readonly event: string;
  readonly place: string;
  readonly words: string;
}

/** The events that a page carries. */
export interface KeptEvents {
  /** One line each, in order: what it says, a tab, the event as JSON. */
  readonly lines: readonly string[];
  /** How many events passed that are not among the lines. */
  readonly left: number;
  /** The events that mark the way of the run, failures among them; the first ones when there are many. */
  readonly milestones: readonly Milestone[];
  /** How many more there were. */
  readonly moreMilestones: number;
}

/** Keeps events as they pass, within bounds. */
export interface EventKeeper {
  on(event: RunEvent): void;
  kept(): KeptEvents;
}

/** Above these the page keeps failures with their context: a browser has to hold it all. */
const MOST_EVENTS = 50_000;
const MOST_CHARACTERS = 40_000_000;
const MOST_MILESTONES = 200;
/** A row that never ends must not fill the memory either. */
const MOST_OF_A_ROW = 5_000;

interface Line {
  readonly event: RunEvent;
  /** The row it belongs to; '' when it belongs to none and stays. */
  readonly row: string;
}

/**
 * A keeper without events. Up to 50 000 events (40 million characters) all are kept; when there are more, those of rows that did not fail are given up
 * and only events of the run itself and of failed rows are kept from then on, up to the same bounds. What events say is put into words at the end.
 */
export function createEventKeeper(bounds: { readonly events: number; readonly characters: number } = { events: MOST_EVENTS, characters: MOST_CHARACTERS }): EventKeeper {
  let lines: Line[] = [];
  let characters = 0;
  let seen = 0;
  let sparse = false;
  const failed = new Set<string>();
  /** Events of rows that are still running, once only failed ones are kept. */
  const running = new Map<string, Line[]>();
  const milestones: RunEvent[] = [];
  let moreMilestones = 0;

  const push = (line: Line): boolean => {
    const size = serialise(line.event).length;
    if (lines.length >= bounds.events || characters + size > bounds.characters) return false;
    lines.push(line);
    characters += size;
    return true;
  };
  const thin = (): void => {
    sparse = true;
    const all = lines;
    lines = [];
    characters = 0;
    const ended = new Set(all.filter(({ event }) => event.event === 'test_end').map(({ row }) => row));
    for (const line of all) {
      if (line.row === '' || failed.has(line.row)) push(line);
      else if (!ended.has(line.row)) wait(line);
    }
  };
  const wait = (line: Line): readonly Line[] => {
    const waiting = running.get(line.row) ?? [];
    if (waiting.length < MOST_OF_A_ROW || line.event.event === 'test_end') waiting.push(line);
    running.set(line.row, waiting);
    return waiting;
  };
  const keep = (line: Line): void => {
    if (!sparse && push(line)) return;
    if (!sparse) thin();
    if (line.row === '') return void push(line);
    const waiting = wait(line);
    if (line.event.event !== 'test_end') return;
    running.delete(line.row);
    if (failed.has(line.row)) waiting.forEach(push);
  };
  return {
    on(event) {
      seen += 1;
      const row = 'trace_id' in event && event.scenario !== 'preflight' ? `${event.row} ${event.scenario}` : '';
      if (row !== '' && (event.event === 'test_end' || event.event === 'step_end') && event.outcome !== 'passed' && event.outcome !== 'skipped') failed.add(row);
      keep({ event, row });
      if (!isMilestone(event)) return;
      if (milestones.length >= MOST_MILESTONES && event.event !== 'run_end') moreMilestones += 1;
      else milestones.push(event);
    },
    kept() {
      const open = [...running].flatMap(([row, waiting]) => (failed.has(row) ? waiting : []));
      // Events of a row come in when it ends; the order of the run is that of their numbers.
      const all = sparse ? [...lines, ...open].slice(0, bounds.events).sort((a, b) => a.event.seq - b.event.seq) : lines;
      return {
        lines: all.map(({ event }) => `${eventWords(event).replaceAll('\t', ' ')}\t${serialise(event)}`),
        left: seen - all.length,
        milestones: milestones.map((event) => ({ time: event.timestamp.slice(11, 23), event: plainLine(event.event), place: placeOf(event), words: eventWords(event) })),
        moreMilestones,
      };
    },
  };
}

/** Where an event happened: `asr_cafe 17`, `asr_cafe`, or ''. */
function placeOf(event: RunEvent): string {
  if (!('scenario' in event) || typeof event.scenario !== 'string') return '';
  return plainLine('row' in event && event.scenario !== 'preflight' ? `${event.scenario} ${event.row}` : event.scenario);
}

const EVERYDAY: ReadonlySet<string> = new Set(['test_start', 'step_start', 'asr_partial', 'asr_final', 'note', 'picture', 'measured', 'slo_judged']);

function isMilestone(event: RunEvent): boolean {
  if (event.event === 'test_end') return false;
  if (event.event === 'step_end') return event.phase === 'preflight' || (event.outcome !== 'passed' && event.outcome !== 'skipped');
  return !EVERYDAY.has(event.event);
}
