import { mkdir, open, rename, writeFile, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { messageOf, RealopsError } from '../errors/index.js';
import type { Json } from '../text/index.js';
import type { Clock } from '../time/index.js';
import { writeLine, type JournalRecord } from './line.js';
import { headFile, readJournal } from './read.js';

/** An append-only file of records, each on disk before its append resolves. */
export interface Journal extends AsyncDisposable {
  /** The records that were there when it was opened. */
  readonly records: readonly JournalRecord[];
  /** How many bytes of a record that was cut off were moved aside on opening; 0 for a clean file. */
  readonly sealed: number;
  /**
   * Resolves when the record is written and synced. Appends are done one after the other, in order.
   * @throws RealopsError REALOPS_JOURNAL_WRITE; the record is not in the journal then, and when even that is not sure the journal takes no more.
   */
  append(payload: Json): Promise<JournalRecord>;
}

/** The calls that a journal makes to the disk; tests put failing ones in their place. */
export interface JournalIo {
  write(file: FileHandle, bytes: Buffer, position: number): Promise<number>;
  sync(file: FileHandle): Promise<void>;
  truncate(file: FileHandle, length: number): Promise<void>;
}

/** How a journal is opened. */
export interface OpenJournalOptions {
  readonly file: string;
  readonly clock: Clock;
  /** The fencing token of this writer. */
  readonly token: number;
  /** Asked before every append; throws when this writer has lost its lease. */
  readonly assertHeld?: () => Promise<void>;
  readonly io?: JournalIo;
}

const DISK: JournalIo = {
  write: async (file, bytes, position) => (await file.write(bytes, 0, bytes.length, position)).bytesWritten,
  sync: (file) => file.datasync(),
  truncate: (file, length) => file.truncate(length),
};

/**
 * Opens a journal for writing; makes it when there is none. The beginning of a record whose writing was cut off is moved aside into a file of its own, so that nothing is ever appended to it.
 * @throws RealopsError REALOPS_JOURNAL_DAMAGED or REALOPS_JOURNAL_WRITE
 */
export async function openJournal({ file, clock, token, assertHeld, io = DISK }: OpenJournalOptions): Promise<Journal> {
  const handle = await openForWriting(file);
  try {
    const content = await readJournal(file);
    let end = content.bytes;
    if (content.torn.length > 0) {
      await writeFile(`${file}.torn-${content.records.length + 1}`, content.torn, { flush: true });
      await io.truncate(handle, end);
      await io.sync(handle);
    }
    if (content.unended) {
      await io.write(handle, Buffer.from('\n'), end);
      await io.sync(handle);
      end += 1;
    }
    const last = content.records.at(-1);
    if (last !== undefined && last.token > token) throw new RealopsError('REALOPS_LEDGER_BUSY', `${file} was written by a later holder (token ${last.token}) than this one (${token})`);
    return createWriter({ file, handle, clock, token, assertHeld, io, records: content.records, sealed: content.torn.length, check: content.check, end });
  } catch (error) {
    await handle.close();
    throw error instanceof RealopsError ? error : writeError(file, error);
  }
}

interface WriterParts extends Required<Pick<OpenJournalOptions, 'file' | 'clock' | 'token' | 'io'>> {
  readonly assertHeld: OpenJournalOptions['assertHeld'];
  readonly handle: FileHandle;
  readonly records: readonly JournalRecord[];
  readonly sealed: number;
  readonly check: number;
  readonly end: number;
}

function createWriter(parts: WriterParts): Journal {
  const { file, handle, clock, token, io } = parts;
  let { check, end } = parts;
  let seq = parts.records.length;
  let latest = parts.records.at(-1)?.at ?? 0;
  let broken: string | undefined;
  let queue: Promise<unknown> = Promise.resolve();

  const put = async (payload: Json): Promise<JournalRecord> => {
    if (broken !== undefined) throw new RealopsError('REALOPS_JOURNAL_WRITE', `${file} takes no more records: ${broken}`, { hint: 'mend the disk and start again; the next start finishes what is open' });
    await parts.assertHeld?.();
    // Time in a journal never runs backwards, whatever the clock of the machine does.
    const record: JournalRecord = { seq: seq + 1, at: Math.max(latest, clock.wall().getTime()), token, payload };
    const made = writeLine(record, check);
    const bytes = Buffer.from(made.line);
    try {
      for (let done = 0; done < bytes.length; ) {
        const written = await io.write(handle, bytes.subarray(done), end + done);
        if (written <= 0) throw new Error('the disk took none of it');
        done += written;
      }
    } catch (error) {
      await cutBack(error);
      throw writeError(file, error);
    }
    try {
      await io.sync(handle);
    } catch (error) {
      // After a failed sync nobody knows what is on disk, and asking again may say yes without it being true.
      broken = `it could not be synced: ${messageOf(error)}`;
      throw writeError(file, error);
    }
    ({ check } = made);
    end += bytes.length;
    seq += 1;
    latest = record.at;
    await writeFile(headFile(file), `${seq} ${seq}\n`).catch(() => undefined);
    return record;
  };
  /** A part of a record may be in the file: it is taken out again, or nothing more may be appended after it. */
  const cutBack = async (cause: unknown): Promise<void> => {
    try {
      await io.truncate(handle, end);
      await io.sync(handle);
    } catch {
      broken = `a record could not be written whole: ${messageOf(cause)}`;
    }
  };
  return {
    records: parts.records,
    sealed: parts.sealed,
    append(payload) {
      const appended = queue.then(() => put(payload));
      queue = appended.catch(() => undefined);
      return appended;
    },
    async [Symbol.asyncDispose]() {
      await queue;
      await handle.close();
    },
  };
}

/** The file for reading and writing, made durable in its folder when it is new. */
async function openForWriting(file: string): Promise<FileHandle> {
  try {
    await mkdir(dirname(file), { recursive: true });
    const known = await open(file, 'r+').catch(() => undefined);
    if (known !== undefined) return known;
    await (await open(`${file}.new`, 'w')).close();
    await rename(`${file}.new`, file);
    const folder = await open(dirname(file), 'r');
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
    return await open(file, 'r+');
  } catch (error) {
    throw writeError(file, error);
  }
}

function writeError(file: string, error: unknown): RealopsError {
  return new RealopsError('REALOPS_JOURNAL_WRITE', `${file} could not be written: ${messageOf(error)}`, { cause: error });
}
