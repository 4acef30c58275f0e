import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createFold } from '../events/fold.js';
import { sampleRun } from '../events/sample-run.js';
import { serialise } from '../events/serialise.js';
import type { Reporter } from '../plugin.js';
import { jsonl } from './jsonl.js';

const SILENT = { write: async () => undefined, output: { write: () => undefined, interactive: false, color: false, columns: 80 }, log: { debug: () => undefined, info: () => undefined, warn: () => undefined }, options: {} };
const REPORT = createFold().report();

async function started(): Promise<{ readonly reporter: Reporter; readonly path: string }> {
  const directory = await mkdtemp(join(tmpdir(), 'realops-log-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  const reporter = jsonl.create();
  await reporter.start?.({ ...SILENT, directory });
  return { reporter, path: join(directory, 'log.jsonl') };
}

describe('jsonl', () => {
  it('writes every event as one line, in order, whatever their size', async () => {
    const { reporter, path } = await started();
    const run = sampleRun();
    for (let index = 0; index < 2_000; index += 1) run.add({ event: 'warning', about: 'x', code: 'y', message: 'å'.repeat(index % 500 === 250 ? 200_000 : (index * 37) % 900) });
    for (const event of run.end('healthy').events) await reporter.on(event);
    await reporter.finish?.(REPORT);
    expect(await readFile(path, 'utf8')).toBe(run.events.map((event) => `${serialise(event)}\n`).join(''));
  });

  it('has everything on disk within a moment, without being finished', async () => {
    const { reporter, path } = await started();
    const { events } = sampleRun().row('asr', 1);
    for (const event of events) await reporter.on(event);
    let text = '';
    for (let tries = 0; tries < 100 && text.split('\n').length <= events.length; tries += 1) {
      await sleep(20);
      text = await readFile(path, 'utf8');
    }
    expect(text.split('\n')).toHaveLength(events.length + 1);
    await reporter.finish?.(REPORT);
  });

  it('refuses a folder that is not there, and a log that is', async () => {
    const { reporter, path } = await started();
    await reporter.finish?.(REPORT);
    await expect((async () => jsonl.create().start?.({ ...SILENT, directory: join(path, 'none') }))()).rejects.toMatchObject({ code: 'REALOPS_LOG_WRITE' });
    await expect((async () => jsonl.create().start?.({ ...SILENT, directory: join(path, '..') }))()).rejects.toMatchObject({ code: 'REALOPS_LOG_WRITE', message: expect.stringContaining('log.jsonl could not be written') });
  });

  it('keeps no log where the run keeps no folder', async () => {
    const reporter = jsonl.create();
    await reporter.start?.({ ...SILENT, directory: null });
    for (const event of sampleRun().events) await reporter.on(event);
    await reporter.finish?.(REPORT);
  });

  const limited = spawnSync('prlimit', ['--version']).status === 0;
  it.skipIf(!limited)('says so when the file can grow no more, and goes on saying so', async () => {
    const { reporter, path } = await started();
    const ignore = (): void => undefined;
    process.on('SIGXFSZ', ignore);
    const limit = (bytes: string): unknown => spawnSync('prlimit', ['--pid', String(process.pid), `--fsize=${bytes}:`]).status;
    try {
      expect(limit('200000')).toBe(0);
      const event = sampleRun().add({ event: 'warning', about: 'x', code: 'y', message: 'z'.repeat(50_000) }).events.at(-1);
      const write = async (): Promise<void> => {
        for (let index = 0; index < 20; index += 1) if (event !== undefined) await reporter.on(event);
      };
      await expect(write()).rejects.toMatchObject({ code: 'REALOPS_LOG_WRITE', hint: expect.stringContaining('free space') });
      await expect(write()).rejects.toMatchObject({ code: 'REALOPS_LOG_WRITE' });
      await expect((async () => reporter.finish?.(REPORT))()).rejects.toMatchObject({ code: 'REALOPS_LOG_WRITE' });
    } finally {
      limit('unlimited');
      process.off('SIGXFSZ', ignore);
    }
    expect((await readFile(path)).length).toBeLessThanOrEqual(200_000);
  });
});
