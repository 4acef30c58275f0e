import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { MessageDraft } from '../alert/message.js';
import { NO_ALERTS, readAlertState, type AlertState } from '../alert/state.js';
import { messageOf } from '../errors/index.js';
import { isJsonObject, writeFileAtomic } from '../text/index.js';

/** A message that could not be delivered yet. */
export interface Waiting {
  readonly channel: string;
  readonly message: MessageDraft;
  /** When it was first to go out, in milliseconds since 1970. */
  readonly since: number;
}

/** What is known of alerts between runs. */
export interface KeptAlerts {
  readonly state: AlertState;
  readonly undelivered: readonly Waiting[];
}

/** The file of alerts in a state folder. */
export function alertFile(folder: string): string {
  return join(folder, 'alerts.json');
}

/** What earlier runs knew. A file that cannot be read is told to `warn` and begun anew: what was firing fires again. */
export async function readAlerts(folder: string, warn: (message: string) => void): Promise<KeptAlerts> {
  const none: KeptAlerts = { state: NO_ALERTS, undelivered: [] };
  let text: string;
  try {
    text = await readFile(alertFile(folder), 'utf8');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) warn(`${alertFile(folder)} could not be read, so what fired may be told again: ${messageOf(error)}`);
    return none;
  }
  const json = parse(text);
  const state = isJsonObject(json) ? readAlertState(json['state']) : undefined;
  if (!isJsonObject(json) || state === undefined) {
    warn(`${alertFile(folder)} is not what was written to it, so what fired may be told again`);
    return none;
  }
  const waiting = json['undelivered'];
  return { state, undelivered: Array.isArray(waiting) ? waiting.filter(isWaiting) : [] };
}

/** Writes the file, whole or not at all. */
export async function saveAlerts(folder: string, { state, undelivered }: KeptAlerts): Promise<void> {
  await writeFileAtomic(alertFile(folder), `${JSON.stringify({ version: 1, state, undelivered })}\n`);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The seam to the file: its form was written by this module, and the fields that are used are looked at. */
function isWaiting(json: unknown): json is Waiting {
  if (!isJsonObject(json) || typeof json['channel'] !== 'string' || typeof json['since'] !== 'number') return false;
  const message = json['message'];
  return isJsonObject(message) && typeof message['title'] === 'string' && typeof message['text'] === 'string' && Array.isArray(message['alerts']);
}
