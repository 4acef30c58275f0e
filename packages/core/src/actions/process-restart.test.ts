import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../plugin.js';
import { openAction, type ActionUse } from '../testing.js';
import { processRestart } from './process-restart.js';
import { identify } from './system/identity.js';

/** A service that tells its process and two variables; with DEAF it ignores TERM, with BROKEN it does not start. */
const SERVICE = `
if (process.env.BROKEN) { console.error('cannot bind, password=hunter2'); process.exit(7); }
if (process.env.DEAF) process.on('SIGTERM', () => 0);
require('http').createServer((_, response) => response.setHeader('content-type', 'application/json').end(JSON.stringify({ pid: process.pid, model: process.env.MODEL ?? null, keep: process.env.KEEP ?? null }))).listen(Number(process.argv[2]), '127.0.0.1');
`;

let folder: string;
let port: number;
const pids = new Set<number>();
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'realops-restart-'));
  await writeFile(join(folder, 'service.cjs'), SERVICE);
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  port = (server.address() as AddressInfo).port;
  await new Promise((done) => server.close(done));
});
afterEach(async () => {
  const now = Number(await readFile(join(folder, 'asr.pid'), 'utf8').catch(() => '0'));
  for (const pid of [...pids, now]) if (pid > 1) try { process.kill(pid, 'SIGKILL'); } catch { /* gone */ }
  pids.clear();
  await rm(folder, { recursive: true, force: true });
});

const command = (): readonly string[] => [process.execPath, 'service.cjs', String(port)];
async function ask(): Promise<JsonObject> {
  const answer = (await (await fetch(`http://127.0.0.1:${port}/`)).json()) as JsonObject;
  pids.add(Number(answer['pid']));
  return answer;
}
async function begin(env: { readonly [name: string]: string } = {}): Promise<number> {
  const child = spawn(process.execPath, ['service.cjs', String(port)], { cwd: folder, env: { ...env, PATH: process.env['PATH'] ?? '' }, detached: true, stdio: 'ignore' });
  pids.add(child.pid ?? 0);
  await writeFile(join(folder, 'asr.pid'), `${child.pid ?? 0}\n`);
  await expect.poll(() => ask().catch(() => null), { timeout: 8_000 }).not.toBeNull();
  return child.pid ?? 0;
}
function restart(parameters: JsonObject = {}, signal?: AbortSignal): ActionUse {
  const ready = { step: { use: 'http.request', with: { url: 'asr' } }, condition: 'status = 200' };
  return openAction(processRestart, { name: 'asr', pidFile: 'asr.pid', command: command(), ready, termTimeout: '1s', readyWithin: '8s', ...parameters }, { files: folder, targets: { asr: `http://127.0.0.1:${port}` }, ...(signal === undefined ? {} : { signal }) });
}
async function planned(action: ActionUse): Promise<Json> {
  const plan = await action.plan(await action.read());
  if (!plan.possible) throw new Error(plan.reason);
  return plan.after;
}

describe.runIf(process.platform === 'linux')('process.restart', () => {
  it('starts the service anew with other variables, and undoing brings back those of before; what is not named is handed on', async () => {
    const first = await begin({ MODEL: 'large', KEEP: 'this' });
    const action = restart({ env: { MODEL: 'small', EXTRA: 5 } });
    const before = await action.read();
    expect(before).toEqual({ running: true, env: { MODEL: 'large', EXTRA: null, REALOPS_RESTARTS: null } });
    expect(await action.plan(before)).toMatchObject({ possible: true, after: { running: true, env: { MODEL: 'small', EXTRA: '5', REALOPS_RESTARTS: '1' } }, rollback: expect.stringMatching(/^restart asr by .* with MODEL=large, without EXTRA$/) as string });
    await action.write(await planned(action));
    const second = await ask();
    expect(second).toMatchObject({ model: 'small', keep: 'this' });
    expect([second['pid'] === first, await identify(first), (await readFile(join(folder, 'asr.pid'), 'utf8')).trim()]).toEqual([false, undefined, String(second['pid'])]);
    expect(await action.read()).toEqual({ running: true, env: { MODEL: 'small', EXTRA: '5', REALOPS_RESTARTS: '1' } });
    expect(await action.plan(await action.read())).toEqual({ possible: false, reason: 'asr runs with MODEL=small, with EXTRA=5 already' });
    await action.write(before);
    expect(await ask()).toMatchObject({ model: 'large', keep: 'this' });
    expect(await action.read()).toEqual(before);
  });

  it('kills what does not end on TERM', async () => {
    const first = await begin({ DEAF: '1' });
    const action = restart({ env: { DEAF: null }, termTimeout: '200ms' });
    await action.write(await planned(action));
    expect(await identify(first)).toBeUndefined();
    expect((await ask())['pid']).not.toBe(first);
  });

  it('starts a service that is down, or whose pid file names a later process', async () => {
    const action = restart();
    expect(await action.read()).toEqual({ running: false });
    expect(await action.plan({ running: false })).toMatchObject({ rollback: 'end asr; it was not running' });
    await action.write(await planned(action));
    await action.write({ running: false });
    expect(await action.read()).toEqual({ running: false });
    await action.write(await planned(action));
    expect(await planned(action)).toEqual({ running: true, env: { REALOPS_RESTARTS: '2' } });
    const one = Number((await ask())['pid']);
    const stranger = spawn(process.execPath, ['-e', 'setInterval(() => 0, 1000)'], { detached: true, stdio: 'ignore' });
    pids.add(stranger.pid ?? 0);
    process.kill(one, 'SIGKILL');
    await expect.poll(() => identify(one), { timeout: 5_000 }).toBeUndefined();
    await writeFile(join(folder, 'asr.pid'), String(stranger.pid));
    await utimes(join(folder, 'asr.pid'), new Date(0), new Date(Date.now() - 3_600_000));
    await action.write({ running: true, env: {} });
    expect((await ask())['pid']).not.toBe(one);
    expect(await identify(stranger.pid ?? 0)).toMatchObject({ pid: stranger.pid });
  });

  it('finds the service by its command line', async () => {
    const first = await begin();
    const { pidFile: _, ...by } = { pidFile: 'asr.pid', match: `service.cjs ${port}` };
    const action = openAction(processRestart, { name: 'asr', ...by, command: command(), ready: { step: { use: 'http.request', with: { url: 'asr' } }, condition: 'status = 200' } }, { files: folder, targets: { asr: `http://127.0.0.1:${port}` } });
    await action.write({ running: true, env: {} });
    expect((await ask())['pid']).not.toBe(first);
    const twin = spawn(process.execPath, ['-e', 'setInterval(() => 0, 1000)', `service.cjs ${port}`], { detached: true, stdio: 'ignore' });
    pids.add(twin.pid ?? 0);
    await expect(action.write({ running: true, env: {} })).rejects.toMatchObject({ code: 'REALOPS_PROCESS_REFUSED', message: expect.stringContaining('2 processes') as string });
    await expect(restart({ match: 'both' }).read()).rejects.toThrow('either pidFile or match');
  });

  it('says why a service does not start, with the end of its log and no password', async () => {
    await begin();
    const action = restart({ env: { BROKEN: '1' }, log: 'logs/asr.log' });
    await expect(action.write(await planned(action))).rejects.toMatchObject({ code: 'REALOPS_COMMAND_FAILED', message: expect.stringMatching(/ended with 7: cannot bind, password=\[redacted\]$/) as string });
    expect(await readFile(join(folder, 'logs/asr.log'), 'utf8')).toContain('hunter2');
    // It is down now; undoing starts it as it was.
    await action.write({ running: true, env: { BROKEN: null } });
    expect(await ask()).toMatchObject({ model: null });
    await expect(restart({ command: ['/no/such/program'] }).write({ running: true, env: {} })).rejects.toThrow(/\/no\/such\/program cannot be run/);
  });

  it('does not take another service for the one that it started', async () => {
    await begin();
    const action = restart({ command: [process.execPath, '-e', '0'], ready: { step: { use: 'wait.for', with: { duration: '300ms' } }, condition: '1 = 1' } });
    await expect(action.write({ running: true, env: {} })).rejects.toThrow('names no running process');
  });

  it('gives up when it is not ready in time, and ends with the signal', async () => {
    await begin();
    await expect(restart({ ready: { step: { use: 'http.request', with: { url: 'asr' } }, condition: 'status = 500' }, readyWithin: '600ms' }).write({ running: true, env: {} })).rejects.toMatchObject({ code: 'REALOPS_UNTIL_NOT_REACHED' });
    await ask();
    const stop = new AbortController();
    const ended = expect(restart({ ready: { step: { use: 'http.request', with: { url: 'asr' } }, condition: 'status = 500' } }, stop.signal).write({ running: true, env: {} })).rejects.toThrow('enough');
    setTimeout(() => stop.abort(new Error('enough')), 400);
    await ended;
    await expect.poll(() => ask().then(() => true, () => false), { timeout: 5_000 }).toBe(true);
  });

  it.each([['itself', (): string => String(process.pid)], ['process 1', (): string => '1'], ['nothing', (): string => '']])('leaves alone %s', async (_, pid) => {
    await writeFile(join(folder, 'asr.pid'), pid());
    await expect(restart().write({ running: true, env: {} })).rejects.toMatchObject({ code: 'REALOPS_PROCESS_REFUSED' });
    const member = spawn(process.execPath, ['-e', 'setInterval(() => 0, 1000)'], { stdio: 'ignore' });
    pids.add(member.pid ?? 0);
    await writeFile(join(folder, 'asr.pid'), String(member.pid));
    await expect(restart().write({ running: true, env: {} })).rejects.toThrow(/process group of RealOps/);
    expect(member.exitCode).toBeNull();
  });
});
