import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import type { Server } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answering, cli, folder, start } from './support.js';

const SUITE = `version: 1
suite: shop
targets: { api: "\${{ env.API }}" }
preflight: [{ id: up, use: http.request, with: { url: api }, expect: status = 200 }]
scenarios:
  - id: steady
    data: { rows: [{ n: 1 }, { n: 2 }, { n: 3 }, { n: 4 }], parallel: 2 }
    steps:
      - { id: get, use: http.request, with: { url: api, path: '/item/\${{ row.n }}' }, expect: ["body.path = '/item/' & $string(row.n)", row.n != 4] }
slos:
  - { id: fast, title: Fast, objective: p95(http.total) < 2s }
  - { id: never, title: Never measured, objective: p95(ws.open) < 2s }
`;

let server: Server;
let url: string;
beforeAll(async () => {
  ({ server, url } = await answering(5));
});
afterAll(() => void server.close());

describe('realops run', () => {
  it('writes a whole run folder, exits by its verdict, and replays byte for byte', async () => {
    const cwd = await folder({ 'scenarios.yaml': SUITE });
    const done = await cli(['run', 'scenarios.yaml', '--seed', '7'], cwd, { API: url });
    expect([done.code, done.error]).toEqual([1, '']);
    expect(done.out).toContain('Never measured');
    expect(done.out).toContain('--scenario steady --row 4');
    const files = (await readdir(join(cwd, 'runs/latest'))).sort();
    expect(files).toEqual(expect.arrayContaining(['junit.xml', 'log.jsonl', 'metrics.csv', 'report.html', 'result.json', 'summary.md']));
    const replayed = await cli(['replay', 'runs/latest/log.jsonl', '--out', 'again'], cwd);
    expect(replayed.code).toBe(1);
    for (const file of files) expect([file, await readFile(join(cwd, 'again', file), 'utf8')]).toEqual([file, await readFile(join(cwd, 'runs/latest', file), 'utf8')]);
    const result: unknown = JSON.parse(await readFile(join(cwd, 'runs/latest/result.json'), 'utf8'));
    expect(result).toMatchObject({ suite: 'shop', outcome: 'failed', exit_code: 1, seed: 7, slos: [{ id: 'fast', verdict: 'pass', unit: 'ms', samples: 4 }, { id: 'never', verdict: 'no-data' }], remediations: [], scenarios: [{ id: 'steady', rows: { total: 4, passed: 3, failed: 1 } }] });
  });

  it('prints one JSON object with --json and nothing else', async () => {
    const cwd = await folder({ 'scenarios.yaml': SUITE });
    const done = await cli(['run', '.', '--json', '--scenario', 'steady', '--row', '2'], cwd, { API: url });
    expect(JSON.parse(done.out)).toMatchObject({ scenarios: [{ rows: { total: 1, passed: 1 } }], exit_code: 5 });
  });

  it('refuses to run a suite with a misspelt assertion key, before any side effect', async () => {
    const cwd = await folder({ 'scenarios.yaml': SUITE.replace('}, expect: ["body', '}, expct: ["body') });
    const done = await cli(['run', 'scenarios.yaml'], cwd, { API: url });
    expect(done.code).toBe(3);
    expect(done.error).toContain('REALOPS_KEY_UNKNOWN');
    expect(done.error).toContain('did you mean "expect"?');
    expect(existsSync(join(cwd, 'runs'))).toBe(false);
  });

  it('could not run when preflight does not hold', async () => {
    const cwd = await folder({ 'scenarios.yaml': SUITE });
    const done = await cli(['run', '.'], cwd, { API: 'http://127.0.0.1:1' });
    expect(done.code).toBe(4);
    expect(done.out).toContain('nothing listens on 127.0.0.1:1');
  });

  it.each([
    [['run', '.', '--concurrency', 'many'], '--concurrency takes a whole number'],
    [['run', '.', '--nope'], '--nope'],
    [['run'], 'name the suite'],
    [['run', '.', '--scenario', 'stedy'], 'did you mean "steady"?'],
    [['run', '.', '--reporter', 'marcdown'], 'there is no reporter "marcdown"'],
    [['run', 'nowhere.yaml'], 'there is no file or folder nowhere.yaml'],
    [['rum'], 'did you mean "run"?'],
    [['replay', 'nothing.jsonl'], 'nothing.jsonl'],
  ])('tells a bad command line in words: %j', async (args, words) => {
    const cwd = await folder({ 'scenarios.yaml': SUITE });
    const done = await cli(args, cwd, { API: url });
    expect([done.code, done.error]).toEqual([3, expect.stringContaining(words)]);
    expect(done.error).not.toContain('    at ');
  });
});

describe('a run that is interrupted', () => {
  const SLOW = `version: 1
suite: slow
targets: { api: "\${{ env.API }}" }
reporters: [console, jsonl, markdown]
scenarios:
  - id: long
    data: { rows: [${Array.from({ length: 60 }, (_, n) => `{ n: ${n} }`).join(', ')}], parallel: 2 }
    steps: [{ use: http.request, with: { url: api } }, { use: wait.for, with: { duration: 300ms } }]
    finally: [{ id: clean, use: http.request, with: { method: DELETE, url: api } }]
`;
  const untilLogged = async (cwd: string, text: string): Promise<void> => {
    for (let turn = 0; turn < 200; turn += 1) {
      const log = await readFile(join(cwd, 'runs', (await readdir(join(cwd, 'runs')).catch(() => []))[0] ?? '-', 'log.jsonl'), 'utf8').catch(() => '');
      if (log.includes(text)) return;
      await sleep(25);
    }
    throw new Error(`"${text}" was not logged in 5 s`);
  };

  it('ends within a second of SIGINT, cleans up, and writes its reports', async () => {
    const cwd = await folder({ 'scenarios.yaml': SLOW });
    const { child, done } = start(['run', '.'], cwd, { API: url });
    await untilLogged(cwd, '"event":"step_end"');
    const asked = performance.now();
    child.kill('SIGINT');
    const { code, out } = await done;
    expect(performance.now() - asked).toBeLessThan(1_500);
    expect(code).toBe(130);
    expect(out).toContain('CANCELLED');
    const log = await readFile(join(cwd, 'runs/latest/log.jsonl'), 'utf8');
    expect(log).toContain('"step":"clean"');
    expect(log.trimEnd().split('\n').at(-1)).toContain('"event":"run_end"');
    expect(existsSync(join(cwd, 'runs/latest/summary.md'))).toBe(true);
  });

  it('leaves a readable log after kill -9, and replay says that it broke off', async () => {
    const cwd = await folder({ 'scenarios.yaml': SLOW });
    const { child, done } = start(['run', '.'], cwd, { API: url });
    await untilLogged(cwd, '"event":"test_end"');
    child.kill('SIGKILL');
    await done;
    const [run] = await readdir(join(cwd, 'runs'));
    const replayed = await cli(['replay', join('runs', run ?? '', 'log.jsonl'), '--out', 'again', '--json'], cwd);
    expect(JSON.parse(replayed.out)).toMatchObject({ torn: true });
    expect(existsSync(join(cwd, 'again/summary.md'))).toBe(true);
  });

  it('stops with a named failure when the disk is full', async () => {
    const cwd = await folder({ 'scenarios.yaml': SLOW.replaceAll('300ms', '20ms') });
    const { done } = start(['run', '.'], cwd, { API: url }, 'ulimit -f 24; trap "" XFSZ');
    const { code, error, ms } = await done;
    expect([code, error]).toEqual([4, expect.stringContaining('REALOPS_LOG_WRITE')]);
    expect(ms).toBeLessThan(10_000);
  });
});
