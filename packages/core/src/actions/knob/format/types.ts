import { RealopsError, type Json } from '../../../plugin.js';

/** A kind of configuration file: how a value in it is read, and replaced with every other byte kept. */
export interface FileFormat {
  /** What it is called in messages. */
  readonly name: string;
  /**
   * The whole file as JSON.
   * @throws RealopsError REALOPS_KNOB_FILE when the file is not of this kind
   */
  parse(file: string, text: string): Json;
  /** The stretch of the text that holds the value, and what stands there instead for another one; undefined when the value cannot be replaced on its own. */
  replace(file: string, text: string, keys: readonly string[], value: Json): Replacement | undefined;
}

/** A stretch of a text, the end exclusive, and what is to stand there. */
export interface Replacement {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** What is thrown for a file that cannot be read or changed. */
export function brokenFile(file: string, message: string, hint?: string, cause?: unknown): RealopsError {
  return new RealopsError('REALOPS_KNOB_FILE', `${file}: ${message}`, { hint, cause });
}
