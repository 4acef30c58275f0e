import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { cli, start, type Finished } from './support.js';

/** A plugin in plain JavaScript, as it would come from npm. */
const PLUGIN = `
const say = {
  name: 'say', description: 'Says what it was told.',
  with: {
    type: 'object',
    properties: {
      dir: { type: 'string', minLength: 1, description: 'A folder.' },
      more: { type: 'array', items: { type: 'string' }, description: 'More of them.' },
      kind: { enum: ['wav', 'text'], default: 'wav', description: 'What lies in it.' },
      maxSeconds: { type: 'number', exclusiveMinimum: 0, maximum: 60, description: 'Longest clip.' },
      limit: { type: 'integer', minimum: 1, description: 'How many.' },
      snr: { type: 'array', items: { type: 'string' }, default: [], description: 'Ratios.' },
      json: { type: 'boolean', default: false, description: 'Print JSON.' },
    },
    required: ['dir'],
  },
  positionals: ['dir', 'more'],
  examples: ['realops toy say clips --kind text'],
  async run(parameters, { out, cwd, env, random, progress }) {
    progress('half way');
    out.write(JSON.stringify({ ...parameters, cwd, toy: env.TOY ?? null, random: random() }) + '\\n');
    return parameters.kind === 'text' ? 1 : 0;
  },
};
const wait = {
  name: 'wait', description: 'Waits.', with: { type: 'object', properties: {} },
  async run(_, { clock, signal, out }) { out.write('waiting\\n'); await clock.sleep(60_000, signal); return 0; },
};
const refuse = {
  name: 'refuse', description: 'Refuses.', with: { type: 'object', properties: {} },
  run: async () => { throw Object.assign(new Error('the clip is empty'), { code: 'REALOPS_INPUT_INVALID', hint: 'record it again' }); },
};
const odd = { name: 'odd', description: 'Gives no code.', with: { type: 'object', properties: {} }, run: async () => 'done' };
export default { name: '@alice/realops-plugin-toy', apiVersion: 1, commands: [say, wait, refuse, odd] };
`;
const broken = (command: string): string => `export default { name: 'broken', apiVersion: 1, commands: [${command}] };`;

let cwd: string;
const realops = (...args: readonly string[]): Promise<Finished> => cli(args, cwd, { TOY: 'yes' });
beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'realops-commands-'));
  const files = {
    'node_modules/@alice/realops-plugin-toy/package.json': '{ "name": "@alice/realops-plugin-toy", "type": "module", "exports": { "import": "./index.js" } }',
    'node_modules/@alice/realops-plugin-toy/index.js': PLUGIN,
    'mine.mjs': PLUGIN,
    'nested.mjs': broken(`{ name: 'deep', description: 'x', with: { type: 'object', properties: { a: { type: 'object', properties: {} } } }, run: async () => 0 }`),
    'stray.mjs': broken(`{ name: 'stray', description: 'x', with: { type: 'object', properties: {} }, positionals: ['dir'], run: async () => 0 }`),
    'bare.mjs': broken(`{ name: 'Bare Name', description: 'x', with: { type: 'object', properties: {} }, run: async () => 0 }`),
    'twice.mjs': PLUGIN.replace('[say, wait', '[say, say, wait'),
    'none.mjs': 'export default { name: "none", apiVersion: 1 };',
  };
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(cwd, name)), { recursive: true });
    await writeFile(join(cwd, name), text);
  }
});

describe('commands of a plugin', { timeout: 60_000 }, () => {
  it('are listed by the area, by a package and by a path', async () => {
    const done = await realops('toy', '--help');
    expect([done.code, done.error]).toEqual([0, '']);
    expect(done.out).toBe(`usage: realops toy <command> [options]

commands of @alice/realops-plugin-toy
  say     Says what it was told
  wait    Waits
  refuse  Refuses
  odd     Gives no code

  realops toy <command> --help   options and examples of a command
`);
    expect((await realops('toy')).code).toBe(3);
    expect((await realops('@alice/realops-plugin-toy', '--help')).out).toContain('  say ');
    expect((await realops('./mine.mjs', '--help')).out).toContain('usage: realops ./mine.mjs <command>');
    expect((await realops('./none.mjs', '--help')).out).toBe('the plugin none has no commands\n');
    expect((await realops('--help')).out).toContain('realops <area> ');
  });

  it('have a help that follows from their declaration', async () => {
    const done = await realops('toy', 'say', '--help');
    expect(done.code).toBe(0);
    expect(done.out.slice(0, done.out.indexOf('exit codes'))).toBe(`usage: realops toy say [options] <DIR> [<MORE…>]

Says what it was told.

options
  DIR              A folder
  MORE             More of them (may be given more than once)
  --kind wav|text  What lies in it (default wav)
  --max-seconds N  Longest clip
  --limit N        How many
  --snr SNR        Ratios (may be given more than once)
  --json           Print JSON

examples
  realops toy say clips --kind text

`);
  });

  it('are given what the line says, and give the exit code', async () => {
    const done = await realops('toy', 'say', 'a', '--max-seconds=1.5', '--snr', '5', 'b', '--snr', '-5', '--limit', '3', '--json', '--', '--c');
    const [first, second] = [done, await realops('toy', 'say', 'a', '--kind', 'text')];
    expect([first.code, first.error, JSON.parse(first.out)]).toEqual([0, '', { dir: 'a', more: ['b', '--c'], kind: 'wav', maxSeconds: 1.5, limit: 3, snr: ['5', '-5'], json: true, cwd, toy: 'yes', random: expect.any(Number) }]);
    expect([second.code, JSON.parse(second.out)]).toEqual([1, { dir: 'a', kind: 'text', snr: [], json: false, cwd, toy: 'yes', random: JSON.parse(first.out).random }]);
  });

  it.each([
    [['sya'], 'the plugin @alice/realops-plugin-toy has no command "sya"\nhint: did you mean "say"?'],
    [['say'], 'realops toy say: name DIR\nhint: realops toy say --help shows the options'],
    [['say', ''], 'DIR may not be empty'],
    [['say', 'a', '--limt', '2'], 'there is no option --limt; did you mean "--limit"?'],
    [['say', 'a', '--limit', '0'], '--limit takes a whole number of at least 1, got "0"'],
    [['say', 'a', '--limit', '1.5'], '--limit takes a whole number of at least 1, got "1.5"'],
    [['say', 'a', '--limit'], '--limit needs a value'],
    [['say', 'a', '--max-seconds', '61'], '--max-seconds takes a number of more than 0 and at most 60, got "61"'],
    [['say', 'a', '--kind', 'wave'], '--kind takes wav, text, got "wave"; did you mean "wav"?'],
    [['say', 'a', '--json=yes'], '--json takes no value, got "yes"'],
    [['wait', 'now'], '"now" is one argument too many'],
    [['refuse'], 'realops toy refuse: REALOPS_INPUT_INVALID  the clip is empty\nhint: record it again\n'],
  ])('refuse %j in words', async (args, message) => {
    const done = await realops('toy', ...args);
    expect([done.code, done.out]).toEqual([3, '']);
    expect(done.error).toContain(message);
  });

  it('end when they are told to', async () => {
    const { child, done } = start(['toy', 'wait'], cwd);
    child.stdout?.once('data', () => child.kill('SIGINT'));
    const { code, error, ms } = await done;
    expect([code, error]).toEqual([130, 'realops: wait was cancelled\n']);
    expect(ms).toBeLessThan(30_000);
  });

  it('that give no exit code are faults of the plugin', async () => {
    const done = await realops('toy', 'odd');
    expect([done.code, done.error]).toEqual([70, 'realops: REALOPS_PLUGIN_INVALID  the command odd of @alice/realops-plugin-toy gave no exit code, but done\n']);
  });

  it.each([
    ['./nested.mjs', "gives the command deep a with whose a is neither a string, a number, a boolean, an enum of strings nor a list of strings"],
    ['./stray.mjs', 'gives the command stray the positional "dir", which its with does not have'],
    ['./twice.mjs', 'gives two commands say'],
    ['./bare.mjs', 'gives the command Bare Name, whose name must be one word of small letters'],
  ])('of %s are refused', async (plugin, message) => {
    const done = await realops(plugin, 'x');
    expect([done.code, done.out]).toEqual([3, '']);
    expect(done.error).toContain(message);
  });

  it('that are not there: a near word, or how to install the plugin', async () => {
    const far = await realops('mail', 'send');
    expect([far.code, far.out]).toEqual([3, '']);
    expect(far.error).toContain('realops: there is no command "mail", and no plugin @alice/realops-plugin-mail is installed\n');
    expect(far.error).toContain('; for commands of a plugin: npm install @alice/realops-plugin-mail\n');
    expect((await realops('chekc')).error).toContain('hint: did you mean "check"?');
    expect((await realops('toi')).error).toContain('hint: did you mean "toy"?');
    expect((await realops('--versoin')).error).toBe('realops: there is no command "--versoin"\nhint: commands: check, run, loop, list, replay, ledger, undo, approve, ack, doctor, schema, init, toy\n');
    const path = await realops('./gone.mjs');
    expect([path.code, path.error]).toEqual([3, expect.stringContaining('there is no command "./gone.mjs", and no plugin ./gone.mjs is installed')]);
  });
});
