import type { AstNode } from './ast.js';

const NAME = String.raw`[A-Za-z_]\w*`;
const PATH = String.raw`${NAME}(?:\.${NAME})*`;
const NUMBER = String.raw`(?:0|[1-9]\d{0,14})(?:\.\d{1,10})?`;
const TEXT = String.raw`"[^"\\\n]*"|'[^'\\\n]*'`;
const QUICK = new RegExp(String.raw`^(\s*)(${PATH})(?:(\s*)(=|!=|<=|>=|<|>)(\s*)(?:(${NUMBER})|(${TEXT})|(${PATH})))?\s*$`, 'd');
/** Words that are no names wherever they stand. */
const WORDS = /(?:^|\.)(?:and|or|in|true|false|null|function)(?:\.|$)/;

/**
 * The syntax tree of a path, or of a path compared with a number, a text or a path: most of what suites say. The same tree as the library's, without the
 * cost of its parser; undefined for everything else.
 */
export function quickAst(text: string): AstNode | undefined {
  const match = QUICK.exec(text);
  const left = pathOf(match?.[2], match?.indices?.[2]?.[0]);
  if (match === null || left === undefined) return undefined;
  const [, , , , operator, , number, quoted, path] = match;
  if (operator === undefined) return left;
  const end = (group: number): number => match.indices?.[group]?.[1] ?? 0;
  const right: AstNode | undefined =
    number === undefined
      ? quoted === undefined
        ? pathOf(path, match.indices?.[8]?.[0])
        : { value: quoted.slice(1, -1), type: 'string', position: end(7) }
      : { value: Number(number), type: 'number', position: end(6) };
  return right === undefined ? undefined : { type: 'binary', value: operator, position: end(4), lhs: left, rhs: right };
}

function pathOf(text: string | undefined, start: number | undefined): AstNode | undefined {
  if (text === undefined || start === undefined || WORDS.test(text)) return undefined;
  let position = start - 1;
  const steps = text.split('.').map((value): AstNode => {
    position += 1 + value.length;
    return { value, type: 'name', position };
  });
  return { type: 'path', steps };
}
