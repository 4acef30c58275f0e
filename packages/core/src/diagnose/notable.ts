import type { RunEvent } from '../events/event.js';
import { serialise } from '../events/serialise.js';
import { isJsonObject, type JsonObject } from '../text/index.js';

/** So many events rules can read. */
export const MOST_EVENTS = 200;

const ORDINARY: ReadonlySet<RunEvent['event']> = new Set(['measured', 'step_start', 'test_start']);

/** The newest notable events of a run, for rules and incidents: all but measurements and beginnings, which come by the thousand. */
export interface RecentEvents {
  /** Takes an event as the stream gives it. */
  on(event: RunEvent): void;
  /** Oldest first, at most {@link MOST_EVENTS} unless made with another limit. */
  list(): readonly RunEvent[];
  /** How many notable events were let go because newer ones came. */
  readonly dropped: number;
}

/** No events yet; keeps the newest `limit`. */
export function createRecentEvents(limit = MOST_EVENTS): RecentEvents {
  let kept: RunEvent[] = [];
  let dropped = 0;
  return {
    on(event) {
      if (ORDINARY.has(event.event)) return;
      kept.push(event);
      // Cut now and then: a list that is shifted for every event costs its length each time.
      if (kept.length < 2 * limit) return;
      dropped += kept.length - limit;
      kept = kept.slice(-limit);
    },
    list: () => kept.slice(-limit),
    get dropped() {
      return dropped + Math.max(0, kept.length - limit);
    },
  };
}

/** Events as the JSON of `log.jsonl`, without those that rules do not read, at most {@link MOST_EVENTS}. */
export function eventsAsJson(events: readonly RunEvent[]): readonly JsonObject[] {
  const notable = events.filter(({ event }) => !ORDINARY.has(event)).slice(-MOST_EVENTS);
  return notable.flatMap((event) => {
    const json: unknown = JSON.parse(serialise(event));
    return isJsonObject(json) ? [json] : [];
  });
}
