import type { Metric } from '@alice/realops/plugin';
import { TRANSCRIBE_METRICS } from '../transcribe/metrics.js';

const ALL = ['noise', 'snr'] as const;
/** `turn` is the id of the turn; `class` and `label` are its own. */
const TURN = [...ALL, 'turn', 'class', 'label'] as const;

const senderLateness = TRANSCRIBE_METRICS.filter(({ name }) => name === 'voice.senderLateness');

/** What `voice.converse` measures: of every turn, then of the conversation. Speech lies where it is heard, by somebody who plays sound as it comes. */
export const CONVERSE_METRICS: readonly Metric[] = [
  { name: 'voice.turnLatency', kind: 'distribution', unit: 'ms', labels: TURN, description: "From the end of the user's speech to the answer being heard; below zero when the assistant began before. An answer that never came is worse than any limit." },
  { name: 'voice.turnLatencyArrival', kind: 'distribution', unit: 'ms', labels: TURN, description: "The same to the arrival of the sound that the answer begins with, whenever it is played; beside voice.turnLatency, never instead of it." },
  { name: 'voice.turnFirstByte', kind: 'distribution', unit: 'ms', labels: TURN, description: "From the end of the user's speech to the first byte of the answer's sound; not measured where sound comes all the time." },
  { name: 'voice.turnLeadingSilence', kind: 'distribution', unit: 'ms', labels: TURN, description: 'Silence that the sound of an answer begins with; not measured where sound comes all the time.' },
  { name: 'voice.turnEarly', kind: 'rate', unit: 'ratio', labels: TURN, description: "The answer began before the user had ended, and not in a pause that was put in; true is bad." },
  { name: 'voice.turnMissed', kind: 'rate', unit: 'ratio', labels: TURN, description: 'No answer came in time; true is bad.' },
  { name: 'voice.turnSilence', kind: 'distribution', unit: 'ms', labels: TURN, description: "The longest time in which nobody spoke between the end of the user's speech and the end of the answer, its later parts included. An answer that never came is worse than any limit." },
  { name: 'voice.turnText', kind: 'rate', unit: 'ratio', labels: TURN, description: 'The reply had one of the texts that were asked for.' },
  { name: 'voice.turnIntent', kind: 'rate', unit: 'ratio', labels: TURN, description: 'The assistant took the user to mean one of the intents that were asked for.' },
  { name: 'voice.pauseTaken', kind: 'rate', unit: 'ratio', labels: [...TURN, 'pause'], description: "The assistant began to speak in a pause that was put into the user's speech; the label pause has its length in ms. True is bad." },
  { name: 'voice.agentInterrupts', kind: 'ratio', unit: 'ratio', labels: TURN, description: "How often the assistant began to speak while the user did and fell silent again, over the user's turns." },
  { name: 'voice.talkOver', kind: 'distribution', unit: 'ms', labels: TURN, description: 'How long both spoke in a turn that wants an answer.' },
  { name: 'voice.bargeInYield', kind: 'rate', unit: 'ratio', labels: TURN, description: 'The assistant stopped in time when the user cut in; not measured when it was not speaking, or might just have come to its end.' },
  { name: 'voice.bargeInStop', kind: 'distribution', unit: 'ms', labels: TURN, description: 'From the user cutting in to silence. An assistant that was still speaking at the end of the conversation is worse than any limit.' },
  { name: 'voice.bargeInStopArrival', kind: 'distribution', unit: 'ms', labels: TURN, description: 'From the user cutting in to the last arrival of sound that was played; below zero where sound came faster than it is heard. Beside voice.bargeInStop, never instead of it.' },
  { name: 'voice.recovery', kind: 'distribution', unit: 'ms', labels: TURN, description: 'From the end of what the user cut in with to the answer being heard. An answer that never came is worse than any limit.' },
  { name: 'voice.ignored', kind: 'rate', unit: 'ratio', labels: TURN, description: 'The assistant went on as if a sound that it should ignore had not been: the selectivity of each class.' },
  { name: 'voice.falseBargeIn', kind: 'rate', unit: 'ratio', labels: TURN, description: 'A sound that it should ignore stopped the assistant while it spoke; true is bad.' },
  { name: 'voice.resumed', kind: 'rate', unit: 'ratio', labels: TURN, description: 'Stopped by such a sound, the assistant spoke on soon after.' },
  { name: 'voice.spurious', kind: 'rate', unit: 'ratio', labels: TURN, description: 'The assistant answered a sound that it should ignore; true is bad.' },
  { name: 'voice.turnInconclusive', kind: 'rate', unit: 'ratio', labels: TURN, description: 'A turn that could not be judged: what it waited for never came, or its outcome has two explanations; true is bad.' },
  { name: 'voice.greeting', kind: 'distribution', unit: 'ms', labels: ALL, description: "From the open connection to the assistant being heard, when it speaks first." },
  { name: 'voice.deadAir', kind: 'ratio', unit: 'ratio', labels: ALL, description: "Silence that was the assistant's to break, over the time from the first speech to the last." },
  { name: 'voice.deadAirLongest', kind: 'distribution', unit: 'ms', labels: ALL, description: 'The longest such silence.' },
  { name: 'voice.deadAirGaps', kind: 'distribution', unit: 'count', labels: ALL, description: 'Such silences of more than windows.gapMs in a conversation.' },
  { name: 'voice.reprompts', kind: 'distribution', unit: 'count', labels: ALL, description: 'How often the assistant spoke again after a silence of more than windows.gapMs in which the user had said nothing.' },
  { name: 'voice.claimWrong', kind: 'rate', unit: 'ratio', labels: ALL, description: 'What the assistant says of its speaking is not what is heard: it is heard after it says that it has stopped, or not heard when it says that it speaks; true is bad.' },
  ...senderLateness,
];

const NUMBER_OR_NULL = { oneOf: [{ type: 'number' }, { enum: [null] }] } as const;
const FLAG_OR_NULL = { oneOf: [{ type: 'boolean' }, { enum: [null] }] } as const;

/** What `voice.converse` gives to the steps after it. */
export const CONVERSE_OUTPUT = {
  type: 'object',
  properties: {
    faults: { type: 'array', items: { type: 'string' }, description: 'Why turns failed, a line each: expect $count(faults) = 0 to have the row fail with them.' },
    unclear: { type: 'array', items: { type: 'string' }, description: 'Why turns could not be judged.' },
    passed: { type: 'integer' },
    failed: { type: 'integer' },
    inconclusive: { type: 'integer' },
    voiceMetrics: { type: 'integer', description: 'The version of the figures.' },
    turns: {
      type: 'array',
      description: 'In order.',
      items: {
        type: 'object',
        properties: {
          id: { type: 'string' },
          verdict: { enum: ['pass', 'fail', 'inconclusive'] },
          reason: { type: 'string', description: 'Why it is not pass; empty when it is.' },
          trigger: { enum: ['anchor', 'silence', 'missed', 'unreached'], description: 'What made it begin: what it waited for, or silence after an answer that never came. It was not said when what it waited for never came (missed), or one had hung up before (unreached).' },
          latencyMs: { ...NUMBER_OR_NULL, description: 'Signed; of a turn that cut in, to the answer after it.' },
          latencyArrivalMs: NUMBER_OR_NULL,
          leadingSilenceMs: NUMBER_OR_NULL,
          answerMs: { ...NUMBER_OR_NULL, description: 'How long the first stretch of the answer lasted: lastsMs for a turn that cuts into it.' },
          silenceMs: { ...NUMBER_OR_NULL, description: "The longest time in which nobody spoke between the end of the user's speech and the end of the answer." },
          stopMs: { ...NUMBER_OR_NULL, description: 'From the user cutting in, or the sound, to silence.' },
          stopArrivalMs: NUMBER_OR_NULL,
          ignored: FLAG_OR_NULL,
          resumed: FLAG_OR_NULL,
        },
        required: ['id', 'verdict', 'reason', 'trigger', 'latencyMs', 'latencyArrivalMs', 'leadingSilenceMs', 'answerMs', 'silenceMs', 'stopMs', 'stopArrivalMs', 'ignored', 'resumed'],
      },
    },
    greetingMs: NUMBER_OR_NULL,
    deadAirMs: { type: 'number', description: "Silence that was the assistant's to break." },
    longestDeadAirMs: { type: 'number' },
    answerGapsMs: { type: 'number', description: 'Of deadAirMs so much is ordinary waiting for an answer.' },
    reprompts: { type: 'integer' },
    wrongClaims: { type: 'integer' },
    durationMs: { type: 'number' },
    snrDb: { ...NUMBER_OR_NULL, description: 'The ratio of all clips to the noise; null without noise.' },
    senderLatenessP99Ms: { type: 'number', description: 'How late our own frames were.' },
    timeline: { type: 'string', description: 'Among the artifacts of the run: all that happened, without sound and words.' },
    recording: { oneOf: [{ type: 'string' }, { enum: [null] }], description: 'Among the artifacts: the user on the left, the assistant as heard on the right; null without the consent audio:store.' },
  },
  required: ['voiceMetrics', 'turns', 'passed', 'failed', 'inconclusive', 'faults', 'unclear', 'greetingMs', 'deadAirMs', 'longestDeadAirMs', 'answerGapsMs', 'reprompts', 'wrongClaims', 'durationMs', 'snrDb', 'senderLatenessP99Ms', 'timeline', 'recording'],
} as const;
