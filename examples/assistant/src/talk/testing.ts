import { fileURLToPath } from 'node:url';
import { readClips } from '../../training/evaluate.js';
import { createRandom } from '../random.js';
import { decodePcm } from '../speech/pcm.js';
import { openEar, type TestEar } from '../testing.js';

const rate = 16;
const frameMs = 20;
const audible = 0.006;

interface Piece {
  readonly playsMs: number;
  readonly samples: Float32Array;
  playedMs: number;
}

/** Only for tests: somebody on the line, with an open microphone and a loudspeaker. Times are in ms since the line was opened. */
export interface TestLine {
  readonly said: TestEar['said'];
  readonly closed: Promise<number>;
  now(): number;
  /** Says something at the pace of a microphone; gives when it began and ended. */
  say(samples: Float32Array): Promise<{ readonly fromMs: number; readonly toMs: number }>;
  wait(ms: number): Promise<void>;
  /** Waits until the voice is heard, and gives when that was; rejects after eight seconds. */
  voice(fromMs: number): Promise<number>;
  /** How much of this span the voice was heard. */
  heardMs(fromMs: number, toMs: number): number;
  /** Sound that came within a span, whenever it is played. */
  arrivedMs(fromMs: number, toMs: number): number;
  /** By how much the microphone itself was late at most: the machine was busy, and times say nothing. */
  latenessMs(): number;
  /** Silence that the sound began with, once it was heard. */
  leadMs(): number;
  close(): void;
}

export async function openLine(url: string, config: object = {}): Promise<TestLine> {
  const ear = await openEar(url);
  const startedAt = performance.now();
  const now = (): number => performance.now() - startedAt;
  const pieces: (Piece & { readonly arrivedMs: number })[] = [];
  ear.socket.on('message', (data) => {
    const message = JSON.parse(String(data));
    const atMs = now();
    const last = pieces.at(-1);
    if (message.event === 'audio') {
      const samples = decodePcm(Buffer.from(message.pcm_base64, 'base64'));
      pieces.push({ arrivedMs: atMs, playsMs: Math.max(atMs, last === undefined ? 0 : last.playsMs + last.playedMs), samples, playedMs: samples.length / rate });
    }
    if (message.event === 'clear') for (const piece of pieces) piece.playedMs = Math.min(piece.playedMs, Math.max(0, atMs - piece.playsMs));
  });
  ear.send({ type: 'config', config: { greeting: false, ...config } });

  let queue = new Float32Array(0);
  let sent = 0;
  let latenessMs = 0;
  const microphone = setInterval(() => {
    latenessMs = Math.max(latenessMs, now() - sent * frameMs);
    for (; sent * frameMs <= now(); sent++) {
      const frame = new Float32Array(rate * frameMs);
      frame.set(queue.subarray(0, frame.length));
      queue = queue.slice(frame.length);
      if (ear.socket.readyState === ear.socket.OPEN) ear.speak(frame);
    }
  }, frameMs / 2);
  const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
  const heardMs = (fromMs: number, toMs: number): number =>
    pieces.reduce((sum, { playsMs, playedMs, samples }) => {
      const rms = Math.sqrt(samples.reduce((power, x) => power + x * x, 0) / samples.length);
      return rms < audible ? sum : sum + Math.max(0, Math.min(toMs, playsMs + playedMs) - Math.max(fromMs, playsMs));
    }, 0);
  return {
    said: ear.said,
    closed: ear.closed,
    now,
    wait,
    heardMs,
    arrivedMs: (fromMs, toMs) => pieces.filter(({ arrivedMs }) => arrivedMs >= fromMs && arrivedMs < toMs).reduce((sum, { samples }) => sum + samples.length / rate, 0),
    latenessMs: () => latenessMs,
    leadMs() {
      const first = pieces.find(({ playsMs, playedMs }) => heardMs(playsMs, playsMs + playedMs) > 0);
      return (first?.playsMs ?? NaN) - (pieces[0]?.playsMs ?? NaN);
    },
    async say(samples) {
      const fromMs = Math.max(now(), sent * frameMs);
      queue = Float32Array.from([...queue, ...samples]);
      const toMs = fromMs + samples.length / rate;
      await wait(toMs - now());
      return { fromMs, toMs };
    },
    async voice(fromMs) {
      const deadline = now() + 8000;
      while (now() < deadline) {
        const first = pieces.find(({ playsMs, playedMs }) => playsMs >= fromMs && heardMs(playsMs, playsMs + playedMs) > 0);
        if (first !== undefined && first.playsMs <= now()) return first.playsMs;
        await wait(5);
      }
      throw new Error(`nothing was heard within 8 s; said: ${JSON.stringify(ear.said.filter(({ event }) => event !== 'audio'))}`);
    },
    close() {
      clearInterval(microphone);
      ear.socket.close();
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
  const random = createRandom(1);
  return {
    sentence: (text) => find(clips, text),
    aside: (text) => find(asides, text),
    paused(text, atMs, pauseMs) {
      const samples = find(clips, text);
      return Float32Array.from([...samples.subarray(0, atMs * rate), ...new Float32Array(pauseMs * rate), ...samples.subarray(atMs * rate)]);
    },
    // Two bursts of noise without a pitch.
    cough: Float32Array.from({ length: 400 * rate }, (_, i) => 0.25 * (random() + random() - 1) * (Math.exp(-i / 700) + 0.5 * (i < 2900 ? 0 : Math.exp(-(i - 2900) / 900)))),
  };
}
