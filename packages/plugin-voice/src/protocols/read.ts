import { Buffer } from 'node:buffer';
import { RealopsError } from '@alice/realops/plugin';

/** A JSON object as it came. */
export interface Fields {
  readonly [name: string]: unknown;
}

/** The JSON object of a text message. @throws RealopsError REALOPS_PROTOCOL for anything else */
export function readObject(data: Uint8Array, isBinary: boolean): Fields {
  if (isBinary) throw violation(`sent a binary message of ${data.length} bytes; all its messages are JSON text`);
  const text = Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('utf8');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw violation(`sent text that is not JSON: ${excerpt(text)}`, cause);
  }
  if (!isFields(value)) throw violation(`sent JSON that is not an object: ${excerpt(text)}`);
  return value;
}

/** Whether a value is a JSON object. */
export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A field that must be a text. `what` names the message. */
export function readText(fields: Fields, name: string, what: string): string {
  const value = fields[name];
  if (typeof value !== 'string') throw violation(`sent a ${what} whose ${name} must be a string, got ${shown(value)}`);
  return value;
}

/** A field that must hold bytes in base64. */
export function readBase64(fields: Fields, name: string, what: string): Uint8Array {
  const text = readText(fields, name, what);
  if (!/^[A-Za-z0-9+/]*={0,2}$/u.test(text)) throw violation(`sent a ${what} whose ${name} is not base64: ${excerpt(text)}`);
  return Buffer.from(text, 'base64');
}

/** A field that is a number, null or absent. */
export function readNumber(fields: Fields, name: string, what: string): number | null {
  const value = fields[name];
  if (value === undefined || value === null) return null;
  if (typeof value !== 'number') throw violation(`sent a ${what} whose ${name} must be a number, got ${shown(value)}`);
  return value;
}

/** A field that is a list of objects; absent counts as empty. */
export function readList(fields: Fields, name: string, what: string): readonly Fields[] {
  const value = fields[name] ?? [];
  if (!Array.isArray(value) || !value.every(isFields)) throw violation(`sent a ${what} whose ${name} must be a list of objects, got ${shown(value)}`);
  return value;
}

/** What an error message says: the first of the named fields that is a text, or all of it. */
export function errorText(fields: Fields, ...names: readonly string[]): string {
  const said = names.map((name) => fields[name]).find((value) => typeof value === 'string');
  return typeof said === 'string' ? said : shown(fields);
}

/** A value as a name: texts and numbers as they are. */
export function nameOf(value: unknown, otherwise: string): string {
  if (value === undefined || value === null) return otherwise;
  return typeof value === 'string' || typeof value === 'number' ? excerpt(String(value)) : shown(value);
}

/** A value on one line of at most 80 characters. */
export function shown(value: unknown): string {
  return excerpt(JSON.stringify(value) ?? 'nothing');
}

/** The beginning of a text on one line. */
export function excerpt(text: string): string {
  const line = text.replaceAll(/\p{C}+/gu, ' ').slice(0, 80);
  return text.length > 80 ? `${line}…` : line;
}

/** The other side broke its protocol. */
export function violation(message: string, cause?: unknown): RealopsError {
  return new RealopsError('REALOPS_PROTOCOL', `the other side ${message}`, { cause });
}

/** The mean of the confidences that are there; null when none is. */
export function meanConfidence(values: readonly unknown[]): number | null {
  const numbers = values.filter((value) => typeof value === 'number');
  return numbers.length === 0 ? null : numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
}

/** Pieces of one utterance as one text. */
export function joinTexts(pieces: readonly string[]): string {
  return pieces.map((piece) => piece.trim()).filter((piece) => piece !== '').join(' ');
}
