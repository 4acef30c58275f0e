import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from './fences.js';

/** An empty project of somebody else that installs what `npm pack` makes. */
const project = realpathSync(mkdtempSync(join(tmpdir(), 'realops-consumer-')));
let server: Server;
let api = '';

const SUITE = `version: 1
suite: consumer
plugins: ['@alice/realops-plugin-voice']
targets: { api: '\${{ env.API }}' }
scenarios:
  - id: flow
    steps:
      - { id: login, use: http.request, with: { url: api, path: /login, json: { user: alice } }, expect: status = 200, save: { token: body.token } }
      - { id: get, use: http.request, with: { url: api, path: /lamp, headers: { authorization: 'Bearer \${{ saved.token }}' } }, expect: body.name = 'lamp' }
slos: [{ id: answers, objective: rate(http.success) >= 100% }]
`;

const CODE = `import { load, run, plan, RealopsError, type RunReport, type Suite } from '@alice/realops';
import plugin, { definePlugin, defineStep, type StepContext } from './plugin.js';
import { checkStepType, manualClock, runStep } from '@alice/realops/testing';
import { reporters } from '@alice/realops/reporters';
import voice, { characterErrors, normaliseSwedish, wordErrors } from '@alice/realops-plugin-voice';

export const greet = defineStep({
  use: 'my.greet', description: 'Greets.',
  with: { type: 'object', properties: { name: { type: 'string' }, loud: { type: 'boolean', default: false }, times: { type: 'integer' } }, required: ['name'] },
  output: { type: 'object', properties: { text: { type: 'string' } }, required: ['text'] },
  async run({ name, loud, times }, context: StepContext) {
    const text: string = loud ? name.toUpperCase() : name;
    const count: number | undefined = times;
    // @ts-expect-error a number is no text
    const wrong: string = count;
    context.measure('my.greet', 1);
    return { text: text + String(wrong) };
  },
});
export const both = definePlugin({ name: 'mine', apiVersion: 1, steps: [greet, ...(plugin.steps ?? [])] });
export async function judge(): Promise<RunReport> {
  const suite: Suite = await load(['scenarios.yaml'], { plugins: [both, voice], env: {} });
  // @ts-expect-error there is no such option
  run(suite, { concurency: 2 });
  const running = run(suite, { concurrency: 2, reporters: reporters.map((type) => ({ type, options: {} })) });
  for await (const event of running) if (event.event === 'slo_judged') event.slo.verdict satisfies string;
  return running.report;
}
export const errors: number = wordErrors('hej alice', ['hej', 'alice']).wer + characterErrors('a', 'b').cer + normaliseSwedish('Hej!').length;
export const clock = manualClock();
export { checkStepType, plan, RealopsError, runStep };
`;
const PLUGIN = `import { definePlugin } from '@alice/realops/plugin';
export { definePlugin, defineStep, type StepContext } from '@alice/realops/plugin';
export default definePlugin({ name: 'mine-too', apiVersion: 1 });
`;

beforeAll(async () => {
  if (!existsSync(join(root, 'packages/core/dist/cli.js'))) throw new Error('the packages are not built: npm run build');
  await command('npm', ['pack', '--silent', '--pack-destination', project, '-w', 'packages/core', '-w', 'packages/plugin-voice'], root);
  const packed = readdirSync(project).filter((name) => name.endsWith('.tgz'));
  writeFileSync(join(project, 'package.json'), '{ "name": "consumer", "private": true, "type": "module" }\n');
  await command('npm', ['install', '--silent', '--prefer-offline', '--no-audit', '--no-fund', ...packed.map((name) => `./${name}`)], project);
  writeFileSync(join(project, 'scenarios.yaml'), SUITE);
  writeFileSync(join(project, 'consumer.ts'), CODE);
  writeFileSync(join(project, 'plugin.ts'), PLUGIN);
  server = createServer((request, response) => {
    request.resume();
    response.writeHead(200, { 'content-type': 'application/json' }).end(request.url === '/login' ? '{"token":"t"}' : '{"name":"lamp"}');
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  api = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}, 240_000);

afterAll(() => {
  server.close();
  rmSync(project, { recursive: true, force: true });
});

describe('the packages as users install them', { timeout: 120_000 }, () => {
  it('run a suite from the command line, with the other package as plugin', async () => {
    const output = await command('npx', ['--no-install', 'realops', 'run', 'scenarios.yaml'], project, { API: api });
    expect(output).toMatch(/exit 0/);
    const result = JSON.parse(readFileSync(join(project, 'runs/latest/result.json'), 'utf8')) as { readonly outcome: string; readonly exit_code: number };
    expect(result).toMatchObject({ outcome: 'healthy', exit_code: 0 });
  });

  it('rebuild the reports from the log', async () => {
    await command('npx', ['--no-install', 'realops', 'replay', 'runs/latest/log.jsonl', '--out', 'again'], project);
    const names = readdirSync(join(project, 'runs/latest')).filter((name) => existsSync(join(project, 'again', name)));
    expect(names.length).toBeGreaterThan(3);
    for (const name of names) expect(readFileSync(join(project, 'again', name), 'utf8'), name).toBe(readFileSync(join(project, 'runs/latest', name), 'utf8'));
  });

  it('are imported by name in plain JavaScript', async () => {
    const script = "import { load, run } from '@alice/realops'; import { wordErrors } from '@alice/realops-plugin-voice'; const suite = await load(['scenarios.yaml'], { env: process.env }); const report = await run(suite).report; console.log(report.exit_code, wordErrors('hej alice', 'hej').wer);";
    expect(await command(process.execPath, ['--input-type=module', '-e', script], project, { API: api })).toBe('0 0.5\n');
  });

  it('carry their schemas and licences', () => {
    const core = join(project, 'node_modules/@alice/realops');
    for (const name of ['LICENSE', 'THIRD-PARTY-NOTICES.md', 'schemas/scenarios.schema.json', 'schemas/result.schema.json']) expect(existsSync(join(core, name)), name).toBe(true);
    expect(readdirSync(join(core, 'dist')).filter((name) => /\.test\.|fixtures/.test(name))).toEqual([]);
  });

  const hostile: { readonly [name: string]: ts.CompilerOptions } = {
    'Node with every strict flag, libraries checked too': { module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext, types: ['node'], skipLibCheck: false, exactOptionalPropertyTypes: true, noPropertyAccessFromIndexSignature: true, noUncheckedIndexedAccess: true, verbatimModuleSyntax: true, isolatedModules: true },
    'a bundler without the types of Node, loosely': { module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler, types: [], lib: ['lib.es2023.d.ts', 'lib.esnext.disposable.d.ts', 'lib.dom.d.ts', 'lib.dom.asynciterable.d.ts'], skipLibCheck: true },
  };
  it.each(Object.entries(hostile))('compile: %s', (_, options) => {
    const types = join(project, 'node_modules/@types');
    if (!existsSync(types)) mkdirSync(types, { recursive: true });
    if (!existsSync(join(types, 'node'))) symlinkSync(join(root, 'node_modules/@types/node'), join(types, 'node'));
    const program = ts.createProgram([join(project, 'consumer.ts')], { target: ts.ScriptTarget.ES2022, lib: ['lib.es2023.d.ts', 'lib.esnext.disposable.d.ts'], strict: true, noEmit: true, ...options });
    const wrong = ts.getPreEmitDiagnostics(program).map(({ file, start, messageText }) => `${file?.fileName.slice(project.length) ?? ''}:${(file?.getLineAndCharacterOfPosition(start ?? 0).line ?? 0) + 1} ${ts.flattenDiagnosticMessageText(messageText, '\n')}`);
    expect(wrong).toEqual([]);
  });
});

/** Runs a program as a user would; what the test runner and npm set for themselves is left out. */
function command(file: string, args: readonly string[], cwd: string, env: { readonly [name: string]: string } = {}): Promise<string> {
  const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(?:VITEST|NODE_OPTIONS|NODE_ENV|TEST|FORCE_COLOR|npm_(?!config_(?:registry|cache)))/.test(name)));
  return new Promise((resolve, reject) => {
    execFile(file, [...args], { cwd, env: { ...inherited, NO_COLOR: '1', ...env }, timeout: 200_000, maxBuffer: 16 * 1024 * 1024 }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(new Error(`${file} ${args.join(' ')}: ${error.message}\n${stdout}\n${stderr}`));
    });
  });
}
