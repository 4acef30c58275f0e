import { basename } from 'node:path';
import type { ErrorCode, Problem, SourceRange } from '../errors/index.js';
import { compileSchema, type SchemaIssue } from '../schema/index.js';
import type { Infer, ObjectSchema } from '../schema/infer.js';
import type { YamlDocument } from '../yaml/index.js';

/** A path inside a document. */
export type Path = readonly (string | number)[];

/** A node of a suite file. */
export interface Node {
  readonly document: YamlDocument;
  readonly path: Path;
  readonly value: unknown;
}

/** Collects every problem of a load; nothing throws before all have been found. */
export interface Draft {
  readonly problems: readonly Problem[];
  add(problem: Problem): void;
  /** A problem at a node, or at the key of the node. */
  report(code: ErrorCode, message: string, node: Node, hint?: string, part?: 'key' | 'value'): void;
  /** The value of a node as its schema types it, defaults filled in; undefined (and reported) when it does not fit. Strings with `${{ }}` pass where `templates` says so. */
  check<const S extends ObjectSchema>(schema: S, node: Node, templates?: 'exempt' | 'forbid'): Infer<S> | undefined;
}

/** An empty draft. */
export function createDraft(): Draft {
  const problems: Problem[] = [];
  const report: Draft['report'] = (code, message, node, hint, part = 'value') => {
    // What is empty has no place of its own.
    problems.push({ code, message, source: sourceOf(node, node.value === null && node.path.length > 0 ? 'key' : part), ...(hint === undefined ? {} : { hint }) });
  };
  return {
    problems,
    add: (problem) => void problems.push(problem),
    report,
    check<const S extends ObjectSchema>(schema: S, node: Node, templates: 'exempt' | 'forbid' = 'forbid'): Infer<S> | undefined {
      const { value, issues } = compileSchema(schema).check(node.value, { templates });
      for (const issue of issues) {
        const unknown = issue.part === 'key';
        const split = unknown && child(node, ...issue.path).value === null && /[^\w-]/.test(String(issue.path.at(-1)));
        report(unknown ? 'REALOPS_KEY_UNKNOWN' : 'REALOPS_VALUE_INVALID', sentenceOf([...node.path, ...issue.path], issue), child(node, ...issue.path), split ? 'a comma inside { } ends a value; put the whole value into quotes' : issue.hint, issue.part);
      }
      // The seam where a value that its schema has accepted gets the schema's type.
      return issues.length === 0 ? (value as Infer<S>) : undefined;
    },
  };
}

/** The node below another one. */
export function child(node: Node, ...path: Path): Node {
  let value = node.value;
  for (const key of path) value = typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
  return { document: node.document, path: [...node.path, ...path], value };
}

/** The items of a list node; none when it is not a list. */
export function items(node: Node): readonly Node[] {
  return Array.isArray(node.value) ? node.value.map((_, index) => child(node, index)) : [];
}

/** The entries of an object node in order; none when it is not an object. */
export function entries(node: Node): readonly (readonly [string, Node])[] {
  return typeof node.value === 'object' && node.value !== null && !Array.isArray(node.value) ? Object.keys(node.value).map((key) => [key, child(node, key)] as const) : [];
}

/** The items of a list section of all files, in order. */
export function listed(roots: readonly Node[], section: string): readonly Node[] {
  return roots.flatMap((root) => items(child(root, section)));
}

/** The entries of an object section of all files, in order. */
export function named(roots: readonly Node[], section: string): readonly (readonly [string, Node])[] {
  return roots.flatMap((root) => entries(child(root, section)));
}

/** The ids in a list section as they are written. */
export function idsOf(roots: readonly Node[], section: string): ReadonlySet<string> {
  return new Set(listed(roots, section).flatMap((node) => {
    const id = child(node, 'id').value;
    return typeof id === 'string' ? [id] : [];
  }));
}

/** Says whether an id or name is free, and reports the second use of one. What is no text has been told already. */
export function createTaken(what: string, draft: Draft): (id: unknown, node: Node, part?: 'key' | 'value') => boolean {
  const first = new Map<string, Node>();
  return (id, node, part = 'value') => {
    if (typeof id !== 'string') return false;
    const before = first.get(id);
    if (before === undefined) return first.set(id, node), true;
    draft.report('REALOPS_ID_DUPLICATE', `the ${what} "${id}" is used twice`, node, `it is taken in ${placeOf(before, node)}`, part);
    return false;
  };
}

/** The place of a node, or of its key. */
export function sourceOf(node: Node, part: 'key' | 'value' = 'value'): SourceRange {
  return node.document.at(node.path, part);
}

/** A place inside the scalar of a node. */
export function within(node: Node, offset: number, length = 1): SourceRange {
  return node.document.within(node.path, offset, length);
}

/** An issue of a schema as a sentence: about the value at a path, or about the key that does not belong there. */
export function sentenceOf(path: Path, { part, message }: SchemaIssue): string {
  return part === 'key' ? `"${String(path.at(-1))}" ${message}` : `${showPath(path)} ${message}`;
}

/** Where a thing stands already, for hints: `line 7`, `line 7 of slos.yaml`. */
export function placeOf(node: Node, seenFrom: Node): string {
  const { file, line } = sourceOf(node);
  return file === seenFrom.document.file ? `line ${line}` : `line ${line} of ${basename(file)}`;
}

/** A path as people write it: `scenarios[0].steps[1].with`. */
export function showPath(path: Path): string {
  return path.map((key, index) => (typeof key === 'number' ? `[${key}]` : `${index === 0 ? '' : '.'}${key}`)).join('') || 'the file';
}
