import type { Json } from '../text/index.js';
import type { YamlFault } from './explain.js';
import type { AliasPart, MapPart, Part, ScalarPart } from './part.js';

/** A tree as JSON, with what each alias repeats. */
export interface Tree {
  readonly value: Json;
  readonly targets: ReadonlyMap<Part, Part>;
  readonly problems: readonly YamlFault[];
}

/** How large and deep a tree may be. */
export interface TreeLimits {
  readonly maxDepth: number;
  readonly maxAliases: number;
}

/** The most parts that aliases may add: a short file can name billions. */
const MOST_REPEATED = 100_000;

interface Walk extends TreeLimits {
  readonly problems: YamlFault[];
  readonly anchors: Map<string, Part>;
  readonly targets: Map<Part, Part>;
  /** The JSON of each anchored node and how many parts it has. */
  readonly made: Map<Part, { readonly value: Json; readonly size: number }>;
  readonly open: Set<Part>;
  aliases: number;
  parts: number;
  tooDeep: boolean;
}

/** The JSON value of a tree, checked on the way: keys, duplicates, tags, aliases, numbers, depth. Linear in the number of parts. */
export function readTree(root: Part | undefined, limits: TreeLimits): Tree {
  const walk: Walk = { ...limits, problems: [], anchors: new Map(), targets: new Map(), made: new Map(), open: new Set(), aliases: 0, parts: 0, tooDeep: false };
  const value = root === undefined ? null : read(root, 1, walk);
  return { value, targets: walk.targets, problems: walk.problems };
}

function read(node: Part | undefined, depth: number, walk: Walk): Json {
  if (node === undefined) return null;
  if (node.kind === 'alias') return readAlias(node, walk);
  if (depth > walk.maxDepth) {
    if (!walk.tooDeep) report(walk, node, `the file is nested deeper than ${walk.maxDepth} levels`, 'keep deep values as JSON in a data file');
    walk.tooDeep = true;
    return null;
  }
  const before = walk.parts;
  walk.parts += 1;
  if (node.anchor !== undefined) walk.anchors.set(node.anchor, node);
  checkTag(node, walk);
  walk.open.add(node);
  const value = node.kind === 'scalar' ? readScalar(node, walk) : node.kind === 'map' ? readMap(node, depth, walk) : node.items.map((item) => read(item, depth + 1, walk));
  walk.open.delete(node);
  if (node.anchor !== undefined) walk.made.set(node, { value, size: walk.parts - before });
  return value;
}

function readAlias(node: AliasPart, walk: Walk): Json {
  walk.aliases += 1;
  if (walk.aliases === walk.maxAliases + 1) report(walk, node, `the file uses more than ${walk.maxAliases} aliases`, 'put the value under vars, and read it as ${{ vars.NAME }}');
  const target = walk.anchors.get(node.name);
  if (target === undefined) {
    report(walk, node, `the alias *${node.name} repeats something that does not stand above it`, 'a text that begins with * stands in quotes');
    return null;
  }
  walk.targets.set(node, target);
  if (walk.open.has(target)) {
    report(walk, node, `the alias *${node.name} stands inside its own anchor`, 'an alias repeats something that ends before it');
    return null;
  }
  const made = walk.made.get(target);
  const before = walk.parts;
  walk.parts += made?.size ?? 0;
  if (before <= MOST_REPEATED && walk.parts > MOST_REPEATED && (made?.size ?? 0) > 1) report(walk, node, `aliases make the file larger than ${MOST_REPEATED} parts`, 'repeat less');
  return made?.value ?? null;
}

function readMap(node: MapPart, depth: number, walk: Walk): Json {
  const entries = new Map<string, Json>();
  for (const { key, value } of node.entries) {
    const name = readKey(node, key, value, walk);
    if (name !== undefined && entries.has(name)) report(walk, key ?? node, `the key "${name}" stands twice in the same map`, 'leave out one of them');
    const json = read(value, depth + 1, walk);
    if (name !== undefined) entries.set(name, json);
  }
  return Object.fromEntries(entries);
}

function readKey(map: MapPart, key: Part | undefined, value: Part | undefined, walk: Walk): string | undefined {
  if (key?.kind !== 'scalar' || typeof key.value !== 'string') {
    report(walk, key ?? map, 'a key must be a text', 'write key: value, with a text as the key');
    return undefined;
  }
  checkTag(key, walk);
  if (key.anchor !== undefined) {
    walk.anchors.set(key.anchor, key);
    walk.made.set(key, { value: key.value, size: 1 });
  }
  const name = key.value;
  if (key.style !== 'plain') return name;
  if (name === '') report(walk, key, 'a key is missing before the colon', 'write key: value');
  if (name === '<<') report(walk, key, 'merge keys (<<) are not part of YAML 1.2', 'write the values out, or put the whole value under vars and read it as ${{ vars.NAME }}');
  if (map.flow && /^[\w.-]+:\S/.test(name) && (value === undefined || value.start === value.end)) report(walk, key, `"${name}" is read as a key without a value`, `put a space behind the colon: ${name.replace(':', ': ')}`);
  return name;
}

function readScalar(node: ScalarPart, walk: Walk): Json {
  const { value, source: written } = node;
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) report(walk, node, `${written} is not a number that JSON knows`, 'write a finite number, or put the text into quotes');
    else if (Number.isInteger(value) && !Number.isSafeInteger(value) && !/^[-+]?[\d.]+e/i.test(written)) report(walk, node, `the number ${written} is too large to be kept exactly`, `put it into quotes: "${written}"`);
    return value;
  }
  return typeof value === 'string' || typeof value === 'boolean' ? value : null;
}

/** The tags that say what the core schema reads anyway. */
const TAGS: ReadonlySet<string> = new Set(['str', 'int', 'float', 'bool', 'null', 'map', 'seq'].map((name) => `tag:yaml.org,2002:${name}`));

function checkTag(node: Exclude<Part, AliasPart>, walk: Walk): void {
  const { tag } = node;
  if (tag !== undefined && !TAGS.has(tag)) report(walk, node, `the tag ${tag.replace('tag:yaml.org,2002:', '!!')} is not allowed`, 'leave it out');
}

function report(walk: Walk, node: Part, message: string, hint?: string): void {
  walk.problems.push({ start: node.start, end: node.end, message, hint });
}
