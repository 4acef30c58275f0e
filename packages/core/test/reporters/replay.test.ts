import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ReporterType, RunEvent } from '../../src/plugin.js';
import { reporters } from '../../src/reporters/index.js';
import { replay } from '../../src/run/replay.js';
import { collectOutput, filesOf, reportOn, RUNS, SILENT_LOG, temporaryFolder } from './support.js';

const QUIET = { output: collectOutput(), log: SILENT_LOG };
const MADE = reporters.filter(({ name }) => name !== 'console' && name !== 'github');

describe('replay', () => {
  it.each(Object.keys(RUNS))('rebuilds every file byte for byte: %s', async (kind) => {
    const events = RUNS[kind]?.() ?? [];
    const live = await reportOn(events, MADE);
    expect(live.warnings).toEqual([]);
    expect([...live.files.keys()]).toEqual(['junit.xml', 'log.jsonl', 'metrics.csv', 'report.html', 'result.json', 'summary.md']);
    const out = join(await temporaryFolder(), 'new', 'folder');
    const report = await replay(join(live.directory, 'log.jsonl'), { ...QUIET, directory: out, reporters: MADE });
    const again = await filesOf(out);
    expect([...again.keys()]).toEqual([...live.files.keys()]);
    for (const [name, text] of live.files) expect(again.get(name), name).toBe(text);
    expect(JSON.parse(again.get('result.json') ?? '')).toEqual(JSON.parse(JSON.stringify(report)));
  });

  it('prints the same on a terminal as the run did', async () => {
    const events = RUNS['failed']?.() ?? [];
    const live = await reportOn(events);
    const output = collectOutput();
    await replay(live.directory, { output, log: SILENT_LOG, directory: live.directory, reporters });
    expect(output.writes.join('')).toBe(live.printed);
  });

  it('reads what a killed run left: the line that breaks off is left out, the report says so', async () => {
    const live = await reportOn(RUNS['healthy']?.() ?? [], MADE);
    const log = live.files.get('log.jsonl') ?? '';
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'log.jsonl'), Buffer.from(log).subarray(0, -37));
    const told: string[] = [];
    const out = await temporaryFolder();
    const report = await replay(folder, { ...QUIET, log: { ...SILENT_LOG, warn: (message) => void told.push(message) }, directory: out, reporters: MADE });
    expect(report).toMatchObject({ torn: true, outcome: 'cancelled', exit_code: 130, counts: { pass: 1 } });
    expect(told).toEqual([expect.stringContaining('breaks off')]);
    expect(await readFile(join(out, 'log.jsonl'), 'utf8')).toBe(log.slice(0, log.trimEnd().lastIndexOf('\n') + 1));
    expect(await readFile(join(out, 'summary.md'), 'utf8')).toMatch(/^# BROKEN OFF: /);
  });

  it('makes the reports of a run folder anew in place, and twice into one folder', async () => {
    const live = await reportOn(RUNS['failed']?.() ?? [], MADE);
    const log = join(live.directory, 'log.jsonl');
    await writeFile(join(live.directory, 'summary.md'), 'scribbled over');
    await replay(log, { ...QUIET, directory: live.directory, reporters: MADE });
    expect(await filesOf(live.directory)).toEqual(live.files);
    const out = await temporaryFolder();
    for (let time = 1; time <= 2; time += 1) await replay(log, { ...QUIET, directory: out, reporters: MADE });
    expect(await filesOf(out)).toEqual(live.files);
  });

  it('gives a reporter the options that the run gave it', async () => {
    const greeter: ReporterType = {
      name: 'greeter',
      description: 'Says a word.',
      create() {
        let write: (word: unknown) => Promise<void> = async () => undefined;
        return { name: 'greeter', start: ({ options, write: into }) => void (write = () => into('greeting.txt', String(options['word']))), on: () => undefined, finish: (report) => write(report) };
      },
    };
    const [first, ...rest] = RUNS['healthy']?.() ?? [];
    const live = await reportOn([{ ...first, reporters: [{ name: 'greeter', options: { word: 'hej' } }] } as RunEvent, ...rest], MADE);
    const out = await temporaryFolder();
    await replay(live.directory, { ...QUIET, directory: out, reporters: [greeter] });
    expect(await readFile(join(out, 'greeting.txt'), 'utf8')).toBe('hej');
  });

  it('refuses the folder of another run', async () => {
    const live = await reportOn(RUNS['healthy']?.() ?? [], MADE);
    const other = await temporaryFolder();
    const line = (live.files.get('log.jsonl') ?? '').split('\n')[0] ?? '';
    await writeFile(join(other, 'log.jsonl'), line.replace('20261123_1412', '20250101_0000'));
    await expect(replay(live.directory, { ...QUIET, directory: other, reporters: MADE })).rejects.toMatchObject({ code: 'REALOPS_USAGE', message: expect.stringContaining('run 20250101_0000') });
    expect([...(await filesOf(other)).keys()]).toEqual(['log.jsonl']);
  });

  it('says what is wrong with a log', async () => {
    const folder = await temporaryFolder();
    await expect(replay(join(folder, 'none.jsonl'), { ...QUIET, directory: folder, reporters: [] })).rejects.toMatchObject({ code: 'REALOPS_FILE_NOT_FOUND' });
    await writeFile(join(folder, 'empty.jsonl'), '');
    await expect(replay(join(folder, 'empty.jsonl'), { ...QUIET, directory: folder, reporters: [] })).rejects.toMatchObject({ code: 'REALOPS_LOG_INVALID' });
    const { directory, files } = await reportOn(RUNS['healthy']?.() ?? [], MADE);
    await writeFile(join(folder, 'bad.jsonl'), (files.get('log.jsonl') ?? '').replace('"attempts":1', '"attempts":"one"'));
    await expect(replay(join(folder, 'bad.jsonl'), { ...QUIET, directory: folder, reporters: [] })).rejects.toMatchObject({ code: 'REALOPS_LOG_INVALID', message: expect.stringMatching(/^line \d+ is not a test_end event/) });
    await appendFile(join(directory, 'log.jsonl'), 'not json\n\n');
    expect((await replay(directory, { ...QUIET, directory: folder, reporters: [] })).torn).toBe(false);
  });

  it('fails when a reporter fails, after the others have written', async () => {
    const live = await reportOn(RUNS['healthy']?.() ?? [], MADE);
    const broken: ReporterType = { name: 'broken', description: 'throws', create: () => ({ name: 'broken', on: () => { throw new Error('no ink'); } }) };
    const out = await temporaryFolder();
    await expect(replay(live.directory, { ...QUIET, directory: out, reporters: [broken, ...MADE] })).rejects.toMatchObject({ code: 'REALOPS_REPORTER_FAILED', message: 'broken failed: no ink' });
    expect((await filesOf(out)).size).toBe(6);
  });
});
