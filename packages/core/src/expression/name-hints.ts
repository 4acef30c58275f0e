import { suggest, suggestion } from '../text/index.js';
import type { AstNode } from './ast.js';
import { FOREIGN_FUNCTIONS, houseFunctions } from './functions.js';
import type { Shape } from './types.js';

/** What to write instead of a function or variable that is not there. */
export function functionHint(name: string, variables: Iterable<string>, functions: ReadonlySet<string>): string {
  const own = [...variables];
  const foreign = Object.hasOwn(FOREIGN_FUNCTIONS, name) ? FOREIGN_FUNCTIONS[name] : undefined;
  if (foreign !== undefined) return `write ${foreign}`;
  const near = suggest(name, [...own, ...functions]);
  if (near !== undefined) return `did you mean $${near}?`;
  return own.length === 0 ? `functions are those of JSONata, those of plugins, and ${Object.keys(houseFunctions).map((each) => `$${each}`).join(', ')}` : suggestion(`$${name}`, own.map((each) => `$${each}`), 'variables here');
}

/** The names that there are in place of one that is not, with the nearest. */
export function namesHint(name: string, { keys, none }: Shape & { readonly kind: 'keys' }, path: string | undefined): string {
  const names = Object.keys(keys);
  if (names.length > 0) return suggestion(name, names, 'it has');
  if (none !== undefined) return none;
  return path === undefined || path === '' ? 'there is nothing to read here' : `${path} is a single value without names in it`;
}

/** A name with hyphens reads as a subtraction; the way out when the whole word is a name here. */
export function hyphenHint(node: AstNode, keys: { readonly [name: string]: Shape }, text: string): string | undefined {
  const end = node.position ?? 0;
  const word = /[\w-]*$/.exec(text.slice(0, end))?.[0] ?? '';
  const whole = word + (/^[\w-]*/.exec(text.slice(end))?.[0] ?? '');
  return whole.includes('-') && Object.hasOwn(keys, whole) ? `a hyphen is read as minus; write \`${whole}\` in backticks` : undefined;
}
