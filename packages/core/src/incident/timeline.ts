import type { RunEvent } from '../events/event.js';
import { plainJson } from '../text/plain.js';
import { eventWords } from '../wording/event-words.js';
import { markdownCode, markdownText } from '../wording/markdown-text.js';
import type { Incident } from './incident.js';

/** So many entries from the beginning and the end; an incident is read by people. */
const FIRST = 20;
const LAST = 80;

/** What happened, one line each, with how many lines were left out of the middle. */
export function timeline({ events, earlierEvents }: Pick<Incident, 'events' | 'earlierEvents'>): readonly string[] {
  const lines = events.filter(isTold).map(lineOf);
  const left = lines.length - FIRST - LAST;
  const before = earlierEvents === 0 ? [] : [`- ${earlierEvents} earlier events are in \`log.jsonl\``];
  if (left <= 0) return lines.length === 0 ? [] : [...before, ...lines];
  return [...before, ...lines.slice(0, FIRST), `- … ${left} more …`, ...lines.slice(-LAST)];
}

/** Steps and rows that went well, and phases, say nothing about what went wrong. */
function isTold(event: RunEvent): boolean {
  switch (event.event) {
    case 'measured':
    case 'test_start':
    case 'step_start':
    case 'phase_start':
    case 'lock_wait':
    case 'asr_partial':
    case 'asr_final':
    case 'note':
    case 'picture':
    case 'artifact_stored':
    case 'test_end':
      return false;
    case 'step_end':
      return event.outcome !== 'passed' && event.outcome !== 'skipped';
    case 'slo_judged':
      return event.slo.verdict !== 'pass';
    default:
      return true;
  }
}

function lineOf(event: RunEvent): string {
  const words = eventWords(event) || plainJson({ ...event, seq: undefined, timestamp: undefined, at_ms: undefined, run_id: undefined, event: undefined }, 200);
  const place = 'scenario' in event && 'row' in event ? ` ${markdownCode(event.scenario)} row ${event.row}` : '';
  return `- ${event.timestamp.slice(11, 23)} ${markdownCode(event.event)}${place} ${markdownText(words)}`;
}
