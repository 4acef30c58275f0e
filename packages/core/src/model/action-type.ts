import type { Infer, ObjectSchema } from '../schema/infer.js';
import type { Json, JsonObject } from '../text/index.js';
import type { Clock, Millis } from '../time/index.js';
import type { KnobBounds, KnobUse } from './knob.js';
import type { Logger, NestedStep } from './step-type.js';
import type { Environment } from './words.js';

/** What an action may touch. Nothing global, nothing ambient. */
export interface ActionContext {
  /** Aborts at the deadline of the phase or when the run is cancelled; undoing gets a fresh one. Every wait must end on it. */
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly log: Logger;
  readonly environment: Environment;
  /**
   * The knob of that name, its templates rendered.
   * @throws RealopsError REALOPS_KNOB_UNKNOWN
   */
  knob(name: string): Promise<KnobUse>;
  /**
   * The URL of a target name, or the given URL when its host and port are on the allow-list.
   * @throws RealopsError REALOPS_TARGET_UNKNOWN or REALOPS_EGRESS_DENIED
   */
  target(nameOrUrl: string): URL;
  /** The absolute path of a `holds: 'file'` parameter; relative paths start from the file that holds the remedy. */
  file(path: string): string;
  /** The value of a bare JSONata expression over `input`. */
  evaluate(expression: string, input: Json): Promise<Json | undefined>;
  /** Runs a step (e.g. `http.request`, under the allow-list) and gives its output; throws when it fails. */
  run(step: NestedStep): Promise<Json | undefined>;
}

/** What an action is going to do, formed before anything is changed. */
export type ActionPlan =
  | {
      readonly possible: true;
      /** The value that will be in force. */
      readonly after: Json;
      /** How a person would undo it, in one line: `POST http://…/config {"eos":700}`. No secret may be in it. */
      readonly rollback: string;
      /** The change ends by itself after this time: the engine writes the value before it back when it is due. */
      readonly expiresMs?: Millis;
    }
  | { readonly possible: false; readonly reason: string };

/** What an action may ask while a suite is loaded. Nothing of the system under test can be reached then. */
export interface ActionCheck {
  /** What the knob of that name may be set to; undefined when the suite has none (which the loader reports for every `holds: 'knob'` parameter). */
  knob(name: string): KnobBounds | undefined;
  /** The parameters that were left out because they hold a template: they are given, but not known yet. */
  readonly unknown: ReadonlySet<string>;
}

/** What is wrong with the parameters of an action. `path` leads to the place from `with`; empty for the whole. */
export interface ParameterFault {
  readonly path: readonly (string | number)[];
  /** A sentence without the place: `a change by 400 ms is more than the maxStep of 200 ms`. */
  readonly message: string;
  readonly hint?: string;
}

/** Where an action moves a knob, as far as its parameters tell before it runs. */
export interface KnobMove {
  readonly knob: string;
  /** `any` for an action that sets a value from either side. */
  readonly direction: 'up' | 'down' | 'any';
  /** The value it is set to, for an action that sets one. */
  readonly to?: Json;
}

/**
 * A reversible, bounded change to the system under test, as the engine holds it; made by `defineAction`.
 * An action is a register: `read` gives the value in force, `plan` the value it should have, `write` puts a value in force. The engine does the rest: it journals
 * before it writes, compares before it sets in both directions, reads back, validates, and undoes by writing the value that was there before.
 */
export interface ActionType {
  /** `area.verb`, e.g. `knob.change`. */
  readonly use: string;
  /** One sentence for lists, docs and completion. */
  readonly description: string;
  readonly with: ObjectSchema;
  /** True when the action does more than turn a knob inside its bounds (a restart, a call of its own): it needs an approval bound to exactly this change. */
  readonly structural?: boolean | undefined;
  /** True when there is nothing to compare or undo (a restart to the same state, a wait): validation decides alone. */
  readonly stateless?: boolean | undefined;
  /** True when people have to look into it as soon as it comes to nothing: the engine opens an incident. */
  readonly callsPeople?: boolean | undefined;
  /**
   * Checks parameters when the suite is loaded, after their schema. Pure. Parameters with a template in them are not known yet and are left out.
   */
  check?(parameters: never, context: ActionCheck): readonly ParameterFault[];
  /** The knobs that it moves; the loader refuses remedies that would move one knob to and fro. Pure; parameters with a template in them are left out. */
  moves?(parameters: never, context: ActionCheck): readonly KnobMove[];
  /** The name of what is changed, e.g. `eosTimeout`; two changes of one name never overlap. */
  param(parameters: never): string;
  read(parameters: never, context: ActionContext): Promise<Json>;
  /** Pure but for the knob definitions it asks the context for; changes nothing. */
  plan(parameters: never, before: Json, context: ActionContext): Promise<ActionPlan>;
  /** Puts `value` in force and resolves when the system has taken it. Called with the planned value to apply and with the value before it to undo. */
  write(parameters: never, value: Json, context: ActionContext): Promise<void>;
}

/** What `defineAction` takes: an action type whose functions are typed by its own schema literal. */
export interface ActionDefinition<W extends ObjectSchema> {
  readonly use: string;
  readonly description: string;
  readonly with: W;
  readonly structural?: boolean;
  readonly stateless?: boolean;
  readonly callsPeople?: boolean;
  check?(parameters: Partial<Infer<W>>, context: ActionCheck): readonly ParameterFault[];
  moves?(parameters: Partial<Infer<W>>, context: ActionCheck): readonly KnobMove[];
  param(parameters: Infer<W>): string;
  read(parameters: Infer<W>, context: ActionContext): Promise<Json>;
  plan(parameters: Infer<W>, before: Json, context: ActionContext): Promise<ActionPlan>;
  write(parameters: Infer<W>, value: Json, context: ActionContext): Promise<void>;
}

/** Sends a message to people; made by `defineNotifier`. */
export interface NotifierType {
  /** The name under `notify: { team: { use: NAME } }`. */
  readonly name: string;
  readonly description: string;
  /** The options beside `use`. */
  readonly with: ObjectSchema;
  /** Sends it, or throws. The engine repeats, groups and redacts. */
  send(message: NotifyMessage, options: JsonObject, context: Pick<ActionContext, 'signal' | 'clock' | 'log' | 'target' | 'file' | 'run'>): Promise<void>;
}

/** A message for people. Plain text throughout. */
export interface NotifyMessage {
  readonly title: string;
  readonly text: string;
  readonly severity: 'critical' | 'major' | 'minor';
  readonly state: 'fired' | 'cleared' | 'info';
  /** The alerts behind it; more than one when they were grouped. */
  readonly alerts: readonly { readonly id: string; readonly state: 'fired' | 'cleared'; readonly severity: 'critical' | 'major' | 'minor'; readonly since: string; readonly evidence: JsonObject }[];
  readonly suite: string;
  readonly runId: string;
  readonly fields: JsonObject;
}
