import { readFile } from 'node:fs/promises';
import { RealopsError } from '../errors/index.js';
import { FIRST_CHECK, readLine, type JournalRecord } from './line.js';

/** What a journal file holds. */
export interface JournalContent {
  readonly records: readonly JournalRecord[];
  /** The check that the next record starts from. */
  readonly check: number;
  /** How many bytes of the file are whole records. */
  readonly bytes: number;
  /** What stands after them: the beginning of a record whose writing was cut off, never acknowledged. Empty for a clean file. */
  readonly torn: Buffer;
  /** The last record is whole but for its newline. */
  readonly unended: boolean;
}

const NEWLINE = 0x0a;

/**
 * Reads a journal without touching it; one that does not exist is empty.
 * @throws RealopsError REALOPS_JOURNAL_DAMAGED when anything but its unfinished end is not what was written.
 */
export async function readJournal(file: string): Promise<JournalContent> {
  const bytes = await readFile(file).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return Buffer.alloc(0);
    throw error;
  });
  const content = readRecords(bytes, file);
  const last = content.records.length;
  const acknowledged = await readHead(file);
  if (acknowledged > last) throw damaged(file, last + 1, `${acknowledged - last} acknowledged record${acknowledged - last === 1 ? ' is' : 's are'} missing at its end`);
  return content;
}

function readRecords(bytes: Buffer, file: string): JournalContent {
  const records: JournalRecord[] = [];
  let check = FIRST_CHECK;
  let start = 0;
  for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, start)) {
    const read = readLine(bytes.toString('utf8', start, end), check);
    const [previous] = records.slice(-1);
    if (read === undefined) throw damaged(file, records.length + 1, 'it is not what was written');
    if (read.record.seq !== records.length + 1) throw damaged(file, records.length + 1, `it says it is record ${read.record.seq}`);
    if (previous !== undefined && read.record.token < previous.token) throw damaged(file, records.length + 1, 'it was written by a process that had lost its lease');
    records.push(read.record);
    check = read.check;
    start = end + 1;
  }
  const tail = bytes.subarray(start);
  const whole = tail.length === 0 ? undefined : readLine(tail.toString('utf8'), check);
  if (whole !== undefined) return { records: [...records, whole.record], check: whole.check, bytes: bytes.length, torn: Buffer.alloc(0), unended: true };
  // A whole record followed by a byte that should be a newline was acknowledged: that is damage, not a write that was cut off.
  if (tail.length > 1 && readLine(tail.subarray(0, -1).toString('utf8'), check) !== undefined) throw damaged(file, records.length + 1, 'its newline is not what was written');
  return { records, check, bytes: start, torn: Buffer.from(tail), unended: false };
}

/** The file beside a journal that says how many records were acknowledged, so that a cut at the end is noticed too. */
export function headFile(file: string): string {
  return `${file}.head`;
}

/** How many records were acknowledged at least; 0 when the head says nothing. */
async function readHead(file: string): Promise<number> {
  const text = await readFile(headFile(file), 'utf8').catch(() => '');
  const [, count, again] = /^(\d+) (\d+)\n$/.exec(text) ?? [];
  return count !== undefined && count === again ? Number(count) : 0;
}

function damaged(file: string, line: number, what: string): RealopsError {
  return new RealopsError('REALOPS_JOURNAL_DAMAGED', `${file}:${line}: ${what}`, {
    source: { file, line, column: 1 },
    hint: 'nothing is changed on the word of a damaged journal: compare the system with the lines before, put a good copy in its place, or move the file away to begin a new one',
  });
}
