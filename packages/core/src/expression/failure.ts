import { messageOf, RealopsError } from '../errors/index.js';
import { preview } from '../text/index.js';
import { leftOf, nodesOf, type AstNode } from './ast.js';
import { NotJson } from './result.js';
import { libraryError, oneLine } from './syntax.js';

/** The bounds within which every evaluation stays: milliseconds, levels, items of one list. */
export const GUARDRAILS = { timeout: 250, stack: 100, sequence: 10_000 } as const;

/** Whether an evaluation ran out of time. */
export function isTimeout(error: unknown): boolean {
  return libraryError(error).code === 'D1012';
}

/** Why an evaluation failed, in plain words: which side of what was what. */
export function explainFailure(error: unknown, ast: AstNode): { readonly message: string; readonly hint?: string | undefined } {
  if (error instanceof NotJson) return { message: error.message };
  if (error instanceof RealopsError) return { message: error.message, hint: error.hint };
  const { code, token, value, value2, index, message, position } = libraryError(error);
  const operator = typeof token === 'string' ? `"${token}"` : 'an operator';
  switch (code) {
    case 'D1011':
      return { message: `it is nested more than ${GUARDRAILS.stack} levels deep, or calls itself without end` };
    case 'D1012':
      return { message: `it took longer than ${GUARDRAILS.timeout} ms`, hint: 'go over fewer items, or compute the value in a step of your own' };
    case 'D2014':
    case 'D2015':
      return { message: `it makes a list of more than ${GUARDRAILS.sequence} items`, hint: 'filter earlier, or compute the value in a step of your own' };
    case 'T2009':
      return { message: `${operator} compares like with like, but the left side is ${describe(value)} and the right side ${describe(value2)}`, hint: 'use $number(text) or $string(number)' };
    case 'T2010':
      return { message: `${operator} compares numbers or texts, but ${sideOf(ast, position, token)} is ${describe(value)}` };
    case 'T2001':
      return { message: `${operator} needs numbers, but the left side is ${describe(value)}`, hint: joinHint(token, value) };
    case 'T2002':
      return { message: `${operator} needs numbers, but the right side is ${describe(value)}`, hint: joinHint(token, value) };
    case 'T2003':
    case 'T2004':
      return { message: `a range (..) goes from one whole number to another, but one end is ${describe(value)}` };
    case 'T2007':
    case 'T2008':
      return { message: 'sorting needs numbers only, or texts only' };
    case 'D1002':
      return { message: `only a number can be negated, but this is ${describe(value)}` };
    case 'T0410':
    case 'T0412':
      return value === undefined ? { message: `$${String(token)} needs ${index ?? 'more'} or more arguments` } : { message: `argument ${index ?? '?'} of $${String(token)} has the wrong type: it is ${describe(value)}` };
    case 'T0411':
      return { message: `$${String(token)} needs an argument`, hint: `write $${String(token)}(value)` };
    case 'T1003':
      return { message: `the key of an object must be a text, but this is ${describe(value)}`, hint: 'use $string(value)' };
    case 'D3030':
      return { message: `$number cannot read ${describe(value)}` };
    case 'D3110':
      return { message: `$toMillis needs a time such as 2026-01-31T12:00:00Z, but this is ${describe(value)}` };
    case 'D1001':
    case 'D3001':
      return { message: 'it gave a number without bound; was something divided by 0?' };
    case 'D3137':
      return { message: `says: ${oneLine(message ?? '')}` };
    case 'D3141':
      return { message: `an assertion in it did not hold: ${oneLine(message ?? '')}` };
    default:
      return { message: oneLine(message ?? messageOf(error)) };
  }
}

/** A value with its kind, short. */
function describe(value: unknown): string {
  if (value === null) return 'null';
  if (value === undefined) return 'nothing';
  if (typeof value === 'string') return `the text ${preview(value, 60)}`;
  if (typeof value === 'number') return `the number ${value}`;
  if (typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) return `a list: ${preview(value, 60)}`;
  return typeof value === 'object' ? `an object: ${preview(value, 60)}` : 'a function';
}

/** The side of an operator that a complaint is about, as far as the other side shows it. */
function sideOf(ast: AstNode, position: number | undefined, token: unknown): string {
  const node = nodesOf(ast).find((each) => each.type === 'binary' && each.position === position && each.value === token);
  if (node !== undefined && isComparable(node.rhs)) return 'the left side';
  return isComparable(leftOf(node?.lhs)) ? 'the right side' : 'one side';
}

function isComparable(node: AstNode | undefined): boolean {
  return node?.type === 'number' || node?.type === 'string';
}

function joinHint(token: unknown, value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  return token === '+' ? 'texts are joined with &; a number in a text is read with $number(text)' : 'a number in a text is read with $number(text)';
}
