import type { ValidatorError } from './branch.js';

/** A function that says whether a value fits, and leaves its complaints on itself. */
export interface Validate {
  (value: unknown): boolean;
  readonly errors?: readonly ValidatorError[] | null | undefined;
}

/**
 * A validator that need not be compiled, by the fingerprint of its schema. There is none here: the build puts in this place what the engine makes of the schemas
 * of suite files and of the built-in step and action types. A schema that is not found is compiled when it is first used.
 */
export function readyValidator(fingerprint: string): Validate | undefined {
  return NONE.get(fingerprint);
}

const NONE: ReadonlyMap<string, Validate> = new Map();
