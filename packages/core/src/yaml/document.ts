import { isAlias, isMap, isScalar, isSeq, LineCounter, parseAllDocuments, type Document, type Node as YamlNode, type ParsedNode } from 'yaml';
import type { Problem, SourceRange } from '../errors/index.js';
import type { Json } from '../text/index.js';
import { explainFaults } from './explain.js';
import { scalarOffset } from './scalar.js';
import { checkTree, isNode } from './tree.js';

/** A path inside a document. */
export type YamlPath = readonly (string | number)[];

/** What a file may be at most. */
export interface YamlLimits {
  readonly maxBytes: number;
  readonly maxDepth: number;
  readonly maxAliases: number;
}

/** A parsed YAML file: its value as JSON, what is wrong with it, and where each part stands. */
export interface YamlDocument {
  readonly file: string;
  readonly text: string;
  /** Undefined when there are problems. */
  readonly value: Json | undefined;
  readonly problems: readonly Problem[];
  /** The place of a value or of its key; of the nearest part around it when there is none. */
  at(path: YamlPath, part?: 'key' | 'value'): SourceRange;
  /** The place of a stretch inside a text value. */
  within(path: YamlPath, offset: number, length?: number): SourceRange;
}

const LIMITS: YamlLimits = { maxBytes: 1024 * 1024, maxDepth: 64, maxAliases: 50 };

/** Parses YAML 1.2 (core schema) within limits: no tags, no merge keys, no duplicate keys, no cycles, one document. Every warning of the parser is an error here. */
export function parseYaml(file: string, text: string, limits: Partial<YamlLimits> = {}): YamlDocument {
  const { maxBytes, maxDepth, maxAliases } = { ...LIMITS, ...limits };
  const lines = new LineCounter();
  const place = (offset: number, end = offset + 1): SourceRange => {
    const { line, col } = lines.linePos(offset);
    const last = lines.linePos(Math.max(offset, end));
    return { file, line: Math.max(1, line), column: Math.max(1, col), ...(last.line === line && last.col > col ? { endColumn: last.col } : {}) };
  };
  const broken = (problems: readonly Problem[]): YamlDocument => ({ file, text, value: undefined, problems, at: () => ({ file, line: 1, column: 1 }), within: () => ({ file, line: 1, column: 1 }) });
  const bytes = Buffer.byteLength(text);
  if (bytes > maxBytes) return broken([{ code: 'REALOPS_YAML_INVALID', message: `the file has ${bytes} bytes; at most ${maxBytes} are read`, hint: 'split it with include, or put rows into a data file', source: { file, line: 1, column: 1 } }]);
  // Positions are needed for control characters, too, which the parser lets pass.
  const parsed = parseAllDocuments(text, { lineCounter: lines, version: '1.2', schema: 'core', merge: false, uniqueKeys: false, strict: true, prettyErrors: false, logLevel: 'silent' });
  const documents = Array.isArray(parsed) ? parsed : [];
  const [document] = documents;
  if (document === undefined) return { ...broken([]), value: null };
  const fault = ({ message, hint, start, end }: { readonly message: string; readonly hint: string | undefined; readonly start: number; readonly end: number }): Problem => ({ code: 'REALOPS_YAML_INVALID', message, source: place(start, end), ...(hint === undefined ? {} : { hint }) });
  const directive = /^(?:[ \t]*(?:#.*)?\r?\n)*(%YAML[ \t]+(\S+))/.exec(text);
  const second = documents[1];
  const problems: Problem[] = [];
  if (directive !== null && directive[2] !== '1.2') problems.push(fault({ message: `the file asks for YAML ${directive[2] ?? ''}, which reads no, 12:30 and 0777 differently`, hint: 'leave out the %YAML line, or write 1.2', start: directive[0].length - (directive[1] ?? '').length, end: directive[0].length }));
  else if (document.errors.length + document.warnings.length > 0) problems.push(...explainFaults([...document.errors, ...document.warnings], text, document).map(fault));
  else if (second !== undefined) problems.push(fault({ message: `the file holds ${documents.length} documents; one is expected`, hint: 'leave out the --- line, or use include', start: second.range[0], end: second.range[0] + 3 }));
  else problems.push(...checkTree(document, { maxDepth, maxAliases }).map(fault));
  if (problems.length > 0) return { ...broken(problems), at: () => problems[0]?.source ?? { file, line: 1, column: 1 } };
  // The tree was checked: plain JSON without cycles, unsafe numbers or foreign tags.
  const value = document.toJS({ maxAliasCount: -1 }) as Json;
  return {
    file,
    text,
    value,
    problems: [],
    at(path, part = 'value') {
      const found = findNode(document, path);
      const range = part === 'key' && found.exact ? (found.key?.range ?? found.node?.range) : (found.node?.range ?? found.key?.range);
      if (range === undefined || range === null) return { file, line: 1, column: 1 };
      return place(range[0], range[1]);
    },
    within(path, offset, length = 1) {
      const { node } = findNode(document, path);
      if (!isScalar(node) || node.range === undefined || node.range === null) return this.at(path);
      const start = scalarOffset(text, node, offset);
      return start === undefined ? this.at(path) : place(start, Math.min(start + length, node.range[1]));
    },
  };
}

interface Found {
  readonly node: YamlNode | undefined;
  readonly key: YamlNode | undefined;
  readonly exact: boolean;
}

function findNode(document: Document.Parsed<ParsedNode>, path: YamlPath): Found {
  let node: YamlNode | undefined = document.contents ?? undefined;
  let key: YamlNode | undefined;
  for (const step of path) {
    const below = stepInto(resolveAlias(node, document), step);
    if (below === undefined) return { node, key, exact: false };
    ({ node, key } = below);
  }
  return { node, key, exact: true };
}

function resolveAlias(node: YamlNode | undefined, document: Document.Parsed<ParsedNode>): YamlNode | undefined {
  return isAlias(node) ? node.resolve(document) : node;
}

function stepInto(node: YamlNode | undefined, step: string | number): { readonly node: YamlNode | undefined; readonly key: YamlNode | undefined } | undefined {
  if (isSeq(node)) {
    const item = typeof step === 'number' ? node.items[step] : undefined;
    return isNode(item) ? { node: item, key: undefined } : undefined;
  }
  if (!isMap(node)) return undefined;
  const pair = node.items.find((each) => isScalar(each.key) && String(each.key.value) === String(step));
  if (pair === undefined) return undefined;
  return { node: isNode(pair.value) ? pair.value : undefined, key: isNode(pair.key) ? pair.key : undefined };
}
