import { createDecoder, type Decoder, type Hypothesis } from './decoder.js';
import { createFeatureStream, type Frame } from './features.js';
import { frameMs, hopLength } from './settings.js';
import type { WordModel } from './word-model.js';

/** The knobs of end-pointing. Read anew when an utterance begins. */
export interface EndpointSettings {
  /** Speech probability at which an utterance begins. */
  readonly vad_start_threshold: number;
  /** Speech probability under which a frame counts as quiet. */
  readonly vad_stop_threshold: number;
  /** Quiet time in ms that ends an utterance. */
  readonly vad_eos_timeout_ms: number;
}

/** What the recogniser says while it listens; times in seconds from the start of the stream. */
export type SpeechEvent =
  | { readonly kind: 'partial'; readonly text: string; readonly confidence: number; readonly atS: number }
  | { readonly kind: 'final'; readonly text: string; readonly confidence: number; readonly atS: number; readonly durationS: number };

/** What is being said at this moment, as far as it was heard. */
export interface Hearing {
  /** For how long there was speech in it, or something like it; pauses do not count. */
  readonly loudMs: number;
  /** The best guess at what is being said. */
  hypothesis(): Hypothesis;
}

/** One listening ear: samples in, events out, independent of how the samples are cut into pushes. */
export interface Recogniser {
  push(samples: Float32Array): SpeechEvent[];
  /** Ends a pending utterance at once. A stream that never had a word ends with one empty final. */
  end(): SpeechEvent[];
  /** The utterance under way; undefined while there is none. */
  hearing(): Hearing | undefined;
}

const framesToStart = 3;
const preRollFrames = 25;
const firstPartialFrames = 17;
const partialEveryFrames = 30;
/** Longest utterance: 15 s. Memory per utterance is bounded by it. */
const longestUtteranceFrames = 15_000 / frameMs;

interface Utterance {
  readonly decoder: Decoder;
  readonly settings: EndpointSettings;
  readonly onset: number;
  quiet: number;
  loud: number;
  nextPartial: number;
}

/** Opens an ear for one connection. `settings` is asked at the beginning of every utterance. */
export function createRecogniser(model: WordModel, settings: () => EndpointSettings): Recogniser {
  const front = createFeatureStream({ cepstralMean: model.cepstralMean });
  let recent: Frame[] = [];
  let loud = 0;
  let utterance: Utterance | undefined;
  let heardWords = false;
  let now = 0;

  const seconds = (frame: number): number => (frame * hopLength) / 16_000;

  const begin = (frame: Frame): void => {
    const onset = frame.index - framesToStart + 1;
    utterance = { decoder: createDecoder(model), settings: settings(), onset, quiet: 0, loud: framesToStart, nextPartial: onset + firstPartialFrames };
    for (const earlier of recent) utterance.decoder.next(earlier);
    recent = [];
    loud = 0;
  };

  const listen = (frame: Frame): void => {
    recent.push(frame);
    if (recent.length > preRollFrames + framesToStart) recent.shift();
    loud = frame.speech >= settings().vad_start_threshold ? loud + 1 : 0;
    if (loud >= framesToStart) begin(frame);
  };

  /** Ends the utterance. A noise that turned out to hold no word is dropped, as if nothing had been said. */
  const close = (open: Utterance): SpeechEvent[] => {
    utterance = undefined;
    const { words, confidence } = open.decoder.final();
    if (words.length === 0) return [];
    heardWords = true;
    return [{ kind: 'final', text: words.join(' '), confidence, atS: seconds(now), durationS: seconds(now - open.onset) }];
  };

  const follow = (open: Utterance, frame: Frame): SpeechEvent[] => {
    open.decoder.next(frame);
    if (frame.speech < open.settings.vad_stop_threshold) open.quiet++;
    else {
      open.quiet = 0;
      open.loud++;
    }
    if (open.quiet * frameMs >= open.settings.vad_eos_timeout_ms || frame.index - open.onset >= longestUtteranceFrames) return close(open);
    if (frame.index < open.nextPartial) return [];
    const { words, confidence } = open.decoder.partial();
    if (words.length === 0) return [];
    open.nextPartial = frame.index + partialEveryFrames;
    return [{ kind: 'partial', text: words.join(' '), confidence, atS: seconds(now) }];
  };

  const take = (frame: Frame): SpeechEvent[] => {
    now = frame.index;
    if (utterance) return follow(utterance, frame);
    listen(frame);
    return [];
  };

  return {
    push: (samples) => front.push(samples).flatMap(take),
    end() {
      const events = front.flush().flatMap(take);
      if (utterance) events.push(...close(utterance));
      if (!heardWords) events.push({ kind: 'final', text: '', confidence: 0, atS: seconds(now), durationS: 0 });
      heardWords = false;
      return events;
    },
    hearing() {
      if (utterance === undefined) return undefined;
      const { decoder, loud: frames } = utterance;
      return { loudMs: frames * frameMs, hypothesis: () => decoder.partial() };
    },
  };
}
