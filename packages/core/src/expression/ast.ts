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
  readonly lhs?: AstNode | AstPairs;
  readonly rhs?: AstNode;
  readonly condition?: AstNode;
  readonly then?: AstNode;
  readonly else?: AstNode;
  readonly group?: { readonly lhs: AstPairs };
  readonly terms?: readonly { readonly expression: AstNode }[];
  readonly focus?: string;
  readonly index?: string;
}

/** The keys and values of an object constructor or a grouping. */
export type AstPairs = readonly (readonly AstNode[])[];

/** The pairs of an object constructor; none for other nodes. */
export function pairsOf(lhs: AstNode['lhs']): AstPairs {
  return lhs !== undefined && isPairs(lhs) ? lhs : [];
}

/** A single left side; undefined for an object constructor. */
export function leftOf(lhs: AstNode['lhs']): AstNode | undefined {
  return lhs === undefined || isPairs(lhs) ? undefined : lhs;
}

function isPairs(lhs: AstNode | AstPairs): lhs is AstPairs {
  return Array.isArray(lhs);
}

/** Every node of a tree, this one first. */
export function nodesOf(root: AstNode): readonly AstNode[] {
  const nodes: AstNode[] = [];
  const waiting: AstNode[] = [root];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    nodes.push(node);
    const below = [
      leftOf(node.lhs), node.rhs, node.expr, node.expression, node.procedure, node.body, node.condition, node.then, node.else,
      ...(node.steps ?? []), ...(node.stages ?? []), ...(node.predicate ?? []), ...(node.expressions ?? []), ...(node.arguments ?? []),
      ...pairsOf(node.lhs).flat(), ...(node.group?.lhs ?? []).flat(), ...(node.terms ?? []).map(({ expression }) => expression),
    ];
    for (const each of below) if (each !== undefined) waiting.push(each);
  }
  return nodes;
}

/** The name of the function that a node calls as `$name(…)`; undefined for any other node. */
export function calledName(node: AstNode): string | undefined {
  return (node.type === 'function' || node.type === 'partial') && node.procedure?.type === 'variable' ? String(node.procedure.value) : undefined;
}
