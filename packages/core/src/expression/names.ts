import { calledName, leftOf, pairsOf, type AstNode, type AstPairs } from './ast.js';
import { suggestion } from '../text/index.js';
import { impossibleTexts } from './literals.js';
import { functionHint, hyphenHint, namesHint } from './name-hints.js';
import type { Shape } from './types.js';

/** A name that does not exist where it is read, or a value that it never has. */
export interface NameProblem {
  readonly code: 'REALOPS_EXPRESSION_UNKNOWN_NAME' | 'REALOPS_EXPRESSION_UNKNOWN_VALUE';
  readonly message: string;
  readonly hint: string;
  /** Offset of the name in the expression. */
  readonly offset: number;
  readonly length: number;
}

/** What names are checked against. */
export interface NameOptions {
  readonly text: string;
  readonly shape: Shape;
  /** The functions there are, without `$`. */
  readonly functions: ReadonlySet<string>;
  /** What the root is, for messages: `the output of voice.transcribe`. */
  readonly roots?: string | undefined;
}

/** What an expression reads from the root, and what it reads that is not there. */
export interface NameReport {
  readonly reads: readonly string[];
  readonly problems: readonly NameProblem[];
}

/** A value as far as it is known before evaluation: its shape, and its path from the root (undefined when it was computed). */
export interface Known {
  readonly shape: Shape;
  readonly path: string | undefined;
}

const OPEN: Known = { shape: { kind: 'open' }, path: undefined };

interface Walk extends NameOptions {
  readonly root: Known;
  readonly reads: Set<string>;
  readonly problems: Map<string, NameProblem>;
}

/** Where a node stands: what a bare name is read from, and what each variable holds. */
interface Place {
  readonly context: Known;
  readonly variables: ReadonlyMap<string, Known>;
}

/** Follows every path of an expression from its context and checks each name against the shape of the root. */
export function checkNames(ast: AstNode, options: NameOptions): NameReport {
  const walk: Walk = { ...options, root: { shape: options.shape, path: '' }, reads: new Set(), problems: new Map() };
  visit(ast, { context: walk.root, variables: new Map() }, walk);
  return { reads: [...walk.reads], problems: [...walk.problems.values()] };
}

/** The value of a node read at a place; visits everything below it. `first` is what `~>` hands to a call as its first argument. */
function visit(node: AstNode | undefined, place: Place, walk: Walk, first?: Known): Known {
  if (node === undefined) return OPEN;
  const known = visitNode(node, place, walk, first);
  if (node.predicate === undefined && (node.group === undefined || node.type === 'path')) return known;
  // What follows a node that is no path: [predicates] and {grouping} read from its items.
  const inside: Place = { ...place, context: itemOf(known) };
  for (const stage of node.predicate ?? []) visit(stage.expr, inside, walk);
  if (node.group === undefined) return known;
  visitPairs(node.group.lhs, inside, walk);
  return OPEN;
}

function visitNode(node: AstNode, place: Place, walk: Walk, first: Known | undefined): Known {
  switch (node.type) {
    case 'path':
      return visitPath(node, place, walk);
    case 'name':
      return field(place.context, node, walk);
    case 'wildcard':
      return { shape: { kind: 'open' }, path: place.context.path };
    case 'variable':
      return variable(node, place, walk);
    case 'block':
      return visitBlock(node, place, walk);
    case 'bind':
      return visit(node.rhs, place, walk);
    case 'lambda':
      return visitLambda(node, place, walk, []);
    case 'condition':
      visit(node.condition, place, walk);
      visit(node.then, place, walk);
      visit(node.else, place, walk);
      return OPEN;
    case 'apply':
      return visit(node.rhs, place, walk, visit(leftOf(node.lhs), place, walk));
    case 'function':
    case 'partial':
      return visitCall(node, place, walk, first);
    case 'unary':
      if (node.value === '{') return visitPairs(pairsOf(node.lhs), place, walk);
      break;
    case 'binary':
      return visitBinary(node, place, walk);
    default:
  }
  for (const each of [leftOf(node.lhs), node.rhs, node.expression, ...(node.expressions ?? []), ...(node.arguments ?? [])]) visit(each, place, walk);
  return OPEN;
}

function visitBinary(node: AstNode, place: Place, walk: Walk): Known {
  const left = leftOf(node.lhs);
  const known = [visit(left, place, walk), visit(node.rhs, place, walk)] as const;
  for (const { node: literal, text, shape, path } of impossibleTexts(node, [left, node.rhs], known)) {
    const name = path ?? 'this';
    report(walk, literal, text, `${name} is never "${text}"`, shape.none ?? suggestion(text, shape.values, shape.what ?? 'values'), 'REALOPS_EXPRESSION_UNKNOWN_VALUE');
  }
  return OPEN;
}

function visitPath(node: AstNode, place: Place, walk: Walk): Known {
  let { context: known } = place;
  const variables = new Map(place.variables);
  for (const step of node.steps ?? []) {
    const before = known;
    const inside: Place = { context: itemOf(known), variables };
    if (step.type === 'sort') {
      for (const { expression } of step.terms ?? []) visit(expression, inside, walk);
      continue;
    }
    known = step.type === 'parent' ? OPEN : visit(step, inside, walk);
    if (step.index !== undefined) variables.set(step.index, OPEN);
    if (step.focus !== undefined) variables.set(step.focus, itemOf(known));
    for (const stage of step.stages ?? []) visit(stage.expr, { context: itemOf(known), variables }, walk);
    // After @$v the context is still what it was before the step.
    if (step.focus !== undefined) known = before;
  }
  read(known, walk);
  if (node.group === undefined) return known;
  visitPairs(node.group.lhs, { context: itemOf(known), variables }, walk);
  return OPEN;
}

/** Visits keys and values; gives what is known of the object that they make. */
function visitPairs(pairs: AstPairs, place: Place, walk: Walk): Known {
  const keys: { [name: string]: Shape } = {};
  let open = false;
  for (const [key, value] of pairs) {
    visit(key, place, walk);
    const { shape } = visit(value, place, walk);
    if (key?.type === 'string') keys[String(key.value)] = shape;
    else open = true;
  }
  return open ? OPEN : { shape: { kind: 'keys', keys }, path: undefined };
}

function visitBlock(node: AstNode, place: Place, walk: Walk): Known {
  const variables = new Map(place.variables);
  let last: Known = OPEN;
  for (const each of node.expressions ?? []) {
    const target = each.type === 'bind' ? leftOf(each.lhs) : undefined;
    // A function may call itself, so its name is known inside it.
    if (target !== undefined) variables.set(String(target.value), OPEN);
    last = visit(each, { ...place, variables }, walk);
    if (target !== undefined) variables.set(String(target.value), last);
  }
  return last;
}

function visitLambda(node: AstNode, place: Place, walk: Walk, given: readonly (Known | undefined)[]): Known {
  const variables = new Map(place.variables);
  node.arguments?.forEach((parameter, index) => variables.set(String(parameter.value), given[index] ?? OPEN));
  visit(node.body, { ...place, variables }, walk);
  return OPEN;
}

/** What the parameters of a function hold that goes over the list `list`. */
const OVER_LISTS: { readonly [name: string]: (list: Known) => readonly (Known | undefined)[] } = {
  map: (list) => [itemOf(list), undefined, list],
  filter: (list) => [itemOf(list), undefined, list],
  single: (list) => [itemOf(list), undefined, list],
  reduce: (list) => [undefined, itemOf(list)],
  sort: (list) => [itemOf(list), itemOf(list)],
};

/** Functions whose result has the shape of their first argument. */
const KEEPERS: ReadonlySet<string> = new Set(['filter', 'sort', 'reverse', 'shuffle', 'distinct']);

function visitCall(node: AstNode, place: Place, walk: Walk, first: Known | undefined): Known {
  const name = calledName(node);
  const bare = node.procedure?.type === 'path' && node.procedure.steps?.length === 1 ? node.procedure.steps[0] : undefined;
  if (bare?.type === 'name') bareCall(bare, walk);
  else visit(node.procedure, place, walk);
  const given: Known[] = first === undefined ? [] : [first];
  for (const each of node.arguments ?? []) {
    const over = name === undefined ? undefined : OVER_LISTS[name];
    const [list] = given;
    given.push(each.type === 'lambda' && over !== undefined && list !== undefined ? visitLambda(each, place, walk, over(list)) : visit(each, place, walk));
  }
  const [list] = given;
  if (list === undefined || name === undefined || place.variables.has(name)) return OPEN;
  if (KEEPERS.has(name)) return list;
  return name === 'single' ? itemOf(list) : OPEN;
}

/** `length(x)` where `$length(x)` was meant: data never holds functions. */
function bareCall(node: AstNode, walk: Walk): void {
  const name = String(node.value);
  report(walk, node, name, `"${name}" is called like a function, but functions begin with $`, walk.functions.has(name) ? `write $${name}(…)` : functionHint(name, [], walk.functions));
}

function variable(node: AstNode, { context, variables }: Place, walk: Walk): Known {
  const name = String(node.value);
  if (name === '') return context;
  if (name === '$') return walk.root;
  const known = variables.get(name);
  if (known !== undefined) {
    read(known, walk);
    return known;
  }
  if (!walk.functions.has(name)) report(walk, node, `$${name}`, `there is no function or variable $${name}`, functionHint(name, variables.keys(), walk.functions));
  return OPEN;
}

/** The value of a name in a context; reported when the context is known and has no such name. */
function field(context: Known, node: AstNode, walk: Walk): Known {
  const name = String(node.value);
  const { shape } = context;
  const path = context.path === undefined ? undefined : context.path === '' ? name : `${context.path}.${name}`;
  if (shape.kind === 'open') return { shape, path };
  if (shape.kind === 'list') return field(itemOf(context), node, walk);
  const below = Object.hasOwn(shape.keys, name) ? shape.keys[name] : undefined;
  if (below !== undefined) return { shape: below, path };
  const place = context.path === undefined ? 'what is read here' : context.path !== '' ? context.path : walk.roots;
  const message = place === undefined ? `there is no "${name}" here` : `"${name}" is not in ${place}`;
  report(walk, node, name, message, hyphenHint(node, shape.keys, walk.text) ?? namesHint(name, shape, context.path));
  return OPEN;
}

function report(walk: Walk, node: AstNode, written: string, message: string, hint: string, code: NameProblem['code'] = 'REALOPS_EXPRESSION_UNKNOWN_NAME'): void {
  const end = node.position ?? written.length;
  // A quoted name ends with its quote.
  const quoted = /["'`]/.test(walk.text.charAt(end - 1)) ? 1 : 0;
  const offset = Math.max(0, end - quoted - written.length);
  walk.problems.set(`${offset} ${written}`, { code, message, hint, offset, length: written.length });
}

function read({ path }: Known, walk: Walk): void {
  if (path !== undefined && path !== '') walk.reads.add(path);
}

function itemOf(known: Known): Known {
  return known.shape.kind === 'list' ? itemOf({ shape: known.shape.items, path: known.path }) : known;
}
