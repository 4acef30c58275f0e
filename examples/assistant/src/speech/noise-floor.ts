import { bandCount } from './settings.js';

const settlingFrames = 15;
const voicedAbove = 0.25;
const trackingRate = 0.05;
const largestStepDb = 6;
const riseDb = 0.01;
const fallDb = 0.1;
/** How many of the loudest bands the voice decision listens to. */
const listenedBands = 6;
const quietSnrDb = 2;
const clearSnrDb = 26;

/** What the microphone hears when nobody speaks, band by band, and how far the present frame stands out of it. */
export interface NoiseFloor {
  /** Band levels of the background in dB; owned by the tracker, read only. */
  readonly levels: Float64Array;
  /** Takes the next frame's band levels (dB) and returns the probability 0..1 that it holds speech. */
  next(frame: Float64Array): number;
}

/**
 * Tracks the background per band in the log domain: averaging energies instead would let one loud word drag the floor
 * up onto the speech. The floor follows quickly while nobody speaks and creeps (1 dB/s up at most) while somebody does.
 */
export function createNoiseFloor(): NoiseFloor {
  const levels = new Float64Array(bandCount);
  const recent = [new Float64Array(bandCount), new Float64Array(bandCount), new Float64Array(bandCount)];
  const smooth = new Float64Array(bandCount);
  const excess = new Float64Array(bandCount);
  let frames = 0;

  const smoothInto = (frame: Float64Array): void => {
    recent[frames % 3]?.set(frame);
    const count = Math.min(3, frames + 1);
    for (let band = 0; band < bandCount; band++) {
      let sum = 0;
      for (let i = 0; i < count; i++) sum += recent[i]?.[band] ?? 0;
      smooth[band] = sum / count;
    }
  };

  const speechProbability = (): number => {
    for (let band = 0; band < bandCount; band++) excess[band] = (smooth[band] ?? 0) - (levels[band] ?? 0);
    excess.sort();
    let sum = 0;
    for (let i = bandCount - listenedBands; i < bandCount; i++) sum += excess[i] ?? 0;
    return Math.min(1, Math.max(0, (sum / listenedBands - quietSnrDb) / (clearSnrDb - quietSnrDb)));
  };

  const follow = (probability: number): void => {
    for (let band = 0; band < bandCount; band++) {
      const difference = (smooth[band] ?? 0) - (levels[band] ?? 0);
      const step =
        probability < voicedAbove
          ? trackingRate * Math.min(largestStepDb, Math.max(-largestStepDb, difference))
          : difference > 0
            ? Math.min(riseDb, trackingRate * difference)
            : Math.max(-fallDb, trackingRate * difference);
      levels[band] = (levels[band] ?? 0) + step;
    }
  };

  return {
    levels,
    next(frame) {
      smoothInto(frame);
      if (frames < settlingFrames) {
        for (let band = 0; band < bandCount; band++) {
          levels[band] = ((levels[band] ?? 0) * frames + (frame[band] ?? 0)) / (frames + 1);
        }
        frames++;
        return 0;
      }
      frames++;
      const probability = speechProbability();
      follow(probability);
      return probability;
    },
  };
}
