import type { ArraySchema, BooleanSchema, EnumSchema, Infer, NumberSchema, StringSchema } from '../schema/infer.js';
import type { Clock } from '../time/index.js';
import type { Output } from './outlet.js';
import type { Logger } from './step-type.js';

/** What can be said on a command line: one value, or a list of texts. */
export type OptionSchema = StringSchema | NumberSchema | BooleanSchema | EnumSchema | (ArraySchema & { readonly items: StringSchema });

/** All that a command line may say. */
export interface CommandSchema {
  readonly type: 'object';
  readonly properties: { readonly [name: string]: OptionSchema };
  readonly required?: readonly string[];
}

/** What a command may touch. Nothing global, nothing ambient. */
export interface CommandContext {
  /** Aborts when the command is to end (SIGINT, SIGTERM). Every wait must end on it. */
  readonly signal: AbortSignal;
  readonly clock: Clock;
  /** The folder that the command was given in, absolute; relative paths of the command line start from it. */
  readonly cwd: string;
  /** The environment variables. */
  readonly env: { readonly [name: string]: string };
  /** What the command was called for. */
  readonly out: Output;
  /** What is said beside it. */
  readonly error: Output;
  readonly log: Logger;
  /** Says how far the work has come: one line that is written over on a terminal, and nothing elsewhere. An empty text takes it away. */
  progress(text: string): void;
  /** Numbers in [0, 1), the same in every call of the command. */
  random(): number;
}

/** A command as the command line holds it; made by `defineCommand`. */
export interface PluginCommand {
  /** One word: `prepare` of the plugin `@alice/realops-plugin-voice` is `realops voice prepare`. */
  readonly name: string;
  /** One sentence for lists and `--help`. */
  readonly description: string;
  /**
   * What the command line may say, in flat properties: `maxSeconds` is `--max-seconds N`, a boolean is a switch, a list may be given more than once. Parsing, its
   * messages and `--help` follow from it.
   */
  readonly with: CommandSchema;
  /** Which of the properties stand on the command line without a name, in this order; the last one may be a list. */
  readonly positionals?: readonly string[] | undefined;
  /** Whole command lines, for `--help`. */
  readonly examples?: readonly string[] | undefined;
  run(parameters: never, context: CommandContext): Promise<number>;
}

/** What `defineCommand` takes: a command whose `run` is typed by its own schema literal. */
export interface CommandDefinition<W extends CommandSchema> {
  readonly name: string;
  readonly description: string;
  readonly with: W;
  readonly positionals?: readonly string[];
  readonly examples?: readonly string[];
  /**
   * Does the work and gives the exit code: 0 when all is well, 1 when what was looked at is not, 3 for input that cannot be used. A thrown RealopsError is told
   * with its hint and gives the code of its kind.
   */
  run(parameters: Infer<W>, context: CommandContext): Promise<number>;
}
