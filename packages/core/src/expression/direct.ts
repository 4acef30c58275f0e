import { isJsonObject, type Json } from '../text/index.js';
import type { AstNode } from './ast.js';
import type { Scope } from './types.js';

/** What a direct read found. `known: false` means that JSONata must decide (a list on the way). */
export type DirectRead = { readonly known: true; readonly value: Json | undefined } | { readonly known: false };

const UNKNOWN: DirectRead = { known: false };

/** A reader for expressions that are a bare name path or a literal, the bulk of all expressions; undefined for any other. It agrees with JSONata wherever it answers. */
export function directReader(ast: AstNode): ((scope: Scope) => DirectRead) | undefined {
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
