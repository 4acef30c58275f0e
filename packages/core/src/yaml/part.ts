/** A part of a parsed file with its place: offsets in the text, the end exclusive. */
export type Part = ScalarPart | MapPart | ListPart | AliasPart;

interface Placed {
  readonly start: number;
  readonly end: number;
}

interface Marked extends Placed {
  readonly anchor: string | undefined;
  /** A tag that was written down, in full. */
  readonly tag: string | undefined;
}

/** How a text is written. */
export type Style = 'plain' | 'single' | 'double' | 'literal' | 'folded';

/** A single value; `source` is what was written, without quotes. */
export interface ScalarPart extends Marked {
  readonly kind: 'scalar';
  readonly value: unknown;
  readonly source: string;
  readonly style: Style;
}

/** A map. A value is undefined when nothing at all stands there. */
export interface MapPart extends Marked {
  readonly kind: 'map';
  readonly flow: boolean;
  readonly entries: readonly { readonly key: Part | undefined; readonly value: Part | undefined }[];
}

/** A list. */
export interface ListPart extends Marked {
  readonly kind: 'list';
  readonly flow: boolean;
  readonly items: readonly (Part | undefined)[];
}

/** `*name`. */
export interface AliasPart extends Placed {
  readonly kind: 'alias';
  readonly name: string;
}
