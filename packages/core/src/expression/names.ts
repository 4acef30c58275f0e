import { suggestion } from '../text/index.js';
import { leftOf, pairsOf, type AstNode } from './ast.js';
import type { Shape } from './types.js';

/** A name that does not exist where it is read. */
export interface NameProblem {
  readonly name: string;
  readonly message: string;
  readonly hint: string;
  /** Offset of the name in the expression. */
  readonly offset: number;
  readonly length: number;
}

/** What an expression reads from the root, and what it reads that is not there. */
export interface NameReport {
  readonly reads: readonly string[];
  readonly problems: readonly NameProblem[];
}

/** A value as far as it is known before evaluation: its shape, and its path from the root. */
interface Known {
  readonly shape: Shape;
  readonly path: string | undefined;
}

const OPEN: Known = { shape: { kind: 'open' }, path: undefined };

interface Walk {
  readonly root: Known;
  readonly reads: Set<string>;
  readonly problems: NameProblem[];
  readonly functions: ReadonlySet<string>;
}

type Variables = ReadonlyMap<string, Known>;

/** Follows every path of an expression from its context and checks each name against the shape of the root. */
export function checkNames(ast: AstNode, shape: Shape, functions: ReadonlySet<string>): NameReport {
  const root: Known = { shape, path: '' };
  const walk: Walk = { root, reads: new Set(), problems: [], functions };
  visit(ast, root, new Map(), walk);
  return { reads: [...walk.reads], problems: walk.problems };
}

/** The value of a node read in a context; visits everything below it. */
function visit(node: AstNode | undefined, context: Known, variables: Variables, walk: Walk): Known {
  if (node === undefined) return OPEN;
  switch (node.type) {
    case 'path':
      return visitPath(node, context, variables, walk);
    case 'name':
      return field(context, node, walk);
    case 'variable':
      return variable(node, context, variables, walk);
    case 'block':
      return visitBlock(node, context, variables, walk);
    case 'bind':
      return visit(node.rhs, context, variables, walk);
    case 'lambda': {
      const inner = new Map(variables);
      for (const parameter of node.arguments ?? []) inner.set(String(parameter.value), OPEN);
      visit(node.body, context, inner, walk);
      return OPEN;
    }
    case 'condition': {
      visit(node.condition, context, variables, walk);
      const then = visit(node.then, context, variables, walk);
      visit(node.else, context, variables, walk);
      return { shape: then.shape.kind === 'open' ? then.shape : { kind: 'open' }, path: undefined };
    }
    default:
      for (const [key, value] of pairsOf(node.lhs)) {
        visit(key, context, variables, walk);
        visit(value, context, variables, walk);
      }
      for (const each of [leftOf(node.lhs), node.rhs, node.expression, node.procedure, ...(node.expressions ?? []), ...(node.arguments ?? [])]) if (each !== undefined) visit(each, context, variables, walk);
      return OPEN;
  }
}

function visitPath(node: AstNode, context: Known, variables: Variables, walk: Walk): Known {
  let known = context;
  const inner = new Map(variables);
  for (const step of node.steps ?? []) {
    if (step.type === 'sort') {
      for (const { expression } of step.terms ?? []) visit(expression, itemOf(known), inner, walk);
      continue;
    }
    known = visit(step, itemOf(known), inner, walk);
    if (step.focus !== undefined) {
      inner.set(step.focus, itemOf(known));
      // After @$v the context stays where it was, so what follows is not known.
      known = OPEN;
    }
    if (step.index !== undefined) inner.set(step.index, OPEN);
    for (const stage of [...(step.stages ?? []), ...(step.predicate ?? [])]) visit(stage.expr, itemOf(known), inner, walk);
  }
  for (const [key, value] of node.group?.lhs ?? []) {
    visit(key, itemOf(known), inner, walk);
    visit(value, itemOf(known), inner, walk);
  }
  if (known.path !== undefined && known.path !== '') walk.reads.add(known.path);
  return node.group === undefined ? known : OPEN;
}

function visitBlock(node: AstNode, context: Known, variables: Variables, walk: Walk): Known {
  const inner = new Map(variables);
  let last: Known = OPEN;
  for (const each of node.expressions ?? []) {
    const target = each.type === 'bind' ? leftOf(each.lhs) : undefined;
    // A lambda may call itself, so its name is known inside it.
    if (target !== undefined) inner.set(String(target.value), OPEN);
    last = visit(each, context, inner, walk);
    if (target !== undefined) inner.set(String(target.value), last);
  }
  return last;
}

function variable(node: AstNode, context: Known, variables: Variables, walk: Walk): Known {
  const name = String(node.value);
  if (name === '') return context;
  if (name === '$') return walk.root;
  const known = variables.get(name);
  if (known !== undefined) return known;
  if (!walk.functions.has(name)) {
    const all = [...variables.keys(), ...walk.functions].map((each) => `$${each}`);
    const near = suggestion(`$${name}`, all, 'functions and variables');
    walk.problems.push({ name, message: `there is no function or variable $${name}`, hint: near.length > 400 ? `${near.slice(0, 400)}…` : near, offset: (node.position ?? 1) - name.length - 1, length: name.length + 1 });
  }
  return OPEN;
}

function field(context: Known, node: AstNode, walk: Walk): Known {
  const name = String(node.value);
  const { shape } = context;
  const path = context.path === undefined ? undefined : context.path === '' ? name : `${context.path}.${name}`;
  if (shape.kind === 'open') return { shape, path };
  if (shape.kind === 'list') return field({ shape: shape.items, path: context.path }, node, walk);
  const below = Object.hasOwn(shape.keys, name) ? shape.keys[name] : undefined;
  if (below !== undefined) return { shape: below, path };
  const offset = Math.max(0, (node.position ?? name.length) - name.length);
  const place = context.path === undefined || context.path === '' ? 'here' : `in ${context.path}`;
  walk.problems.push({ name, message: `there is no "${name}" ${place}`, hint: suggestion(name, Object.keys(shape.keys), 'it has'), offset, length: name.length });
  return OPEN;
}

function itemOf(known: Known): Known {
  return known.shape.kind === 'list' ? { shape: known.shape.items, path: known.path } : known;
}
