import { RealopsError, type Json, type Recomputation, type RecomputedMeasurement } from '@alice/realops/plugin';
import { conversationFiguresOf, isTime, type TurnMeasurement } from './measure.js';
import { CONVERSE_METRICS } from './metrics.js';
import { VOICE_METRICS_VERSION, type Timeline } from './timeline.js';

/** The name under which a conversation keeps its timeline. */
export const TIMELINE_NAME = 'timeline.json';

/** Every figure of a conversation but our own lateness follows from its timeline, and so does why it must not be judged. */
export const recomputation: Recomputation = {
  artifact: TIMELINE_NAME,
  metrics: CONVERSE_METRICS.map(({ name }) => name).filter((name) => name !== 'voice.senderLateness'),
  measurements(artifact) {
    const timeline = timelineFrom(artifact);
    return conversationFiguresOf(timeline).measurements.map((made) => withReason(timeline, made));
  },
};

/**
 * A timeline of before, which does not say what waited unsent, leaves open whether a time that nothing else spoils was spoiled by that; and the runs of then had no reason on the record for what never
 * came.
 */
function withReason({ unsentBytes }: Timeline, made: TurnMeasurement): RecomputedMeasurement {
  const { invalid, ...value } = made;
  if (unsentBytes === undefined && isTime(made) && (invalid === undefined || made.value === null)) return value;
  return { ...value, invalid: invalid ?? null };
}

/** The seam where stored JSON becomes a timeline: one that this version has written. */
function timelineFrom(artifact: Json): Timeline {
  const version: unknown = Reflect.get(Object(artifact), 'voiceMetrics');
  if (version === VOICE_METRICS_VERSION) return artifact as object as Timeline;
  throw new RealopsError('REALOPS_INPUT_INVALID', `the timeline is of version ${JSON.stringify(version) ?? 'none'} of the voice metrics; this plugin makes figures of version ${VOICE_METRICS_VERSION}`, { hint: 'install the version of the plugin that the run was made with' });
}
