import { messageOf } from '../errors/index.js';
import type { Expression } from '../expression/types.js';
import { preview, type Json } from '../text/index.js';
import type { RemedyScope } from './scope.js';

/** What a condition came to. What cannot be decided is never taken for false. */
export type Decision = { readonly kind: 'holds' } | { readonly kind: 'fails' } | { readonly kind: 'undecided'; readonly reason: string };

/** Decides a condition of a diagnosis, a remedy or an alert: first whether there is data for what it reads, then its value. Never rejects. */
export async function decide(condition: Expression, scope: RemedyScope): Promise<Decision> {
  const gap = scope.gap(condition.reads);
  if (gap !== undefined) return { kind: 'undecided', reason: gap };
  try {
    return { kind: (await condition.test(scope.values)) ? 'holds' : 'fails' };
  } catch (error) {
    return { kind: 'undecided', reason: messageOf(error) };
  }
}

/** The longest text, or JSON of a list or object, that evidence shows whole. */
const LONGEST = 400;

/** Expressions with their values, for people: long values are cut, and one that has no value says why. Never rejects. */
export async function evidenceOf(expressions: readonly Expression[], scope: RemedyScope): Promise<{ readonly [expression: string]: Json }> {
  const entries = expressions.map(async (expression): Promise<[string, Json]> => {
    const gap = scope.gap(expression.reads);
    if (gap !== undefined) return [expression.text, `no value: ${gap}`];
    try {
      return [expression.text, short((await expression.evaluate(scope.values)) ?? 'no value')];
    } catch (error) {
      return [expression.text, `no value: ${messageOf(error)}`];
    }
  });
  return Object.fromEntries(await Promise.all(entries));
}

/** The values of the names that a condition reads, for people. Names that are read as a whole stand for too much to show. */
export function valuesRead(condition: Pick<Expression, 'reads'>, scope: RemedyScope): { readonly [name: string]: Json } {
  const found = condition.reads.slice(0, 20).flatMap((read): [string, Json][] => {
    const value = lookUp(read, scope.values);
    return value === undefined ? [] : [[read, short(value)]];
  });
  return Object.fromEntries(found);
}

function lookUp(path: string, from: unknown): Json | undefined {
  let value: unknown = from;
  for (const name of path.split('.')) {
    if (typeof value !== 'object' || value === null || Array.isArray(value) || !Object.hasOwn(value, name)) return undefined;
    value = Reflect.get(value, name);
  }
  return isScalar(value) ? value : undefined;
}

function isScalar(value: unknown): value is string | number | boolean | null {
  return value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

function short(value: Json): Json {
  if (typeof value === 'string') return value.length > LONGEST ? `${value.slice(0, LONGEST)}…` : value;
  return typeof value === 'object' && value !== null && JSON.stringify(value).length > LONGEST ? preview(value, LONGEST) : value;
}
