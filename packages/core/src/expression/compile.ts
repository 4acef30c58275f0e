import type jsonata from 'jsonata';
import { RealopsError, type Problem, type SourceRange } from '../errors/index.js';
import { late } from '../late/late.js';
import { preview, type Json } from '../text/index.js';
import { nodesOf, type AstNode } from './ast.js';
import { directReader } from './direct.js';
import { explainFailure, GUARDRAILS, isTimeout } from './failure.js';
import { houseFunctions, STANDARD_FUNCTIONS } from './functions.js';
import { neverBoolean } from './gives.js';
import { lint } from './lint.js';
import { checkNames } from './names.js';
import { quickAst } from './quick.js';
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
  /** Whether it must give true or false: what certainly gives something else is a problem. */
  readonly condition?: boolean;
}

/** A compiled expression, or what is wrong with it. With problems the expression is undefined. */
export interface CompiledExpression {
  readonly expression: Expression | undefined;
  readonly problems: readonly Problem[];
}

/** The most bytes of one expression. */
const LONGEST_TEXT = 4_096;
/** The most texts that are kept parsed. */
const MOST_TEXTS = 10_000;

/** Compiles a JSONata expression once and checks all that can be known before it is evaluated: syntax, names, functions, and what is not allowed. */
export function compileExpression(text: string, options: ExpressionOptions = {}): CompiledExpression {
  const problem = (code: Problem['code'], { message, offset, length, hint }: Finding): Problem => {
    const source = options.locate?.(offset, length);
    return { code, message, ...(hint === undefined ? {} : { hint }), ...(source === undefined ? {} : { source }) };
  };
  const parsed = parseOnce(text, options.functions ?? NO_FUNCTIONS);
  if (parsed.kind === 'broken') return { expression: undefined, problems: [problem(parsed.code, parsed.finding)] };
  const names = checkNames(parsed.ast, { text, shape: options.shape ?? OPEN, roots: options.roots, functions: parsed.functions });
  const problems = [
    ...parsed.lint.map((finding) => problem('REALOPS_EXPRESSION_FORBIDDEN', finding)),
    ...names.problems.map((finding) => problem(finding.code, finding)),
    ...(options.condition === true ? neverTrue(parsed.ast, text) : []).map((finding) => problem('REALOPS_EXPRESSION_NOT_BOOLEAN', finding)),
  ];
  return { expression: problems.length > 0 ? undefined : makeExpression(text, parsed, names.reads, options.locate), problems };
}

function neverTrue(ast: AstNode, text: string): readonly Finding[] {
  const kind = neverBoolean(ast);
  if (kind === undefined) return [];
  const hint = /^["']?\d{3}["']?$/.test(text.trim()) ? `write status = ${text.replaceAll(/\D/g, '')}` : 'compare it with something, e.g. status = 200';
  return [{ message: `\`${preview(oneLine(text), 60).slice(1, -1).replaceAll('\\"', '"')}\` always gives ${kind}; a condition compares something`, hint, offset: 0, length: text.length }];
}

const OPEN: Shape = { kind: 'open' };
const NO_FUNCTIONS: Functions = {};

/** What a text is by itself, wherever it stands. */
type Parsed = Readable | { readonly kind: 'broken'; readonly code: Problem['code']; readonly finding: Finding };

interface Readable {
  readonly kind: 'readable';
  /** The library's form, made when it is first evaluated where the tree was known without it. */
  readonly compiled: () => jsonata.Expression;
  readonly ast: AstNode;
  readonly lint: readonly Finding[];
  readonly direct: ReturnType<typeof directReader>;
  /** The functions that it may call, without `$`. */
  readonly functions: ReadonlySet<string>;
}

/** The functions of one suite, and every text that was parsed with them: suites say the same things again and again. */
interface Vocabulary {
  readonly all: Functions;
  readonly names: ReadonlySet<string>;
  readonly texts: Map<string, Parsed>;
}

const vocabularies = new WeakMap<Functions, Vocabulary>();

function vocabularyOf(functions: Functions): Vocabulary {
  const known = vocabularies.get(functions);
  if (known !== undefined) return known;
  const all: Functions = { ...houseFunctions, ...functions };
  const made: Vocabulary = { all, names: new Set([...STANDARD_FUNCTIONS, 'eval', ...Object.keys(all)]), texts: new Map() };
  vocabularies.set(functions, made);
  return made;
}

function parseOnce(text: string, functions: Functions): Parsed {
  const vocabulary = vocabularyOf(functions);
  const known = vocabulary.texts.get(text);
  if (known !== undefined) return known;
  const parsed = parse(text, vocabulary);
  if (vocabulary.texts.size >= MOST_TEXTS) vocabulary.texts.clear();
  vocabulary.texts.set(text, parsed);
  return parsed;
}

function parse(text: string, { all, names }: Vocabulary): Parsed {
  const bytes = Buffer.byteLength(text);
  if (bytes > LONGEST_TEXT) return { kind: 'broken', code: 'REALOPS_EXPRESSION_FORBIDDEN', finding: { message: `the expression has ${bytes} bytes; at most ${LONGEST_TEXT} are allowed`, offset: 0, length: 1, hint: 'compute the value in a step of your own' } };
  const quick = quickAst(text);
  if (quick !== undefined) {
    let made: jsonata.Expression | undefined;
    return { kind: 'readable', compiled: () => (made ??= late('jsonata')(text, GUARDRAILS)), ast: quick, lint: [], direct: directReader(quick), functions: names };
  }
  let compiled: jsonata.Expression;
  let ast: AstNode;
  try {
    compiled = late('jsonata')(text, GUARDRAILS);
    // The seam to the library's loosely typed tree.
    ast = compiled.ast() as unknown as AstNode;
  } catch (error) {
    return { kind: 'broken', code: 'REALOPS_EXPRESSION_SYNTAX', finding: explainSyntax(error, text) };
  }
  for (const node of nodesOf(ast)) {
    const name = node.type === 'variable' ? String(node.value) : '';
    const implementation = Object.hasOwn(all, name) ? all[name] : undefined;
    if (implementation !== undefined) compiled.registerFunction(name, (...values: readonly unknown[]) => implementation(...values.map((value) => toJson(value) ?? null)));
  }
  return { kind: 'readable', compiled: () => compiled, ast, lint: lint(ast), direct: directReader(ast), functions: names };
}

interface Finding {
  readonly message: string;
  readonly hint?: string | undefined;
  readonly offset: number;
  readonly length: number;
}

function makeExpression(text: string, { compiled, ast, direct }: Readable, reads: readonly string[], locate: ExpressionOptions['locate']): Expression {
  // Places cost more to find than most expressions to compile, and few are ever shown.
  let place: { readonly range: SourceRange | undefined } | undefined;
  const source = (): SourceRange | undefined => (place ??= { range: locate?.(0, text.length) }).range;
  const shown = (): string => preview(oneLine(text), 122).slice(1, -1).replaceAll('\\"', '"');
  const evaluate = async (scope: Scope): Promise<Json | undefined> => {
    const read = direct?.(scope);
    if (read?.known === true) return read.value;
    try {
      return toJson(await evaluateTwice(compiled(), scope));
    } catch (error) {
      const { position, token } = libraryError(error);
      const { message, hint } = explainFailure(error, ast);
      const spot = position === undefined ? undefined : placeOf(text, position, token);
      throw new RealopsError('REALOPS_EXPRESSION_FAILED', `\`${shown()}\`${spot === undefined ? '' : ` (at character ${spot.offset + 1})`}: ${message}`, { cause: error, hint, source: spot === undefined ? source() : (locate?.(spot.offset, spot.length) ?? source()) });
    }
  };
  return {
    text,
    get source() {
      return source();
    },
    reads,
    readNow: (scope) => direct?.(scope),
    evaluate,
    async test(scope) {
      const value = await evaluate(scope);
      if (typeof value === 'boolean') return value;
      const why = value === undefined ? 'gave no value: something that it reads is not there' : `gave ${preview(value, 80)}, not true or false`;
      throw new RealopsError('REALOPS_EXPRESSION_NOT_BOOLEAN', `\`${shown()}\` ${why}`, { source: source(), hint: value === undefined ? 'test for it first, e.g. $exists(body.state) and body.state = "NORMAL"' : 'compare it with something' });
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
