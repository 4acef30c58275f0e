import { defineStep, type Infer, type JsonObject, type StepContext } from '@alice/realops/plugin';
import { stereoWavOf } from '../audio/wav-file.js';
import { customTalk } from '../protocols/talk/custom.js';
import { TALKS } from '../protocols/talk/index.js';
import type { TalkProtocol } from '../protocols/protocol.js';
import { openChannel } from '../stream/channel.js';
import { configOf } from '../transcribe/prepare.js';
import { conversationFiguresOf, type Figures } from './measure.js';
import { CONVERSE_METRICS, CONVERSE_OUTPUT } from './metrics.js';
import { noiseUnder } from './noise.js';
import { CONVERSE_WITH } from './parameters.js';
import { pictureOf } from './picture.js';
import { recomputation, TIMELINE_NAME } from './recompute.js';
import { timelineOf } from './record.js';
import { prepareTurns } from './script.js';
import { talk, type Talk } from './talk.js';
import type { SaidTurn, Timeline } from './timeline.js';
import { NONE, rounded, type TurnFigures } from './turn.js';

/** Sound may come faster than it is heard, a whole reply in one message. */
const MOST_BYTES = 32 << 20;

/** `voice.converse`: speaks with an assistant in turns, and judges by what somebody hears who plays its voice as it comes. */
export const converse = defineStep({
  use: 'voice.converse',
  description: 'Speaks with a voice assistant in turns: answers, cutting in, pauses, sounds to be ignored; measures latency, yielding, selectivity and dead air at the ear.',
  with: CONVERSE_WITH,
  output: CONVERSE_OUTPUT,
  metrics: CONVERSE_METRICS,
  recompute: recomputation,
  async run(parameters, context) {
    const protocol: TalkProtocol = typeof parameters.protocol === 'string' ? TALKS[parameters.protocol] : customTalk(parameters.protocol, context.evaluate);
    const [audio = protocol.voice] = protocol.audio;
    const { frameMs, voice } = protocol;
    const plans = await prepareTurns(parameters, protocol, audio.rate, context);
    const noise = await noiseUnder(plans, parameters, audio.rate, context);
    const { traceId } = context.step;
    const session = protocol.start({ language: parameters.language, config: configOf(parameters), audio, traceId });
    const headers = { traceparent: `00-${traceId}-${traceId.slice(16)}-01`, ...parameters.headers };
    const channel = await context.use(await openChannel(protocol, session, { url: context.target(parameters.target), headers, clock: context.clock, mostBytes: MOST_BYTES }));
    const { windows, vad, hangUpMs, atMostMs } = parameters;
    const held = talk({ channel, session, plans: noise.plans, audio, voice, frameMs, noise: noise.samples, windows, vad, hangUpMs, atMostMs, clock: context.clock, signal: context.signal });
    const keep = async (): Promise<{ readonly timeline: Timeline; readonly path: string }> => {
      const timeline = timelineOf(held, parameters, frameMs, plans);
      return { timeline, path: (await context.attach(TIMELINE_NAME, `${JSON.stringify(timeline)}\n`, { mediaType: 'application/json' })) ?? '' };
    };
    try {
      await held.done;
    } catch (error) {
      // What there was of it shows where it broke off; none of it is judged.
      if (!context.signal.aborted) context.draw(pictureOf((await keep()).timeline));
      throw error;
    }
    const { timeline, path } = await keep();
    const figures = conversationFiguresOf(timeline);
    record(figures, timeline, held, noise.labels, context);
    context.draw(pictureOf(timeline, figures));
    const recording = await context.attach('conversation.wav', recordingOf(held, audio.rate, voice.rate), { mediaType: 'audio/wav', scope: 'audio:store' });
    return outputOf(figures, timeline, { snrDb: noise.snrDb, timeline: path, recording, senderLatenessP99Ms: rounded(held.pacer.report().p99Ms) });
  },
});

function record({ measurements, turns }: Figures, timeline: Timeline, { pacer }: Talk, labels: { readonly [name: string]: string }, context: StepContext): void {
  for (const { metric, value, labels: own, invalid } of measurements) {
    context.measure(metric, value, { labels: { ...labels, ...own }, ...(invalid === undefined ? {} : { invalid }) });
  }
  context.measure('voice.senderLateness', pacer.report().p99Ms, { labels });
  for (const [index, turn] of timeline.turns.entries()) context.note('voice_turn', noteOf(turn, turns[index] ?? NONE));
}

/** What a reader of the event log wants to know of a turn, the most important first. */
function noteOf({ id, expect, class: kind }: SaidTurn, { verdict, reason, latencyMs, stopMs }: TurnFigures): JsonObject {
  return { turn: id, verdict, ...(reason === '' ? {} : { reason }), ...(latencyMs === null ? {} : { latency_ms: latencyMs }), ...(stopMs === null ? {} : { stop_ms: stopMs }), expect, class: kind };
}

/** Both tracks from the first frame of the microphone on. */
function recordingOf({ mic, ear, framesMs }: Talk, micRate: number, voiceRate: number): Uint8Array {
  const said = mic.heard();
  const heard = ear.played(framesMs()[0] ?? 0, Math.ceil((said.length * voiceRate) / micRate));
  return stereoWavOf(said, micRate, heard, voiceRate);
}

interface Beside {
  readonly snrDb: number | null;
  readonly timeline: string;
  readonly recording: string | null;
  readonly senderLatenessP99Ms: number;
}

function outputOf({ turns, conversation }: Figures, timeline: Timeline, beside: Beside): Infer<typeof CONVERSE_OUTPUT> {
  const reasons = (wanted: TurnFigures['verdict']): readonly string[] => timeline.turns.flatMap(({ id }, index) => (turns[index]?.verdict === wanted ? [`${id}: ${turns[index].reason}`] : []));
  const [passed, faults, unclear] = [reasons('pass'), reasons('fail'), reasons('inconclusive')];
  const { greetingMs, deadAirMs, longestDeadAirMs, answerGapsMs, reprompts, wrongClaims } = conversation;
  return {
    faults, unclear, passed: passed.length, failed: faults.length, inconclusive: unclear.length, voiceMetrics: timeline.voiceMetrics,
    turns: timeline.turns.map(({ id, trigger }, index) => {
      const { verdict, reason, latencyMs, latencyArrivalMs, leadingSilenceMs, answerMs, silenceMs, stopMs, stopArrivalMs, ignored, resumed } = turns[index] ?? NONE;
      return { id, verdict, reason, trigger, latencyMs, latencyArrivalMs, leadingSilenceMs, answerMs, silenceMs, stopMs, stopArrivalMs, ignored, resumed };
    }),
    greetingMs, deadAirMs, longestDeadAirMs, answerGapsMs, reprompts, wrongClaims: wrongClaims.filter(Boolean).length, durationMs: timeline.endMs, ...beside,
  };
}
