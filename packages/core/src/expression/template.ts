import { RealopsError, type Problem, type SourceRange } from '../errors/index.js';
import { isJsonObject, preview, type Json } from '../text/index.js';
import { compileExpression } from './compile.js';
import { scanTemplate } from './scan.js';
import type { Expression, Functions, Scope, Shape, Template } from './types.js';

/** What compiling a template needs beside its value. */
export interface TemplateOptions {
  readonly shape?: Shape;
  readonly functions?: Functions;
  /** The place in a file of a stretch of a string inside the value. */
  readonly locate?: (path: readonly (string | number)[], offset: number, length: number) => SourceRange | undefined;
}

/** A compiled value: a part that never changes, or one that is made anew from a scope. `now` gives undefined when it must be awaited. */
interface Part {
  readonly constant: boolean;
  now(scope: Scope): { readonly value: Json } | undefined;
  later(scope: Scope): Promise<Json>;
}

type Path = readonly (string | number)[];

/** Compiles every `${{ }}` in a JSON value (keys are never templates). All problems are given, each with its place. */
export function compileTemplate(value: Json, options: TemplateOptions = {}): { readonly template: Template; readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const reads = new Set<string>();
  const part = compilePart(value, [], { options, problems, reads });
  return {
    template: {
      constant: part.constant,
      reads: [...reads],
      async render(scope) {
        const ready = part.now(scope);
        return ready === undefined ? part.later(scope) : ready.value;
      },
    },
    problems,
  };
}

interface Compile {
  readonly options: TemplateOptions;
  readonly problems: Problem[];
  readonly reads: Set<string>;
}

function compilePart(value: Json, path: Path, compile: Compile): Part {
  if (typeof value === 'string') return value.includes('${{') ? compileString(value, path, compile) : constantPart(value);
  if (Array.isArray(value)) return compileList(value, value.map((item: Json, index) => compilePart(item, [...path, index], compile)));
  if (!isJsonObject(value)) return constantPart(value);
  const keys = Object.keys(value);
  const parts = keys.map((key) => compilePart(value[key] ?? null, [...path, key], compile));
  if (parts.every(({ constant }) => constant)) return constantPart(Object.freeze(value));
  const build = (values: readonly Json[]): Json => Object.fromEntries(keys.map((key, index) => [key, values[index] ?? null]));
  return combine(parts, build);
}

function compileList(value: readonly Json[], parts: readonly Part[]): Part {
  return parts.every(({ constant }) => constant) ? constantPart(Object.freeze(value)) : combine(parts, (values) => values);
}

function constantPart(value: Json): Part {
  const ready = { value };
  return { constant: true, now: () => ready, later: async () => value };
}

function combine(parts: readonly Part[], build: (values: readonly Json[]) => Json): Part {
  return {
    constant: false,
    now(scope) {
      const values: Json[] = [];
      for (const part of parts) {
        const ready = part.now(scope);
        if (ready === undefined) return undefined;
        values.push(ready.value);
      }
      return { value: build(values) };
    },
    later: async (scope) => build(await Promise.all(parts.map((part) => part.later(scope)))),
  };
}

function compileString(text: string, path: Path, { options, problems, reads }: Compile): Part {
  const pieces = scanTemplate(text);
  const parts: Part[] = [];
  const whole = pieces.length === 1;
  for (const piece of pieces) {
    if (piece.kind === 'text') {
      parts.push(constantPart(piece.text));
    } else if (piece.kind === 'unclosed') {
      problems.push(at({ code: 'REALOPS_EXPRESSION_SYNTAX', message: `a \${{ is not closed: ${preview(text, 120)}`, hint: 'write ${{ expression }}, or $${{ for the characters themselves' }, options.locate?.(path, piece.offset, 3)));
    } else if (piece.text === '') {
      problems.push(at({ code: 'REALOPS_EXPRESSION_SYNTAX', message: 'a ${{ }} is empty', hint: 'write ${{ expression }}' }, options.locate?.(path, piece.offset, 1)));
    } else {
      const compiled = compileExpression(piece.text, {
        ...(options.shape === undefined ? {} : { shape: options.shape }),
        ...(options.functions === undefined ? {} : { functions: options.functions }),
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

function expressionPart(expression: Expression, whole: boolean): Part {
  const accept = (value: Json | undefined): Json => {
    if (value === undefined) {
      throw new RealopsError('REALOPS_TEMPLATE_EMPTY', `\${{ ${preview(expression.text, 120)} }} gave no value`, { source: expression.source, hint: "it reads something that is not there; give a default: ${{ env.X ?? 'value' }}" });
    }
    if (!whole && typeof value === 'object' && value !== null) {
      throw new RealopsError('REALOPS_VALUE_INVALID', `\${{ ${preview(expression.text, 120)} }} gave ${Array.isArray(value) ? 'a list' : 'an object'} inside a text`, { source: expression.source, hint: 'let it stand alone to keep its type, or use $string()' });
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

function at(problem: Problem, source: SourceRange | undefined): Problem {
  return source === undefined ? problem : { ...problem, source };
}
