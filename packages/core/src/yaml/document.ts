import type { Document } from 'yaml';
import type { Problem, SourceRange } from '../errors/index.js';
import { late } from '../late/late.js';
import type { Json } from '../text/index.js';
import { explainFaults, type YamlFault } from './explain.js';
import { createLines } from './lines.js';
import type { Part, Style } from './part.js';
import { scalarOffset } from './scalar.js';
import { readSimple } from './simple.js';
import { readTree, type TreeLimits } from './tree.js';

/** A path inside a document. */
export type YamlPath = readonly (string | number)[];

/** What a file may be at most. */
export interface YamlLimits extends TreeLimits {
  readonly maxBytes: number;
}

/** A parsed YAML file: its value as JSON, what is wrong with it, and where each part stands. */
export interface YamlDocument {
  readonly file: string;
  readonly text: string;
  /** Undefined when there are problems; null for an empty file. Values that an alias repeats are shared. */
  readonly value: Json | undefined;
  readonly problems: readonly Problem[];
  /** The place of a value or of its key; of the nearest part around it when there is none. `endColumn` only for parts on one line. */
  at(path: YamlPath, part?: 'key' | 'value'): SourceRange;
  /** The place of a stretch inside a text value, escapes and indentation counted; of the whole value when it cannot be told. */
  within(path: YamlPath, offset: number, length?: number): SourceRange;
}

const LIMITS: YamlLimits = { maxBytes: 1024 * 1024, maxDepth: 64, maxAliases: 50 };

/** Characters that YAML does not allow anywhere, and the sign that a file was not UTF-8. */
const UNREADABLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufffd]/;

/** Brackets or dashes one in another, deeper than any limit: told before the parser spends seconds on them. */
const BOMB = /(?:[[{]\s{0,99}){512}|(?:[-?] {1,9}){512}/;

/**
 * Parses YAML 1.2 (core schema) within limits: no tags, no merge keys, no duplicate keys, no cycles, text keys only, one document. Every warning of the
 * parser is an error here. Never throws; all problems have the code REALOPS_YAML_INVALID and a place.
 */
export function parseYaml(file: string, text: string, limits: Partial<YamlLimits> = {}): YamlDocument {
  const { maxBytes, ...treeLimits } = { ...LIMITS, ...limits };
  const lines = createLines(file, text);
  const problem = (start: number, end: number, message: string, hint: string | undefined): Problem => ({
    code: 'REALOPS_YAML_INVALID', message, source: lines.range(start, Math.min(end, start + 80)), ...(hint === undefined ? {} : { hint }),
  });
  const broken = (...problems: readonly Problem[]): YamlDocument => ({ file, text, value: undefined, problems, at: () => problems[0]?.source ?? lines.range(0, 0), within: () => problems[0]?.source ?? lines.range(0, 0) });
  const bytes = Buffer.byteLength(text);
  if (bytes > maxBytes) return broken(problem(0, 0, `the file has ${bytes} bytes; at most ${maxBytes} are read`, 'split it with include, or put rows into a data file'));
  const unreadable = UNREADABLE.exec(text);
  if (unreadable !== null) return broken(problem(unreadable.index, unreadable.index + 1, `the file holds a character that cannot be read (${codeOf(unreadable[0])})`, 'save the file as UTF-8 text'));
  const bomb = BOMB.exec(text);
  if (bomb !== null) return broken(problem(bomb.index, bomb.index + 1, `the file is nested deeper than ${treeLimits.maxDepth} levels`, 'keep deep values as JSON in a data file'));

  const simple = readSimple(text);
  const documents = simple === undefined ? parseWithLibrary(text) : [];
  const [document, second] = documents;
  const root = simple ?? (document === undefined ? undefined : partOf(document.contents));
  const fault = ({ message, hint, start, end }: YamlFault): Problem => problem(start, end, message, hint);
  const complaints = explainFaults(documents.flatMap((each) => [...each.errors, ...each.warnings]), text, root).map(fault);
  const directive = document?.directives.yaml;
  if (directive?.explicit === true && directive.version !== '1.2') {
    const start = Math.max(0, text.indexOf('%YAML'));
    complaints.unshift(problem(start, start + 9, `the file asks for YAML ${directive.version}, which reads no, 12:30 and 0777 differently`, 'leave out the %YAML line, or write 1.2'));
  }
  if (second !== undefined && complaints.length === 0) complaints.push(problem(second.range[0], second.range[0] + 3, `the file holds ${documents.length} documents; one is expected`, 'leave out the --- line, or use include'));
  if (complaints.length > 0) return broken(...complaints);
  const tree = readTree(root, treeLimits);
  if (tree.problems.length > 0) return broken(...tree.problems.map(fault));

  const resolve = (node: Part | undefined): Part | undefined => (node?.kind === 'alias' ? tree.targets.get(node) : node);
  const find = (path: YamlPath): Found => {
    let found: Found = { node: root, key: undefined, exact: true };
    for (const step of path) {
      const below = stepInto(resolve(found.node), step);
      if (below === undefined) return { ...found, exact: false };
      found = below;
    }
    return found;
  };
  const at = (path: YamlPath, part: 'key' | 'value' = 'value'): SourceRange => {
    const { node, key, exact } = find(path);
    const empty = node === undefined || node.start === node.end;
    const shown = (part === 'key' && exact) || empty ? (key ?? node) : node;
    return lines.range(shown?.start ?? 0, shown?.end ?? 0);
  };
  return {
    file,
    text,
    value: tree.value,
    problems: [],
    at,
    within(path, offset, length = 1) {
      const { node, exact } = find(path);
      const scalar = resolve(node);
      if (!exact || scalar?.kind !== 'scalar') return at(path);
      const start = scalarOffset(text, scalar, offset);
      const last = scalarOffset(text, scalar, offset + Math.max(1, length) - 1);
      const next = scalarOffset(text, scalar, offset + Math.max(1, length));
      if (start === undefined || last === undefined || next === undefined) return at(path);
      // An escape ends where the next character begins; blanks and line breaks that were folded away belong to nothing.
      return lines.range(start, Math.max(start + 1, text.slice(last + 1, next).trim() === '' ? last + 1 : next));
    },
  };
}

/** The parts of a text as the library reads them; undefined when it holds a mistake or not exactly one document. For the tests of the simple reader. */
export function readLibrary(text: string): Part | undefined {
  const [document, second] = parseWithLibrary(text);
  return document === undefined || second !== undefined || document.errors.length > 0 || document.warnings.length > 0 ? undefined : partOf(document.contents);
}

function parseWithLibrary(text: string): readonly Document.Parsed[] {
  const parsed = late('yaml').parseAllDocuments(text, { version: '1.2', schema: 'core', merge: false, uniqueKeys: false, stringKeys: true, strict: true, prettyErrors: false, logLevel: 'silent' });
  return Array.isArray(parsed) ? parsed : [];
}

interface Found {
  readonly node: Part | undefined;
  readonly key: Part | undefined;
  readonly exact: boolean;
}

function stepInto(node: Part | undefined, step: string | number): Found | undefined {
  if (node?.kind === 'list') {
    const item = typeof step === 'number' ? node.items[step] : undefined;
    return item === undefined ? undefined : { node: item, key: undefined, exact: true };
  }
  if (node?.kind !== 'map') return undefined;
  const name = String(step);
  const entry = node.entries.find(({ key }) => key?.kind === 'scalar' && key.value === name);
  return entry === undefined ? undefined : { node: entry.value, key: entry.key, exact: true };
}

const STYLES: { readonly [type: string]: Style } = { PLAIN: 'plain', QUOTE_SINGLE: 'single', QUOTE_DOUBLE: 'double', BLOCK_LITERAL: 'literal', BLOCK_FOLDED: 'folded' };

/** A node of the library as a part of ours. */
function partOf(node: unknown): Part | undefined {
  const { isAlias, isMap, isScalar, isSeq } = late('yaml');
  if (!isScalar(node) && !isMap(node) && !isSeq(node) && !isAlias(node)) return undefined;
  const [start, end] = node.range ?? [0, 0];
  if (isAlias(node)) return { kind: 'alias', start, end, name: node.source };
  const marked = { start, end, anchor: node.anchor, tag: node.tag };
  if (isScalar(node)) return { kind: 'scalar', ...marked, value: node.value, source: node.source ?? '', style: STYLES[node.type ?? 'PLAIN'] ?? 'plain' };
  if (isSeq(node)) return { kind: 'list', ...marked, flow: node.flow === true, items: node.items.map(partOf) };
  return { kind: 'map', ...marked, flow: node.flow === true, entries: node.items.map(({ key, value }) => ({ key: partOf(key), value: partOf(value) })) };
}

function codeOf(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}
