import { spawnSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { doctor } from '../../src/cli/doctor.js';
import { cli, folder } from './support.js';

/** A plugin with one check. */
const plugin = (name: string, run: string): string => `export default { name: '${name}', apiVersion: 1, checks: [{ name: 'radio', description: 'Hears the weather.', run: ${run} }] };\n`;
/** A folder in which a plugin of the project is installed. */
async function installed(files: { readonly [name: string]: string }): Promise<string> {
  const cwd = await folder({});
  const place = join(cwd, 'node_modules/@alice/realops-plugin-radio');
  await mkdir(place, { recursive: true });
  for (const [name, text] of Object.entries(files)) await writeFile(join(place, name), text);
  return cwd;
}
const PACKAGE = '{ "name": "@alice/realops-plugin-radio", "version": "7.1.2", "type": "module", "exports": { "import": "./index.js" } }';
const OK = "async () => ({ state: 'ok', message: 'it plays' })";

describe('realops doctor', () => {
  it('shows versions, the plugins that are installed, and what their checks found', async () => {
    const cwd = await installed({ 'package.json': PACKAGE, 'index.js': plugin('@alice/realops-plugin-radio', OK) });
    const done = await cli(['doctor'], cwd);
    expect([done.code, done.error]).toEqual([0, '']);
    expect(done.out).toContain(`✓ node                          ${process.version}\n✓ realops                       0.1.0\n`);
    expect(done.out).toContain('✓ @alice/realops-plugin-radio   7.1.2  ');
    expect(done.out).toContain('✓ radio                         it plays\n');
  });

  it('prints one JSON object with --json', async () => {
    const cwd = await installed({ 'package.json': PACKAGE, 'index.js': plugin('@alice/realops-plugin-radio', "async ({ env }) => ({ state: 'missing', message: env.MISSING, hint: 'buy one' })") });
    const done = await cli(['doctor', '--json'], cwd, { MISSING: 'no radio' });
    expect(done.code).toBe(0);
    const found = JSON.parse(done.out);
    expect(found).toMatchObject({ node: { version: process.version, state: 'ok' }, realops: { version: '0.1.0' }, broken: false });
    expect(found.plugins).toContainEqual({ name: '@alice/realops-plugin-radio', state: 'ok', version: '7.1.2', message: expect.stringMatching(/realops-plugin-radio\/index\.js$/u), hint: null });
    expect(found.checks).toContainEqual({ plugin: '@alice/realops-plugin-radio', name: 'radio', description: 'Hears the weather.', state: 'missing', message: 'no radio', hint: 'buy one' });
    const said = await cli(['doctor'], cwd, { MISSING: 'no radio' });
    expect(said.out).toContain(`– radio                         missing: no radio\n${' '.repeat(32)}Hears the weather.\n${' '.repeat(32)}buy one\n`);
  });

  it.each([
    ['says so', "async () => ({ state: 'broken', message: 'it hums' })", 'it hums'],
    ['throws', "async () => { throw new Error('no antenna') }", 'no antenna'],
    ['does not end', '() => new Promise(() => undefined)', 'the check radio did not finish within 10000 ms'],
  ])('exits with 4 when a check %s', async (_, run, message) => {
    const cwd = await folder({ 'radio.mjs': plugin('./radio.mjs', run) });
    const { code, out } = await cli(['doctor', './radio.mjs'], cwd);
    expect([code, out]).toEqual([4, expect.stringContaining(`✗ radio                         ${message}`)]);
  });

  it('exits with 4 when a plugin cannot be loaded, and names it', async () => {
    const cwd = await installed({ 'package.json': PACKAGE, 'index.js': 'throw new Error("bad valve")' });
    expect(await cli(['doctor'], cwd)).toMatchObject({ code: 4, out: expect.stringContaining('the plugin @alice/realops-plugin-radio fails while it is loaded: bad valve') });
    const odd = await folder({ 'odd.mjs': "export default { name: 'odd', apiVersion: 1, checks: [{ name: 'x' }] };" });
    expect(await cli(['doctor', './odd.mjs'], odd)).toMatchObject({ code: 4, out: expect.stringContaining('gives checks that are not a list of { name, description, run }') });
    expect(await cli(['doctor', './gone.mjs'], odd)).toMatchObject({ code: 4, out: expect.stringContaining('there is no plugin ./gone.mjs') });
  });

  it.each([['v18.20.0', 4], ['v20.18.1', 4], ['v20.19.0', 0], ['v26.0.0', 0]])('of Node.js %s exits with %d', async (nodeVersion, code) => {
    const cwd = await folder({});
    let text = '';
    const out = { write: (more: string) => void (text += more), interactive: false, color: false, columns: 80 };
    expect(await doctor.run([], { cwd, nodeVersion, env: {}, out, error: out, signal: new AbortController().signal })).toBe(code);
    expect(text).toContain(code === 0 ? `✓ node                          ${nodeVersion}` : 'RealOps needs Node.js 20.19 or newer');
  });

  it('tells of ffmpeg, where the voice plugin is', async () => {
    const cwd = await folder({});
    const bare = await cli(['doctor', '--json'], cwd, { PATH: '/nowhere' });
    expect(JSON.parse(bare.out).checks).toContainEqual(expect.objectContaining({ plugin: '@alice/realops-plugin-voice', name: 'ffmpeg', state: 'missing' }));
    const wrong = await cli(['doctor'], cwd, { FFMPEG_PATH: '/nowhere/ffmpeg' });
    expect(wrong).toMatchObject({ code: 4, out: expect.stringContaining('✗ ffmpeg                        FFMPEG_PATH names /nowhere/ffmpeg, which is no program that can be run') });
    if (spawnSync('ffmpeg', ['-version']).status !== 0) return;
    expect(await cli(['doctor'], cwd)).toMatchObject({ code: 0, out: expect.stringMatching(/✓ ffmpeg {24}\S+ {2}\/\S+ \(PATH\), libavformat \d+/u) });
  });
});
