import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../fixtures/clock.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ffmpegCheck } from './check.js';
import { findFfmpeg } from './find.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'realops-ffmpeg-'));
});
afterAll(() => rm(folder, { recursive: true }));

const SAYS = 'ffmpeg version 6.1.1-static Copyright\nbuilt with gcc\nlibavutil      58. 29.100\nlibavformat    60. 16.100 / 60. 16.100';
/** A program of its own folder, which is what PATH is then. */
async function program(place: string, body: string, name = 'ffmpeg'): Promise<{ readonly path: string; readonly directory: string }> {
  const directory = join(folder, place);
  await mkdir(directory, { recursive: true });
  const path = join(directory, name);
  await writeFile(path, `#!/bin/sh\n${body}\n`);
  await chmod(path, 0o755);
  return { path, directory };
}
const says = (text: string): string => `cat <<'X'\n${text}\nX`;
const find = (env: { readonly [name: string]: string }, base?: string, signal = new AbortController().signal): ReturnType<typeof findFfmpeg> => findFfmpeg({ env, clock: systemClock, signal }, base);

describe('findFfmpeg', () => {
  it('takes the first one in PATH and parses what it says', async () => {
    const { path, directory } = await program('path', says(SAYS));
    await expect(find({ PATH: `/nowhere:${directory}:/bin:/usr/bin` })).resolves.toEqual({ path, from: 'PATH', version: '6.1.1-static', libavformat: 60 });
    await expect(find({ PATH: '/nowhere' })).resolves.toBeUndefined();
    await expect(find({})).resolves.toBeUndefined();
  });

  it('asks once for each environment', async () => {
    const { directory } = await program('once', `echo x >> ${join(folder, 'asked')}; ${says(SAYS)}`);
    const env = { PATH: directory + ':/usr/bin:/bin' };
    await find(env);
    await rm(join(directory, 'ffmpeg'));
    await expect(find(env)).resolves.toMatchObject({ from: 'PATH' });
    await expect(find({ PATH: directory })).resolves.toBeUndefined();
  });

  it('takes what FFMPEG_PATH names before FFMPEG_BIN, and both before PATH', async () => {
    const [one, two] = [await program('one', says(SAYS)), await program('two', says(SAYS.replace('6.1.1-static', '4.2')), 'avtool')];
    const env = { PATH: `${one.directory}:/bin:/usr/bin`, FFMPEG_BIN: one.path };
    await expect(find(env)).resolves.toMatchObject({ from: 'FFMPEG_BIN' });
    await expect(find({ ...env, FFMPEG_PATH: two.path })).resolves.toMatchObject({ path: two.path, from: 'FFMPEG_PATH', version: '4.2' });
    await expect(find({ PATH: `${two.directory}:/bin:/usr/bin`, FFMPEG_PATH: 'avtool' })).resolves.toMatchObject({ path: two.path });
  });

  it.each([
    ['is not there', async () => join(folder, 'gone'), 'which is no program that can be run'],
    ['is a folder', async () => folder, 'which is no program that can be run'],
    ['is a word that PATH does not have', async () => 'ffmpeg-9', 'FFMPEG_PATH names ffmpeg-9, which is not in PATH'],
    ['is something else', async () => (await program('other', 'echo hello')).path, 'is no ffmpeg: asked for its version it ended with 0 and said "hello"'],
    ['fails', async () => (await program('fails', 'echo "no such library" >&2; exit 127')).path, 'ended with 127 and said "no such library"'],
    ['hangs', async () => (await program('hangs', 'sleep 30')).path, 'did not say its version within 2 s'],
    ['never stops talking', async () => (await program('talks', 'yes "ffmpeg version"')).path, 'is no ffmpeg'],
    ['cannot be executed', async () => (await program('format', '').then(async (made) => (await writeFile(made.path, '\u007fELF not a program'), made))).path, '(FFMPEG_PATH)'],
  ])('one that is named and %s is an error, also where PATH has a good one', async (_, make, message) => {
    const { directory } = await program('good', says(SAYS));
    const env = { PATH: `${directory}:/bin:/usr/bin`, FFMPEG_PATH: await make() };
    await expect(find(env)).rejects.toMatchObject({ code: 'REALOPS_COMMAND_FAILED', message: expect.stringContaining(message) });
    await expect(ffmpegCheck.run({ env, clock: systemClock, signal: new AbortController().signal })).resolves.toMatchObject({ state: 'broken' });
  });

  it('takes ffmpeg-static before PATH when its program is really there', async () => {
    const { path, directory } = await program('good', says(SAYS));
    const project = async (name: string, exported: string): Promise<string> => {
      const place = join(folder, name, 'node_modules/ffmpeg-static');
      await mkdir(place, { recursive: true });
      await writeFile(join(place, 'package.json'), '{"name":"ffmpeg-static","main":"index.js"}');
      await writeFile(join(place, 'index.js'), `module.exports = ${exported};`);
      return join(folder, name, 'suite.js');
    };
    const env = { PATH: `${directory}:/bin:/usr/bin` };
    const packaged = await program('static', says(SAYS.replace('6.1.1-static', '6.1.1')));
    await expect(find({ ...env }, await project('a', JSON.stringify(packaged.path)))).resolves.toMatchObject({ path: packaged.path, from: 'ffmpeg-static' });
    // Installed without its scripts; for a machine that it does not know; broken.
    await expect(find({ ...env }, await project('b', JSON.stringify(join(folder, 'never-fetched'))))).resolves.toMatchObject({ path, from: 'PATH' });
    await expect(find({ ...env }, await project('c', 'null'))).resolves.toMatchObject({ path, from: 'PATH' });
    await expect(find({ ...env }, await project('d', '(() => { throw new Error() })()'))).resolves.toMatchObject({ path, from: 'PATH' });
    await expect(find({ ...env, FFMPEG_PATH: path }, join(folder, 'a/suite.js'))).resolves.toMatchObject({ from: 'FFMPEG_PATH' });
  });

  it('ends when it is called off', async () => {
    const { directory } = await program('slow', 'sleep 30');
    const cancel = new AbortController();
    const looking = find({ PATH: `${directory}:/bin:/usr/bin` }, undefined, cancel.signal);
    const started = performance.now();
    setTimeout(() => cancel.abort(new Error('enough')), 100);
    await expect(looking).rejects.toThrow('enough');
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});

describe('the check of realops doctor', () => {
  it('says which one, or how to get one', async () => {
    const { path, directory } = await program('good', says(SAYS));
    const run = (env: { readonly [name: string]: string }) => ffmpegCheck.run({ env, clock: systemClock, signal: new AbortController().signal });
    await expect(run({ PATH: `${directory}:/bin:/usr/bin` })).resolves.toEqual({ state: 'ok', message: `6.1.1-static  ${path} (PATH), libavformat 60` });
    await expect(run({})).resolves.toMatchObject({ state: 'missing', hint: expect.stringContaining('apt-get install ffmpeg') });
  });
});
