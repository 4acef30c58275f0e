import { RealopsError } from '../errors/index.js';
import { compileSchema } from '../schema/index.js';
import { isJsonObject, preview } from '../text/index.js';
import type { RunEvent } from './event.js';
import { EVENT_BASE_SCHEMA, EVENT_SCHEMAS } from './event-schema.js';
import { openNode } from './schema-nodes.js';
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

/** The events of this version, open to fields of newer ones. */
const readable = new Map(Object.entries(EVENT_SCHEMAS).map(([name, schema]) => [name, openNode(schema)]));

/** The seam where text from a file becomes an event: the fields that every event has are checked, then those that its name promises. */
function asEvent(value: unknown, line: number): RunEvent {
  if (!isJsonObject(value)) throw invalid(line, `is not an object: ${preview(value, 60)}`);
  const name = typeof value['event'] === 'string' ? value['event'] : '';
  const [issue] = compileSchema(readable.get(name) ?? EVENT_BASE_SCHEMA).check(value).issues;
  if (issue !== undefined) throw invalid(line, `is not ${name === '' ? 'an event' : `a ${name} event`}: ${issue.path.length === 0 ? 'it' : issue.path.join('.')} ${issue.message}`);
  return value as unknown as RunEvent;
}

function invalid(line: number, problem: string): RealopsError {
  return new RealopsError('REALOPS_LOG_INVALID', `line ${line} ${problem}`, { hint: 'give a log.jsonl of a run folder, as it was written' });
}
