import type { RunEvent } from './event.js';

const lines = new WeakMap<RunEvent, string>();

/**
 * An event as one line of `log.jsonl`, without the newline. The text is kept as long as the event lives, so that the redaction check and the
 * log writer stringify it once. Events are frozen when they enter the stream; a change afterwards would not show here.
 */
export function serialise(event: RunEvent): string {
  const known = lines.get(event);
  if (known !== undefined) return known;
  const line = JSON.stringify(event);
  lines.set(event, line);
  return line;
}

/** Says which text an event was read from, so that a copy of its log is the same byte for byte. For `readLog` alone. */
export function rememberLine(event: RunEvent, line: string): void {
  lines.set(event, line);
}
