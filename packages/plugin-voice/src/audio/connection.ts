import { encodingAudio } from './encode.js';
import { decodeMuLaw } from './g711.js';
import { dropoutsOf, type Dropout, type DropoutOptions } from './dropout.js';
import { resampling } from './resample.js';
import { mapSamples, SLICE, type Slices } from './slices.js';
import { SAMPLE_RATE } from './wav.js';

/** What happens to the sound between the microphone and the recogniser. */
export interface ConnectionOptions {
  /** Turned up or down, in dB; what would be louder than full scale is cut off, as by a microphone that is too near. */
  readonly gainDb?: number;
  /** As over the telephone: 8 kHz µ-law (ITU-T G.711) and back. */
  readonly codec?: 'g711';
  readonly loss?: LossOptions;
  readonly dropout?: DropoutOptions;
}

/** Packets that are lost. */
export interface LossOptions {
  /** How many of a hundred, in the long run. */
  readonly percent: number;
  /** How many in a row on average; 1 for losses that know nothing of each other. */
  readonly burst: number;
  /** Length of a packet. */
  readonly packetMs: number;
}

/** Sound as it arrives, and how many of its packets were lost. */
export interface Arrived {
  readonly samples: Int16Array;
  readonly lost: number;
  readonly packets: number;
  /** Stretches that were dropped, in order; silent in `samples`. */
  readonly dropouts: readonly Dropout[];
}

/** Gain, then the codec, then loss, then dropouts; in slices. */
export function* sendingOver(samples: Int16Array, { gainDb = 0, codec, loss, dropout }: ConnectionOptions, random: () => number): Slices<Arrived> {
  const factor = 10 ** (gainDb / 20);
  const turned = gainDb === 0 ? samples : yield* mapSamples(samples, samples.length, (sample) => sample * factor);
  const coded = codec === undefined ? turned : yield* telephone(turned);
  const { lost, packets, samples: left } = loss === undefined ? { samples: coded, lost: 0, packets: 0 } : losePackets(coded, loss, random);
  const dropouts = dropout === undefined ? [] : dropoutsOf(dropout, (samples.length / SAMPLE_RATE) * 1_000, random);
  const arrived = dropouts.length > 0 && left === samples ? samples.slice() : left;
  for (const { fromMs, toMs } of dropouts) arrived.fill(0, samplesIn(fromMs), samplesIn(toMs));
  return { samples: arrived, lost, packets, dropouts };
}

function* telephone(samples: Int16Array): Slices<Int16Array> {
  const bytes = yield* encodingAudio(samples, SAMPLE_RATE, { encoding: 'mulaw', rate: 8_000 });
  const decoded = new Float32Array(bytes.length);
  for (let index = 0; index < bytes.length; index += 1) {
    if (index % SLICE === SLICE - 1) yield;
    decoded[index] = decodeMuLaw(bytes[index] ?? 0);
  }
  return yield* mapSamples(yield* resampling(decoded, 8_000, SAMPLE_RATE), samples.length, (value) => value);
}

/** Gilbert's model (1960): a good state and a bad one in which every packet is lost; nothing conceals the gaps. */
function losePackets(samples: Int16Array, { percent, burst, packetMs }: LossOptions, random: () => number): Omit<Arrived, 'dropouts'> {
  const share = percent / 100;
  const leaveBad = 1 / burst;
  const leaveGood = share >= 1 ? 1 : Math.min(1, (share * leaveBad) / (1 - share));
  const size = samplesIn(packetMs);
  const out = samples.slice();
  const packets = Math.ceil(samples.length / size);
  let [isBad, lost] = [random() < share, 0];
  for (let packet = 0; packet < packets; packet += 1) {
    if (packet > 0) isBad = isBad ? share >= 1 || random() >= leaveBad : random() < leaveGood;
    if (!isBad) continue;
    out.fill(0, packet * size, (packet + 1) * size);
    lost += 1;
  }
  return { samples: out, lost, packets };
}

function samplesIn(ms: number): number {
  return Math.round((ms * SAMPLE_RATE) / 1_000);
}
