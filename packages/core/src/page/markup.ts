import { plainText } from '../text/plain.js';

/** HTML or SVG that is safe to put into a page. Only {@link html}, {@link raw} and {@link join} make it, so a text cannot be mistaken for it. */
export interface Markup {
  readonly markup: string;
}

/** What may stand in a template: texts are escaped, markup is taken as it is, lists are put one after the other, nothing is nothing. */
export type Content = Markup | string | number | null | undefined | false | readonly Content[];

/**
 * Markup from a template literal. Every text in it is escaped for element content and for attributes in double quotes, and is freed of control
 * characters, terminal escapes and signs that turn the direction of text: what the system under test says is hostile.
 */
export function html(parts: TemplateStringsArray, ...contents: readonly Content[]): Markup {
  let markup = parts[0] ?? '';
  contents.forEach((content, index) => {
    markup += markupOf(content) + (parts[index + 1] ?? '');
  });
  return { markup };
}

/** Takes a text as markup. Only for texts of this program: styles, scripts, paths of figures. */
export function raw(markup: string): Markup {
  return { markup };
}

/** Markup put one after the other. */
export function join(contents: readonly Content[], between = ''): Markup {
  return { markup: contents.map(markupOf).join(between) };
}

/** No markup. */
export const NOTHING: Markup = { markup: '' };

/** A text for element content or an attribute in double quotes, harmless and with its line ends. */
export function escapeText(text: string): string {
  return plainText(text).replaceAll(SPECIAL, (sign) => ENTITIES[sign] ?? sign);
}

const SPECIAL = /[&<>"']/g;
const ENTITIES: { readonly [sign: string]: string } = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

function markupOf(content: Content): string {
  if (content === null || content === undefined || content === false) return '';
  if (typeof content === 'string') return escapeText(content);
  if (typeof content === 'number') return String(content);
  return isList(content) ? content.map(markupOf).join('') : content.markup;
}

function isList(content: Markup | readonly Content[]): content is readonly Content[] {
  return Array.isArray(content);
}
