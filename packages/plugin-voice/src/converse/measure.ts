import type { Labels, MetricValue } from '@alice/realops/plugin';
import { invalidityOf } from '../stream/pace.js';
import { conversationFigures, type ConversationFigures } from './conversation-figures.js';
import { latenessIn, latenessOf, type Lateness } from './lateness.js';
import { speechOf, type Heard } from './speech.js';
import type { SaidTurn, Timeline } from './timeline.js';
import { isPlaced, type TurnFigures } from './turn.js';
import { turnFigures } from './turn-figures.js';

/** One value of a metric of `voice.converse`; null where a value was due and none came. */
export interface TurnMeasurement {
  readonly metric: string;
  readonly value: MetricValue | null;
  readonly labels: Labels;
  /** Why it must not be judged: we were late ourselves. */
  readonly invalid?: string;
}

/** All that a timeline says. */
export interface Figures {
  readonly turns: readonly TurnFigures[];
  readonly conversation: ConversationFigures;
  readonly speech: readonly Heard[];
  readonly measurements: readonly TurnMeasurement[];
}

/** Everything that is measured of a conversation: a function of its timeline and nothing else. The same timeline gives the same figures, whenever it is asked. */
export function conversationFiguresOf(timeline: Timeline): Figures {
  const speech = speechOf(timeline);
  const seen = turnFigures(timeline, speech).map((figures, index) => {
    const turn = timeline.turns[index];
    return { figures, late: turn !== undefined && isPlaced(turn) ? latenessOf(timeline, turn, figures) : ON_TIME };
  });
  const turns = seen.map(({ figures, late }) => (late.verdicts === undefined || figures.verdict !== 'fail' ? figures : { ...figures, verdict: 'inconclusive' as const, reason: `${late.verdicts}, and perhaps therefore ${figures.reason}` }));
  const conversation = conversationFigures(timeline, speech, turns);
  const ofTurns = timeline.turns.flatMap((turn, index) => {
    const figures = turns[index];
    return figures === undefined ? [] : measurementsOf(turn, figures).map((made) => markedBy(seen[index]?.late ?? ON_TIME, made));
  });
  const whole = latenessIn(timeline, 0, timeline.endMs);
  const greeting = latenessIn(timeline, 0, conversation.greetingMs ?? 0);
  const ofAll = ofConversation(conversation).map((made) => markedBy(made.metric === 'voice.greeting' ? greeting : { ...(whole.verdicts === undefined ? {} : { verdicts: whole.verdicts }) }, made));
  return { turns, conversation, speech, measurements: backedUp(timeline, [...ofTurns, ...ofAll]) };
}

/** What waited unsent in the connection spoils all that is counted in ms; a timeline of before that was kept says nothing of it. */
function backedUp({ unsentBytes = 0 }: Timeline, all: readonly TurnMeasurement[]): readonly TurnMeasurement[] {
  const { invalid } = invalidityOf({ p99Ms: 0, peakBuffered: unsentBytes });
  return invalid === undefined ? all : all.map((made) => (made.invalid === undefined && isTime(made) ? { ...made, invalid } : made));
}

const ON_TIME: Lateness = {};

/** Times need a sender that is on time, everything else one that was not held up for long. */
function markedBy({ times, verdicts }: Lateness, made: TurnMeasurement): TurnMeasurement {
  const invalid = verdicts ?? (isTime(made) ? times : undefined);
  return invalid === undefined ? made : { ...made, invalid };
}

/** Whether it is spoiled by a sender that is a little late: a number, or one that never came. */
export function isTime({ value }: TurnMeasurement): boolean {
  return typeof value === 'number' || value === null;
}

function measurementsOf(turn: SaidTurn, figures: TurnFigures): readonly TurnMeasurement[] {
  const labels: Labels = { turn: turn.id, class: turn.class, ...(turn.label === '' ? {} : { label: turn.label }) };
  const made: TurnMeasurement[] = [];
  const add = (metric: string, value: MetricValue | null, more: Labels = {}): void => void made.push({ metric: `voice.${metric}`, value, labels: { ...labels, ...more } });
  const addIf = (metric: string, value: MetricValue | null): void => (value === null ? undefined : add(metric, value));
  const { verdict, answered, early, latencyMs, yielded, ignored, whileSpeaking, resumed, stopMs } = figures;
  add('turnInconclusive', verdict === 'inconclusive');
  if (turn.expect === 'respond' && answered !== null) {
    add('turnLatency', latencyMs);
    add('turnMissed', !answered);
    add('turnEarly', early);
    add('turnSilence', figures.silenceMs);
    addIf('turnLatencyArrival', figures.latencyArrivalMs);
    addIf('turnFirstByte', figures.firstByteMs);
    addIf('turnLeadingSilence', figures.leadingSilenceMs);
    addIf('talkOver', figures.talkOverMs);
    add('agentInterrupts', { part: figures.interruptions, whole: 1 });
    for (const { ms, isTaken } of figures.pauses) add('pauseTaken', isTaken, { pause: String(ms) });
  }
  addIf('turnText', turn.hasText);
  addIf('turnIntent', turn.hasIntent);
  if (turn.expect === 'stop' && yielded !== null) {
    add('bargeInYield', yielded);
    add('bargeInStop', stopMs);
    addIf('bargeInStopArrival', figures.stopArrivalMs);
    if (yielded && answered !== null) add('recovery', latencyMs);
  }
  if (ignored !== null) {
    add('ignored', ignored);
    add(whileSpeaking ? 'falseBargeIn' : 'spurious', !ignored);
    if (resumed !== null) add('resumed', resumed);
  }
  return made;
}

function ofConversation({ greetingMs, deadAirMs, spanMs, longestDeadAirMs, longGaps, reprompts, wrongClaims }: ConversationFigures): readonly TurnMeasurement[] {
  const made = (metric: string, value: MetricValue): TurnMeasurement => ({ metric: `voice.${metric}`, value, labels: {} });
  return [
    ...(greetingMs === null ? [] : [made('greeting', greetingMs)]),
    made('deadAir', { part: deadAirMs, whole: spanMs }), made('deadAirLongest', longestDeadAirMs), made('deadAirGaps', longGaps), made('reprompts', reprompts),
    ...wrongClaims.map((isWrong) => made('claimWrong', isWrong)),
  ];
}
