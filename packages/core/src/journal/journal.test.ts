import { appendFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RealopsError } from '../errors/index.js';
import { manualClock } from '../time/manual-clock.js';
import { systemClock } from '../time/index.js';
import { openJournal, type Journal, type JournalIo, type OpenJournalOptions } from './journal.js';
import { headFile, readJournal } from './read.js';

let folder = '';
let files = 0;
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'realops-journal-'))));
afterAll(() => rm(folder, { recursive: true, force: true }));

const fresh = (): string => join(folder, `${(files += 1)}.jsonl`);
const open = (file: string, more: Partial<OpenJournalOptions> = {}): Promise<Journal> => openJournal({ file, clock: systemClock, token: 1, ...more });
const payloads = async (file: string): Promise<readonly unknown[]> => (await readJournal(file)).records.map(({ payload }) => payload);

async function written(count: number): Promise<{ readonly file: string; readonly bytes: Buffer; readonly ends: readonly number[] }> {
  const file = fresh();
  await using journal = await open(file);
  for (let index = 0; index < count; index += 1) await journal.append({ type: 'loop', loop: index, text: `å ${'x'.repeat(index % 7)}` });
  const bytes = await readFile(file);
  const ends = [...bytes].flatMap((byte, index) => (byte === 0x0a ? [index + 1] : []));
  return { file, bytes, ends };
}

describe('a journal', () => {
  it('gives back what was appended, in order, after any number of openings', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(fc.jsonValue().map((value) => ({ value: JSON.parse(JSON.stringify(value)) as never })), { maxLength: 5 }), { maxLength: 4 }), async (sessions) => {
        const file = fresh();
        for (const session of sessions) {
          await using journal = await open(file);
          await Promise.all(session.map((payload) => journal.append(payload)));
        }
        expect(await payloads(file)).toEqual(sessions.flat());
      }),
      { numRuns: 40 },
    );
  });

  it('never lets time run backwards', async () => {
    const clock = manualClock('2026-11-23T12:00:00Z');
    const file = fresh();
    await using first = await open(file, { clock });
    const before = await first.append('a');
    await using second = await open(file, { clock: manualClock('2026-11-23T11:00:00Z') });
    expect((await second.append('b')).at).toBe(before.at);
  });

  it('cut at any byte gives exactly the whole records, and goes on from there', async () => {
    const { bytes, ends } = await written(50);
    for (let length = 0; length < bytes.length; length += 1) {
      const file = fresh();
      await writeFile(file, bytes.subarray(0, length));
      // A record that lacks nothing but its newline was written whole.
      const whole = ends.filter((end) => end <= length + 1).length;
      expect((await readJournal(file)).records).toHaveLength(whole);
      // Opening syncs the disk several times, so it is tried at every place near the end of a record and at some others.
      if (length % 11 !== 0 && !ends.some((end) => Math.abs(end - length) <= 2)) continue;
      await using journal = await open(file);
      expect(journal.records).toHaveLength(whole);
      expect(journal.sealed).toBe(length - (ends[whole - 1] ?? 0) > 0 ? length - (ends[whole - 1] ?? 0) : 0);
      if (length % 97 === 0) {
        await journal.append('after');
        expect((await payloads(file)).slice(whole)).toEqual(['after']);
      }
    }
  }, 120_000);

  it('keeps the bytes of a record that was cut off in a file of their own', async () => {
    const { bytes, ends } = await written(3);
    const file = fresh();
    await writeFile(file, bytes.subarray(0, (ends[1] ?? 0) + 20));
    await using journal = await open(file);
    expect(journal.sealed).toBe(20);
    const [torn] = (await readdir(folder)).filter((name) => name.startsWith(`${file.slice(folder.length + 1)}.torn`));
    expect(await readFile(join(folder, String(torn)))).toEqual(bytes.subarray(ends[1], (ends[1] ?? 0) + 20));
  });

  it('with any byte changed is refused, or (in what was never acknowledged) moved aside, but never misread', async () => {
    const { bytes } = await written(50);
    const file = fresh();
    const truth = (await written(50)).file;
    const original = await payloads(truth);
    for (let at = 0; at < bytes.length; at += 1) {
      const mask = 1 << (at % 8);
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ mask;
      await writeFile(file, changed);
      const read = await readJournal(file).catch((error: unknown) => error);
      if (!(read instanceof RealopsError)) expect.fail(`the change of byte ${at} by ${mask} went unnoticed: ${JSON.stringify(read).slice(0, 200)}`);
      expect(read.code).toBe('REALOPS_JOURNAL_DAMAGED');
    }
    expect(original).toHaveLength(50);
  }, 120_000);

  it('notices lines that are missing, doubled, swapped, or cut off after they were acknowledged', async () => {
    const { file, bytes, ends } = await written(6);
    const lines = bytes.toString().split('\n').slice(0, -1);
    const variants: readonly (readonly (string | undefined)[])[] = [lines.slice(1), lines.toSpliced(2, 1), lines.toSpliced(2, 0, String(lines[2])), [lines[1], lines[0], ...lines.slice(2)]];
    for (const variant of variants) {
      await writeFile(file, `${variant.join('\n')}\n`);
      await expect(readJournal(file)).rejects.toMatchObject({ code: 'REALOPS_JOURNAL_DAMAGED' });
    }
    await writeFile(file, bytes.subarray(0, ends[3]));
    await expect(readJournal(file)).rejects.toMatchObject({ code: 'REALOPS_JOURNAL_DAMAGED', message: expect.stringContaining('2 acknowledged records are missing') });
    await rm(headFile(file));
    expect((await readJournal(file)).records).toHaveLength(4);
    await appendFile(file, 'junk that is no record\n');
    await expect(open(file)).rejects.toMatchObject({ code: 'REALOPS_JOURNAL_DAMAGED' });
  });

  it('is read by others while it is written, without being touched', async () => {
    const { file, bytes } = await written(4);
    await appendFile(file, '{"seq":5,"at"');
    expect((await readJournal(file)).records).toHaveLength(4);
    expect((await readFile(file)).length).toBe(bytes.length + 13);
  });

  it('refuses a writer whose lease is older than the last record, and one that has lost it', async () => {
    const { file } = await written(1);
    await using later = await open(file, { token: 7 });
    await later.append('later');
    await expect(open(file, { token: 6 })).rejects.toMatchObject({ code: 'REALOPS_LEDGER_BUSY' });
    await using lost = await open(file, { token: 8, assertHeld: () => Promise.reject(new RealopsError('REALOPS_LEDGER_BUSY', 'lost')) });
    await expect(lost.append('x')).rejects.toMatchObject({ code: 'REALOPS_LEDGER_BUSY' });
    expect(await payloads(file)).toHaveLength(2);
  });

  it('with the disk full at any call loses nothing that was acknowledged and acknowledges nothing that is lost', async () => {
    for (const failing of ['write', 'sync', 'truncate'] as const) {
      for (const partial of [0, 1, 30]) {
        for (let nth = 1; nth <= 12; nth += 1) {
          const file = fresh();
          const acknowledged: number[] = [];
          const io = failingIo(failing, nth, partial);
          const journal = await open(file, { io }).catch(() => undefined);
          for (let index = 0; index < 8 && journal !== undefined; index += 1) {
            await journal.append(index).then(() => acknowledged.push(index), (error: unknown) => expect(error).toMatchObject({ code: 'REALOPS_JOURNAL_WRITE' }));
          }
          await journal?.[Symbol.asyncDispose]();
          await using again = await open(file);
          const kept = again.records.map(({ payload }) => payload);
          // A record whose sync failed may be there; one that was acknowledged must be.
          expect(kept.filter((payload) => acknowledged.includes(Number(payload)))).toEqual(acknowledged);
          await again.append('after');
          expect((await payloads(file)).at(-1)).toBe('after');
        }
      }
    }
  }, 60_000);
});

/** A disk that is full from the nth call of a kind on, once after having written a part. */
function failingIo(kind: keyof JournalIo, nth: number, partial: number): JournalIo {
  let calls = 0;
  const fails = (which: keyof JournalIo): boolean => which === kind && (calls += 1) >= nth;
  const full = (): never => {
    throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
  };
  return {
    async write(handle, bytes, position) {
      if (!fails('write')) return (await handle.write(bytes, 0, bytes.length, position)).bytesWritten;
      if (partial > 0 && calls === nth) return (await handle.write(bytes, 0, Math.min(partial, bytes.length), position)).bytesWritten;
      return full();
    },
    sync: async (handle) => (fails('sync') ? full() : handle.datasync()),
    truncate: async (handle, length) => (fails('truncate') ? full() : handle.truncate(length)),
  };
}
