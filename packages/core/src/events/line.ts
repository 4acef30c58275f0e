import { isSuspect } from '../privacy/index.js';
import { numberToJson } from '../text/index.js';
import type { Measured, RunEvent, StepEnd, StepStart } from './event.js';

/** Makes the lines of events. */
export interface LineMaker {
  /**
   * The line of an event, the same as `JSON.stringify` gives, when the event is of a frequent kind, simple, and nothing in it looks like a credential;
   * undefined otherwise, which says nothing about the event.
   */
  quick(event: RunEvent): string | undefined;
}

/** Texts kept as JSON; a suite has few that repeat, and those of one row are gone with it. */
const MOST_KEPT = 2_000;
/** Longer texts are seldom met twice. */
const LONGEST_KEPT = 200;

/**
 * Nine of ten events of a run are the start, the end and the measurements of steps that passed, and most of their texts repeat: kept as JSON, and looked
 * at for credentials once, they make a line at a quarter of what stringifying and searching it costs.
 */
export function createLineMaker(): LineMaker {
  const kept = new Map<string, string>();
  let doubtful = false;
  const quote = (text: string): string => {
    const known = kept.get(text);
    if (known !== undefined) return known;
    const json = JSON.stringify(text);
    if (isSuspect(json)) doubtful = true;
    else if (text.length <= LONGEST_KEPT) {
      if (kept.size >= MOST_KEPT) kept.clear();
      kept.set(text, json);
    }
    return json;
  };
  const head = ({ seq, timestamp, at_ms, run_id }: RunEvent): string => `{"seq":${seq},"timestamp":"${timestamp}","at_ms":${number(at_ms)},"run_id":${quote(run_id)}`;
  const place = ({ scenario, row, trace_id, step }: Measured | StepStart | StepEnd): string => `"scenario":${quote(scenario)},"row":${number(row)},"trace_id":${quote(trace_id)},"step":${quote(step)}`;
  const measured = (event: Measured): string | undefined => {
    if (event.invalid !== null || !isEmpty(event.labels)) return undefined;
    return `${head(event)},"event":"measured",${place(event)},"attempt":${number(event.attempt)},"metric":${quote(event.metric)},"kind":${quote(event.kind)},"unit":${quote(event.unit)},"value":${number(event.value)},"whole":${number(event.whole)},"invalid":null,"labels":{}}`;
  };
  const started = (event: StepStart): string => `${head(event)},"event":"step_start",${place(event)},"use":${quote(event.use)},"phase":"${event.phase}","attempt":${number(event.attempt)}}`;
  const ended = (event: StepEnd): string | undefined => {
    if (event.error !== null || event.sent !== null || event.received !== null || event.expectations.length > 0) return undefined;
    const { file, line, column } = event.source;
    return `${head(event)},"event":"step_end",${place(event)},"use":${quote(event.use)},"phase":"${event.phase}","attempt":${number(event.attempt)},"retried":${event.retried},"outcome":"${event.outcome}","duration_ms":${number(event.duration_ms)},"source":{"file":${quote(file)},"line":${number(line)},"column":${number(column)}},"error":null,"expectations":[],"sent":null,"received":null}`;
  };
  const make = (event: RunEvent): string | undefined => {
    if (event.event === 'measured') return measured(event);
    if (event.event === 'step_start') return started(event);
    return event.event === 'step_end' ? ended(event) : undefined;
  };
  return {
    quick(event) {
      doubtful = false;
      const line = make(event);
      return doubtful ? undefined : line;
    },
  };
}

function number(value: number | null): string {
  return value === null ? 'null' : numberToJson(value);
}

function isEmpty(object: object): boolean {
  for (const _ in object) return false;
  return true;
}
