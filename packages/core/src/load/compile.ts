import { compileExpression, compileTemplate, type Expression, type Functions, type Shape, type Template } from '../expression/index.js';
import type { Json } from '../text/index.js';
import { child, within, type Draft, type Node } from './draft.js';
import { refuseTemplateKeys } from './template-keys.js';

/** What compiling needs beside a node and the names it may read. */
export interface Compiler {
  readonly draft: Draft;
  /** Functions of plugins. */
  readonly functions: Functions;
}

/** The bare expression at a node; undefined when there is none, or when it is wrong, which is reported. */
export function expressionAt(node: Node, shape: Shape, { draft, functions }: Compiler, condition = false): Expression | undefined {
  if (typeof node.value !== 'string' || node.value === '') return undefined;
  if (node.value.includes('${{')) {
    draft.report('REALOPS_EXPRESSION_SYNTAX', 'this place takes bare JSONata, not a template', node, 'leave out ${{ and }}');
    return undefined;
  }
  const { expression, problems } = compileExpression(node.value, { shape, functions, condition, locate: (offset, length) => within(node, offset, length) });
  for (const problem of problems) draft.add(problem);
  return problems.length === 0 ? expression : undefined;
}

/** The same for an expression that must give true or false. */
export function conditionAt(node: Node, shape: Shape, compiler: Compiler): Expression | undefined {
  return expressionAt(node, shape, compiler, true);
}

/** The value at a node with every `${{ }}` in it compiled, an empty object when there is none; undefined when one is wrong, which is reported. */
export function templateAt(node: Node, shape: Shape, { draft, functions }: Compiler): Template | undefined {
  refuseTemplateKeys(node, draft);
  const { template, problems } = compileTemplate((node.value ?? {}) as Json, { shape, functions, locate: (path, offset, length) => within(child(node, ...path), offset, length) });
  for (const problem of problems) draft.add(problem);
  return problems.length === 0 ? template : undefined;
}
