import { RealopsError } from '../errors/index.js';
import type { Redactor } from './redact.js';

/** An error as data: what it says and why, nothing else of it. */
export interface RedactedError {
  readonly name: string;
  readonly message: string;
  readonly code?: string;
  readonly hint?: string;
  readonly stack?: readonly string[];
  readonly cause?: RedactedError;
  /** The errors of an aggregate. */
  readonly errors?: readonly RedactedError[];
}

/** Deeper causes and more errors than this are left out. */
const DEEPEST = 8;
const MOST_ERRORS = 10;
const LONGEST = 4_000;

/**
 * An error with its causes, redacted. Only the name, message, code, hint and stack are read: other properties (a request with its headers) are where
 * secrets lie, and `util.inspect` would print them all. Never throws, whatever was thrown; cycles and long chains end.
 */
export function redactError(error: unknown, redactor: Pick<Redactor, 'text'>): RedactedError {
  return describe(error, redactor, DEEPEST);
}

function describe(error: unknown, redactor: Pick<Redactor, 'text'>, depth: number): RedactedError {
  const clean = (text: string): string => redactor.text(text).slice(0, LONGEST);
  if (typeof error !== 'object' || error === null) return { name: 'Thrown', message: clean(String(error)) };
  const name = textOf(error, 'name') ?? 'Error';
  const message = textOf(error, 'message') ?? 'something was thrown that is no error';
  const code = textOf(error, 'code');
  const hint = error instanceof RealopsError ? error.hint : undefined;
  // The first lines of a stack repeat the message.
  const stack = textOf(error, 'stack')?.split('\n').filter((line) => /^\s+at /.test(line)).map((line) => clean(line.trim()));
  const cause = read(error, 'cause');
  const errors = read(error, 'errors');
  return {
    name: clean(name),
    message: clean(message),
    ...(code === undefined ? {} : { code: clean(code) }),
    ...(hint === undefined ? {} : { hint: clean(hint) }),
    ...(stack === undefined || stack.length === 0 ? {} : { stack }),
    ...(cause === undefined || depth === 0 ? {} : { cause: describe(cause, redactor, depth - 1) }),
    ...(!Array.isArray(errors) || depth === 0 ? {} : { errors: errors.slice(0, MOST_ERRORS).map((each: unknown) => describe(each, redactor, depth - 1)) }),
  };
}

function textOf(error: object, property: string): string | undefined {
  const value = read(error, property);
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}

/** A property that may be a getter that throws. */
function read(error: object, property: string): unknown {
  try {
    return Reflect.get(error, property);
  } catch {
    return undefined;
  }
}
