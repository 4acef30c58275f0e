import jsonata from 'jsonata';
import { RealopsError, type Problem, type SourceRange } from '../errors/index.js';
import { preview, type Json } from '../text/index.js';
import { nodesOf, type AstNode } from './ast.js';
import { directReader } from './direct.js';
import { explainFailure, GUARDRAILS, isTimeout } from './failure.js';
import { houseFunctions, STANDARD_FUNCTIONS } from './functions.js';
import { lint } from './lint.js';
import { checkNames } from './names.js';
import { toJson } from './result.js';
import { explainSyntax, libraryError, oneLine, placeOf } from './syntax.js';
import type { Expression, Functions, Scope, Shape } from './types.js';

/** What compiling an expression needs beside its text. */
export interface ExpressionOptions {
  /** What may be read; anything when left out. */
  readonly shape?: Shape;
  /** What the root is, for messages: `the output of voice.transcribe`. */
  readonly roots?: string;
  /** The place in a file of a stretch of the expression. */
  readonly locate?: (offset: number, length: number) => SourceRange | undefined;
  /** Functions of plugins. */
  readonly functions?: Functions;
}

/** A compiled expression, or what is wrong with it. With problems the expression is undefined. */
export interface CompiledExpression {
  readonly expression: Expression | undefined;
  readonly problems: readonly Problem[];
}

/** The most bytes of one expression. */
const LONGEST_TEXT = 4_096;

/** Compiles a JSONata expression once and checks all that can be known before it is evaluated: syntax, names, functions, and what is not allowed. */
export function compileExpression(text: string, options: ExpressionOptions = {}): CompiledExpression {
  const problem = (code: Problem['code'], { message, offset, length, hint }: Finding): Problem => {
    const source = options.locate?.(offset, length);
    return { code, message, ...(hint === undefined ? {} : { hint }), ...(source === undefined ? {} : { source }) };
  };
  const bytes = Buffer.byteLength(text);
  if (bytes > LONGEST_TEXT) return failed(problem('REALOPS_EXPRESSION_FORBIDDEN', { message: `the expression has ${bytes} bytes; at most ${LONGEST_TEXT} are allowed`, offset: 0, length: 1, hint: 'compute the value in a step of your own' }));
  let compiled: jsonata.Expression;
  let ast: AstNode;
  try {
    compiled = jsonata(text, GUARDRAILS);
    // The seam to the library's loosely typed tree.
    ast = compiled.ast() as unknown as AstNode;
  } catch (error) {
    return failed(problem('REALOPS_EXPRESSION_SYNTAX', explainSyntax(error, text)));
  }
  const functions: Functions = { ...houseFunctions, ...options.functions };
  const names = checkNames(ast, { text, shape: options.shape ?? { kind: 'open' }, roots: options.roots, functions: new Set([...STANDARD_FUNCTIONS, 'eval', ...Object.keys(functions)]) });
  const problems = [
    ...lint(ast).map((finding) => problem('REALOPS_EXPRESSION_FORBIDDEN', finding)),
    ...names.problems.map((finding) => problem('REALOPS_EXPRESSION_UNKNOWN_NAME', finding)),
  ];
  if (problems.length > 0) return { expression: undefined, problems };
  for (const node of nodesOf(ast)) {
    const name = node.type === 'variable' ? String(node.value) : '';
    const implementation = Object.hasOwn(functions, name) ? functions[name] : undefined;
    if (implementation !== undefined) compiled.registerFunction(name, (...values: readonly unknown[]) => implementation(...values.map((value) => toJson(value) ?? null)));
  }
  return { expression: makeExpression(text, compiled, ast, names.reads, options.locate), problems };
}

interface Finding {
  readonly message: string;
  readonly hint?: string | undefined;
  readonly offset: number;
  readonly length: number;
}

function failed(problem: Problem): CompiledExpression {
  return { expression: undefined, problems: [problem] };
}

function makeExpression(text: string, compiled: jsonata.Expression, ast: AstNode, reads: readonly string[], locate: ExpressionOptions['locate']): Expression {
  const direct = directReader(ast);
  const source = locate?.(0, text.length);
  const shown = preview(oneLine(text), 122).slice(1, -1).replaceAll('\\"', '"');
  const evaluate = async (scope: Scope): Promise<Json | undefined> => {
    const read = direct?.(scope);
    if (read?.known === true) return read.value;
    try {
      return toJson(await evaluateTwice(compiled, scope));
    } catch (error) {
      const { position, token } = libraryError(error);
      const { message, hint } = explainFailure(error, ast);
      const spot = position === undefined ? undefined : placeOf(text, position, token);
      throw new RealopsError('REALOPS_EXPRESSION_FAILED', `\`${shown}\`${spot === undefined ? '' : ` (at character ${spot.offset + 1})`}: ${message}`, { cause: error, hint, source: spot === undefined ? source : (locate?.(spot.offset, spot.length) ?? source) });
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
      const why = value === undefined ? 'gave no value: something that it reads is not there' : `gave ${preview(value, 80)}, not true or false`;
      throw new RealopsError('REALOPS_EXPRESSION_NOT_BOOLEAN', `\`${shown}\` ${why}`, { source, hint: value === undefined ? 'test for it first, e.g. $exists(body.state) and body.state = "NORMAL"' : 'compare it with something' });
    },
  };
}

/** Expressions are pure, and the library counts the time of a busy machine too: only one that runs out of time twice in a row is slow itself. */
async function evaluateTwice(compiled: jsonata.Expression, scope: Scope): Promise<unknown> {
  try {
    return await compiled.evaluate(scope);
  } catch (error) {
    if (!isTimeout(error)) throw error;
    return compiled.evaluate(scope);
  }
}
