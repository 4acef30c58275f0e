import { createCepstra } from './cepstra.js';
import { createMelAnalyser } from './mel.js';
import { createNoiseFloor } from './noise-floor.js';
import { bandCount, cepstrumCount, featureCount, hopLength, windowLength } from './settings.js';

const slopeReach = 2;
const voicedAbove = 0.25;
const largestVoicedCount = 400;

/** One frame of sound as the recogniser sees it. */
export interface Frame {
  /** Position from the start of the stream, in frames of 10 ms. */
  readonly index: number;
  /** Probability 0..1 that somebody speaks. */
  readonly speech: number;
  /** {@link featureCount} values. */
  readonly features: Float32Array;
}

export interface FeatureOptions {
  /** Mean cepstrum of speech over the training data: where the running mean starts. */
  readonly cepstralMean: ArrayLike<number>;
  /** How many voiced frames the starting mean counts for; Infinity keeps it fixed. */
  readonly meanWeight?: number;
}

/** A stream of samples in, a stream of frames out. The result does not depend on how the samples are cut into pushes. */
export interface FeatureStream {
  push(samples: Float32Array): Frame[];
  /** The frames still held back for their slopes; the stream may be continued afterwards. */
  flush(): Frame[];
}

interface Pending {
  readonly speech: number;
  readonly cepstrum: Float64Array;
}

/** Causal cepstral mean: the mean over voiced frames so far, drawn toward the training mean. */
function createRunningMean({ cepstralMean, meanWeight = 30 }: FeatureOptions) {
  const voiced = new Float64Array(cepstrumCount);
  let count = 0;
  return {
    take({ speech, cepstrum }: Pending): void {
      if (speech < voicedAbove) return;
      count = Math.min(largestVoicedCount, count + 1);
      for (let k = 0; k < cepstrumCount; k++) voiced[k] = (voiced[k] ?? 0) + ((cepstrum[k] ?? 0) - (voiced[k] ?? 0)) / count;
    },
    at(k: number): number {
      const start = cepstralMean[k] ?? 0;
      return meanWeight === Infinity ? start : (start * meanWeight + (voiced[k] ?? 0) * count) / (meanWeight + count);
    },
  };
}

/** Creates the front end of one connection: windows, bands, noise floor, cepstra, running mean, slopes. */
export function createFeatureStream(options: FeatureOptions): FeatureStream {
  const analyse = createMelAnalyser();
  const floor = createNoiseFloor();
  const toCepstra = createCepstra();
  const mean = createRunningMean(options);
  const levels = new Float64Array(bandCount);
  let samples = new Float32Array(0);
  let window: Pending[] = [];
  let next = 0;

  const emit = (past: readonly Pending[], position: number): Frame => {
    const at = (offset: number): Pending | undefined => past[Math.min(past.length - 1, Math.max(0, position + offset))];
    const here = past[position];
    const features = new Float32Array(featureCount);
    if (here) mean.take(here);
    for (let k = 0; k < cepstrumCount; k++) {
      const value = (offset: number): number => at(offset)?.cepstrum[k] ?? 0;
      features[k] = value(0) - mean.at(k);
      features[cepstrumCount + k] = (value(1) - value(-1) + 2 * (value(2) - value(-2))) / 10;
    }
    return { index: next++, speech: here?.speech ?? 0, features };
  };

  const hold = (pending: Pending, frames: Frame[]): void => {
    window.push(pending);
    if (window.length <= slopeReach) return;
    frames.push(emit(window, window.length - 1 - slopeReach));
    if (window.length > 2 * slopeReach) window = window.slice(1);
  };

  return {
    push(more) {
      const joined = new Float32Array(samples.length + more.length);
      joined.set(samples);
      joined.set(more, samples.length);
      const frames: Frame[] = [];
      let offset = 0;
      for (; offset + windowLength <= joined.length; offset += hopLength) {
        analyse(joined, offset, levels);
        const speech = floor.next(levels);
        const cepstrum = new Float64Array(cepstrumCount);
        toCepstra(levels, floor.levels, cepstrum);
        hold({ speech, cepstrum }, frames);
      }
      samples = joined.slice(offset);
      return frames;
    },
    flush() {
      const last = window.at(-1);
      const frames: Frame[] = [];
      if (last) for (let i = 0; i < slopeReach; i++) hold(last, frames);
      window = [];
      return frames;
    },
  };
}
