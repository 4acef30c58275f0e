import type { SourceRange } from '../errors/index.js';
import type { Template } from '../expression/types.js';
import type { Json } from '../text/index.js';
import type { Millis } from '../time/index.js';

/** What a knob may be set to. */
export type KnobBounds =
  | { readonly kind: 'number'; readonly low: number; readonly high: number; /** The most that one change may move it. */ readonly maxStep: number; readonly whole: boolean; readonly unit: string | undefined }
  | { readonly kind: 'choice'; readonly values: readonly Json[] }
  | { readonly kind: 'toggle' };

/** A bounded parameter of the system under test, as the suite declares it. */
export interface Knob {
  readonly name: string;
  readonly source: SourceRange;
  /** The folder of the file that declares it; relative paths start there. */
  readonly directory: string;
  readonly bounds: KnobBounds;
  /** Renders to a {@link KnobRead}. */
  readonly read: Template;
  /** Renders to a {@link KnobWrite}; sees the new value as `value`. */
  readonly write: Template;
  /** How long the system may take to have a written value in force; the read-back is repeated until then. */
  readonly settleMs: Millis;
}

/** How a value is read: over HTTP, from a command (no shell; JSON or text on its output), or from a JSON, YAML or KEY=VALUE file. `at` is a JSON pointer (`/a/b`) or a JSONata expression. */
export type KnobRead =
  | { readonly url: string; readonly method?: string; readonly headers?: { readonly [name: string]: string }; readonly at?: string }
  | { readonly command: readonly string[]; readonly at?: string }
  | { readonly file: string; readonly at: string };

/** How a value is written. A file is replaced atomically, then the process named by `reload` gets its signal or the command is run. */
export type KnobWrite =
  | { readonly url: string; readonly method?: string; readonly headers?: { readonly [name: string]: string }; readonly json?: Json }
  | { readonly command: readonly string[] }
  | { readonly file: string; readonly at: string; readonly reload?: { readonly signal: 'SIGHUP' | 'SIGUSR1' | 'SIGUSR2'; readonly pidFile: string } | { readonly command: readonly string[] } };

/** A knob ready to be used by an action. */
export interface KnobUse {
  readonly name: string;
  readonly bounds: KnobBounds;
  readonly directory: string;
  readonly settleMs: Millis;
  readonly read: KnobRead;
  /** The write with `value` in it. */
  writeOf(value: Json): Promise<KnobWrite>;
}
