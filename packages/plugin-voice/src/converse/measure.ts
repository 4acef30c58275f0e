import type { Labels, MetricValue } from '@alice/realops/plugin';
import { conversationFigures, type ConversationFigures } from './conversation-figures.js';
import { speechOf, type Heard } from './speech.js';
import type { SaidTurn, Timeline } from './timeline.js';
import type { TurnFigures } from './turn.js';
import { turnFigures } from './turn-figures.js';

/** One value of a metric of `voice.converse`; null where a value was due and none came. */
export interface TurnMeasurement {
  readonly metric: string;
  readonly value: MetricValue | null;
  readonly labels: Labels;
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
  const turns = turnFigures(timeline, speech);
  const conversation = conversationFigures(timeline, speech, turns);
  const ofTurns = timeline.turns.flatMap((turn, index) => {
    const figures = turns[index];
    return figures === undefined ? [] : measurementsOf(turn, figures);
  });
  return { turns, conversation, speech, measurements: [...ofTurns, ...ofConversation(conversation)] };
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
