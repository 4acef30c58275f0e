import { readFile, realpath, stat } from 'node:fs/promises';
import { messageOf, RealopsError } from '../../errors/index.js';
import type { Json } from '../../plugin.js';
import { sameValue, writeFileAtomic } from '../../text/index.js';
import { formatOf } from './format/format.js';
import { brokenFile } from './format/types.js';
import { keysOf, valueAt, withValueAt } from './pointer.js';

/** The largest configuration file that is read. */
const MOST_BYTES = 4 * 1024 * 1024;

/** A configuration file as it stands. */
export interface ConfigFile {
  /** The file itself, links followed. */
  readonly path: string;
  readonly text: string;
  readonly value: Json;
}

/**
 * Reads a JSON, YAML or KEY=VALUE file, by the end of its name.
 * @throws RealopsError REALOPS_KNOB_FILE
 */
export async function readConfig(file: string): Promise<ConfigFile> {
  try {
    const path = await realpath(file);
    const { size } = await stat(path);
    if (size > MOST_BYTES) throw brokenFile(file, `has ${size} bytes; at most ${MOST_BYTES} are read`);
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(await readFile(path));
    return { path, text, value: formatOf(path).parse(file, text) };
  } catch (error) {
    throw error instanceof RealopsError ? error : brokenFile(file, messageOf(error), undefined, error);
  }
}

/**
 * Replaces one value in a configuration file, atomically; every other byte, the mode and the owner stay. `accepts` says whether what a reader finds there
 * afterwards is the value that was meant (a quoted number is a text to the file).
 * @throws RealopsError REALOPS_KNOB_FILE when the place is not there or cannot be replaced on its own; the file is as before
 */
export async function changeConfig(file: string, at: string, value: Json, accepts: (found: Json | undefined) => boolean): Promise<void> {
  const before = await readConfig(file);
  const format = formatOf(before.path);
  const keys = keysOf(at);
  if (keys === undefined) throw brokenFile(file, `"${at}" computes a value, so nothing can be written there`, 'name the place: a JSON pointer such as /server/timeout');
  const old = valueAt(before.value, keys);
  if (old === undefined) throw brokenFile(file, `there is nothing at ${at}`, 'a knob changes a value that is there; write it down first');
  const change = format.replace(file, before.text, keys, value);
  if (change === undefined) throw brokenFile(file, `the value at ${at} cannot be replaced where it stands`, 'write it on one line');
  const text = `${before.text.slice(0, change.start)}${change.text}${before.text.slice(change.end)}`;
  const after = format.parse(file, text);
  if (!accepts(valueAt(after, keys)) || !sameValue(withValueAt(after, keys, old), before.value)) {
    throw brokenFile(file, `changing the value at ${at} would change more than it`, 'does an alias repeat it? write the value out');
  }
  try {
    const { mode, uid, gid } = await stat(before.path);
    await writeFileAtomic(before.path, text, { mode, uid, gid });
  } catch (error) {
    throw brokenFile(file, `cannot be written: ${messageOf(error)}`, 'it must keep its owner and mode, so RealOps needs the rights for both', error);
  }
}
