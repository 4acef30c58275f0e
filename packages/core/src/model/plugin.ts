import type { Json } from '../text/index.js';
import type { Clock } from '../time/index.js';
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
  /** What `realops doctor` asks about the machine. */
  readonly checks?: readonly PluginCheck[];
}

/** Something of the machine that parts of a plugin need: a program, a device. Looked at by `realops doctor`, never by a run. */
export interface PluginCheck {
  /** A word: `ffmpeg`. */
  readonly name: string;
  /** What it is needed for, in one sentence. */
  readonly description: string;
  /** Looks and changes nothing. What it throws makes it broken, and so does taking longer than 10 s, when the signal aborts. */
  run(context: CheckContext): Promise<CheckResult>;
}

/** What a check may look at. */
export interface CheckContext {
  readonly env: { readonly [name: string]: string };
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** What a check found. */
export interface CheckResult {
  /** `missing`: what needs it says so when it is used, and all else works. `broken`: it is there, or was asked for, and does not work. */
  readonly state: 'ok' | 'missing' | 'broken';
  /** What is there, or what is wrong: `ffmpeg 5.1.9 (PATH, /usr/bin/ffmpeg)`. */
  readonly message: string;
  /** The way out. */
  readonly hint?: string;
}
