import { RealopsError } from '../errors/index.js';
import { isJsonObject, preview } from '../text/index.js';
import type { RunEvent } from './event.js';
import { rememberLine } from './serialise.js';

/** What a log says about itself beside its events. */
export type LogNote =
  /** The last line breaks off: the writer was killed. It is left out. */
  | { readonly kind: 'torn'; readonly line: number }
  /** Numbers are missing, or come twice: events were lost or the file was put together by hand. */
  | { readonly kind: 'gap'; readonly line: number; readonly expected: number; readonly got: number };

/**
 * The events of a log, one by one. The last line may break off (`kill -9`, a full disk): it is left out and told to `note`. Events of unknown
 * names are kept, so that a log of a newer version can be read. Empty lines and a byte order mark are ignored.
 * @throws RealopsError REALOPS_LOG_INVALID with the line number for anything else that is not an event.
 */
export async function* readLog(lines: Iterable<string> | AsyncIterable<string>, note: (note: LogNote) => void = () => undefined): AsyncGenerator<RunEvent, void, undefined> {
  let number = 0;
  let expected = 1;
  let broken: { readonly line: number; readonly error: RealopsError } | undefined;
  for await (const raw of lines) {
    number += 1;
    const text = number === 1 ? raw.replace(/^\ufeff/, '') : raw;
    if (text.trim() === '') continue;
    // A line that is no JSON is torn when nothing follows it, and a defect of the file when something does.
    if (broken !== undefined) throw broken.error;
    const value = parse(text);
    if (value === undefined) {
      broken = { line: number, error: invalid(number, `is not JSON: ${preview(text, 60)}`) };
      continue;
    }
    const event = asEvent(value, number);
    rememberLine(event, text);
    if (event.seq !== expected) note({ kind: 'gap', line: number, expected, got: event.seq });
    expected = event.seq + 1;
    yield event;
  }
  if (broken !== undefined) note({ kind: 'torn', line: broken.line });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The seam where text from a file becomes an event: what every event carries is checked, then the fields that its name promises. */
function asEvent(value: unknown, line: number): RunEvent {
  if (!isJsonObject(value)) throw invalid(line, `is not an object: ${preview(value, 60)}`);
  const problem = [...BASE, ...(typeof value['event'] === 'string' ? (FIELDS[value['event']] ?? []) : [])].find(([name, kind]) => !fits(value[name], kind));
  if (problem !== undefined) throw invalid(line, `${problem[0]} must be ${SENTENCES[problem[1]]}, got ${preview(value[problem[0]], 40)}`);
  return value as unknown as RunEvent;
}

type Kind = 'text' | 'number' | 'count' | 'time' | 'list' | 'object' | 'texts' | 'object?' | 'number?' | 'boolean';

const SENTENCES: { readonly [K in Kind]: string } = {
  text: 'a text', number: 'a number', count: 'a whole number from 1', time: 'a time in UTC such as 2026-11-23T14:12:00.000Z', list: 'a list of objects', texts: 'a list of texts',
  object: 'an object', 'object?': 'an object or null', 'number?': 'a number or null', boolean: 'true or false',
};

function fits(value: unknown, kind: Kind): boolean {
  switch (kind) {
    case 'text':
      return typeof value === 'string';
    case 'number':
      return typeof value === 'number';
    case 'count':
      return typeof value === 'number' && Number.isSafeInteger(value) && value >= 1;
    case 'time':
      return typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(value);
    case 'list':
      return Array.isArray(value) && value.every(isJsonObject);
    case 'texts':
      return Array.isArray(value) && value.every((item) => typeof item === 'string');
    case 'object':
      return isJsonObject(value);
    case 'object?':
      return value === null || isJsonObject(value);
    case 'number?':
      return value === null || typeof value === 'number';
    case 'boolean':
      return typeof value === 'boolean';
  }
}

const BASE: readonly (readonly [string, Kind])[] = [['seq', 'count'], ['timestamp', 'time'], ['at_ms', 'number'], ['run_id', 'text'], ['event', 'text']];
const PLACE: readonly (readonly [string, Kind])[] = [['scenario', 'text'], ['row', 'count'], ['trace_id', 'text']];
const OUTCOME: readonly (readonly [string, Kind])[] = [['outcome', 'text'], ['duration_ms', 'number']];

/** What the readers of each event lean on; the whole shape is `schemas/events`. */
const FIELDS: { readonly [event: string]: readonly (readonly [string, Kind])[] } = {
  run_start: [['engine', 'text'], ['suite', 'text'], ['environment', 'text'], ['files', 'texts'], ['suite_argument', 'text'], ['scenarios', 'list'], ['preflight', 'texts'], ['slos', 'list'], ['metrics', 'list']],
  phase_start: [['phase', 'text']],
  lock_wait: [['scenario', 'text'], ['locks', 'texts']],
  test_start: PLACE,
  test_end: [...PLACE, ...OUTCOME, ['attempts', 'count']],
  step_start: [...PLACE, ['step', 'text'], ['use', 'text'], ['phase', 'text'], ['attempt', 'count']],
  step_end: [...PLACE, ...OUTCOME, ['step', 'text'], ['use', 'text'], ['phase', 'text'], ['attempt', 'count'], ['retried', 'boolean'], ['source', 'object'], ['error', 'object?'], ['expectations', 'list']],
  asr_partial: [...PLACE, ['step', 'text'], ['text', 'text']],
  asr_final: [...PLACE, ['step', 'text'], ['text', 'text']],
  note: [...PLACE, ['step', 'text'], ['name', 'text'], ['fields', 'object']],
  measured: [...PLACE, ['step', 'text'], ['metric', 'text'], ['kind', 'text'], ['unit', 'text'], ['value', 'number?'], ['whole', 'number?'], ['labels', 'object']],
  slo_judged: [['slo', 'object']],
  slo_violation: [['slo', 'text'], ['metric', 'text'], ['value', 'number?']],
  manual_required: [['what', 'text']],
  warning: [['about', 'text'], ['code', 'text'], ['message', 'text']],
  run_end: [...OUTCOME, ['exit_code', 'number'], ['reason', 'text']],
};

function invalid(line: number, problem: string): RealopsError {
  return new RealopsError('REALOPS_LOG_INVALID', `line ${line} ${problem}`, { hint: 'give a log.jsonl of a run folder, as it was written' });
}
