import type { ErrorCode } from './codes.js';

/** A place in a file. Lines and columns count from 1; `endColumn` is exclusive and on the same line. */
export interface SourceRange {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endColumn?: number;
}

/** One thing that is wrong with an input, with its place and the way out. A load reports all of them at once. */
export interface Problem {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint?: string;
  readonly source?: SourceRange;
}

/** What a {@link RealopsError} may carry beside its sentence. */
export interface RealopsErrorOptions {
  readonly hint?: string | undefined;
  readonly source?: SourceRange | undefined;
  readonly cause?: unknown;
  /** All problems of a load; empty for every other error. */
  readonly problems?: readonly Problem[];
}

/** The one error class of the product: a stable code, a sentence that says what was got, a way out, and a place where there is one. */
export class RealopsError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly source: SourceRange | undefined;
  readonly problems: readonly Problem[];

  constructor(code: ErrorCode, message: string, options: RealopsErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'RealopsError';
    this.code = code;
    this.hint = options.hint;
    this.source = options.source;
    this.problems = options.problems ?? [];
  }
}

/**
 * The given error as a {@link RealopsError}: itself when it is one, else wrapped under `code` with its message kept and the original as `cause`.
 * Errors of another copy of this package (same name and a code) are recognised by shape.
 */
export function asRealopsError(error: unknown, code: ErrorCode): RealopsError {
  if (error instanceof RealopsError) return error;
  return new RealopsError(code, messageOf(error), { cause: error });
}

/** The message of anything thrown, with the innermost cause when the outer sentence hides it (as `fetch failed` does). */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof AggregateError && error.message === '' && error.errors.length > 0) return error.errors.map(messageOf).join('; ');
  const inner = error.cause === undefined || error instanceof RealopsError ? '' : messageOf(error.cause);
  const own = error.message === '' ? error.name : error.message;
  return inner === '' || own.includes(inner) ? own : `${own}: ${inner}`;
}
