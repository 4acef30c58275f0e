/** Escape sequences of terminals: CSI, OSC with its text, and two-character ones. */
const ESCAPES = /\u001b\[[0-?]*[ -/]*[@-~]|\u001b[\]PX^_][^\u0007\u001b\n]*(?:\u0007|\u001b\\)?|\u009b[0-?]*[ -/]*[@-~]|\u001b[ -~]?/g;
/** Signs that turn the direction of text, hide, or have no width. Joiners stay, since words and emoji need them. */
const INVISIBLE = /[\u200b\u200e\u200f\u061c\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;

/** Texts of Latin letters and common signs alone: nearly all, and not worth the search below. */
const HARMLESS = /^[\n -~\u00a0-\u00ac\u00ae-\u02ff\u2010-\u2027\u2030-\u205e\u2260-\u2265]*$/;

/**
 * Text from outside as one harmless line: without terminal escapes, control characters, signs that turn the direction of text, and half
 * surrogate pairs; line ends and tabs become a space.
 */
export function plainLine(text: string): string {
  return plainText(text).replaceAll(/\s*\n\s*/g, ' ').trim();
}

/** As {@link plainLine}, with line ends kept. */
export function plainText(text: string): string {
  if (HARMLESS.test(text)) return text;
  return (
    text
      .replaceAll(ESCAPES, '')
      .replaceAll(INVISIBLE, '')
      .replaceAll(/\r\n?|[\u0085\u2028\u2029\u000b\f]/g, '\n')
      .replaceAll('\t', ' ')
      .replaceAll(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/g, '')
      .replaceAll(/\p{Surrogate}/gu, '\ufffd')
  );
}

/** JSON as one harmless line of about `limit` characters; a text stands in quotes. */
export function plainJson(value: unknown, limit = 400): string {
  const text = plainLine(JSON.stringify(value) ?? 'nothing');
  return text.length <= limit ? text : `${[...text.slice(0, limit)].slice(0, -1).join('')}…`;
}
