import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../time/index.js';
import { acquireLease, currentHolder, openJournal, OWN_PID, readJournal } from './index.js';

let folder = '';
const children: ChildProcess[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'realops-crash-'));
  await build({ entryPoints: [join(import.meta.dirname, 'index.ts')], bundle: true, platform: 'node', format: 'esm', target: 'node20', outfile: join(folder, 'journal.mjs') });
  const clock = 'const clock = { now: () => performance.now(), wall: () => new Date(), sleep: (ms) => new Promise((done) => setTimeout(done, ms)), after: () => () => {} };';
  await writeFile(join(folder, 'append.mjs'), `import { openJournal } from './journal.mjs'; ${clock}
    const journal = await openJournal({ file: process.argv[2], clock, token: 1 });
    for (let index = journal.records.length; ; index += 1) { await journal.append({ index, text: 'x'.repeat(index % 400) }); process.stdout.write(index + '\\n'); }`);
  await writeFile(join(folder, 'take.mjs'), `import { acquireLease, OWN_PID } from './journal.mjs'; ${clock}
    try { const lease = await acquireLease({ file: process.argv[2], clock, owner: 'test', pid: OWN_PID }); process.stdout.write('took ' + lease.token + '\\n'); setInterval(() => {}, 1000); }
    catch (error) { process.stdout.write('refused ' + error.code + '\\n'); }`);
});
afterEach(() => children.splice(0).forEach((child) => child.kill('SIGKILL')));
afterAll(() => rm(folder, { recursive: true, force: true }));

function start(script: string, argument: string): { readonly child: ChildProcess; readonly lines: string[]; readonly ended: Promise<void>; until(count: number): Promise<void> } {
  const child = spawn(process.execPath, [join(folder, script), argument], { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  const lines: string[] = [];
  let rest = '';
  let wake: () => void = () => undefined;
  child.stdout.setEncoding('utf8').on('data', (data: string) => {
    const parts = (rest + data).split('\n');
    rest = parts.pop() ?? '';
    lines.push(...parts);
    wake();
  });
  const ended = new Promise<void>((done) => void child.once('close', () => done()));
  return {
    child, lines, ended,
    async until(count) {
      while (lines.length < count) await new Promise<void>((done) => (wake = done));
    },
  };
}

describe('a writer that is killed', () => {
  it('has every acknowledged record on disk, twenty times over in one file', async () => {
    const file = join(folder, 'killed.jsonl');
    let acknowledged = 0;
    for (let round = 0; round < 20; round += 1) {
      const writer = start('append.mjs', file);
      await writer.until(3 + ((round * 7) % 20));
      writer.child.kill('SIGKILL');
      await writer.ended;
      acknowledged = Number(writer.lines.at(-1)) + 1;
      const { records } = await readJournal(file);
      expect(records.length).toBeGreaterThanOrEqual(acknowledged);
      expect(records.map(({ payload }) => payload)).toEqual(records.map((_, index) => ({ index, text: 'x'.repeat(index % 400) })));
    }
    expect(acknowledged).toBeGreaterThan(100);
  }, 120_000);
});

describe('a lease', () => {
  it('is given to exactly one of two starters, twenty times', async () => {
    for (let round = 0; round < 20; round += 1) {
      const file = join(folder, `race-${round}.lease`);
      const starters = [start('take.mjs', file), start('take.mjs', file)];
      await Promise.all(starters.map((starter) => starter.until(1)));
      expect(starters.map(({ lines }) => lines[0]).sort()).toEqual(['refused REALOPS_LEDGER_BUSY', 'took 1']);
      starters.forEach(({ child }) => child.kill('SIGKILL'));
      await Promise.all(starters.map(({ ended }) => ended));
    }
  }, 120_000);

  it('of a killed process is taken over at once, by exactly one, with a higher token', async () => {
    const file = join(folder, 'dead.lease');
    for (let token = 1; token <= 6; token += 1) {
      const starters = [start('take.mjs', file), start('take.mjs', file), start('take.mjs', file)];
      await Promise.all(starters.map((starter) => starter.until(1)));
      expect(starters.map(({ lines }) => lines[0]).sort()).toEqual(['refused REALOPS_LEDGER_BUSY', 'refused REALOPS_LEDGER_BUSY', `took ${token}`]);
      starters.forEach(({ child }) => child.kill('SIGKILL'));
      await Promise.all(starters.map(({ ended }) => ended));
      expect(await currentHolder(file)).toBeUndefined();
    }
  }, 60_000);

  it('names its holder to others, fences off who lost it, and is given back', async () => {
    const file = join(folder, 'held.lease');
    const ask = (): ReturnType<typeof acquireLease> => acquireLease({ file, clock: systemClock, owner: 'loop of alice', pid: OWN_PID });
    const lease = await ask();
    await expect(ask()).rejects.toMatchObject({ code: 'REALOPS_LEDGER_BUSY', message: expect.stringMatching(new RegExp(`process ${OWN_PID} .*loop of alice`)) });
    await lease.assertHeld();
    await writeFile(file, (await readFile(file, 'utf8')).replace(/"id":"[^"]+"/, '"id":"other"'));
    await expect(lease.assertHeld()).rejects.toMatchObject({ code: 'REALOPS_LEDGER_BUSY' });
    await lease[Symbol.asyncDispose]();
    expect(await currentHolder(file), 'what is another\'s is not given back').toMatchObject({ id: 'other' });
    await rm(file);
    await using next = await ask();
    expect(next.token).toBe(lease.token + 1);
  });

  it('of a process number that another process has by now is free', async () => {
    const file = join(folder, 'reused.lease');
    await writeFile(file, JSON.stringify({ id: 'x', pid: OWN_PID, started: '1', host: (await import('node:os')).hostname(), owner: 'gone', since: 'then', token: 4 }));
    await using lease = await acquireLease({ file, clock: systemClock, owner: 'me', pid: OWN_PID });
    expect(lease.token).toBe(5);
  });

  it('keeps a journal from being written by who has lost it', async () => {
    const file = join(folder, 'fenced.lease');
    const lease = await acquireLease({ file, clock: systemClock, owner: 'a', pid: OWN_PID });
    await using journal = await openJournal({ file: join(folder, 'fenced.jsonl'), clock: systemClock, token: lease.token, assertHeld: () => lease.assertHeld() });
    await journal.append('mine');
    await rm(file);
    await expect(journal.append('not mine')).rejects.toMatchObject({ code: 'REALOPS_LEDGER_BUSY' });
    expect((await readJournal(join(folder, 'fenced.jsonl'))).records).toHaveLength(1);
  });
});
