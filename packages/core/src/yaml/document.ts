import { isAlias, isMap, isPair, isScalar, isSeq, LineCounter, parseAllDocuments, visit, type Document, type Node as YamlNode, type ParsedNode, type Scalar } from 'yaml';
import type { Problem, SourceRange } from '../errors/index.js';
import type { Json } from '../text/index.js';
import { explainYaml } from './explain.js';
import { scalarOffset } from './scalar.js';

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
  if (bytes > maxBytes) return broken([{ code: 'REALOPS_YAML_INVALID', message: `the file has ${bytes} bytes; at most ${maxBytes} are read`, hint: 'split it with include', source: { file, line: 1, column: 1 } }]);
  // Positions are needed for control characters, too, which the parser lets pass.
  const parsed = parseAllDocuments(text, { lineCounter: lines, version: '1.2', schema: 'core', merge: false, uniqueKeys: false, strict: true, prettyErrors: false, logLevel: 'silent' });
  const documents = Array.isArray(parsed) ? parsed : [];
  const [document] = documents;
  if (document === undefined) return { ...broken([]), value: null };
  const problems = documents.flatMap((each) => [...each.errors, ...each.warnings]).map((error): Problem => {
    const { message, hint } = explainYaml(error.code, error.message);
    return { code: 'REALOPS_YAML_INVALID', message, source: place(error.pos[0], Math.min(error.pos[1], error.pos[0] + 80)), ...(hint === undefined ? {} : { hint }) };
  });
  const directive = /^%YAML\s+(\S+)/m.exec(text);
  if (directive !== null && directive[1] !== '1.2') problems.push({ code: 'REALOPS_YAML_INVALID', message: `the file asks for YAML ${directive[1] ?? ''}, which reads no, 12:30 and 0777 differently`, hint: 'leave out the %YAML line, or write 1.2', source: place(directive.index, directive.index + directive[0].length) });
  const second = documents[1];
  if (second !== undefined) problems.push({ code: 'REALOPS_YAML_INVALID', message: `the file holds ${documents.length} documents; one is expected`, hint: 'leave out the --- line, or use include', source: place(second.range[0]) });
  if (problems.length === 0) problems.push(...checkTree(document, place, maxDepth, maxAliases));
  if (problems.length > 0) return { ...broken(problems), at: () => problems[0]?.source ?? { file, line: 1, column: 1 } };
  // The tree was checked: plain JSON without cycles, unsafe numbers or foreign tags.
  const value = document.toJS({ maxAliasCount: maxAliases }) as Json;
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

function isNode(value: unknown): value is YamlNode {
  return isScalar(value) || isMap(value) || isSeq(value) || isAlias(value);
}

/** What the library lets pass and suites must not hold. */
function checkTree(document: Document.Parsed<ParsedNode>, place: (offset: number, end?: number) => SourceRange, maxDepth: number, maxAliases: number): readonly Problem[] {
  const problems: Problem[] = [];
  const add = (node: YamlNode | undefined, message: string, hint?: string): void => {
    const range = node?.range;
    problems.push({ code: 'REALOPS_YAML_INVALID', message, source: range === undefined || range === null ? place(0) : place(range[0], range[1]), ...(hint === undefined ? {} : { hint }) });
  };
  let aliases = 0;
  visit(document, {
    Node(_, node, path) {
      if (path.filter((each) => !isPair(each)).length > maxDepth) {
        add(node, `the file is nested deeper than ${maxDepth} levels`);
        return visit.BREAK;
      }
      return undefined;
    },
    Alias(_, node, path) {
      aliases += 1;
      const target = node.resolve(document);
      if (aliases === maxAliases + 1) add(node, `the file uses more than ${maxAliases} aliases`);
      if (target !== undefined && path.includes(target)) add(node, `the alias *${node.source} stands inside its own anchor`, 'an alias may only repeat something that ends before it');
    },
    Map(_, node) {
      const seen = new Set<unknown>();
      for (const { key } of node.items) {
        if (!isScalar(key)) {
          add(isNode(key) ? key : node, 'a key must be a plain text');
          continue;
        }
        if (key.value === '<<' && key.type === 'PLAIN') add(key, 'merge keys (<<) are not part of YAML 1.2', 'write the values out, or put shared values under vars');
        else if (seen.has(String(key.value))) add(key, `the key "${String(key.value)}" stands twice in the same map`, 'leave out one of them');
        seen.add(String(key.value));
      }
    },
    Scalar(_, node) {
      checkScalar(node, add);
    },
  });
  return problems;
}

function checkScalar(node: Scalar, add: (node: YamlNode, message: string, hint?: string) => void): void {
  if (node.tag !== undefined && !node.tag.startsWith('tag:yaml.org,2002:')) add(node, `the tag ${node.tag} is not allowed`, 'leave it out');
  if (typeof node.value === 'number' && Number.isInteger(node.value) && !Number.isSafeInteger(node.value)) add(node, `the number ${node.source ?? node.value} is too large to be kept exactly`, `quote it: "${node.source ?? node.value}"`);
  if (typeof node.value === 'number' && !Number.isFinite(node.value)) add(node, `${node.source ?? node.value} is not a number that JSON knows`, 'write a finite number');
}

