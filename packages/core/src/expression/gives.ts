import { calledName, type AstNode } from './ast.js';

const OPERATORS: { readonly [operator: string]: string } = { '+': 'a number', '-': 'a number', '*': 'a number', '/': 'a number', '%': 'a number', '&': 'a text', '..': 'a list' };

const FUNCTIONS: { readonly [name: string]: string } = Object.fromEntries(
  Object.entries({
    'a number': 'sum count max min average length number floor ceil round abs sqrt power random toMillis millis parseInteger duration percentile',
    'a text': 'string substring substringBefore substringAfter lowercase uppercase trim pad replace join formatNumber formatBase formatInteger type now fromMillis base64encode base64decode encodeUrl decodeUrl',
    'a list': 'split keys reverse sort shuffle distinct append',
    'an object': 'merge sift',
  }).flatMap(([kind, names]) => names.split(' ').map((name) => [name, kind] as const)),
);

/** What an expression gives whenever it gives anything, where that is certain and neither true nor false: `a number`, `a text`. Functions are those of the engine. */
export function neverBoolean(node: AstNode): string | undefined {
  if (node.predicate !== undefined || node.group !== undefined) return undefined;
  switch (node.type) {
    case 'number':
      return 'a number';
    case 'string':
      return 'a text';
    case 'regex':
      return 'a pattern';
    case 'value':
      return node.value === null ? 'null' : undefined;
    case 'binary':
      return OPERATORS[String(node.value)];
    case 'unary':
      return node.value === '-' ? 'a number' : node.value === '[' ? 'a list' : node.value === '{' ? 'an object' : undefined;
    case 'block': {
      const last = node.expressions?.at(-1);
      return last === undefined ? undefined : neverBoolean(last);
    }
    case 'path': {
      const [only, more] = node.steps ?? [];
      return only === undefined || more !== undefined ? undefined : neverBoolean(only);
    }
    case 'function':
      return Object.hasOwn(FUNCTIONS, calledName(node) ?? '') ? FUNCTIONS[calledName(node) ?? ''] : undefined;
    default:
      return undefined;
  }
}
