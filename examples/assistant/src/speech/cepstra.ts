import { bandCount, cepstrumCount } from './settings.js';

const floorShare = 0.3;
const peakRangeDb = 35;
const lifter = 22;
const startingPeakDb = -30;
const peakDecayDb = 0.01;

/**
 * Band levels to cepstra: soft spectral subtraction of the noise floor, a floor 35 dB under the running peak that hides
 * the detail of silence, logarithm, cosine transform, lifter.
 * @returns a function with one connection's running peak; it takes levels and floor in dB and writes
 *   {@link cepstrumCount} coefficients.
 */
export function createCepstra(): (levels: Float64Array, floor: Float64Array, cepstrum: Float64Array) => void {
  const cosines = Array.from({ length: cepstrumCount }, (_, k) =>
    Float64Array.from(
      { length: bandCount },
      (_, band) => (1 + (lifter / 2) * Math.sin((Math.PI * k) / lifter)) * Math.sqrt(2 / bandCount) * Math.cos((Math.PI * k * (band + 0.5)) / bandCount),
    ),
  );
  const logs = new Float64Array(bandCount);
  let peakDb = startingPeakDb;

  return (levels, floor, cepstrum) => {
    peakDb -= peakDecayDb;
    for (let band = 0; band < bandCount; band++) peakDb = Math.max(peakDb, levels[band] ?? 0);
    const hiding = 10 ** ((peakDb - peakRangeDb) / 10);
    for (let band = 0; band < bandCount; band++) {
      const energy = 10 ** ((levels[band] ?? 0) / 10);
      const noise = 10 ** ((floor[band] ?? 0) / 10);
      logs[band] = Math.log(Math.max(energy - noise, floorShare * energy) + hiding);
    }
    for (let k = 0; k < cepstrumCount; k++) {
      const row = cosines[k];
      let sum = 0;
      if (row) for (let band = 0; band < bandCount; band++) sum += (row[band] ?? 0) * (logs[band] ?? 0);
      cepstrum[k] = sum;
    }
  };
}
