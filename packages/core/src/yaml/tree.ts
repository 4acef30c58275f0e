import { isAlias, isMap, isScalar, isSeq, type Document, type Node as YamlNode, type ParsedNode, type Scalar } from 'yaml';

/** Something in a tree that suites must not hold. */
export interface TreeFault {
  readonly message: string;
  readonly hint: string | undefined;
  readonly start: number;
  readonly end: number;
}

/** The most of a tree. */
export interface TreeLimits {
  readonly maxDepth: number;
  readonly maxAliases: number;
}

/** What the parser lets pass and suites must not hold: foreign tags, numbers that JSON cannot keep, keys that are no texts, merge keys, cycles, and trees too deep or too large. */
export function checkTree(document: Document.Parsed<ParsedNode>, limits: TreeLimits): readonly TreeFault[] {
  const faults: TreeFault[] = [];
  const add: Add = (node, message, hint, length) => {
    const [start, end] = node.range ?? [0, 1];
    faults.push({ message, hint, start, end: length === undefined ? end : start + length });
  };
  const anchors = new Map<string, { readonly node: YamlNode; readonly size: number }>();
  const open = new Set<string>();
  let aliases = 0;
  /** Gives how many nodes there are with all aliases written out. */
  const walk = (node: unknown, depth: number): number => {
    if (!isNode(node)) return 0;
    if (depth > limits.maxDepth) {
      if (depth === limits.maxDepth + 1) add(node, `the file is nested deeper than ${limits.maxDepth} levels`, 'keep deep values as JSON in a data file', 1);
      return 1;
    }
    if (isAlias(node)) {
      aliases += 1;
      if (aliases === limits.maxAliases + 1) add(node, `the file uses more than ${limits.maxAliases} aliases`, 'put the value under vars, and read it as ${{ vars.NAME }}');
      const size = anchors.get(node.source)?.size;
      if (open.has(node.source)) add(node, `the alias *${node.source} stands inside its own anchor`, 'an alias repeats something that ends before it');
      else if (size === undefined) add(node, `there is no anchor &${node.source} before this alias`, 'a text that begins with * stands in quotes');
      return size ?? 1;
    }
    const anchor = isScalar(node) || isMap(node) || isSeq(node) ? node.anchor : undefined;
    if (anchor !== undefined) open.add(anchor);
    const before = faults.length;
    const size = 1 + walkBelow(node, depth);
    if (size > MOST_NODES && faults.length === before) add(node, `with its aliases written out, this is more than ${MOST_NODES} values`, 'put the values into a data file', 1);
    if (anchor !== undefined) {
      open.delete(anchor);
      anchors.set(anchor, { node, size });
    }
    return size;
  };
  const walkBelow = (node: YamlNode, depth: number): number => {
    if (isSeq(node)) return node.items.reduce((sum: number, item) => sum + walk(item, depth + 1), 0);
    if (!isMap(node)) {
      if (isScalar(node)) checkScalar(node, add);
      return 0;
    }
    checkKeys(node.items, node, add);
    return node.items.reduce((sum: number, { key, value }) => sum + (isScalar(key) ? 1 : walk(key, depth + 1)) + walk(value, depth + 1), 0);
  };
  walk(document.contents, 1);
  return faults;
}

/** A tree of this many values is no suite, but an attack. */
const MOST_NODES = 1_000_000;

type Add = (node: YamlNode, message: string, hint: string | undefined, length?: number) => void;

/** Whether a value is a node of a tree. */
export function isNode(value: unknown): value is YamlNode {
  return isScalar(value) || isMap(value) || isSeq(value) || isAlias(value);
}

function checkKeys(pairs: readonly { readonly key: unknown }[], map: YamlNode, add: Add): void {
  const seen = new Set<string>();
  for (const { key } of pairs) {
    if (!isScalar(key) || key.value === null) {
      add(isNode(key) ? key : map, 'a key must be a text', 'write key: value');
      continue;
    }
    const name = String(key.value);
    if (name === '<<' && key.type === 'PLAIN') add(key, 'merge keys (<<) are not part of YAML 1.2', 'write the values out, or put the whole value under vars and read it as ${{ vars.NAME }}');
    else if (seen.has(name)) add(key, `the key "${name}" stands twice in the same map`, 'leave out one of them');
    seen.add(name);
  }
}

function checkScalar(node: Scalar, add: Add): void {
  const { value, tag } = node;
  const written = node.source ?? String(value);
  if (tag !== undefined && !tag.startsWith('tag:yaml.org,2002:')) add(node, `the tag ${tag} is not allowed`, 'leave it out');
  if (typeof value !== 'number') return;
  if (!Number.isFinite(value)) add(node, `${written} is not a number that JSON knows`, 'write a finite number, or put the text into quotes');
  else if (Number.isInteger(value) && !Number.isSafeInteger(value)) add(node, `the number ${written} is too large to be kept exactly`, `put it into quotes: "${written}"`);
}
