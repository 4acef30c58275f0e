import { preview } from '../text/index.js';
import { nodesOf, type AstNode } from './ast.js';

/** Something an expression may not use. */
export interface LintProblem {
  readonly message: string;
  readonly hint: string;
  readonly offset: number;
  readonly length: number;
}

/** The most nodes an expression may have. */
const MOST_NODES = 1_000;
const MOST_PADDING = 10_000;
const LONGEST_REGEX = 200;

/** Finds what guardrails cannot bound: `$eval`, transforms, huge padding, and regular expressions that can run for ever. */
export function lint(ast: AstNode): readonly LintProblem[] {
  const problems: LintProblem[] = [];
  const add = (node: AstNode, message: string, hint: string): void => void problems.push({ message, hint, offset: Math.max(0, (node.position ?? 1) - 1), length: 1 });
  let count = 0;
  for (const node of nodesOf(ast)) {
    count += 1;
    if (node.type === 'transform') add(node, 'transforms ( | … | … | ) are not allowed', 'read values, do not change them');
    if (node.type === 'variable' && node.value === 'eval') add(node, '$eval is not allowed', 'write the expression itself');
    if (node.type === 'function') lintCall(node, add);
    if (node.type === 'regex') lintRegex(node, add);
  }
  if (count > MOST_NODES) add(ast, `the expression has ${count} parts; at most ${MOST_NODES} are allowed`, 'split it, or compute the value in a step of your own');
  return problems;
}

function lintCall(node: AstNode, add: (node: AstNode, message: string, hint: string) => void): void {
  if (node.procedure?.value !== 'pad') return;
  const width = node.arguments?.[1];
  const literal = width?.type === 'unary' ? width.expression : width;
  if (literal?.type !== 'number' || typeof literal.value !== 'number' || Math.abs(literal.value) > MOST_PADDING) add(node, `$pad needs a written width of at most ${MOST_PADDING}`, '$pad(text, 20)');
}

function lintRegex(node: AstNode, add: (node: AstNode, message: string, hint: string) => void): void {
  if (!(node.value instanceof RegExp)) return;
  const { source } = node.value;
  const wrong = unsafePart(source);
  if (wrong !== undefined) add(node, `the pattern ${preview(source, 60)} ${wrong}`, 'such patterns can take for ever on the wrong text; write a simpler one, or use $contains');
}

/** Why a pattern could take exponential time: a repeated group that itself repeats or has alternatives, or a back-reference. */
function unsafePart(source: string): string | undefined {
  if (source.length > LONGEST_REGEX) return `is longer than ${LONGEST_REGEX} characters`;
  const groups: { risky: boolean }[] = [{ risky: false }];
  for (let index = 0; index < source.length; index += 1) {
    const character = source.charAt(index);
    const inner = groups.at(-1);
    if (inner === undefined) return undefined;
    if (character === '\\') {
      if (/[1-9k]/.test(source.charAt(index + 1))) return 'refers back to a group';
      index += 1;
    } else if (character === '[') index = endOfClass(source, index);
    else if (character === '(') groups.push({ risky: false });
    else if (character === '|') inner.risky = true;
    else if (character === ')') {
      const closed = groups.pop();
      const repeated = /^(?:[*+]|\{\d+,\d*\}|\{\d{2,}\})/.test(source.slice(index + 1));
      if (closed?.risky === true && repeated) return 'repeats a group that itself repeats or has alternatives';
      const outer = groups.at(-1);
      if (outer !== undefined && (repeated || closed?.risky === true)) outer.risky = true;
    } else if (character === '*' || character === '+' || character === '{') inner.risky = true;
  }
  return undefined;
}

function endOfClass(source: string, start: number): number {
  for (let index = start + 1; index < source.length; index += 1) {
    if (source.charAt(index) === '\\') index += 1;
    else if (source.charAt(index) === ']') return index;
  }
  return source.length;
}
