import { Buffer } from 'node:buffer';
import { violation } from './read.js';

/** A line may be at most this long, in bytes. */
const MOST_BYTES = 1 << 20;

/** Puts lines together from bytes as they come. */
export interface Lines {
  /** The lines that these bytes complete, without their ends. @throws RealopsError REALOPS_PROTOCOL for a line of more than 1 MiB */
  take(bytes: Uint8Array): readonly string[];
}

/** Lines of UTF-8, ended by a line feed with or without a carriage return. */
export function createLines(): Lines {
  let waiting: Buffer = Buffer.alloc(0);
  return {
    take(bytes) {
      waiting = Buffer.concat([waiting, bytes]);
      const lines: string[] = [];
      for (let end = waiting.indexOf(0x0a); end >= 0; end = waiting.indexOf(0x0a)) {
        lines.push(waiting.subarray(0, end).toString('utf8').replace(/\r$/u, ''));
        waiting = waiting.subarray(end + 1);
      }
      if (waiting.length > MOST_BYTES) throw violation(`sent ${waiting.length} bytes without an end of line`);
      return lines;
    },
  };
}
