import { readdir } from 'node:fs/promises';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../src/events/event.js';
import { loadSuite } from '../../src/load/load.js';
import { defineReporter, defineSink, type Plugin } from '../../src/plugin.js';
import { run } from '../../src/run/run.js';
import { probePlugin, runText, suiteFile } from './support.js';

const bare = 'reporters: []\n';

describe('lanes, locks and cancellation', () => {
  it('runs at most so many rows at once, and scenarios that share a lock never together', async () => {
    const plugin = probePlugin();
    const { events } = await runText(`
scenarios:
  - { id: a, exclusive: [asr], data: { rows: [{}, {}, {}], parallel: 3 }, steps: [{ use: probe.give, with: { ms: 20 } }] }
  - { id: b, exclusive: [asr, other], steps: [{ use: probe.give, with: { ms: 20 } }] }
  - { id: c, data: { rows: [{}, {}, {}, {}], parallel: 4 }, steps: [{ use: probe.give, with: { ms: 20 } }] }
`, { plugin, concurrency: 3 });
    expect(plugin.running.most).toBeLessThanOrEqual(3);
    const spans = (scenario: string): readonly [number, number] => {
      const own = events.filter((event) => (event.event === 'test_start' || event.event === 'test_end') && event.scenario === scenario);
      return [own[0]?.at_ms ?? 0, own.at(-1)?.at_ms ?? 0];
    };
    expect(spans('b')[0]).toBeGreaterThanOrEqual(spans('a')[1]);
    expect(events.some((event) => event.event === 'lock_wait' && event.scenario === 'b' && event.locks.includes('asr'))).toBe(true);
  });

  it('is quiet within a second of a cancellation, with finally run and the report written', async () => {
    const plugin = probePlugin();
    const file = await suiteFile('scenarios: [{ id: one, data: { rows: [{}, {}, {}], parallel: 2 }, steps: [{ use: probe.hang }], finally: [{ id: z, use: probe.give }] }]');
    const running = run(await loadSuite([file], { plugins: [plugin], env: {} }), { concurrency: 2 });
    setTimeout(() => running.cancel('enough'), 60);
    const cancelled = performance.now();
    const report = await running.report;
    expect(performance.now() - cancelled).toBeLessThan(60 + 1_000);
    expect([report.outcome, report.exit_code]).toEqual(['cancelled', 130]);
    expect(plugin.calls).toEqual(['z:null', 'z:null']);
  });

  it('gives finally steps that hang no more than the grace time after a cancellation', async () => {
    const file = await suiteFile('scenarios: [{ id: one, steps: [{ use: probe.hang }], finally: [{ use: probe.hang }] }]');
    const running = run(await loadSuite([file], { plugins: [probePlugin()], env: {} }));
    setTimeout(() => running.cancel(), 30);
    const started = performance.now();
    await running.report;
    expect(performance.now() - started).toBeLessThan(1_200);
  });
});

describe('outlets that misbehave', () => {
  const outlets = (extra: Partial<Plugin>): Plugin => ({ ...probePlugin(), ...extra });
  const suite = 'scenarios: [{ id: one, steps: [{ use: probe.give, with: { value: 1 } }] }]\nslos: [{ id: ok, objective: rate(probe.ok) >= 50% }]\n';

  it('contains a reporter that throws, names it, and keeps the verdict', async () => {
    const reporter = defineReporter({ name: 'bad', description: 'Throws.', create: () => ({ name: 'bad', on: () => { throw new Error('no ink'); } }) });
    const { report } = await runText(`reporters: [bad]\n${suite}`, { plugin: outlets({ reporters: [reporter] }) });
    expect(report.outcome).toBe('healthy');
    expect(report.warnings).toMatchObject([{ about: 'bad', code: 'REALOPS_REPORTER_FAILED' }]);
    expect(report.warnings[0]?.message).toContain('no ink');
  });

  it('contains a reporter whose start throws', async () => {
    const reporter = defineReporter({ name: 'bad', description: 'Throws.', create: () => ({ name: 'bad', start: () => { throw new Error('no paper'); }, on: () => undefined }) });
    const { report } = await runText(`reporters: [bad]\n${suite}`, { plugin: outlets({ reporters: [reporter] }) });
    expect(report.outcome).toBe('healthy');
    expect(report.warnings[0]?.message).toContain('no paper');
  });

  it('gives up a sink that hangs, says what was lost, and keeps the verdict', async () => {
    const sink = defineSink({ name: 'stuck', description: 'Hangs.', create: () => ({ name: 'stuck', write: () => new Promise<void>(() => undefined), [Symbol.asyncDispose]: () => new Promise<void>(() => undefined) }) });
    const { report } = await runText(`${bare}sinks: [stuck]\n${suite}`, { plugin: outlets({ sinks: [sink] }) });
    expect(report.outcome).toBe('healthy');
    expect(report.warnings.some(({ about, message }) => about === 'stuck' && message.includes('not delivered'))).toBe(true);
  }, 15_000);

  it('delivers every event to a well-behaved sink', async () => {
    const got: RunEvent[] = [];
    const sink = defineSink({ name: 'list', description: 'Keeps.', create: () => ({ name: 'list', write: async (batch) => void got.push(...batch), [Symbol.asyncDispose]: async () => undefined }) });
    const { events } = await runText(`${bare}sinks: [list]\n${suite}`, { plugin: outlets({ sinks: [sink] }) });
    expect(got.map(({ seq }) => seq)).toEqual(events.slice(0, got.length).map(({ seq }) => seq));
    expect(got.length).toBeGreaterThanOrEqual(events.length - 1);
  });

  it('stops cleanly when a lossless reporter cannot write: the log is the evidence', async () => {
    const reporter = defineReporter({ name: 'log', description: 'Full disk.', lossless: true, create: () => ({ name: 'log', lossless: true, on: (event) => { if (event.event === 'step_end') throw new Error('ENOSPC: no space left on device'); } }) });
    const file = await suiteFile(`reporters: [log]\nscenarios: [{ id: one, data: { rows: [{}, {}, {}, {}, {}, {}], parallel: 1 }, steps: [{ use: probe.give, with: { ms: 10 } }] }]`);
    const plugin = outlets({ reporters: [reporter] });
    const running = run(await loadSuite([file], { plugins: [plugin], env: {} }), { concurrency: 1 });
    await expect(running.report).rejects.toMatchObject({ code: 'REALOPS_LOG_WRITE' });
  });
});

describe('the run folder', () => {
  it('is named by time, gets a suffix when taken, and latest points at the newest', async () => {
    const runs = await mkdtemp(join(tmpdir(), 'realops-runs-'));
    const first = await runText('reporters: []\nscenarios: [{ id: one, steps: [{ use: probe.give }] }]', { runs });
    const second = await runText('reporters: []\nscenarios: [{ id: one, steps: [{ use: probe.give }] }]', { runs });
    expect(first.report.run_id).toMatch(/^\d{8}_\d{4}$/);
    expect(second.report.run_id).not.toBe(first.report.run_id);
    expect(await readdir(runs)).toEqual(expect.arrayContaining([first.report.run_id, second.report.run_id, 'latest']));
    expect(await readdir(join(runs, 'latest'))).toEqual(await readdir(join(runs, second.report.run_id)));
  });
});

describe('secrets', () => {
  it('appear in no event, whatever form a step puts them in', async () => {
    const secret = 'smtp://tester:pa/ss@w:rd@mail.invalid:587';
    const { events } = await runText(`
secrets: [MAIL]
scenarios:
  - id: one
    steps:
      - { id: a, use: probe.give, with: { value: '\${{ { "raw": secrets.MAIL, "b64": $base64encode(secrets.MAIL), "basic": "Authorization: Basic " & $base64encode("tester:pa/ss@w:rd"), "url": $encodeUrlComponent(secrets.MAIL) } }}' }, expect: value.raw = '' }
`, { env: { MAIL: secret } });
    const text = JSON.stringify(events);
    expect(events.some((event) => event.event === 'step_end' && event.outcome === 'failed')).toBe(true);
    for (const leak of ['pa/ss@w:rd', Buffer.from('tester:pa/ss@w:rd').toString('base64'), Buffer.from(secret).toString('base64'), encodeURIComponent(secret)]) expect(text).not.toContain(leak);
    expect(text).toContain('[secret:MAIL]');
  });
});

describe('determinism', () => {
  it('shuffles and limits by the seed alone', async () => {
    const suite = 'scenarios: [{ id: one, data: { rows: [{ n: 1 }, { n: 2 }, { n: 3 }, { n: 4 }, { n: 5 }, { n: 6 }], shuffle: true, limit: 3 }, steps: [{ use: probe.give }] }]';
    const rows = async (seed: number): Promise<readonly number[]> => (await runText(suite, { seed, concurrency: 1 })).events.flatMap((event) => (event.event === 'test_start' ? [event.row] : []));
    expect(await rows(7)).toEqual(await rows(7));
    expect(new Set(await Promise.all([1, 2, 3, 4, 5].map(async (seed) => (await rows(seed)).join())))).not.toHaveProperty('size', 1);
  });

  it('reads rows of every format', async () => {
    const files = { 'a.tsv': 'path\tsentence\nx.wav\thej "alice"\n', 'b.csv': 'path,sentence\r\nx.wav,"hej, ""alice"""\r\n', 'c.jsonl': '{"path":"x.wav","sentence":"hej"}\n\n', 'd.yaml': '- { path: x.wav, sentence: hej }\n' };
    for (const name of Object.keys(files)) {
      const { report } = await runText(`scenarios: [{ id: one, data: { file: ${name}, where: path = 'x.wav' }, steps: [{ use: probe.give, with: { value: '\${{ row.sentence }}' }, expect: "$contains(value, 'hej')" }] }]`, { files });
      expect([name, report.scenarios[0]?.rows.passed]).toEqual([name, 1]);
    }
  });
});
