/** A piece of text as the normaliser's stages see it. */
export interface Token {
  readonly text: string;
  /**
   * `integer` digits only · `decimal` digits with one comma or point · `time` hours and minutes with a colon · `ordinal` such as 3:e ·
   * `other` any other run of digits and their punctuation · `mark` one character that is neither letter nor digit.
   */
  readonly kind: 'word' | 'integer' | 'decimal' | 'time' | 'ordinal' | 'other' | 'mark';
  /** No white space stood before it. */
  readonly glued: boolean;
}

const PIECE = /(?<number>\d+(?:[.,:]\d+)+)|(?<ordinal>\d+:[ae](?![\p{L}\p{N}]))|(?<word>[\p{L}\p{M}\p{N}]+(?:['’ʼ´`\-‐‑][\p{L}\p{M}\p{N}]+)*)|(?<mark>\S)/giu;
const INNER = /(?<=[\p{L}\p{M}])['’ʼ´`\-‐‑]|['’ʼ´`\-‐‑](?=\p{L})/gu;
/** No-break and thin spaces between groups of three digits. */
const GROUPED = /(?<![\d.,:])[1-9]\d{0,2}(?:[\u00a0\u2009\u202f]\d{3})+(?!\d)/gu;

/**
 * Cuts a text into tokens. With `join` a hyphen or apostrophe inside a word is taken out without parting it (`e-post` → `epost`, `sta'n` → `stan`):
 * it is not heard, and Swedish writes compounds as one word. Between digits a hyphen parts.
 */
export function tokenise(text: string, join: boolean): readonly Token[] {
  const tokens: Token[] = [];
  let end = 0;
  const grouped = join ? text.replaceAll(GROUPED, (digits) => digits.replaceAll(/\D/gu, '')) : text;
  for (const match of grouped.matchAll(PIECE)) {
    const glued = match.index === end && end > 0;
    end = match.index + match[0].length;
    const { number, ordinal, word } = match.groups ?? {};
    if (word !== undefined) {
      const parts = join ? word.replaceAll(INNER, '').split(/['’ʼ´`\-‐‑]/u) : [word];
      parts.forEach((part, index) => tokens.push({ text: part, kind: /^\d+$/u.test(part) ? 'integer' : 'word', glued: glued && index === 0 }));
    } else {
      tokens.push({ text: match[0], kind: number === undefined ? (ordinal === undefined ? 'mark' : 'ordinal') : kindOfNumber(number), glued });
    }
  }
  return tokens;
}

function kindOfNumber(text: string): Token['kind'] {
  if (/^\d+[.,]\d+$/u.test(text)) return 'decimal';
  return /^(?:[01]?\d|2[0-4]):[0-5]\d$/u.test(text) ? 'time' : 'other';
}

/** The tokens as a text again: one space wherever white space or a removed token stood. */
export function untokenise(tokens: readonly Token[]): string {
  return tokens.map(({ text, glued }, index) => (glued || index === 0 ? text : ` ${text}`)).join('');
}

/** A new token that stands apart. */
export function token(kind: Token['kind'], text: string): Token {
  return { kind, text, glued: false };
}

/** The token's text in lower case when it is a word, else an empty text. */
export function wordOf(piece: Token | undefined): string {
  return piece?.kind === 'word' ? piece.text.toLowerCase() : '';
}
