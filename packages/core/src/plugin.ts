import type { ActionDefinition, ActionType, NotifierType } from './model/action-type.js';
import type { CommandDefinition, CommandSchema, PluginCommand } from './model/command.js';
import type { ReporterType, SinkType } from './model/outlet.js';
import type { Plugin } from './model/plugin.js';
import type { StepDefinition, StepType } from './model/step-type.js';
import type { ObjectSchema } from './schema/infer.js';

/** Declares a plugin; a suite loads it by package name or relative path from the module's default export. */
export function definePlugin(plugin: Plugin): Plugin {
  return plugin;
}

/**
 * Declares a step type. The `with` and `output` literals type `run`; the same literals check the YAML, make the editor completion and the docs.
 *
 * @example
 * const ping = defineStep({
 *   use: 'net.ping', description: 'Opens a connection and closes it.',
 *   with: { type: 'object', properties: { target: { type: 'string', holds: 'target' } }, required: ['target'] },
 *   metrics: [{ name: 'net.open', kind: 'distribution', unit: 'ms', description: 'Time to an open connection.' }],
 *   async run({ target }, context) {
 *     const started = context.clock.now();
 *     await fetch(context.target(target), { signal: context.signal });
 *     context.measure('net.open', context.clock.now() - started);
 *   },
 * });
 */
export function defineStep<const W extends ObjectSchema, const O extends ObjectSchema | undefined = undefined>(step: StepDefinition<W, O>): StepType {
  return step;
}

/**
 * Declares an action that remedies may use: a register that is read and written. Journal, compare-and-set, read-back, validation and undo are the engine's.
 *
 * @example
 * const setLevel = defineAction({
 *   use: 'log.level', description: 'Sets the level of the log.',
 *   with: { type: 'object', properties: { to: { enum: ['info', 'debug'] } }, required: ['to'] },
 *   param: () => 'logLevel',
 *   read: async (_, { run }) => (await run({ use: 'http.request', with: { url: 'api' } })) ?? null,
 *   plan: async ({ to }, before) => ({ possible: true, after: to, rollback: `set the log level to ${String(before)}` }),
 *   write: async (_, value, { run }) => void (await run({ use: 'http.request', with: { method: 'POST', url: 'api', json: { value } } })),
 * });
 */
export function defineAction<const W extends ObjectSchema>(action: ActionDefinition<W>): ActionType {
  return action;
}

/** Declares a way to reach people, for `notify`. */
export function defineNotifier(notifier: NotifierType): NotifierType {
  return notifier;
}

/**
 * Declares a command of the command line. The `with` literal types `run`; parsing and `--help` follow from the same literal.
 *
 * @example
 * const count = defineCommand({
 *   name: 'count', description: 'Counts the clips of a folder.',
 *   with: { type: 'object', properties: { dir: { type: 'string', description: 'The folder.' }, json: { type: 'boolean', default: false, description: 'Print JSON.' } }, required: ['dir'] },
 *   positionals: ['dir'],
 *   async run({ dir, json }, { out, cwd, signal }) {
 *     const clips = await countClips(resolve(cwd, dir), signal);
 *     out.write(json ? `${JSON.stringify({ clips })}\n` : `${clips} clips\n`);
 *     return clips > 0 ? 0 : 1;
 *   },
 * });
 */
export function defineCommand<const W extends CommandSchema>(command: CommandDefinition<W>): PluginCommand {
  return command;
}

/** Declares a reporter. */
export function defineReporter(reporter: ReporterType): ReporterType {
  return reporter;
}

/** Declares a telemetry sink. */
export function defineSink(sink: SinkType): SinkType {
  return sink;
}

export { RealopsError } from './errors/index.js';
export type { ErrorCode, SourceRange } from './errors/index.js';
export type * from './events/event.js';
export type * from './events/report.js';
export type { Labels, Metric, MetricKind, MetricValue, Unit } from './metrics/metric.js';
export type { ActionCheck, ActionContext, ActionDefinition, ActionPlan, ActionType, KnobMove, NotifierType, NotifyMessage, ParameterFault } from './model/action-type.js';
export type { CommandContext, CommandDefinition, CommandSchema, OptionSchema, PluginCommand } from './model/command.js';
export type { KnobBounds, KnobRead, KnobUse, KnobWrite } from './model/knob.js';
export type { Picture, PictureLane, PictureMark, PictureSpan, Tone } from './model/picture.js';
export type { Output, Reporter, ReporterIo, ReporterType, SinkType, TelemetrySink } from './model/outlet.js';
export type { CheckContext, CheckResult, Plugin, PluginCheck } from './model/plugin.js';
export type { JudgedSlo, Verdict } from './model/slo.js';
export type { Logger, NestedStep, Recomputation, RecomputedMeasurement, StepContext, StepDefinition, StepType } from './model/step-type.js';
export type { ConsentScope, Environment, Outcome, StepOutcome } from './model/words.js';
export type { Resource } from './resource/index.js';
export type { ArraySchema, Infer, ObjectSchema, Schema } from './schema/infer.js';
export type { Json, JsonObject } from './text/index.js';
export type { Clock, Millis } from './time/index.js';
