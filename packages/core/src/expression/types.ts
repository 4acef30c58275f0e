import type { SourceRange } from '../errors/index.js';
import type { Json } from '../text/index.js';

/** The names an expression can read: roots and step outputs. Values are JSON. */
export interface Scope {
  readonly [name: string]: Json | undefined;
}

/** A compiled JSONata expression. Safe to evaluate concurrently. */
export interface Expression {
  /** The text as written. */
  readonly text: string;
  readonly source: SourceRange | undefined;
  /** The dotted names it reads from the root, e.g. `steps.asr.text`, `metrics.voice.truncated.rate`. */
  readonly reads: readonly string[];
  /**
   * The value; undefined when a name it reads has none.
   * @throws RealopsError REALOPS_EXPRESSION_FAILED with the position, also when a guardrail (time, depth, size) trips.
   */
  evaluate(scope: Scope): Promise<Json | undefined>;
  /** The value at once when the expression is made of bare paths, literals and comparisons of them, and no list is on the way; otherwise it has to be evaluated. */
  readNow(scope: Scope): { readonly known: true; readonly value: Json | undefined } | { readonly known: false } | undefined;
  /**
   * The value of a condition.
   * @throws RealopsError REALOPS_EXPRESSION_NOT_BOOLEAN for anything but exactly true or false.
   */
  test(scope: Scope): Promise<boolean>;
}

/** A JSON value with `${{ }}` inside, compiled. A template without expressions renders to the same frozen value every time. */
export interface Template {
  readonly constant: boolean;
  readonly reads: readonly string[];
  /**
   * The value with every `${{ }}` replaced; a string that is one whole `${{ }}` keeps the type of its value.
   * @throws RealopsError REALOPS_TEMPLATE_EMPTY when an expression gave no value, naming it and its place.
   */
  render(scope: Scope): Promise<Json>;
  /** The same at once; undefined when it has to be awaited. Throws what `render` rejects with. */
  renderNow(scope: Scope): { readonly value: Json } | undefined;
}

/**
 * What may be read at a place, for checking names at load. `open`: anything below is unknown and allowed. `keys`: exactly these names; `none` is what to say when there are none.
 * `values` are all that a single value can be, and `what` they are, so that a comparison with another text is found. `list`: a list whose items have the shape.
 */
export type Shape =
  | { readonly kind: 'open' }
  | { readonly kind: 'keys'; readonly keys: { readonly [name: string]: Shape }; readonly none?: string; readonly values?: readonly string[]; readonly what?: string }
  | { readonly kind: 'list'; readonly items: Shape };

/** Pure functions that expressions may call as `$name(…)`, by name. */
export interface Functions {
  readonly [name: string]: (...values: readonly Json[]) => Json | undefined;
}
