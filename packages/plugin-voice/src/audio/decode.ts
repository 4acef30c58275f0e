import { RealopsError } from '@alice/realops/plugin';
import { BYTES_OF, type Encoding } from './encode.js';
import { decodeMuLaw } from './g711.js';

/**
 * Samples that came in a form of our own choosing, as 16 bits; floats above full scale are cut off.
 * @throws RealopsError REALOPS_PROTOCOL for a piece of a sample, or a float that is no number
 */
export function decodeAudio(bytes: Uint8Array, encoding: Encoding): Int16Array {
  if (encoding === 'mulaw') return Int16Array.from(bytes, decodeMuLaw);
  const size = BYTES_OF[encoding];
  if (bytes.length % size !== 0) throw new RealopsError('REALOPS_PROTOCOL', `the other side sent ${bytes.length} bytes of sound, which is no whole number of samples of ${size} bytes`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (encoding === 's16le') return Int16Array.from({ length: bytes.length / 2 }, (_, index) => view.getInt16(index * 2, true));
  return Int16Array.from({ length: bytes.length / 4 }, (_, index) => {
    const value = view.getFloat32(index * 4, true);
    if (!Number.isFinite(value)) throw new RealopsError('REALOPS_PROTOCOL', 'the other side sent sound with a sample that is not a number');
    return Math.max(-32_768, Math.min(32_767, Math.round(value * 32_768)));
  });
}
