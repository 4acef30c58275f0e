import type { RunEvent } from './event.js';

/** Where an event carries its own line. A hidden property costs the garbage collector nothing; a weak map of every event of a long run does. */
const LINE = Symbol('line');

/**
 * An event as one line of `log.jsonl`, without the newline. The text stays with an event that the stream has stamped, so that the redaction check
 * and the log writer stringify it once. Events are frozen when they enter the stream; a change afterwards would not show here.
 */
export function serialise(event: RunEvent): string {
  const known: unknown = Reflect.get(event, LINE);
  return typeof known === 'string' ? known : JSON.stringify(event);
}

/** Says which text an event was made into or read from. For the stream and `readLog` alone, before the event is frozen. */
export function rememberLine(event: RunEvent, line: string): void {
  if (Object.isExtensible(event)) Object.defineProperty(event, LINE, { value: line });
}
