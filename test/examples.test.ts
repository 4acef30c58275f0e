import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { transform } from 'esbuild';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { fencesOf, root } from './fences.js';

const cli = join(root, 'packages/core/dist/cli.js');
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'realops-examples-')));
beforeAll(() => {
  if (!existsSync(cli)) throw new Error('the packages are not built: npm run build');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Ended {
  readonly code: number | null;
  readonly output: string;
}

/** Runs Node as a user would, in a folder of its own; what the test runner sets for itself is left out. */
function node(args: readonly string[], env: { readonly [name: string]: string } = {}): Promise<Ended> {
  const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(?:VITEST|NODE_OPTIONS|NODE_ENV|TEST|FORCE_COLOR)/.test(name)));
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...args], { cwd: folder, env: { ...inherited, NO_COLOR: '1', ...env }, stdio: ['ignore', 'pipe', 'pipe'], timeout: 90_000 });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, output }));
  });
}

describe('examples/custom-plugin', { timeout: 120_000 }, () => {
  it('runs from the command line with its step type, reporter and sink', async () => {
    const { code, output } = await node([cli, 'run', join(root, 'examples/custom-plugin'), '--runs', 'runs']);
    expect(code, output).toBe(0);
    expect(readFileSync(join(folder, 'runs/latest/chat.txt'), 'utf8')).toBe('custom-plugin: healthy. the SLO passed, 2 rows passed\n');
    const events = readFileSync(join(folder, 'runs/verdicts.jsonl'), 'utf8').trim().split('\n').map((line) => (JSON.parse(line) as { readonly event: string }).event);
    expect(events).toEqual(['run_start', 'slo_judged']);
  });

  it('keeps the contracts of step types, actions, reporters and sinks', async () => {
    const { code, output } = await node(['--test', join(root, 'examples/custom-plugin/my-plugin.test.js')]);
    expect(code, output).toBe(0);
  });

  it('is typed by its comments against the public interface', () => {
    const options = { module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext, target: ts.ScriptTarget.ES2023, lib: ['lib.es2023.d.ts', 'lib.esnext.disposable.d.ts'], types: ['node'], typeRoots: [join(root, 'node_modules/@types')], strict: true, allowJs: true, checkJs: true, noEmit: true, skipLibCheck: true, customConditions: ['@alice/source'] } satisfies ts.CompilerOptions;
    const program = ts.createProgram([join(root, 'examples/custom-plugin/my-plugin.js')], options);
    expect(ts.getPreEmitDiagnostics(program).map(({ messageText, file, start }) => `${file?.fileName ?? ''}:${file?.getLineAndCharacterOfPosition(start ?? 0).line ?? 0} ${ts.flattenDiagnosticMessageText(messageText, '\n')}`)).toEqual([]);
  });

  it('imports only the public entries', () => {
    const imports = ['my-plugin.js', 'my-plugin.test.js'].flatMap((name) => [...readFileSync(join(root, 'examples/custom-plugin', name), 'utf8').matchAll(/from '([^']+)'|import\('([^']+)'\)/g)].map(([, a, b]) => a ?? b ?? ''));
    expect(imports.filter((name) => !name.startsWith('node:') && !name.startsWith('./') && !['@alice/realops/plugin', '@alice/realops/testing'].includes(name))).toEqual([]);
  });
});

it('the tests in docs/plugins.md pass as they stand there', { timeout: 120_000 }, async () => {
  // Where the packages are found from, and nothing else looks.
  mkdirSync(join(root, 'node_modules/.cache'), { recursive: true });
  const beside = mkdtempSync(join(root, 'node_modules/.cache/docs-'));
  onTestFinished(() => rmSync(beside, { recursive: true, force: true }));
  const tests = fencesOf('docs/plugins.md').filter(({ language, text }) => language === 'ts' && text.includes("from 'node:test'"));
  expect(tests.length).toBeGreaterThan(1);
  for (const [index, { text }] of tests.entries()) writeFileSync(join(beside, `fence-${index}.test.mjs`), (await transform(text, { loader: 'ts' })).code);
  const { code, output } = await node(['--test', ...tests.map((_, index) => join(beside, `fence-${index}.test.mjs`))]);
  expect(code, output).toBe(0);
  expect(output).toMatch(/# pass 4\b/);
});

describe('examples/embed-in-vitest', { timeout: 120_000 }, () => {
  it('passes in a test run of its own', async () => {
    const { code, output } = await node([join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--root', join(root, 'examples/embed-in-vitest')]);
    expect(code, output).toBe(0);
    expect(output).toMatch(/Tests\s+3 passed/);
  });
});

describe('examples/first-check', () => {
  let server: Server;
  beforeAll(async () => {
    server = createServer((_, response) => void response.writeHead(200, { 'content-type': 'application/json' }).end('{"response":"Klockan är tolv."}'));
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  });
  afterAll(() => void server.close());

  it('is healthy against a service that answers, and could not run against none', { timeout: 60_000 }, async () => {
    const { port } = server.address() as AddressInfo;
    const good = await node([cli, 'run', join(root, 'examples/first-check'), '--runs', 'first'], { API_BASE: `http://127.0.0.1:${port}` });
    expect(good.code, good.output).toBe(0);
    const none = await node([cli, 'run', join(root, 'examples/first-check'), '--runs', 'none'], { API_BASE: 'http://127.0.0.1:9' });
    expect(none.code, none.output).toBe(4);
  });
});
