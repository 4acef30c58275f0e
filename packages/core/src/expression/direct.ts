import { isJsonObject, type Json } from '../text/index.js';
import { leftOf, type AstNode } from './ast.js';
import type { Scope } from './types.js';

/** What a direct read found. `known: false` means that JSONata must decide (a list on the way). */
export type DirectRead = { readonly known: true; readonly value: Json | undefined } | { readonly known: false };

const UNKNOWN: DirectRead = { known: false };

/** Reads an expression without the library, which takes some fifty times as long and never answers at once. */
export type DirectReader = (scope: Scope) => DirectRead;

/**
 * A reader for expressions made of bare name paths, literals, comparisons and `and`, `or`: the bulk of all expressions; undefined for any other. It
 * agrees with JSONata wherever it answers, and leaves to it every value that is not plain.
 */
export function directReader(ast: AstNode): DirectReader | undefined {
  if (ast.type === 'binary') return binaryReader(ast);
  if (ast.type === 'number' || ast.type === 'string' || ast.type === 'value') {
    const literal: DirectRead = { known: true, value: typeof ast.value === 'number' || typeof ast.value === 'string' || typeof ast.value === 'boolean' ? ast.value : null };
    return () => literal;
  }
  if (ast.type !== 'path' || ast.group !== undefined) return undefined;
  const names: string[] = [];
  for (const step of ast.steps ?? []) {
    if (step.type !== 'name' || step.stages !== undefined || step.predicate !== undefined || step.focus !== undefined || step.index !== undefined) return undefined;
    names.push(String(step.value));
  }
  if ('keepSingletonArray' in ast || names.length === 0) return undefined;
  return (scope) => {
    let value: unknown = scope;
    for (const name of names) {
      if (Array.isArray(value)) return UNKNOWN;
      value = isJsonObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
    }
    // Below a JSON scope there is only JSON.
    return typeof value === 'function' ? UNKNOWN : { known: true, value: value as Json | undefined };
  };
}

const TRUE: DirectRead = { known: true, value: true };
const FALSE: DirectRead = { known: true, value: false };

function binaryReader({ value: operator, lhs, rhs }: AstNode): DirectReader | undefined {
  const left = leftOf(lhs);
  const readLeft = left === undefined ? undefined : directReader(left);
  const readRight = rhs === undefined ? undefined : directReader(rhs);
  const combine = typeof operator === 'string' && Object.hasOwn(OPERATORS, operator) ? OPERATORS[operator] : undefined;
  if (readLeft === undefined || readRight === undefined || combine === undefined) return undefined;
  return (scope) => {
    const a = readLeft(scope);
    if (!a.known) return UNKNOWN;
    const b = readRight(scope);
    const held = b.known ? combine(a.value, b.value) : undefined;
    return held === undefined ? UNKNOWN : held ? TRUE : FALSE;
  };
}

type Combine = (a: Json | undefined, b: Json | undefined) => boolean | undefined;

/** Only of values of one plain type: what the library makes of others (no value, lists, objects, texts against numbers) is its own affair. */
const OPERATORS: { readonly [operator: string]: Combine } = {
  '=': (a, b) => (isPlain(a) && isPlain(b) ? a === b : undefined),
  '!=': (a, b) => (isPlain(a) && isPlain(b) ? a !== b : undefined),
  '<': ordered((a, b) => a < b),
  '<=': ordered((a, b) => a <= b),
  '>': ordered((a, b) => a > b),
  '>=': ordered((a, b) => a >= b),
  and: (a, b) => (typeof a === 'boolean' && typeof b === 'boolean' ? a && b : undefined),
  or: (a, b) => (typeof a === 'boolean' && typeof b === 'boolean' ? a || b : undefined),
};

function isPlain(value: Json | undefined): value is string | number | boolean | null {
  return value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

function ordered(compare: <T extends string | number>(a: T, b: T) => boolean): Combine {
  return (a, b) => {
    if (typeof a === 'number' && typeof b === 'number') return compare(a, b);
    return typeof a === 'string' && typeof b === 'string' ? compare(a, b) : undefined;
  };
}
