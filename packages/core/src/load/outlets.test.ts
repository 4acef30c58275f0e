import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { load } from '../index.js';
import { definePlugin, defineReporter, defineSink, RealopsError, type ObjectSchema } from '../plugin.js';

const create = () => ({ name: 'lines', on: () => undefined });
const plugin = (schema?: ObjectSchema) =>
  definePlugin({
    name: 'lines-plugin', apiVersion: 1,
    reporters: [defineReporter({ name: 'lines', description: 'Writes lines.', ...(schema === undefined ? {} : { with: schema }), create })],
    sinks: [defineSink({ name: 'send', description: 'Sends.', with: { type: 'object', properties: { to: { type: 'string', pattern: '^https:' }, size: { type: 'integer', default: 7 } }, required: ['to'] }, create: () => ({ name: 'send', write: async () => undefined, [Symbol.asyncDispose]: async () => undefined }) })],
  });

/** What came of loading a suite with these outlets: their options, or what is wrong. */
async function outcome(outlets: string, schema?: ObjectSchema): Promise<unknown> {
  const folder = await mkdtemp(join(tmpdir(), 'realops-outlets-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, 'scenarios.yaml'), `version: 1\nsuite: x\nplugins: [lines-plugin]\nsecrets: [TOKEN]\nscenarios: [{ id: a, steps: [{ use: wait.for, with: { duration: 1ms } }] }]\n${outlets}`);
  try {
    const { reporters, sinks } = await load([folder], { env: { TOKEN: 'http://t0ken.example' }, plugins: [plugin(schema)] });
    return [...reporters, ...sinks].map(({ options }) => options);
  } catch (error) {
    if (!(error instanceof RealopsError)) throw error;
    return error.problems.map(({ code, message, source }) => `${code} ${source?.line ?? 0}:${source?.column ?? 0} ${message}`);
  }
}

it('options are checked and filled in where the type declares them, and come as written where it does not', async () => {
  expect(await outcome('reporters: [{ use: lines, any: 1 }]\nsinks: [{ use: send, to: https://a.example }]')).toEqual([{ any: 1 }, { to: 'https://a.example', size: 7 }]);
  expect(await outcome('reporters: [lines]', { type: 'object', properties: { most: { type: 'integer', default: 3 } } })).toEqual([{ most: 3 }]);
});

it('options that do not fit are refused with their places, all at once', async () => {
  expect(await outcome('reporters: [console, { use: lines, most: many }]\nsinks: [{ use: send, size: 3, tow: x }]', { type: 'object', properties: { most: { type: 'integer' } } })).toEqual([
    'REALOPS_VALUE_INVALID 6:42 reporters[1].most must be a whole number, got "many"',
    'REALOPS_KEY_UNKNOWN 7:31 "tow" is not a key here',
  ]);
});

it('what a template gives is checked and not shown, since it may be a secret', async () => {
  const told = await outcome("reporters: []\nsinks: [{ use: send, to: '${{ secrets.TOKEN }}' }]");
  expect(told).toEqual(['REALOPS_VALUE_INVALID 7:26 sinks[0].to does not have the right form, and its template gives something else']);
});

it('a schema that cannot be used is the fault of the plugin', async () => {
  expect(await outcome('reporters: [{ use: lines }]', { type: 'object', properties: { most: { type: 'nonsense' } } } as never)).toEqual([expect.stringMatching(/^REALOPS_PLUGIN_INVALID 6:13 the options of lines are declared with a schema that cannot be used: /)]);
});
