/** What a terminal obeys instead of showing it, and signs that turn the direction of text; all but line ends and tabs. */
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
/** Colour, weight and the like. */
const COLOURS = /\u001b\[[\d;:]*m/g;

/** Whether a text sets colours or weights. */
export function holdsColour(text: string): boolean {
  return text.search(COLOURS) >= 0;
}

/** The control characters of a text as `U+001B`, each once; `besides` are not counted. */
export function controlsOf(text: string, besides: ReadonlySet<string> = new Set()): readonly string[] {
  return [...new Set(text.match(CONTROLS))].map((sign) => `U+${(sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`).filter((name) => !besides.has(name));
}

/** A text without its colours. */
export function withoutColour(text: string): string {
  return text.replaceAll(COLOURS, '');
}
