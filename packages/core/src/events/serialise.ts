import type { RunEvent } from './event.js';

/** Gives back what it is given, so that a subclass puts its private fields on an object that exists already. */
// eslint-disable-next-line @typescript-eslint/no-extraneous-class -- its constructor is all there is to it
class Given {
  constructor(event: object) {
    return event;
  }
}

/**
 * Puts the line of an event on the event itself, as a private field: it costs the garbage collector nothing, as a weak map of every event of a long run
 * would; it makes the event no slower, as a defined property would; and no copy of the event takes it along.
 */
class Lined extends Given {
  readonly #line: string;

  constructor(event: RunEvent, line: string) {
    super(event);
    this.#line = line;
  }

  static of(event: object): string | undefined {
    return #line in event ? event.#line : undefined;
  }

  static on(event: RunEvent, line: string): void {
    new Lined(event, line);
  }
}

/**
 * An event as one line of `log.jsonl`, without the newline. The text stays with an event that the stream has stamped, so that the redaction check
 * and the log writer stringify it once. Events are frozen when they enter the stream; a change afterwards would not show here.
 */
export function serialise(event: RunEvent): string {
  return Lined.of(event) ?? JSON.stringify(event);
}

/** Says which text an event was made into or read from, once. For the stream and `readLog` alone, before the event is frozen. */
export function rememberLine(event: RunEvent, line: string): void {
  if (Lined.of(event) === undefined) Lined.on(event, line);
}
