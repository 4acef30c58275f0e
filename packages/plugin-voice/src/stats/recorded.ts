import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { RealopsError } from '@alice/realops/plugin';
import type { Share } from '../wer/keywords.js';

/** The errors of one utterance in the log of a run. */
export interface Utterance extends Share {
  /** What pairs it with the same utterance of another run: row, step, attempt, and which time it was measured there. */
  readonly key: string;
  readonly scenario: string;
}

/**
 * Every value of a ratio metric in the event log of a run, or in its folder. Of a row that was run again, as after a remedy, the newest pass counts.
 * @throws RealopsError REALOPS_FILE_NOT_FOUND, REALOPS_LOG_INVALID
 */
export async function recordedUtterances(path: string, metric: string): Promise<readonly Utterance[]> {
  const file = await logAt(path);
  const rows = new Map<string, Utterance[]>();
  let [line, hasStarted] = [0, false];
  let broken: RealopsError | undefined;
  for await (const text of createInterface({ input: createReadStream(file, 'utf8'), crlfDelay: Number.POSITIVE_INFINITY })) {
    line += 1;
    if (broken !== undefined) throw broken;
    if (!hasStarted || text.includes('"event":"test_start"') || text.includes('"event":"measured"')) {
      const event = parse(text);
      // A last line that breaks off is that of a run that was killed.
      if (event === undefined) broken = new RealopsError('REALOPS_LOG_INVALID', `line ${line} of ${file} is not an event`);
      else take(event, metric, rows);
      hasStarted ||= event?.['event'] === 'run_start';
      if (line === 1 && !hasStarted) throw new RealopsError('REALOPS_LOG_INVALID', `${file} does not begin as the event log of a run`, { hint: 'name a log.jsonl, or the run folder that holds it' });
    }
  }
  if (!hasStarted) throw new RealopsError('REALOPS_LOG_INVALID', `${file} holds no event`, { hint: 'name a log.jsonl, or the run folder that holds it' });
  return [...rows.values()].flat();
}

type Fields = Readonly<Record<string, unknown>>;

function take(event: Fields, metric: string, rows: Map<string, Utterance[]>): void {
  const { scenario, row } = event;
  const place = JSON.stringify([scenario, row]);
  if (event['event'] === 'test_start') rows.set(place, []);
  if (event['event'] !== 'measured' || event['metric'] !== metric) return;
  const { value, whole, step, attempt } = event;
  if (event['kind'] !== 'ratio') throw new RealopsError('REALOPS_VALUE_INVALID', `${metric} is a ${String(event['kind'])}; only ratios of errors over words can be compared utterance by utterance`, { hint: 'such as voice.wer, voice.werCompound, voice.cer' });
  if (typeof value !== 'number' || typeof whole !== 'number' || typeof scenario !== 'string') return;
  const list = rows.get(place) ?? [];
  const part = JSON.stringify([row, step, attempt]);
  const times = list.filter(({ key }) => key.startsWith(part)).length;
  rows.set(place, [...list, { scenario, key: `${part}${times}`, part: value, whole }]);
}

function parse(text: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : undefined;
  } catch {
    return undefined;
  }
}

async function logAt(path: string): Promise<string> {
  try {
    const file = (await stat(path)).isDirectory() ? join(path, 'log.jsonl') : path;
    await stat(file);
    return file;
  } catch (error) {
    throw new RealopsError('REALOPS_FILE_NOT_FOUND', `there is no event log at ${path}`, { hint: 'name a log.jsonl, or the run folder that holds it', cause: error });
  }
}
