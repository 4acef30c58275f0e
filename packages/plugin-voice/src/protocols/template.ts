import { Buffer } from 'node:buffer';
import { RealopsError } from '@alice/realops/plugin';
import type { Message } from './protocol.js';

/** A message with names in braces, as a suite writes it. */
export type Template = string | { readonly bytes: string } | { readonly base64: string };

/** What the names stand for. */
export type Values<Name extends string> = { readonly [name in Name]: string };

/**
 * A message in which `{name}` is filled in anew each time.
 * @throws RealopsError REALOPS_WITH_INVALID for a name that there is none of
 */
export function compileTemplate<Name extends string>(template: Template, names: readonly Name[]): (values: Values<Name>) => Message {
  if (typeof template === 'object' && 'base64' in template) {
    const bytes = Buffer.from(template.base64, 'base64');
    return () => bytes;
  }
  const pieces = compileText(typeof template === 'string' ? template : template.bytes, names);
  const fill = (values: Values<Name>): string => pieces.map((piece) => (typeof piece === 'string' ? piece : values[piece.name])).join('');
  return typeof template === 'string' ? fill : (values) => Buffer.from(fill(values));
}

/** The text between names, and the names. Braces around anything but one word, as JSON has them, are text. */
function compileText<Name extends string>(text: string, names: readonly Name[]): readonly (string | { readonly name: Name })[] {
  return text.split(/(\{[a-z][a-zA-Z0-9]*\})/u).map((piece) => {
    if (!/^\{[a-z][a-zA-Z0-9]*\}$/u.test(piece)) return piece;
    const name = names.find((each) => `{${each}}` === piece);
    if (name === undefined) throw new RealopsError('REALOPS_WITH_INVALID', `${piece} stands for nothing in ${JSON.stringify(text)}`, { hint: `here may stand: ${names.map((each) => `{${each}}`).join(', ')}` });
    return { name };
  });
}
