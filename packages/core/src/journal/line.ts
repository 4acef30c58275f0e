import { crc32 } from 'node:zlib';
import { isJsonObject, type Json } from '../text/index.js';

/** One record as it stands in the file. */
export interface JournalRecord {
  /** Counts from 1 without gaps. */
  readonly seq: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** The fencing token of the writer; never smaller than that of the record before. */
  readonly token: number;
  readonly payload: Json;
}

/** A line that is whole and fits the one before it. */
export interface ReadLine {
  readonly record: JournalRecord;
  /** The check that the next line starts from. */
  readonly check: number;
}

/** The check before the first line. */
export const FIRST_CHECK = 0;

const CHECK = /^(\{.*),"check":"([0-9a-f]{8})"\}$/s;

/**
 * A record as one line of JSON, newline included. `check` is the CRC-32 of everything before it, started from the check of the line before: a changed bit
 * (or any burst of up to 32), a line that is missing, doubled or out of order does not go unnoticed.
 */
export function writeLine({ seq, at, token, payload }: JournalRecord, before: number): { readonly line: string; readonly check: number } {
  const body = JSON.stringify({ seq, at, token, payload }).slice(0, -1);
  const check = crc32(body, before);
  return { line: `${body},"check":"${check.toString(16).padStart(8, '0')}"}\n`, check };
}

/** A line (without newline) read back; undefined when it is not exactly what was written after a line with the check `before`. */
export function readLine(text: string, before: number): ReadLine | undefined {
  const [, body, written] = CHECK.exec(text) ?? [];
  if (body === undefined || written === undefined) return undefined;
  const check = crc32(body, before);
  if (check.toString(16).padStart(8, '0') !== written) return undefined;
  const value = parse(`${body}}`);
  if (!isJsonObject(value)) return undefined;
  const { seq, at, token, payload } = value;
  if (typeof seq !== 'number' || typeof at !== 'number' || typeof token !== 'number' || payload === undefined) return undefined;
  return { record: { seq, at, token, payload }, check };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
