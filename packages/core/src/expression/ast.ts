/** The part of a JSONata syntax tree that checking reads. `position` is the offset after the token. */
export interface AstNode {
  readonly type: string;
  readonly value?: unknown;
  readonly position?: number;
  readonly steps?: readonly AstNode[];
  readonly stages?: readonly AstNode[];
  readonly predicate?: readonly AstNode[];
  readonly expr?: AstNode;
  readonly expression?: AstNode;
  readonly expressions?: readonly AstNode[];
  readonly arguments?: readonly AstNode[];
  readonly procedure?: AstNode;
  readonly body?: AstNode;
  readonly lhs?: AstNode | readonly (readonly AstNode[])[];
  readonly rhs?: AstNode;
  readonly condition?: AstNode;
  readonly then?: AstNode;
  readonly else?: AstNode;
  readonly group?: { readonly lhs: readonly (readonly AstNode[])[] };
  readonly terms?: readonly { readonly expression: AstNode }[];
  readonly focus?: string;
  readonly index?: string;
}

/** The pairs of an object constructor; none for other nodes. */
export function pairsOf(lhs: AstNode['lhs']): readonly (readonly AstNode[])[] {
  return Array.isArray(lhs) ? lhs : [];
}

/** A single left side; undefined for an object constructor. */
export function leftOf(lhs: AstNode['lhs']): AstNode | undefined {
  return lhs === undefined || isPairs(lhs) ? undefined : lhs;
}

function isPairs(lhs: AstNode | readonly (readonly AstNode[])[]): lhs is readonly (readonly AstNode[])[] {
  return Array.isArray(lhs);
}

/** Every node below and including this one. */
export function* nodesOf(node: AstNode): Generator<AstNode> {
  yield node;
  const left = leftOf(node.lhs);
  const below = [
    ...(node.steps ?? []), ...(node.stages ?? []), ...(node.predicate ?? []), ...(node.expressions ?? []), ...(node.arguments ?? []), ...pairsOf(node.lhs).flat(), ...(node.group?.lhs ?? []).flat(),
    ...(node.terms ?? []).map(({ expression }) => expression), node.expr, node.expression, node.procedure, node.body, left, node.rhs, node.condition, node.then, node.else,
  ];
  for (const each of below) if (each !== undefined) yield* nodesOf(each);
}
