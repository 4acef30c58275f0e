import { resolve } from 'node:path';
import { RealopsError, type ActionContext, type Json, type KnobUse, type KnobWrite } from '../../plugin.js';
import { call, pick, showCallInFull } from '../http.js';
import { runCommand, showCommand } from '../system/command.js';
import { signalPidFile } from '../system/reload.js';
import { valueIn } from './bounds.js';
import { changeConfig, readConfig } from './file.js';
import { sameValue } from '../../text/index.js';

/**
 * The value of a knob that is in force: over HTTP (under the allow-list), from a command, or from a file. Text counts as the number, member or truth it spells.
 * @throws RealopsError REALOPS_KNOB_READ for a value of another kind than the bounds, saying what was read; what the reading itself throws
 */
export async function readKnob(use: KnobUse, context: ActionContext): Promise<Json> {
  return valueIn(use.bounds, await readRaw(use, context), use.name);
}

/**
 * Puts a value in force. Resolves when the system has taken it: the answer was 2xx, the command ended with 0, the file is replaced and the reload was sent.
 * Whether it is in force is for the read-back to say; a write that throws may still have changed the value.
 * @throws RealopsError REALOPS_KNOB_READ for a value that the knob cannot have; what the writing itself throws
 */
export async function writeKnob(use: KnobUse, value: Json, context: ActionContext): Promise<void> {
  const wanted = valueIn(use.bounds, value, use.name);
  const write = await use.writeOf(wanted);
  if ('url' in write) return void (await call({ ...write, method: write.method ?? 'POST' }, context));
  if ('command' in write) return void (await runCommand(write.command, { directory: use.directory, ...context }));
  const { file, at, reload } = write;
  await changeConfig(resolve(use.directory, file), at, wanted, (found) => spells(use, found, wanted));
  if (reload === undefined) return;
  try {
    if ('command' in reload) await runCommand(reload.command, { directory: use.directory, ...context });
    else await signalPidFile(resolve(use.directory, reload.pidFile), reload.signal);
  } catch (error) {
    context.log.warn(`${file} was changed, but its reader was not told`);
    throw error;
  }
}

/** How a person would put a value in force, in one line and free of credentials. */
export async function showWrite(use: KnobUse, value: Json, context: Pick<ActionContext, 'target'>): Promise<string> {
  return describeWrite(await use.writeOf(value), value, context);
}

function describeWrite(write: KnobWrite, value: Json, context: Pick<ActionContext, 'target'>): string {
  if ('url' in write) return showCallInFull({ ...write, method: write.method ?? 'POST' }, context);
  if ('command' in write) return showCommand(write.command);
  const { file, at, reload } = write;
  const told = reload === undefined ? '' : 'command' in reload ? `, then ${showCommand(reload.command)}` : `, then ${reload.signal} to the process in ${reload.pidFile}`;
  return `write ${JSON.stringify(value)} at ${at} of ${file}${told}`;
}

async function readRaw({ read, directory, name }: KnobUse, context: ActionContext): Promise<Json | undefined> {
  if ('url' in read) {
    const { at, ...request } = read;
    return pick(await call(request, context), at, context);
  }
  if ('file' in read) return pick((await readConfig(resolve(directory, read.file))).value, read.at, context);
  const output = (await runCommand(read.command, { directory, ...context })).trim();
  const parsed = parse(output);
  if (parsed === undefined && read.at !== undefined) {
    throw new RealopsError('REALOPS_KNOB_READ', `the knob ${name} reads ${read.at} of the output of ${showCommand(read.command)}, which is not JSON: ${JSON.stringify(output.slice(0, 200))}`);
  }
  return parsed === undefined ? output : pick(parsed, read.at, context);
}

function parse(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

function spells({ bounds, name }: KnobUse, found: Json | undefined, wanted: Json): boolean {
  try {
    return sameValue(valueIn(bounds, found, name), wanted);
  } catch {
    return false;
  }
}
