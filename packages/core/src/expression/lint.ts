import { preview } from '../text/index.js';
import { calledName, leftOf, nodesOf, type AstNode } from './ast.js';
import { unsafePart } from './regex.js';

/** Something an expression may not use. */
export interface LintProblem {
  readonly message: string;
  readonly hint: string;
  readonly offset: number;
  readonly length: number;
}

/** The most nodes an expression may have. */
const MOST_NODES = 1_000;
/** The most characters that `$pad` may fill up to: a width is memory, which no guardrail bounds. */
const MOST_PADDING = 10_000;

/** Finds what the guardrails of an evaluation cannot bound: `$eval`, transforms, walks over everything, huge padding, and regular expressions that can run for ever. */
export function lint(ast: AstNode): readonly LintProblem[] {
  const problems: LintProblem[] = [];
  const add = (end: number, length: number, message: string, hint: string): void => void problems.push({ message, hint, offset: Math.max(0, end - length), length });
  const nodes = nodesOf(ast);
  if (nodes.length > MOST_NODES) add(1, 1, `the expression has ${nodes.length} parts; at most ${MOST_NODES} are allowed`, 'split it, or compute the value in a step of your own');
  const piped = new Set(nodes.flatMap((node) => (node.type === 'apply' && node.rhs !== undefined ? [node.rhs] : [])));
  const padded = new Set<AstNode>();
  for (const node of nodes) {
    const end = node.position ?? 1;
    if (node.type === 'transform') add(end, 1, 'transforms ( | … | … | ) are not allowed', 'read values, do not change them');
    if (node.type === 'descendant') add(end, 2, '** walks over everything there is and is not allowed', 'name the path, or use * for one level');
    if (node.type === 'variable' && node.value === 'eval') add(end, 5, '$eval is not allowed', 'write the expression itself');
    if (node.type === 'regex' && node.value instanceof RegExp) {
      const { source, flags } = node.value;
      const wrong = unsafePart(source);
      if (wrong !== undefined) add(end, source.length + flags.length + 1, `the pattern ${preview(source, 60)} ${wrong}`, 'such a pattern can take for ever on the wrong text; write a simpler one, or use $contains(text, part)');
    }
    if (calledName(node) === 'pad' && node.procedure !== undefined && isBoundedPad(node, piped.has(node))) padded.add(node.procedure);
  }
  for (const node of nodes) {
    if (node.type === 'variable' && node.value === 'pad' && !padded.has(node)) add(node.position ?? 4, 4, `$pad needs a written width of at most ${MOST_PADDING}`, 'e.g. $pad(text, 20)');
  }
  return problems;
}

/** Whether a call of `$pad` has a written width that is not too large; behind `~>` the text is not among its arguments. */
function isBoundedPad(call: AstNode, piped: boolean): boolean {
  const width = call.arguments?.[piped ? 0 : 1];
  const literal = width?.type === 'unary' && leftOf(width.lhs) === undefined ? width.expression : width;
  return literal?.type === 'number' && typeof literal.value === 'number' && Math.abs(literal.value) <= MOST_PADDING;
}
