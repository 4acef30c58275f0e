import { encodeAudio } from './encode.js';
import { decodeMuLaw } from './g711.js';
import { resample } from './resample.js';
import { SAMPLE_RATE } from './wav.js';

/** What happens to the sound between the microphone and the recogniser. */
export interface ConnectionOptions {
  /** Turned up or down, in dB; what would be louder than full scale is cut off, as by a microphone that is too near. */
  readonly gainDb?: number;
  /** As over the telephone: 8 kHz µ-law (ITU-T G.711) and back. */
  readonly codec?: 'g711';
  readonly loss?: LossOptions;
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
}

/** Gain, then the codec, then loss. */
export function sendOver(samples: Int16Array, { gainDb = 0, codec, loss }: ConnectionOptions, random: () => number): Arrived {
  const factor = 10 ** (gainDb / 20);
  const turned = gainDb === 0 ? samples : samples.map((sample) => Math.max(-32_768, Math.min(32_767, Math.round(sample * factor))));
  const coded = codec === undefined ? turned : telephone(turned);
  return loss === undefined ? { samples: coded, lost: 0, packets: 0 } : losePackets(coded, loss, random);
}

function telephone(samples: Int16Array): Int16Array {
  const decoded = Float32Array.from(encodeAudio(samples, SAMPLE_RATE, { encoding: 'mulaw', rate: 8_000 }), decodeMuLaw);
  return Int16Array.from(resample(decoded, 8_000, SAMPLE_RATE).subarray(0, samples.length), (value) => Math.max(-32_768, Math.min(32_767, Math.round(value))));
}

/** Gilbert's model (1960): a good state and a bad one in which every packet is lost; nothing conceals the gaps. */
function losePackets(samples: Int16Array, { percent, burst, packetMs }: LossOptions, random: () => number): Arrived {
  const share = percent / 100;
  const leaveBad = 1 / burst;
  const leaveGood = share >= 1 ? 1 : Math.min(1, (share * leaveBad) / (1 - share));
  const size = (packetMs * SAMPLE_RATE) / 1_000;
  const out = Int16Array.from(samples);
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
