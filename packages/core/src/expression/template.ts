import { RealopsError, type Problem, type SourceRange } from '../errors/index.js';
import { isJsonObject, preview, type Json } from '../text/index.js';
import { compileExpression } from './compile.js';
import { oneLine } from './syntax.js';
import { scanTemplate } from './scan.js';
import type { Expression, Functions, Scope, Shape, Template } from './types.js';

/** What compiling a template needs beside its value. */
export interface TemplateOptions {
  readonly shape?: Shape;
  /** What the root is, for messages. */
  readonly roots?: string;
  readonly functions?: Functions;
  /** The place in a file of a stretch of a string inside the value. */
  readonly locate?: (path: readonly (string | number)[], offset: number, length: number) => SourceRange | undefined;
}

/** A compiled value: one that never changes, or one that is made anew from a scope. `now` gives undefined when it has to be awaited. */
type Part =
  | { readonly constant: true; readonly value: Json }
  | { readonly constant: false; now(scope: Scope): { readonly value: Json } | undefined; later(scope: Scope): Promise<Json> };

type Path = readonly (string | number)[];

interface Compile {
  readonly options: TemplateOptions;
  readonly problems: Problem[];
  readonly reads: Set<string>;
}

/** Compiles every `${{ }}` in a JSON value (keys are never templates). All problems are given, each with its place. */
export function compileTemplate(value: Json, options: TemplateOptions = {}): { readonly template: Template; readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const reads = new Set<string>();
  const part = compilePart(value, [], { options, problems, reads });
  return {
    template: {
      constant: part.constant,
      reads: [...reads],
      renderNow: (scope) => (part.constant ? part : part.now(scope)),
      async render(scope) {
        if (part.constant) return part.value;
        const ready = part.now(scope);
        return ready === undefined ? part.later(scope) : ready.value;
      },
    },
    problems,
  };
}

function compilePart(value: Json, path: Path, compile: Compile): Part {
  if (typeof value === 'string') return value.includes('${{') ? compileString(value, path, compile) : { constant: true, value };
  if (Array.isArray(value)) return combine(value.map((item: Json, index) => compilePart(item, [...path, index], compile)), (values) => Object.freeze(values));
  if (!isJsonObject(value)) return { constant: true, value };
  const keys = Object.keys(value);
  const parts = keys.map((key) => compilePart(value[key] ?? null, [...path, key], compile));
  return combine(parts, (values) => Object.freeze(Object.fromEntries(keys.map((key, index) => [key, values[index] ?? null]))));
}

function combine(parts: readonly Part[], build: (values: readonly Json[]) => Json): Part {
  const constants = parts.flatMap((part) => (part.constant ? [part.value] : []));
  if (constants.length === parts.length) return { constant: true, value: build(constants) };
  return {
    constant: false,
    now(scope) {
      const values: Json[] = [];
      for (const part of parts) {
        const ready = part.constant ? part : part.now(scope);
        if (ready === undefined) return undefined;
        values.push(ready.value);
      }
      return { value: build(values) };
    },
    later: async (scope) => build(await Promise.all(parts.map(async (part) => (part.constant ? part.value : part.later(scope))))),
  };
}

function compileString(text: string, path: Path, { options, problems, reads }: Compile): Part {
  const pieces = scanTemplate(text);
  const whole = pieces.length === 1;
  const parts: Part[] = [];
  const report = (message: string, hint: string, start: number, end: number): void => {
    const source = options.locate?.(path, start, end - start);
    problems.push({ code: 'REALOPS_EXPRESSION_SYNTAX', message, hint, ...(source === undefined ? {} : { source }) });
  };
  for (const piece of pieces) {
    if (piece.kind === 'text') {
      parts.push({ constant: true, value: piece.text });
    } else if (piece.kind === 'unclosed') {
      report(`a \${{ is not closed: ${preview(text, 120)}`, 'write ${{ expression }}, or $${{ for the characters themselves', piece.offset, piece.offset + 3);
    } else if (piece.text === '') {
      report('a ${{ }} is empty', 'write ${{ expression }}, or $${{ for the characters themselves', piece.start, piece.end);
    } else {
      const { shape, roots, functions } = options;
      const compiled = compileExpression(piece.text, {
        ...(shape === undefined ? {} : { shape }),
        ...(roots === undefined ? {} : { roots }),
        ...(functions === undefined ? {} : { functions }),
        locate: (offset, length) => options.locate?.(path, piece.offset + offset, length),
      });
      problems.push(...compiled.problems);
      if (compiled.expression === undefined) continue;
      for (const read of compiled.expression.reads) reads.add(read);
      parts.push(expressionPart(compiled.expression, whole));
    }
  }
  const [only] = parts;
  if (whole && only !== undefined) return only;
  return combine(parts, (values) => values.map((value) => (typeof value === 'string' ? value : JSON.stringify(value))).join(''));
}

/** An expression so short that it can be shown with a default behind it. */
const SHORT_PATH = /^[\w.]{1,60}$/;

function expressionPart(expression: Expression, whole: boolean): Part {
  const { text } = expression;
  const shown = (): string => `\${{ ${text.length > 120 ? `${oneLine(text).slice(0, 119)}…` : oneLine(text)} }}`;
  const accept = (value: Json | undefined): Json => {
    if (value === undefined) {
      const hint = `it reads something that is not there; give a default: \${{ ${SHORT_PATH.test(text) ? text : 'env.X'} ?? 'value' }}`;
      throw new RealopsError('REALOPS_TEMPLATE_EMPTY', `${shown()} gave no value`, { source: expression.source, hint });
    }
    if (!whole && typeof value === 'object' && value !== null) {
      throw new RealopsError('REALOPS_VALUE_INVALID', `${shown()} gave ${Array.isArray(value) ? 'a list' : 'an object'} inside a text`, { source: expression.source, hint: 'let it stand alone to keep its type, or use $string(…)' });
    }
    return value;
  };
  return {
    constant: false,
    now(scope) {
      const read = expression.readNow(scope);
      return read?.known === true ? { value: accept(read.value) } : undefined;
    },
    later: async (scope) => accept(await expression.evaluate(scope)),
  };
}
