import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { load } from '../../src/index.js';
import { BROKEN, brokenSuites } from '../broken/support.js';

const dist = resolve(import.meta.dirname, '../../dist');
let folder: string;
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'realops-ready-'))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const SUITE = `version: 1
suite: plain
targets: { api: http://127.0.0.1:9 }
scenarios:
  - id: all
    data: [{ text: hej }]
    steps:
      - { use: http.request, with: { url: api, headers: { a: b }, tls: { ca: ./scenarios.yaml } }, expect: status = 200, retry: { attempts: 2 }, repeat: 2 }
      - { use: ws.exchange, with: { url: api, script: [{ send: hej }, { receive: { until: kind = 'x' } }] } }
      - { use: wait.for, with: { duration: 1s } }
      - { use: wait.until, with: { step: { use: http.request, with: { url: api } }, condition: status = 200 } }
metrics: { length: { kind: gauge } }
slos: [{ id: fast, objective: p95(http.total) < 200ms }]
`;

/** The late libraries that the built package has loaded after it has loaded a suite; `problems` tells what it said of it. */
function loadWithBuilt(suite: string): { readonly late: readonly string[]; readonly problems: readonly string[] } {
  const file = join(folder, 'scenarios.yaml');
  writeFileSync(file, suite);
  const script = `
    import { createRequire, Module } from 'node:module';
    const { load } = await import(${JSON.stringify(join(dist, 'index.js'))});
    const problems = await load([${JSON.stringify(file)}]).then(() => [], (error) => error.problems.map(({ message }) => message));
    const late = Object.keys(Module._cache).filter((file) => file.includes('late')).map((file) => file.split(/[\\\\/]/).at(-1));
    process.stdout.write(JSON.stringify({ late, problems }));`;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8', timeout: 30_000 });
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout) as ReturnType<typeof loadWithBuilt>;
}

describe.runIf(existsSync(dist))('the built package', () => {
  it('loads a suite of built-in steps without a library', () => {
    expect(loadWithBuilt(SUITE)).toEqual({ late: [], problems: [] });
  });

  it('loads what an unusual suite needs', () => {
    expect(loadWithBuilt(SUITE.replace('status = 200,', "$count(body) = 2 and status = 200, title: |2\n      two\n    lines,")).late).toEqual(['yaml.cjs']);
    expect(loadWithBuilt(SUITE.replace('expect: status = 200', 'expect: $count(body) = 2'))).toEqual({ late: ['jsonata.cjs'], problems: [] });
  });

  it('tells the same as compiled schemas do, word for word', async () => {
    const built = (await import(join(dist, 'index.js'))) as { readonly load: typeof load };
    const told = (loading: Promise<unknown>): Promise<unknown> => loading.then(() => 'sound', (error: unknown) => (error instanceof Error && 'problems' in error ? error.problems : error));
    for (const suite of brokenSuites().map((name) => join(BROKEN, name))) expect(await told(built.load([suite])), suite).toEqual(await told(load([suite])));
  });

  it('compiles the schema of a plugin, and tells its mistakes', () => {
    const plugin = `export default { name: 'p', apiVersion: 1, steps: [{ use: 'my.step', description: 'x', with: { type: 'object', properties: { word: { type: 'string', maxLength: 3 }, after: { type: 'string', holds: 'duration' } } }, run: async () => undefined }] };`;
    writeFileSync(join(folder, 'p.mjs'), plugin);
    const suite = (parameters: string): string => `version: 1\nsuite: plugged\nplugins: [./p.mjs]\nscenarios: [{ id: s, steps: [{ use: my.step, with: ${parameters} }] }]\n`;
    expect(loadWithBuilt(suite('{ word: hej, after: 2s }'))).toEqual({ late: ['ajv.cjs'], problems: [] });
    expect(loadWithBuilt(suite('{ word: hejsan, after: soon }')).problems).toEqual([
      'scenarios[0].steps[0].with.word must have at most 3 characters, got "hejsan"',
      'scenarios[0].steps[0].with.after must be a duration, got "soon"',
    ]);
  });
});
