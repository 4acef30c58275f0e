import type { Json } from '../text/index.js';
import type { ActionType, NotifierType } from './action-type.js';
import type { PluginCommand } from './command.js';
import type { ReporterType, SinkType } from './outlet.js';
import type { StepType } from './step-type.js';

/** What a plugin brings. Everything is optional but the name. */
export interface Plugin {
  /** The npm name, or the file name for a plugin beside the suite. */
  readonly name: string;
  /** The version of this interface that the plugin was written for. */
  readonly apiVersion: 1;
  readonly steps?: readonly StepType[];
  /** Changes that remedies may make. */
  readonly actions?: readonly ActionType[];
  /** Ways to reach people, for `notify`. */
  readonly notifiers?: readonly NotifierType[];
  readonly reporters?: readonly ReporterType[];
  readonly sinks?: readonly SinkType[];
  /** Commands of the command line: `realops AREA NAME` for a plugin `@alice/realops-plugin-AREA`, `realops PLUGIN NAME` for any other. */
  readonly commands?: readonly PluginCommand[];
  /** Pure functions for JSONata, called as `$name(…)`. */
  readonly functions?: { readonly [name: string]: (...values: readonly Json[]) => Json | undefined };
}
