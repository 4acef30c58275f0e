import jsonata from 'jsonata';
import { messageOf, RealopsError, type Problem, type SourceRange } from '../errors/index.js';
import { preview, type Json } from '../text/index.js';
import type { AstNode } from './ast.js';
import { directReader } from './direct.js';
import { houseFunctions, STANDARD_FUNCTIONS } from './functions.js';
import { hintFor } from './hints.js';
import { lint } from './lint.js';
import { checkNames } from './names.js';
import { toJson } from './result.js';
import type { Expression, Functions, Scope, Shape } from './types.js';

/** What compiling an expression needs beside its text. */
export interface ExpressionOptions {
  /** What may be read; anything when left out. */
  readonly shape?: Shape;
  /** The place in a file of a stretch of the expression. */
  readonly locate?: (offset: number, length: number) => SourceRange | undefined;
  /** Functions of plugins. */
  readonly functions?: Functions;
}

/** A compiled expression, or what is wrong with it. With problems the expression is undefined or must not be used. */
export interface CompiledExpression {
  readonly expression: Expression | undefined;
  readonly problems: readonly Problem[];
}

/** The bounds within which every evaluation stays. */
const GUARDRAILS = { timeout: 250, stack: 100, sequence: 10_000 };
const LONGEST_TEXT = 4_096;

/** Compiles a JSONata expression once and checks all that can be known before it is evaluated: syntax, names, functions, and what is not allowed. */
export function compileExpression(text: string, options: ExpressionOptions = {}): CompiledExpression {
  const problem = (code: Problem['code'], message: string, offset: number, length: number, hint: string | undefined): Problem => {
    const source = options.locate?.(offset, length);
    return { code, message, ...(hint === undefined ? {} : { hint }), ...(source === undefined ? {} : { source }) };
  };
  if (text.length > LONGEST_TEXT) return failed(problem('REALOPS_EXPRESSION_FORBIDDEN', `the expression has ${text.length} characters; at most ${LONGEST_TEXT} are allowed`, 0, 1, undefined));
  const functions = { ...houseFunctions, ...options.functions };
  let compiled: jsonata.Expression;
  let ast: AstNode;
  try {
    compiled = jsonata(text, GUARDRAILS);
    // The seam to the library's loosely typed tree.
    ast = compiled.ast() as unknown as AstNode;
  } catch (error) {
    const { message, offset } = explainSyntax(error, text);
    return failed(problem('REALOPS_EXPRESSION_SYNTAX', message, offset, 1, hintFor(text)));
  }
  const names = checkNames(ast, options.shape ?? { kind: 'open' }, new Set([...STANDARD_FUNCTIONS, ...Object.keys(functions)]));
  const problems = [
    ...lint(ast).map(({ message, offset, length, hint }) => problem('REALOPS_EXPRESSION_FORBIDDEN', message, offset, length, hint)),
    ...names.problems.map(({ name, message, offset, length, hint }) => problem('REALOPS_EXPRESSION_UNKNOWN_NAME', name === 'eval' ? '$eval is not allowed' : message, offset, length, hint)),
  ];
  if (problems.length > 0) return { expression: undefined, problems };
  for (const [name, implementation] of Object.entries(functions)) {
    if (text.includes(`$${name}`)) compiled.registerFunction(name, (...values: readonly unknown[]) => implementation(...values.map((value) => toJson(value) ?? null)));
  }
  return { expression: makeExpression(text, compiled, ast, names.reads, options.locate), problems };
}

function failed(problem: Problem): CompiledExpression {
  return { expression: undefined, problems: [problem] };
}

function makeExpression(text: string, compiled: jsonata.Expression, ast: AstNode, reads: readonly string[], locate: ExpressionOptions['locate']): Expression {
  const direct = directReader(ast);
  const source = locate?.(0, text.length);
  const evaluate = async (scope: Scope): Promise<Json | undefined> => {
    const read = direct?.(scope);
    if (read?.known === true) return read.value;
    try {
      return toJson(await compiled.evaluate(scope));
    } catch (error) {
      throw new RealopsError('REALOPS_EXPRESSION_FAILED', `${preview(text, 120)}: ${explainRun(error)}`, { cause: error, source });
    }
  };
  return {
    text,
    source,
    reads,
    readNow: (scope) => direct?.(scope),
    evaluate,
    async test(scope) {
      const value = await evaluate(scope);
      if (typeof value === 'boolean') return value;
      const why = value === undefined ? 'gave no value: something it reads is not there' : `gave ${preview(value, 80)}, not true or false`;
      throw new RealopsError('REALOPS_EXPRESSION_NOT_BOOLEAN', `${preview(text, 120)} ${why}`, { source, hint: value === undefined ? 'test for it first, e.g. $exists(body.state) and body.state = "NORMAL"' : 'compare it with something' });
    },
  };
}

interface LibraryError {
  readonly code: string;
  readonly position: number;
  readonly token: string;
  readonly value: unknown;
  readonly message: string;
}

function libraryError(error: unknown): Partial<LibraryError> {
  return typeof error === 'object' && error !== null ? error : { message: String(error) };
}

function explainSyntax(error: unknown, text: string): { readonly message: string; readonly offset: number } {
  const { code, position, token, message } = libraryError(error);
  const offset = Math.max(0, Math.min((position ?? 1) - 1, Math.max(0, text.length - 1)));
  const near = token === undefined || token === '(end)' ? 'at its end' : `at "${token}"`;
  switch (code) {
    case 'S0207':
    case 'S0203':
      return { message: `the expression breaks off: ${preview(text, 120)}`, offset };
    case 'S0101':
      return { message: `a text is not closed: ${preview(text, 120)}`, offset };
    case 'S0201':
    case 'S0202':
    case 'S0204':
    case 'S0211':
      return { message: `the expression cannot be read ${near}: ${preview(text, 120)}`, offset: token === undefined || token === '(end)' ? offset : Math.max(0, offset - Math.max(0, token.length - 1)) };
    default:
      return { message: `the expression cannot be read: ${(message ?? messageOf(error)).replaceAll(/\s+/g, ' ')}`, offset };
  }
}

function explainRun(error: unknown): string {
  const { code, token, value, message } = libraryError(error);
  switch (code) {
    case 'D1011':
      return 'it calls itself too deeply';
    case 'D1012':
      return `it took longer than ${GUARDRAILS.timeout} ms`;
    case 'D2014':
    case 'D2015':
      return `it makes a list of more than ${GUARDRAILS.sequence} items`;
    case 'T2010':
    case 'T2009':
      return `"${token ?? '?'}" compares numbers or texts with their like, got ${preview(value ?? null, 60)}`;
    case 'T2001':
    case 'T2002':
      return `"${token ?? '?'}" needs numbers, got ${preview(value ?? null, 60)}`;
    default:
      return (message ?? messageOf(error)).replaceAll(/\s+/g, ' ');
  }
}
