import { availableParallelism } from 'node:os';
import { defineStep, RealopsError, type Resource, type StepType } from '@alice/realops/plugin';
import { customProtocol } from '../protocols/custom.js';
import { PROTOCOLS } from '../protocols/index.js';
import { checkTarget } from '../stream/channel.js';
import { configOf } from '../transcribe/prepare.js';
import { formOf } from '../transcribe/stream.js';
import type { LoadParameters } from './clips.js';
import { startHere, startThreads, type Crew, type CrewOptions } from './crew.js';
import type { Job } from './job.js';
import { LOAD_METRICS } from './metrics.js';
import { LOAD_OUTPUT, LOAD_WITH } from './parameters.js';
import { startsOf } from './ramp.js';
import { asTranscribed, readyClips } from './ready-clips.js';
import { createTally } from './tally.js';

/** As many as one thread sends without being late itself. */
const STREAMS_PER_THREAD = 500;

/** `voice.load`: many streams into one recogniser at the same time, each in real time. `worker` is the file of the thread, beside the built package. */
export function createLoad(worker: URL): StepType {
  return defineStep({
    use: 'voice.load',
    description: 'Streams clips into a speech recogniser over many connections at the same time, each in real time; measures latencies, word errors and failures under load, and always its own lateness.',
    with: LOAD_WITH,
    output: LOAD_OUTPUT,
    metrics: LOAD_METRICS,
    async run(parameters, context) {
      const { streams, turns, durationMs, rampMs } = parameters;
      if (turns !== undefined && durationMs !== undefined) throw new RealopsError('REALOPS_WITH_INVALID', 'voice.load takes either turns or durationMs, not both', { hint: 'turns counts the clips of each stream; durationMs lets them begin new ones for so long' });
      const protocol = typeof parameters.protocol === 'string' ? PROTOCOLS[parameters.protocol] : customProtocol(parameters.protocol, context.evaluate);
      const url = context.target(parameters.target);
      checkTarget(protocol, url);
      const ready = await readyClips(parameters, protocol, context);
      const starts = startsOf(streams, rampMs, parameters.frameMs ?? protocol.frameMs, context.random);
      const lastStart = starts.at(-1) ?? 0;
      const tally = createTally(parameters, ready, lastStart, context);
      const job: Job = {
        url: url.href, protocol: parameters.protocol, headers: parameters.headers, language: parameters.language, config: configOf(parameters), form: formOf(asTranscribed(parameters, { audio: '' }), protocol),
        traceId: context.step.traceId, finals: parameters.finals, clips: ready.clips, answerMs: parameters.answerMs, texts: ready.references.some((each) => each !== undefined),
        streams: starts.map((startMs, number) => ({ number, startMs })),
        turns: durationMs === undefined ? (turns ?? 1) : null,
        untilMs: rampMs + (durationMs ?? 0),
      };
      const crew = await context.use(crewOf(worker, job, threadsFor(parameters), { clock: context.clock, evaluate: context.evaluate, take: tally.take, onGo: () => context.note('load_begins', { streams, turns: job.turns, clips: ready.clips.length }) }));
      const stop = context.onAbort(() => void crew.stop());
      const output = tally.output(await crew.done);
      stop();
      context.signal.throwIfAborted();
      const { lateness, workers, driftMs, steady } = output;
      context.note('load_ends', { lateness: { ...lateness }, workers: workers.map((each) => ({ ...each })), drift_ms: driftMs, steady_turns: steady.turns });
      const [worst] = output.errors;
      if (output.finals + output.broken === 0 && worst !== undefined) throw new RealopsError(output.refused === output.turns ? 'REALOPS_CONNECTION' : 'REALOPS_TARGET_FAILED', `none of ${output.turns} turns got a final: ${worst.message}${output.errors.length > 1 ? `, and ${output.errors.length - 1} more kinds of errors` : ''}`);
      return output;
    },
  });
}

/** How many threads send; 0 is the main one. */
function threadsFor({ workers, streams }: LoadParameters): number {
  if (workers !== undefined) return Math.min(workers, streams);
  return streams <= STREAMS_PER_THREAD ? 0 : Math.min(Math.ceil(streams / STREAMS_PER_THREAD), availableParallelism());
}

/** Started for the step, and stopped with it, whatever happens. */
function crewOf(worker: URL, job: Job, threads: number, options: CrewOptions): Resource<Crew> {
  return {
    name: 'streams of the load',
    open: (signal) => (threads === 0 ? startHere(job, options) : startThreads(worker, shares(job, threads), options, signal)),
    close: (crew) => crew.stop(),
  };
}

/** Dealt like cards, so that every thread has its part of the ramp. */
function shares(job: Job, threads: number): readonly Job[] {
  return Array.from({ length: threads }, (_, thread) => ({ ...job, streams: job.streams.filter((_stream, index) => index % threads === thread) }));
}

