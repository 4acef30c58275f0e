import type { AstNode } from './ast.js';
import type { Known } from './names.js';
import type { Shape } from './types.js';

/** A shape whose values are all known. */
type Closed = Shape & { readonly kind: 'keys' } & { readonly values: readonly string[] };

/** A text that a comparison names but the other side can never be. */
export interface ImpossibleText {
  readonly node: AstNode;
  readonly text: string;
  readonly shape: Closed;
  /** The name that is compared with it. */
  readonly path: string | undefined;
}

/** The texts in `a = "x"`, `"x" = a`, `a != "x"`, `a in ["x", "y"]` and `"x" in a` that a value of known range never is. */
export function impossibleTexts({ value: operator }: AstNode, sides: readonly [AstNode | undefined, AstNode | undefined], known: readonly [Known, Known]): readonly ImpossibleText[] {
  if (operator !== '=' && operator !== '!=' && operator !== 'in') return [];
  return [against(sides[1], known[0], operator === 'in'), against(sides[0], known[1], false)].flat();
}

function against(node: AstNode | undefined, { shape, path }: Known, lists: boolean): readonly ImpossibleText[] {
  const single = itemsOf(shape);
  if (node === undefined || !isClosed(single)) return [];
  const literals = lists && node.type === 'unary' && node.value === '[' ? (node.expressions ?? []) : [node];
  return literals.flatMap((literal) => (literal.type === 'string' && !single.values.includes(String(literal.value)) ? [{ node: literal, text: String(literal.value), shape: single, path }] : []));
}

function itemsOf(shape: Shape): Shape {
  return shape.kind === 'list' ? itemsOf(shape.items) : shape;
}

function isClosed(shape: Shape): shape is Closed {
  return shape.kind === 'keys' && shape.values !== undefined;
}
