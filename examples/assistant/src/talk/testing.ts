import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { readClips } from '../../training/evaluate.js';
import type { Clock } from '../clock.js';
import { startAssistant } from '../index.js';
import { createRandom } from '../random.js';
import { decodePcm } from '../speech/pcm.js';
import { openEar, type TestEar } from '../testing.js';

const perMs = 16;
const frameMs = 20;
const audible = 0.006;
const longestWaitMs = 8000;
/** Turns of the event loop in which everything that was woken has done its work. */
const turnsToSettle = 8;

/** A clock that goes only when it is told to, and wakes those who wait one after the other. */
interface ManualClock extends Clock {
  advance(ms: number): Promise<void>;
}

function createManualClock(): ManualClock {
  let time = 0;
  let waiting: { readonly deadline: number; wake(): void }[] = [];
  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < turnsToSettle; turn++) await new Promise(setImmediate);
  };
  return {
    now: () => time,
    wall: () => new Date(Date.UTC(2026, 0, 5, 12) + time),
    until: (deadline, signal) =>
      new Promise((resolve, reject) => {
        signal.throwIfAborted();
        if (deadline <= time) return resolve();
        const fail = (): void => {
          waiting = waiting.filter((each) => each !== mine);
          reject(signal.reason instanceof Error ? signal.reason : new Error('aborted'));
        };
        const mine = { deadline, wake: () => { signal.removeEventListener('abort', fail); resolve(); } };
        waiting.push(mine);
        signal.addEventListener('abort', fail, { once: true });
      }),
    async advance(ms) {
      const end = time + ms;
      for (;;) {
        const next = waiting.reduce<(typeof waiting)[number] | undefined>((first, each) => (each.deadline <= end && (first === undefined || each.deadline < first.deadline) ? each : first), undefined);
        if (next === undefined) break;
        waiting = waiting.filter((each) => each !== next);
        time = Math.max(time, next.deadline);
        next.wake();
        await settle();
      }
      time = end;
    },
  };
}

interface Piece {
  readonly arrivedMs: number;
  readonly playsMs: number;
  readonly samples: Float32Array;
  readonly isAudible: boolean;
  playedMs: number;
}

/**
 * Only for tests: somebody on the line, with an open microphone and a loudspeaker. The socket is a real one; time is that of a clock which goes on by a frame when the
 * assistant has taken the last one, so that a busy machine changes nothing. Times are in ms since the line was opened.
 */
export interface TestLine {
  readonly said: TestEar['said'];
  readonly closed: Promise<number>;
  now(): number;
  /** Says something; gives when it began and ended. */
  say(samples: Float32Array): Promise<{ readonly fromMs: number; readonly toMs: number }>;
  wait(ms: number): Promise<void>;
  /** Waits until the voice is heard, and gives when that was; rejects after eight seconds. */
  voice(fromMs: number): Promise<number>;
  /** How much of this span the voice was heard. */
  heardMs(fromMs: number, toMs: number): number;
  /** Sound that came within a span, whenever it is played. */
  arrivedMs(fromMs: number, toMs: number): number;
  /** Silence that the sound began with, once it was heard. */
  leadMs(): number;
  close(): Promise<void>;
}

/** An assistant of its own, and a line to it on which nobody is greeted unless `config` says so. */
export async function openLine(config: object = {}): Promise<TestLine> {
  const clock = createManualClock();
  const assistant = await startAssistant({ clock });
  const ear = await openEar(assistant.urls.talk);
  const startedAt = clock.now();
  const now = (): number => clock.now() - startedAt;
  const pieces: Piece[] = [];
  let taken = 0;
  const listen = (): void => {
    for (const { event, pcm_base64 } of ear.said.slice(taken)) {
      const last = pieces.at(-1);
      if (event === 'audio') {
        const samples = decodePcm(Buffer.from(String(pcm_base64), 'base64'));
        const isAudible = Math.sqrt(samples.reduce((sum, x) => sum + x * x, 0) / samples.length) >= audible;
        pieces.push({ arrivedMs: now(), playsMs: Math.max(now(), last === undefined ? 0 : last.playsMs + last.playedMs), samples, isAudible, playedMs: samples.length / perMs });
      }
      if (event === 'clear') for (const piece of pieces) piece.playedMs = Math.min(piece.playedMs, Math.max(0, now() - piece.playsMs));
    }
    taken = ear.said.length;
  };
  /** Until everything that was sent is taken, and everything that was answered is here. */
  const exchange = async (): Promise<void> => {
    if (ear.socket.readyState !== ear.socket.OPEN) return;
    const pong = Promise.race([once(ear.socket, 'pong'), ear.closed]);
    ear.socket.ping();
    await pong;
    listen();
  };
  const step = async (frame: Float32Array): Promise<void> => {
    await clock.advance(frameMs);
    await exchange();
    if (ear.socket.readyState === ear.socket.OPEN) ear.speak(frame);
    await exchange();
  };
  const silence = new Float32Array(perMs * frameMs);
  const wait = async (ms: number): Promise<void> => {
    for (const end = now() + ms; now() < end; ) await step(silence);
  };
  ear.send({ type: 'config', config: { greeting: false, ...config } });
  await exchange();
  return {
    said: ear.said,
    closed: ear.closed,
    now,
    wait,
    heardMs: (fromMs, toMs) =>
      pieces.reduce((sum, { playsMs, playedMs, isAudible }) => sum + (isAudible ? Math.max(0, Math.min(toMs, playsMs + playedMs) - Math.max(fromMs, playsMs)) : 0), 0),
    arrivedMs: (fromMs, toMs) => pieces.filter(({ arrivedMs }) => arrivedMs >= fromMs && arrivedMs < toMs).reduce((sum, { samples }) => sum + samples.length / perMs, 0),
    leadMs: () => (pieces.find(({ isAudible }) => isAudible)?.playsMs ?? NaN) - (pieces[0]?.playsMs ?? NaN),
    async say(samples) {
      const fromMs = now();
      for (let at = 0; at < samples.length; at += silence.length) {
        const frame = new Float32Array(silence.length);
        frame.set(samples.subarray(at, at + frame.length));
        await step(frame);
      }
      return { fromMs, toMs: fromMs + samples.length / perMs };
    },
    async voice(fromMs) {
      for (const end = now() + longestWaitMs; now() < end; ) {
        const first = pieces.find(({ playsMs, playedMs, isAudible }) => isAudible && playedMs > 0 && playsMs >= fromMs && playsMs <= now());
        if (first !== undefined) return first.playsMs;
        await step(silence);
      }
      throw new Error(`nothing was heard within 8 s; said: ${JSON.stringify(ear.said.filter(({ event }) => event !== 'audio'))}`);
    },
    async close() {
      ear.socket.close();
      await assistant.close();
    },
  };
}

/** What there is to be said. */
export interface TestSpeech {
  /** The recording of a sentence. */
  sentence(text: string): Float32Array;
  /** A sentence with a pause between two of its words. */
  paused(text: string, atMs: number, pauseMs: number): Float32Array;
  /** Sounds that are not meant for the assistant. */
  aside(text: string): Float32Array;
  readonly cough: Float32Array;
}

export async function readTestSpeech(): Promise<TestSpeech> {
  const folder = fileURLToPath(new URL('../../../alice/datasources/sv', import.meta.url));
  const [clips, asides] = await Promise.all([readClips(folder, 'validated.tsv'), readClips(folder, 'asides.tsv')]);
  const find = (all: typeof clips, text: string): Float32Array => {
    const found = all.find(({ sentence }) => sentence === text);
    if (found === undefined) throw new Error(`no recording of ${JSON.stringify(text)}`);
    return found.samples;
  };
  return {
    sentence: (text) => find(clips, text),
    aside: (text) => find(asides, text),
    paused(text, atMs, pauseMs) {
      const samples = find(clips, text);
      return Float32Array.from([...samples.subarray(0, atMs * perMs), ...new Float32Array(pauseMs * perMs), ...samples.subarray(atMs * perMs)]);
    },
    cough: coughOf(400, 1),
  };
}

/** Two bursts of noise without a pitch, the first one sharp. */
export function coughOf(ms: number, seed: number): Float32Array {
  const random = createRandom(seed);
  return Float32Array.from({ length: ms * perMs }, (_, i) => {
    const place = i / (ms * perMs);
    return 0.25 * (random() + random() - 1) * (Math.exp(-9 * place) + 0.5 * (place < 0.45 ? 0 : Math.exp(-7 * (place - 0.45))));
  });
}
