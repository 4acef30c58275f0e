import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RealopsError, type Clock, type Logger, type Millis, type Resource } from '@alice/realops/plugin';
import { wavOf } from '../audio/wav-file.js';
import { SAMPLE_RATE } from '../audio/wav.js';
import { converse } from '../converse/converse.js';
import { transcribe } from '../transcribe/transcribe.js';
import { loopbackPeer, type Peer } from './peer.js';
import { runStepType } from './run-step.js';
import { converseParameters, END_DELAYS, ONSET_DELAYS, transcribeParameters, UTTERANCE_MS } from './script.js';
import { statisticsOf, type Statistics } from './statistics.js';

/** What is calibrated, and how. */
export interface CalibrateOptions {
  /** Of each figure. */
  readonly samples: number;
  /** Streams and conversations at once. */
  readonly concurrency: number;
  readonly clock: Clock;
  readonly log: Logger;
  readonly signal: AbortSignal;
  random(): number;
  progress(text: string): void;
}

/** The figures that are calibrated, by what they are of. */
export const FIGURES = ['partial', 'final', 'turn', 'stop'] as const;
/** One of them. */
export type Figure = (typeof FIGURES)[number];

/** What the harness adds to what it measures: measured minus true, in ms. */
export interface Calibration {
  readonly samples: number;
  readonly concurrency: number;
  readonly errors: { readonly [figure in Figure]: readonly Millis[] };
  readonly statistics: { readonly [figure in Figure]: Statistics };
  /** Answers of the peer that were not measured, or in another order: the machine had no time for them. */
  readonly lost: number;
  /** Of the frames of each stream, the 99th percentile of how late they were. */
  readonly senderLateness: Statistics;
  readonly fit: boolean;
  /** Why it is not; empty when it is. */
  readonly reasons: readonly string[];
}

/** What a machine that measures may add at most, in ms. */
export const LIMITS = { medianMs: 5, p99Ms: 20, senderLatenessMs: 20 } as const;

/** A stream or conversation on its way: what it measured, and what was true. */
interface Pair {
  readonly figure: Figure;
  readonly measuredMs: Millis;
  readonly trueMs: Millis;
}

/**
 * Runs voice.transcribe and voice.converse as they are, in real time, against a peer in another process whose delays are known, and compares what they measure with what that peer
 * did by its own clock.
 * @throws RealopsError REALOPS_CONNECTION when the peer breaks off, REALOPS_TARGET_FAILED when none of its answers was measured
 */
export async function calibrate(options: CalibrateOptions): Promise<Calibration> {
  const { samples, concurrency, signal, clock, progress } = options;
  const peer = loopbackPeer(clock);
  const pairs: Pair[] = [];
  const lateness: Millis[] = [];
  let lost = 0;
  await using opened = await open(peer, signal);
  await using folder = await sayings();
  const jobs = [...streams(samples), ...conversations(samples, concurrency)];
  let done = 0;
  const worker = async (): Promise<void> => {
    for (let job = jobs.shift(); job !== undefined; job = jobs.shift()) {
      signal.throwIfAborted();
      const result = await runJob(job, opened.value, folder.path, options);
      pairs.push(...result.pairs);
      lateness.push(...result.lateness);
      lost += result.lost;
      done += 1;
      progress(`calibrating: ${done} of ${done + jobs.length} streams`);
    }
  };
  const all = Array.from({ length: concurrency }, () => worker().catch((error: unknown) => {
    jobs.length = 0;
    throw error;
  }));
  for (const result of await Promise.allSettled(all)) if (result.status === 'rejected') throw result.reason;
  if (pairs.length === 0) throw new RealopsError('REALOPS_TARGET_FAILED', `none of ${lost} answers of the loopback peer was measured`, { hint: 'the machine is too busy to measure on; calibrate again when it does less' });
  return conclude(pairs, lateness, { samples, concurrency, lost });
}

function conclude(pairs: readonly Pair[], lateness: readonly Millis[], facts: Pick<Calibration, 'samples' | 'concurrency' | 'lost'>): Calibration {
  const errorsOf = (figure: Figure): readonly Millis[] => pairs.flatMap((pair) => (pair.figure === figure ? [pair.measuredMs - pair.trueMs] : []));
  const errors = { partial: errorsOf('partial'), final: errorsOf('final'), turn: errorsOf('turn'), stop: errorsOf('stop') };
  const statistics = { partial: statisticsOf(errors.partial), final: statisticsOf(errors.final), turn: statisticsOf(errors.turn), stop: statisticsOf(errors.stop) };
  const senderLateness = statisticsOf(lateness);
  // Of all figures together: of one alone it would be its single worst value.
  const p99Ms = statisticsOf(FIGURES.flatMap((figure) => errors[figure]).map(Math.abs)).p99Ms ?? 0;
  const reasons = [
    ...(facts.lost > 0 ? [`${facts.lost} answers were not measured`] : []),
    ...FIGURES.flatMap((figure) => whyUnfit(figure, statistics[figure])),
    ...(p99Ms > LIMITS.p99Ms ? [`the 99th percentile of all errors is ${p99Ms.toFixed(1)} ms; at most ${LIMITS.p99Ms} ms are fit`] : []),
    ...((senderLateness.mostMs ?? 0) > LIMITS.senderLatenessMs ? [`frames were sent up to ${(senderLateness.mostMs ?? 0).toFixed(1)} ms late at the 99th percentile of a stream; at most ${LIMITS.senderLatenessMs} ms are fit`] : []),
  ];
  return { ...facts, errors, statistics, senderLateness, fit: reasons.length === 0, reasons };
}

function whyUnfit(figure: Figure, { p50Ms }: Statistics): readonly string[] {
  const median = p50Ms ?? 0;
  return Math.abs(median) > LIMITS.medianMs ? [`the median error of ${figure} is ${median.toFixed(1)} ms; at most ${LIMITS.medianMs} ms are fit`] : [];
}

interface Job {
  readonly kind: 'asr' | 'talk';
  readonly id: string;
  readonly delays: readonly Millis[];
}

/** A stream gives a partial and a final. */
function streams(samples: number): readonly Job[] {
  return Array.from({ length: samples }, (_, index): Job => ({ kind: 'asr', id: `asr${index}`, delays: [cycle(ONSET_DELAYS, index), cycle(END_DELAYS, index + 1)] }));
}

/** A conversation is a chain of pairs of turns: one that is answered, and one that cuts into the answer and is answered too. */
function conversations(samples: number, concurrency: number): readonly Job[] {
  const count = Math.min(samples, concurrency);
  return Array.from({ length: count }, (_, index): Job => {
    const pairs = Array.from({ length: Math.ceil((samples - index) / count) }, (_unused, pair) => index + pair * count);
    return { kind: 'talk', id: `talk${index}`, delays: pairs.flatMap((pair) => [cycle(END_DELAYS, pair), cycle(ONSET_DELAYS, pair), cycle(END_DELAYS, pair + 2)]) };
  });
}

/** What came of a job. A job whose answers cannot be told apart is lost as a whole. */
interface Result {
  readonly pairs: readonly Pair[];
  readonly lateness: readonly Millis[];
  readonly lost: number;
}

async function runJob({ kind, id, delays }: Job, peer: Peer, folder: string, options: CalibrateOptions): Promise<Result> {
  const { clock, log, signal, random } = options;
  const frames = UTTERANCE_MS / 20;
  const url = new URL(`${peer.url}/${kind}?id=${id}&delays=${delays.join(',')}&${kind === 'asr' ? `last=${frames - 1}` : `frames=${frames}`}`);
  const place = { url, folder, clock, log, signal, random };
  const measured = await (kind === 'asr' ? runStepType(transcribe, transcribeParameters(), place) : runStepType(converse, converseParameters(delays.length / 3), place));
  const waited = await peer.waited(id, signal);
  const figures = measured.flatMap(({ metric, value }): readonly { readonly figure: Figure; readonly value: Millis | null }[] => {
    const figure = METRICS[metric];
    return figure === undefined ? [] : [{ figure, value }];
  });
  const order: readonly Figure[] = kind === 'asr' ? ['partial', 'final'] : delays.map((_, index) => (index % 3 === 1 ? 'stop' : 'turn'));
  const pairs = order.flatMap((figure, index): readonly Pair[] => {
    const [seen, trueMs] = [figures[index], waited[index]];
    return seen?.figure !== figure || seen.value === null || trueMs === null || trueMs === undefined ? [] : [{ figure, measuredMs: seen.value, trueMs }];
  });
  const isWhole = pairs.length === order.length && figures.length === order.length;
  const lateness = measured.flatMap(({ metric, value }) => (metric === 'voice.senderLateness' && value !== null ? [value] : []));
  return { pairs: isWhole ? pairs : [], lateness, lost: isWhole ? 0 : order.length };
}

/** Which metric of a step is which figure; in conversations the first answer of a pair is a turn, the one after the cut a recovery. */
const METRICS: { readonly [metric: string]: Figure } = { 'voice.partial': 'partial', 'voice.final': 'final', 'voice.turnLatency': 'turn', 'voice.recovery': 'turn', 'voice.bargeInStop': 'stop' };

function cycle(values: readonly Millis[], index: number): Millis {
  return values[index % values.length] ?? 0;
}

async function open<R>(resource: Resource<R>, signal: AbortSignal): Promise<AsyncDisposable & { readonly value: R }> {
  const value = await resource.open(signal);
  return { value, [Symbol.asyncDispose]: async () => resource.close(value) };
}

/** A folder with what is said: a steady tone, each frame of which is loud. */
async function sayings(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'realops-calibrate-'));
  const samples = Int16Array.from({ length: (UTTERANCE_MS * SAMPLE_RATE) / 1_000 }, (_, index) => Math.round(8_000 * Math.sin((2 * Math.PI * 300 * index) / SAMPLE_RATE)));
  await writeFile(join(path, 'tone.wav'), wavOf(new Uint8Array(samples.buffer), SAMPLE_RATE));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}
