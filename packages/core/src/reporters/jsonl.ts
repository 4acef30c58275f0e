import { open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { asRealopsError, messageOf, RealopsError } from '../errors/index.js';
import { serialise } from '../events/serialise.js';
import { defineReporter } from '../plugin.js';
import type { Reporter } from '../plugin.js';

/** The file this reporter writes. */
export const LOG_FILE = 'log.jsonl';

/** Written at once when so many bytes wait: each write wakes a thread, which disturbs what is being measured, so they are few and large; */
const MOST_WAITING = 262_144;
/** A UTF-16 unit takes at most so many bytes of UTF-8. */
const BYTES_A_UNIT = 3;
/** and at the latest after so many milliseconds, so that a killed run loses little. */
const LONGEST_WAIT_MS = 50;

/** The event log: every event as one line, in order, complete; the evidence that all other reports can be rebuilt from. The run stops when it cannot be written. */
export const jsonl = defineReporter({
  name: 'jsonl',
  description: 'log.jsonl: every event of the run, one a line; `realops replay` rebuilds all other reports from it',
  with: { type: 'object', properties: {} },
  lossless: true,
  create: createLog,
});

/** Lines that wait to be written, as bytes: texts that wait for 50 ms outlive the quick rounds of the garbage collector, which then takes a tenth of a busy run. */
function createBlock(): { put(line: string): boolean; take(): Buffer | undefined } {
  let bytes: Buffer | undefined;
  let used = 0;
  return {
    /** Whether there was room. */
    put(line) {
      if (used + (line.length + 1) * BYTES_A_UNIT > MOST_WAITING) return false;
      bytes ??= Buffer.allocUnsafe(MOST_WAITING);
      used += bytes.write(line, used);
      bytes[used] = NEWLINE;
      used += 1;
      return true;
    },
    take() {
      const taken = used === 0 ? undefined : bytes?.subarray(0, used);
      if (used > 0) bytes = undefined;
      used = 0;
      return taken;
    },
  };
}

const NEWLINE = 0x0a;

function createLog(): Reporter {
  let file: FileHandle | undefined;
  let path = '';
  const waiting = createBlock();
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> = Promise.resolve();
  let failure: RealopsError | undefined;

  const fail = (error: unknown): void => {
    failure ??= new RealopsError('REALOPS_LOG_WRITE', `${path} could not be written: ${messageOf(error)}`, { hint: 'check the free space and the permissions of the runs folder', cause: error });
  };
  const append = async (bytes: Uint8Array): Promise<void> => {
    // After a failure nothing more is written: a log with a hole would lie.
    if (file === undefined || failure !== undefined) return;
    try {
      await file.appendFile(bytes);
    } catch (error) {
      fail(error);
    }
  };
  const flush = (longer?: Buffer): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    // One write after the other, so that lines never interleave.
    for (const bytes of [waiting.take(), longer]) if (bytes !== undefined) writing = writing.then(() => append(bytes));
    return writing;
  };
  const written = async (flushed: Promise<void>): Promise<void> => {
    await flushed;
    if (failure !== undefined) throw failure;
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
      const line = serialise(event);
      if (!waiting.put(line)) {
        // The block is full; a line that is longer than a block is written by itself.
        const flushed = flush();
        return written(waiting.put(line) ? flushed : flush(Buffer.from(`${line}\n`)));
      }
      if (event.event === 'run_end') return written(flush());
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
