import { rm, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { messageOf } from '../errors/index.js';
import { defineAction, RealopsError, type ActionContext, type ActionPlan, type Json } from '../plugin.js';
import { isCredentialKey, redactGeneric } from '../privacy/generic.js';
import { isJsonObject, preview, sameValue } from '../text/index.js';
import { parseDuration } from '../time/index.js';
import { readySchema, untilReady } from './ready.js';
import { showCommand } from './system/command.js';
import { environmentOf, processOfCommand, processOfPidFile, type ProcessIdentity } from './system/identity.js';
import { inheritedEnvironment } from './system/processes.js';
import { startDetached } from './system/start.js';
import { terminate } from './system/terminate.js';

/** Which process is meant. */
interface Which {
  readonly pidFile?: string;
  readonly match?: string;
}

/** Counts the restarts of a process in its own environment, so that a process that was restarted can be told from the one before. */
const COUNTER = 'REALOPS_RESTARTS';

/**
 * Ends a process and starts it anew, with variables of its environment changed. Its state is `{ running: false }`, or `{ running: true, env }` with the values of
 * those variables in the process that runs (null for one that is not set) and the count of its restarts, so undoing is a restart with those of before. Every other
 * variable is handed on from the old process to the new one. A process that was down before is ended when its start is undone.
 */
export const processRestart = defineAction({
  use: 'process.restart',
  description: 'Ends a process (TERM, wait, KILL), starts it anew, also with other environment variables, and waits until it is ready.',
  with: {
    type: 'object',
    properties: {
      name: { type: 'string', minLength: 1, description: 'The name of what runs, e.g. asr' },
      pidFile: { type: 'string', minLength: 1, description: 'The file with the number of the process; either this or match' },
      match: { type: 'string', minLength: 3, description: 'A text that is in the command line of this process and no other' },
      command: { type: 'array', items: { type: 'string' }, minItems: 1, description: 'The program that is started with its arguments, without a shell' },
      directory: { type: 'string', minLength: 1, default: '.', description: 'The folder it runs in; by default that of the suite file' },
      env: { type: 'object', properties: {}, additionalProperties: {}, default: {}, description: 'Variables that it gets; null takes one away. They are kept in the ledger, so no secrets' },
      writesPidFile: { type: 'boolean', default: false, description: 'true when the process writes the pid file itself; otherwise it is written for it' },
      log: { type: 'string', minLength: 1, description: 'Where its output is appended; .realops/NAME.log by default' },
      termTimeout: { type: 'string', holds: 'duration', default: '10s', description: 'How long it has to end by itself' },
      ready: { ...readySchema, description: 'How it is told that it is there again: { step, condition }' },
      readyWithin: { type: 'string', holds: 'duration', default: '60s', description: 'How long that may take' },
    },
    required: ['name', 'command', 'ready'],
  },
  structural: true,
  check: ({ pidFile, match }) => (pidFile === undefined || match === undefined ? [] : [{ path: ['match'], message: 'either pidFile or match says which process it is, not both' }]),
  param: ({ name }) => name,
  async read(parameters, context) {
    const running = await find(parameters, context);
    if (running === undefined) return { running: false };
    const environment = await environmentOf(running);
    if (environment === undefined) throw new RealopsError('REALOPS_PROCESS_REFUSED', `the environment of process ${running.pid} cannot be read, so it could not be brought back`, { hint: 'it belongs to another user, or this system does not show it' });
    return { running: true, env: Object.fromEntries([...Object.keys(parameters.env), COUNTER].map((name) => [name, environment[name] ?? null])) };
  },
  async plan(parameters, before): Promise<ActionPlan> {
    if ((parameters.pidFile === undefined) === (parameters.match === undefined)) return { possible: false, reason: 'either pidFile or match says which process it is' };
    const { name, command } = parameters;
    const wanted = variablesOf(parameters.env);
    const { [COUNTER]: count = null, ...variables } = environmentIn(before) ?? {};
    if (Object.keys(wanted).length > 0 && sameValue(variables, wanted)) return { possible: false, reason: `${name} runs${showVariables(wanted)} already` };
    const after = { running: true, env: { ...wanted, [COUNTER]: String((Number(count) || 0) + 1) } };
    return { possible: true, after, rollback: environmentIn(before) === undefined ? `end ${name}; it was not running` : `restart ${name} by ${showCommand(command)}${showVariables(variables)}` };
  },
  async write(parameters, value, context) {
    const { name, command, pidFile, writesPidFile, directory, log, termTimeout, ready, readyWithin } = parameters;
    const running = await find(parameters, context);
    const base = (running === undefined ? undefined : await environmentOf(running)) ?? inheritedEnvironment();
    if (running !== undefined) await terminate(running, parseDuration(termTimeout), context);
    const ownFile = pidFile === undefined || writesPidFile ? undefined : context.file(pidFile);
    if (ownFile !== undefined) await rm(ownFile, { force: true });
    const variables = environmentIn(value);
    if (variables === undefined) return;
    const environment = withVariables(base, variables);
    const started = await startDetached(command, { directory: context.file(directory), environment, log: context.file(log ?? `.realops/${basename(name)}.log`) });
    if (ownFile !== undefined) await writePid(ownFile, started.pid);
    await untilReady(ready, { everyMs: 100, withinMs: parseDuration(readyWithin), stillPossible: started.throwIfFailed }, context);
    await started.throwIfFailed();
    if ((await find(parameters, context)) === undefined) throw new RealopsError('REALOPS_PROCESS_REFUSED', `${name} is ready, but ${pidFile === undefined ? 'no process matches' : `${pidFile} names no running process`}; something else may have answered`);
  },
});

async function find({ pidFile, match }: Which, context: ActionContext): Promise<ProcessIdentity | undefined> {
  if (pidFile !== undefined && match === undefined) return processOfPidFile(context.file(pidFile));
  if (match !== undefined && pidFile === undefined) return processOfCommand(match);
  throw new RealopsError('REALOPS_WITH_INVALID', 'either pidFile or match says which process it is');
}

async function writePid(file: string, pid: number): Promise<void> {
  try {
    await writeFile(file, `${pid}\n`, { flag: 'wx', mode: 0o644 });
  } catch (error) {
    // One that the process has written in the meantime is as good.
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw new RealopsError('REALOPS_COMMAND_FAILED', `process ${pid} was started, but the pid file cannot be written: ${messageOf(error)}`, { cause: error });
  }
}

/** Variables as the process table holds them: texts, or null for one that is not set. */
interface Variables {
  readonly [name: string]: string | null;
}

function variablesOf(given: { readonly [name: string]: unknown }): Variables {
  return Object.fromEntries(Object.entries(given).map(([name, value]) => [name, value === null ? null : typeof value === 'string' ? value : preview(value, 10_000)]));
}

/** The variables in a state of the action; undefined when the process does not run in it. */
function environmentIn(state: Json): Variables | undefined {
  if (!isJsonObject(state) || state['running'] !== true) return undefined;
  return isJsonObject(state['env']) ? variablesOf(state['env']) : {};
}

function withVariables(base: { readonly [name: string]: string }, wanted: Variables): { readonly [name: string]: string } {
  return Object.fromEntries(Object.entries({ ...base, ...wanted }).flatMap(([name, text]) => (text === null ? [] : [[name, text]])));
}

function showVariables(variables: Variables): string {
  const shown = Object.entries(variables).map(([name, text]) => (text === null ? `without ${name}` : `with ${name}=${isCredentialKey(name) || /secret|token|passw|_key$/i.test(name) ? '[redacted]' : text}`));
  return shown.length === 0 ? '' : redactGeneric(` ${shown.join(', ')}`);
}
