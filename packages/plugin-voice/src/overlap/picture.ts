import type { Millis, Picture, PictureLane } from '@alice/realops/plugin';
import type { Spoken } from '../diarise/der.js';

/** Who spoke when: a lane for each who really did, and under it those that were told apart, by whom. */
export function pictureOf(truth: readonly Spoken[], told: { readonly [by: string]: readonly Spoken[] }, streamMs: Millis): Picture {
  const lanes = [...lanesOf(truth, (speaker) => speaker), ...Object.entries(told).flatMap(([by, spoken]) => lanesOf(spoken.filter(isPlace), (speaker) => `${by}: ${speaker}`))];
  return { durationMs: lanes.flatMap(({ spans = [] }) => spans).reduce((most, { toMs }) => Math.max(most, toMs), streamMs), lanes };
}

function lanesOf(spoken: readonly Spoken[], nameOf: (speaker: string) => string): readonly PictureLane[] {
  return [...new Set(spoken.map(({ speaker }) => speaker))].map((each) => ({ name: nameOf(each), spans: spoken.filter(({ speaker }) => speaker === each).map(({ startMs, endMs }) => ({ fromMs: startMs, toMs: endMs })) }));
}

/** A system may tell times that are none. */
function isPlace({ startMs, endMs }: Spoken): boolean {
  return startMs >= 0 && endMs >= startMs && Number.isFinite(endMs);
}
