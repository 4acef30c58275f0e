import { open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { asRealopsError, messageOf, RealopsError } from '../errors/index.js';
import { serialise } from '../events/serialise.js';
import { defineReporter } from '../plugin.js';
import type { Reporter } from '../plugin.js';

/** The file this reporter writes. */
export const LOG_FILE = 'log.jsonl';

/** Written at once when so many characters wait: each write wakes a thread, which disturbs what is being measured, so they are few and large; */
const MOST_WAITING = 262_144;
/** and at the latest after so many milliseconds, so that a killed run loses little. */
const LONGEST_WAIT_MS = 50;

/** The event log: every event as one line, in order, complete; the evidence that all other reports can be rebuilt from. The run stops when it cannot be written. */
export const jsonl = defineReporter({
  name: 'jsonl',
  description: 'log.jsonl: every event of the run, one a line; `realops replay` rebuilds all other reports from it',
  lossless: true,
  create: createLog,
});

function createLog(): Reporter {
  let file: FileHandle | undefined;
  let path = '';
  let waiting = '';
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> = Promise.resolve();
  let failure: RealopsError | undefined;

  const fail = (error: unknown): void => {
    failure ??= new RealopsError('REALOPS_LOG_WRITE', `${path} could not be written: ${messageOf(error)}`, { hint: 'check the free space and the permissions of the runs folder', cause: error });
  };
  const append = async (text: string): Promise<void> => {
    // After a failure nothing more is written: a log with a hole would lie.
    if (file === undefined || failure !== undefined) return;
    try {
      await file.appendFile(text);
    } catch (error) {
      fail(error);
    }
  };
  const flush = (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    const text = waiting;
    waiting = '';
    // One write after the other, so that lines never interleave.
    if (text !== '') writing = writing.then(() => append(text));
    return writing;
  };
  const close = async (): Promise<void> => {
    const open = file;
    file = undefined;
    await open?.close();
  };
  return {
    name: 'jsonl',
    lossless: true,
    async start({ directory }) {
      if (directory === null) return;
      path = join(directory, LOG_FILE);
      try {
        file = await open(path, 'wx');
      } catch (error) {
        fail(error);
        throw failure ?? asRealopsError(error, 'REALOPS_LOG_WRITE');
      }
    },
    on(event) {
      if (failure !== undefined) {
        const told: Error = failure;
        return close().then(() => Promise.reject(told));
      }
      if (file === undefined) return;
      waiting += `${serialise(event)}\n`;
      if (event.event === 'run_end' || waiting.length >= MOST_WAITING) {
        return flush().then(() => {
          if (failure !== undefined) throw failure;
        });
      }
      timer ??= setTimeout(() => void flush(), LONGEST_WAIT_MS);
      return;
    },
    async finish() {
      await flush();
      try {
        if (failure === undefined) await file?.sync();
      } catch (error) {
        fail(error);
      } finally {
        await close();
      }
      if (failure !== undefined) throw failure;
    },
  };
}
