import type { Millis } from '@alice/realops/plugin';

/**
 * When each stream begins: in order over the ramp, each at a random moment of its own part of it. Without a ramp the parts are those of one frame, so that the frames
 * of all streams do not fall on one moment.
 */
export function startsOf(streams: number, rampMs: Millis, frameMs: Millis, random: () => number): readonly Millis[] {
  const part = Math.max(rampMs, frameMs) / streams;
  return Array.from({ length: streams }, (_, index) => (index + random()) * part);
}
