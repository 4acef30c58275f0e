/** 16-bit little-endian samples to floats in [-1, 1). An odd last byte is an error of the caller. */
export function decodePcm(bytes: Uint8Array): Float32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const samples = new Float32Array(bytes.byteLength >> 1);
  for (let i = 0; i < samples.length; i++) samples[i] = view.getInt16(2 * i, true) / 32_768;
  return samples;
}

/** Floats to 16-bit little-endian samples; values outside [-1, 1] are clipped. */
export function encodePcm(samples: Float32Array): Buffer {
  const bytes = Buffer.alloc(2 * samples.length);
  samples.forEach((sample, i) => bytes.writeInt16LE(Math.max(-32_768, Math.min(32_767, Math.round(sample * 32_767))), 2 * i));
  return bytes;
}

/** Floats to a mono 16-bit WAV file; values outside [-1, 1] are clipped. */
export function encodeWav(samples: Float32Array, sampleRate: number): Buffer {
  const file = Buffer.alloc(44);
  file.write('RIFF', 0, 'latin1');
  file.writeUInt32LE(36 + 2 * samples.length, 4);
  file.write('WAVEfmt ', 8, 'latin1');
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(1, 20);
  file.writeUInt16LE(1, 22);
  file.writeUInt32LE(sampleRate, 24);
  file.writeUInt32LE(2 * sampleRate, 28);
  file.writeUInt16LE(2, 32);
  file.writeUInt16LE(16, 34);
  file.write('data', 36, 'latin1');
  file.writeUInt32LE(2 * samples.length, 40);
  return Buffer.concat([file, encodePcm(samples)]);
}

/**
 * Reads a mono 16-bit WAV file of 16 kHz.
 * @throws Error for anything else; the training scripts and tests use only such files.
 */
export function decodeWav(file: Buffer): Float32Array {
  if (file.toString('latin1', 0, 4) !== 'RIFF' || file.toString('latin1', 8, 12) !== 'WAVE') throw new Error('not a WAV file');
  for (let at = 12; at + 8 <= file.length; ) {
    const id = file.toString('latin1', at, at + 4);
    const size = file.readUInt32LE(at + 4);
    if (id === 'fmt ' && (file.readUInt16LE(at + 10) !== 1 || file.readUInt32LE(at + 12) !== 16_000 || file.readUInt16LE(at + 22) !== 16)) {
      throw new Error('expected mono, 16 kHz, 16 bits');
    }
    if (id === 'data') return decodePcm(file.subarray(at + 8, Math.min(file.length, at + 8 + size)));
    at += 8 + size + (size % 2);
  }
  throw new Error('WAV file has no data');
}
