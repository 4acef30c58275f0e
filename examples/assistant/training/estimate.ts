import type { Frame } from '../src/speech/features.js';
import { featureCount } from '../src/speech/settings.js';
import type { Gaussians, WordModel } from '../src/speech/word-model.js';

const varianceFloorShare = 0.12;
const priorWeight = 4;

/** Sums for one set of Gaussians. */
export function createStatistics(count: number) {
  const weights = new Float64Array(count);
  const sums = new Float64Array(count * featureCount);
  const squares = new Float64Array(count * featureCount);
  return {
    weights,
    add(i: number, features: Float32Array): void {
      weights[i] = (weights[i] ?? 0) + 1;
      for (let k = 0, at = i * featureCount; k < featureCount; k++, at++) {
        const value = features[k] ?? 0;
        sums[at] = (sums[at] ?? 0) + value;
        squares[at] = (squares[at] ?? 0) + value * value;
      }
    },
    /** Means and floored variances; a Gaussian that got no frames keeps what it had. */
    estimate(before: Gaussians, spread: ArrayLike<number>): Gaussians {
      const means = before.means.slice();
      const variances = before.variances.slice();
      for (let at = 0; at < means.length; at++) {
        const n = weights[Math.floor(at / featureCount)] ?? 0;
        if (n === 0) continue;
        const mean = (sums[at] ?? 0) / n;
        const whole = spread[at % featureCount] ?? 1;
        means[at] = mean;
        const variance = ((squares[at] ?? 0) - n * mean * mean + priorWeight * varianceFloorShare * whole) / (n + priorWeight);
        variances[at] = Math.max(variance, varianceFloorShare * whole);
      }
      return { means, variances };
    },
  };
}

/** Variance of every feature over all frames. */
export function spreadOf(frames: readonly Frame[]): Float64Array {
  const sums = new Float64Array(featureCount);
  const squares = new Float64Array(featureCount);
  for (const { features } of frames) {
    for (let k = 0; k < featureCount; k++) {
      sums[k] = (sums[k] ?? 0) + (features[k] ?? 0);
      squares[k] = (squares[k] ?? 0) + (features[k] ?? 0) ** 2;
    }
  }
  return sums.map((sum, k) => (squares[k] ?? 0) / frames.length - (sum / frames.length) ** 2);
}

/** A mixture of `count` Gaussians by hard clustering (ten rounds, seeded by every n-th frame). */
export function clusterSilence(frames: readonly Frame[], count: number, spread: Float64Array): WordModel['silence'] {
  const seeds = Array.from({ length: count }, (_, i) => frames[Math.floor(((i + 0.5) * frames.length) / count)]);
  let gaussians: Gaussians = {
    means: Float32Array.from(seeds.flatMap((frame) => [...(frame?.features ?? [])])),
    variances: Float32Array.from({ length: count * featureCount }, (_, at) => spread[at % featureCount] ?? 1),
  };
  let weights: number[] = [];
  for (let round = 0; round < 10; round++) {
    const statistics = createStatistics(count);
    for (const { features } of frames) {
      let nearest = 0;
      let least = Infinity;
      for (let i = 0; i < count; i++) {
        let distance = 0;
        for (let k = 0; k < featureCount; k++) distance += ((features[k] ?? 0) - (gaussians.means[i * featureCount + k] ?? 0)) ** 2 / (spread[k] ?? 1);
        if (distance < least) {
          least = distance;
          nearest = i;
        }
      }
      statistics.add(nearest, features);
    }
    gaussians = statistics.estimate(gaussians, spread);
    weights = [...statistics.weights].map((n) => n / frames.length);
  }
  return { ...gaussians, weights };
}
