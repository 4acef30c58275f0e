import { featureCount } from './settings.js';
import type { Gaussians, WordModel } from './word-model.js';

/** Log likelihoods of one frame. The arrays are reused by the next frame. */
export interface FrameScores {
  /** One value per word state. */
  readonly states: Float64Array;
  /** Silence, helped by a low and hindered by a high probability of speech. */
  silence: number;
  /** The best of all of them. */
  best: number;
}

const silenceSlope = 50;
const silencePivot = 0.07;

/** Log densities of diagonal Gaussians: writes one value per Gaussian into `scores`. */
function createDensities({ means, variances }: Gaussians): (features: Float32Array, scores: Float64Array) => void {
  const count = means.length / featureCount;
  const precisions = variances.map((variance) => 0.5 / variance);
  const constants = Float64Array.from({ length: count }, (_, i) => {
    let sum = 0;
    for (let k = 0; k < featureCount; k++) sum -= 0.5 * Math.log(2 * Math.PI * (variances[i * featureCount + k] ?? 1));
    return sum;
  });
  return (features, scores) => {
    for (let i = 0, at = 0; i < count; i++) {
      let score = constants[i] ?? 0;
      for (let k = 0; k < featureCount; k++, at++) {
        const distance = (features[k] ?? 0) - (means[at] ?? 0);
        score -= distance * distance * (precisions[at] ?? 0);
      }
      scores[i] = score;
    }
  };
}

/**
 * Scores frames against a model. Silence is the better of its own mixture and the best word state moved by how surely
 * the frame holds no speech; without the second, the noise after a sentence becomes words.
 */
export function createScorer(model: Pick<WordModel, 'states' | 'silence'>): (features: Float32Array, speech: number) => FrameScores {
  const stateDensities = createDensities(model.states);
  const silenceDensities = createDensities(model.silence);
  const mixture = new Float64Array(model.silence.weights.length);
  const logWeights = model.silence.weights.map((weight) => Math.log(weight + 1e-9));
  const scores: FrameScores = { states: new Float64Array(model.states.means.length / featureCount), silence: 0, best: 0 };

  return (features, speech) => {
    stateDensities(features, scores.states);
    silenceDensities(features, mixture);
    let best = -Infinity;
    for (const score of scores.states) if (score > best) best = score;
    let silence = best + silenceSlope * (silencePivot - speech);
    mixture.forEach((score, i) => {
      silence = Math.max(silence, score + (logWeights[i] ?? 0));
    });
    scores.silence = silence;
    scores.best = Math.max(best, silence);
    return scores;
  };
}
