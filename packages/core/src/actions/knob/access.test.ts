import { spawn, type ChildProcess } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Json, KnobUse } from '../../plugin.js';
import { openAction, type ActionUse } from '../../testing.js';
import { knobChange } from '../knob-change.js';
import { knobSet } from '../knob-set.js';
import { httpKnob, knob, range, startConfigServer, type ConfigServer } from '../support.js';

const eos = range(200, 2_000, 200, { whole: true, unit: 'ms' });
let server: ConfigServer;
let folder: string;
const children: ChildProcess[] = [];
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'realops-knob-'))));
afterAll(() => rm(folder, { recursive: true, force: true }));
beforeEach(async () => void (server = await startConfigServer({ eos: 700, on: false, model: 'small', deep: { list: [1, { x: 0.35 }] } })));
afterEach(() => {
  server.close();
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

const turn = (use: KnobUse, by = 100, signal?: AbortSignal): ActionUse => openAction(knobChange, { knob: use.name, by }, { targets: { api: server.url }, files: folder, knobs: { [use.name]: use }, ...(signal === undefined ? {} : { signal }) });
const file = async (name: string, text: string): Promise<string> => {
  await writeFile(join(folder, name), text);
  return name;
};
const until = async (holds: () => boolean): Promise<void> => expect.poll(holds, { timeout: 5_000 }).toBe(true);

describe('a knob over HTTP', () => {
  it('is read, changed, read back and brought back; its rollback is a line without secrets', async () => {
    const use = turn({ ...httpKnob(server, 'eos', eos), writeOf: async (value) => ({ url: `${server.url}/config?token=abc`, headers: { authorization: 'Bearer abc123abc123' }, json: { eos: value, password: 'abc' } }) });
    const before = await use.read();
    const plan = await use.plan(before);
    expect(plan).toEqual({ possible: true, after: 800, rollback: `POST ${server.url}/config {"eos":700,"password":"[redacted]"}` });
    await use.write(800);
    expect([await use.read(), server.settings['eos'], server.headers.authorization]).toEqual([800, 800, undefined]);
    await use.write(before);
    expect(server.settings['eos']).toBe(700);
  });

  it('is picked by pointer, by name or by an expression', async () => {
    const at = async (place: string | undefined): Promise<Json> => turn(knob('x', range(0, 1_000, 1), place === undefined ? { url: server.url } : { url: server.url, at: place }, () => ({ url: server.url }))).read();
    expect([await at('/deep/list/1/x'), await at('eos'), await at('deep.list[1].x * 100'), await at('/deep/list/0')]).toEqual([0.35, 700, 35, 1]);
    await expect(at('/deep/none')).rejects.toMatchObject({ code: 'REALOPS_KNOB_READ', message: 'the knob x gives nothing, which is not a number' });
    await expect(at(undefined)).rejects.toThrow('{"eos":700');
    await expect(at('/model')).rejects.toThrow('the knob x gives "small", which is not a number');
  });

  it('that answers 200 and changes nothing is seen by reading it back', async () => {
    server.mood = 'ignores';
    const use = turn(httpKnob(server, 'eos', eos));
    await use.write(800);
    expect([await use.read(), server.changes]).toEqual([700, 1]);
  });

  it('that changes after a delay is there when it has settled', async () => {
    server.mood = 'late';
    const use = turn(httpKnob(server, 'eos', eos));
    await use.write(800);
    expect(await use.read()).toBe(700);
    await expect.poll(() => use.read(), { timeout: 3_000 }).toBe(800);
  });

  it('that answers 500 is an error with what it said, credentials taken out', async () => {
    server.mood = 'refuses';
    await expect(turn(httpKnob(server, 'eos', eos)).write(800)).rejects.toMatchObject({ code: 'REALOPS_TARGET_FAILED', message: `POST ${server.url} {"eos":800} was answered with 500: "password=[redacted] is wrong"` });
  });

  it('that hangs ends with the signal', async () => {
    server.mood = 'hangs';
    const stop = new AbortController();
    const write = turn(httpKnob(server, 'eos', eos), 100, stop.signal).write(800);
    const ended = expect(write).rejects.toThrow();
    await until(() => server.changes === 1);
    stop.abort(new Error('enough'));
    await ended;
  });

  it('that breaks the connection after the change is an error, and the change is seen by reading', async () => {
    server.mood = 'breaks';
    const use = turn(httpKnob(server, 'eos', eos));
    await expect(use.write(800)).rejects.toMatchObject({ code: 'REALOPS_CONNECTION' });
    expect(await use.read()).toBe(800);
  });

  it('outside the targets is refused', async () => {
    await expect(turn(knob('x', eos, { url: 'http://127.0.0.1:9/' }, () => ({ url: server.url }))).read()).rejects.toMatchObject({ code: 'REALOPS_EGRESS_DENIED' });
  });
});

describe('a knob by a command', () => {
  const node = (script: string, ...more: readonly string[]): readonly string[] => [process.execPath, '-e', script, ...more];
  const reading = (script: string, at?: string): KnobUse => knob('c', eos, at === undefined ? { command: node(script) } : { command: node(script), at }, (value) => ({ command: node("require('fs').writeFileSync('value.txt', process.argv[1])", String(value)) }), folder);

  it('reads text or JSON and writes by arguments, in its own folder, without a shell', async () => {
    const use = turn(reading("try { console.log(require('fs').readFileSync('value.txt','utf8')) } catch { console.log(700) }"));
    expect(await use.read()).toBe(700);
    await use.write(800);
    expect([await use.read(), await readFile(join(folder, 'value.txt'), 'utf8')]).toEqual([800, '800']);
    expect(await turn(reading('console.log(JSON.stringify({a:[{b:"900"}]}))', '/a/0/b')).read()).toBe(900);
    const odd = turn(knob('c', { kind: 'choice', values: ['$(touch x)', '; ls'] }, { command: node('console.log(process.argv[1])', '$(touch x)') }, () => ({ command: ['true'] }), folder));
    expect(await odd.read()).toBe('$(touch x)');
  });

  it.each([
    ['fails', "console.error('no such setting'); process.exit(3)", 'REALOPS_COMMAND_FAILED', /ended with 3: no such setting/],
    ['is ended by a signal', "process.kill(process.pid, 'SIGTERM'); setTimeout(() => 0, 5000)", 'REALOPS_COMMAND_FAILED', /ended with SIGTERM/],
    ['prints junk', "console.log('\\u0000 ~ <html>')", 'REALOPS_KNOB_READ', /<html>", which is not a whole number/],
    ['prints nothing', '0', 'REALOPS_KNOB_READ', /gives ""/],
    ['prints without end', "setInterval(() => process.stdout.write('x'.repeat(1 << 20)), 1); setTimeout(() => process.exit(0), 400)", 'REALOPS_COMMAND_FAILED', /wrote more than/],
  ])('that %s is an error that says so', async (_, script, code, message) => {
    const read = turn(reading(script)).read();
    await expect(read).rejects.toThrow(message);
    await expect(read).rejects.toMatchObject({ code });
  });

  it('that does not exist or is empty is an error', async () => {
    await expect(turn(knob('c', eos, { command: ['/no/such/program'] }, () => ({ command: [] }))).read()).rejects.toThrow(/\/no\/such\/program cannot be run/);
    await expect(turn(knob('c', eos, { command: ['true'] }, () => ({ command: [] }))).write(800)).rejects.toThrow('the command is empty');
  });

  it('that hangs is killed with all that it started, as soon as the signal aborts', async () => {
    const script = "const c = require('child_process').spawn(process.execPath, ['-e', 'setInterval(() => 0, 1000)'], {stdio: 'inherit'}); require('fs').writeFileSync('pids', process.pid + ' ' + c.pid); process.on('SIGTERM', () => 0); setInterval(() => 0, 1000)";
    await rm(join(folder, 'pids'), { force: true });
    const stop = new AbortController();
    const read = turn(reading(script), 100, stop.signal).read();
    const ended = expect(read).rejects.toThrow('enough');
    await expect.poll(() => readFile(join(folder, 'pids'), 'utf8').catch(() => ''), { timeout: 5_000 }).toMatch(/\d+ \d+/);
    const pids = (await readFile(join(folder, 'pids'), 'utf8')).split(' ').map(Number);
    stop.abort(new Error('enough'));
    await ended;
    await until(() => pids.every((pid) => !alive(pid)));
  });

  it('that leaves something running in the background has ended all the same', async () => {
    const script = "const c = require('child_process').spawn(process.execPath, ['-e', 'setTimeout(() => 0, 3000)'], {stdio: 'inherit'}); c.unref(); console.log(700)";
    const started = Date.now();
    expect(await turn(reading(script)).read()).toBe(700);
    expect(Date.now() - started).toBeLessThan(2_800);
  });
});

describe('a knob in a file', () => {
  const inFile = (name: string, at: string, reload?: { readonly command: readonly string[] } | { readonly signal: 'SIGHUP'; readonly pidFile: string }): KnobUse =>
    knob('f', eos, { file: name, at }, () => ({ file: name, at, ...(reload === undefined ? {} : { reload }) }), folder);

  it('keeps comments and tells its reader by a command', async () => {
    const name = await file('asr.yaml', '# voice\nvad: { eos: 700 } # ms\n');
    const use = turn(inFile(name, '/vad/eos', { command: [process.execPath, '-e', "require('fs').copyFileSync('asr.yaml', 'seen.yaml')"] }));
    expect(await use.plan(await use.read())).toEqual({ possible: true, after: 800, rollback: expect.stringMatching(/^write 700 at \/vad\/eos of asr\.yaml, then /) as string });
    await use.write(800);
    expect(await readFile(join(folder, 'seen.yaml'), 'utf8')).toBe('# voice\nvad: { eos: 800 } # ms\n');
    await use.write(700);
    expect(await readFile(join(folder, name), 'utf8')).toBe('# voice\nvad: { eos: 700 } # ms\n');
  });

  it('tells its reader by a signal to the process of a pid file', async () => {
    const name = await file('sig.env', 'EOS=700\n');
    const child = spawn(process.execPath, ['-e', "process.on('SIGHUP', () => require('fs').writeFileSync('hup', 'x')); require('fs').writeFileSync('ready', 'x'); setInterval(() => 0, 1000)"], { cwd: folder, detached: true, stdio: 'ignore' });
    children.push(child);
    await file('asr.pid', `${child.pid ?? 0}\n`);
    await expect.poll(() => readFile(join(folder, 'ready'), 'utf8').catch(() => ''), { timeout: 5_000 }).toBe('x');
    const use = turn(inFile(name, 'EOS', { signal: 'SIGHUP', pidFile: 'asr.pid' }));
    await use.write(800);
    await expect.poll(() => readFile(join(folder, 'hup'), 'utf8').catch(() => ''), { timeout: 5_000 }).toBe('x');
    expect(await use.read()).toBe(800);
  });

  it.each([
    ['1', /process 1 may not be touched/],
    ['0', /process 0 may not be touched/],
    [String(process.pid), /is RealOps itself/],
    [String(process.ppid), /started RealOps|may not be touched/],
    ['-5', /is not the number of a process/],
    ['many', /is not the number of a process/],
    ['4194304000', /is not running/],
  ])('sends no signal to a pid file with %s', async (pid, message) => {
    const name = await file('bad.env', 'EOS=700\n');
    await file('bad.pid', pid);
    await expect(turn(inFile(name, 'EOS', { signal: 'SIGHUP', pidFile: 'bad.pid' })).write(800)).rejects.toThrow(message);
  });

  it('that may not be written stays as it is', async () => {
    const name = await file('locked.json', '{"eos":700}');
    if (process.getuid?.() === 0) return;
    await chmod(folder, 0o555);
    try {
      await expect(turn(inFile(name, '/eos')).write(800)).rejects.toMatchObject({ code: 'REALOPS_KNOB_FILE' });
    } finally {
      await chmod(folder, 0o755);
    }
    expect(await readFile(join(folder, name), 'utf8')).toBe('{"eos":700}');
  });
});

describe('apply, then revert', () => {
  it('is the identity over HTTP and in files of every kind, for every value in force and every one that is set', async () => {
    const wide = range(-1e9, 1e9, 2e9);
    const texts: { readonly [name: string]: (value: number) => string } = { 'p.json': (value) => `{"eos": ${value}, "b": [1]}\n`, 'p.yaml': (value) => `# c\na: 1\neos: ${value} # ms\n`, 'p.env': (value) => `A=1 # c\nEOS=${value}\neos="${value}" # d\n` };
    const number = fc.oneof(fc.integer({ min: -1_000_000, max: 1_000_000 }), fc.double({ min: -1e6, max: 1e6, noNaN: true, noDefaultInfinity: true }).map((value) => Number(value.toPrecision(10)) + 0));
    await fc.assert(fc.asyncProperty(number, number, async (before, wanted) => {
      server.settings['eos'] = before;
      const uses = [httpKnob(server, 'eos', wide), ...Object.keys(texts).map((name) => knob('eos', wide, { file: name, at: 'eos' }, () => ({ file: name, at: 'eos' }), folder))];
      for (const [name, text] of Object.entries(texts)) await file(name, text(before));
      for (const use of uses) {
        const action = openAction(knobSet, { knob: 'eos', to: wanted }, { targets: { api: server.url }, knobs: { eos: use } });
        const found = await action.read();
        expect(found).toBe(before);
        const plan = await action.plan(found);
        if (!plan.possible) {
          expect(plan.reason).toMatch(/already/);
          return;
        }
        await action.write(plan.after);
        expect(await action.read()).toBe(wanted);
        await action.write(found);
      }
      expect(server.settings['eos']).toBe(before);
      for (const [name, text] of Object.entries(texts)) expect(await readFile(join(folder, name), 'utf8')).toBe(text(before));
    }), { numRuns: 25 });
  });
});

function alive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
