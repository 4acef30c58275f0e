import { readFile, readdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { approveChange, load, loop, run, viewLedger, type LoopStatus, type RunReport } from '../../src/index.js';
import { loopSuite, loopSuiteText, slowSystem, until } from './support.js';

const outcomes = (statuses: readonly LoopStatus[]): readonly string[] => {
  const seen = new Map(statuses.flatMap(({ last }) => (last === null ? [] : [[last.ended, `${last.why} ${last.outcome}`] as const])));
  return [...seen.values()];
};

describe('a loop', () => {
  it('runs again and again, never two at once, and heals what fails', async () => {
    const system = await slowSystem(100);
    const { suite, state, runs } = await loopSuite(system.url, 'loop: { every: 1s }\n');
    const statuses: LoopStatus[] = [];
    const running = loop({ ...suite, loop: { ...suite.loop, schedule: { everyMs: 60 } } }, { state, runs, reporters: [], times: 3, onStatus: (status) => void statuses.push(status) });
    const report = await running.ended;
    expect(report?.outcome).toBe('healthy');
    expect(outcomes(statuses)).toEqual(['schedule remedied', 'schedule healthy', 'schedule healthy']);
    expect(system.writes).toEqual([50]);
    const onDisk: unknown = JSON.parse(await readFile(join(state, 'loop-status.json'), 'utf8'));
    expect(onDisk).toMatchObject({ version: 1, state: 'stopped', loops: 3, in_force: 1, failing_since: null, last: { outcome: 'healthy' } });
    expect(running.status()).toEqual(onDisk);
  });

  it('misses what is due while it is at work, tells it, and makes nothing up', async () => {
    const system = await slowSystem();
    const { suite, state } = await loopSuite(system.url, 'loop: { every: 1s }\n');
    let release: () => void = () => undefined;
    system.hold = new Promise((resolve) => (release = resolve));
    const reports: RunReport[] = [];
    const running = loop({ ...suite, loop: { ...suite.loop, schedule: { everyMs: 100 } } }, { state, reporters: [], times: 2, onEvent: (event) => void (event.event === 'warning' ? reports.push(event as never) : undefined) });
    await until(() => system.work > 0);
    const begun = system.work;
    await new Promise((resolve) => setTimeout(resolve, 450));
    expect(system.work).toBe(begun);
    system.hold = undefined;
    release();
    const report = await running.ended;
    expect(report?.warnings).toContainEqual({ about: 'loop', code: 'REALOPS_LOOP_MISSED', message: expect.stringMatching(/^[45] loops were due/) as string });
    expect(running.status().missed.count).toBeGreaterThanOrEqual(4);
    expect(system.work).toBe(6);
  });

  it('looks again sooner while something fails', async () => {
    const system = await slowSystem();
    system.illness = 500;
    const { suite, state } = await loopSuite(system.url, 'loop: { every: 1h, everyWhileFailing: 1s }\n');
    const statuses: LoopStatus[] = [];
    await loop({ ...suite, loop: { ...suite.loop, failingEveryMs: 50 } }, { state, reporters: [], remediate: 'off', times: 3, onStatus: (status) => void statuses.push(status) }).ended;
    expect(outcomes(statuses)).toEqual(['schedule failed', 'failing failed', 'failing failed']);
  });

  it('only one controls a system, also against single runs', async () => {
    const system = await slowSystem();
    const { suite, state } = await loopSuite(system.url, 'loop: { every: 1h }\n');
    await using first = loop(suite, { state, reporters: [] });
    await until(() => first.status().loops === 1);
    await expect(loop(suite, { state, reporters: [] }).ended).rejects.toMatchObject({ code: 'REALOPS_LEDGER_BUSY' });
    const report = await run(suite, { state, reporters: [], remediate: 'apply' }).report;
    expect(report.warnings).toContainEqual(expect.objectContaining({ code: 'REALOPS_LEDGER_BUSY' }));
  });

  it('a stop in the middle of a repetition undoes what was not validated', async () => {
    const system = await slowSystem(100);
    const { suite, state, runs } = await loopSuite(system.url, 'loop: { every: 1h }\n');
    const running = loop(suite, { state, runs, reporters: [], onEvent: (event) => {
      if (event.event !== 'remediation_applied') return;
      system.hold = new Promise(() => undefined);
      running.stop(new Error('received SIGTERM'));
    } });
    expect((await running.ended)?.outcome).toBe('cancelled');
    expect(system.writes).toEqual([50, 100]);
    expect((await viewLedger(state)).changes).toMatchObject([{ state: 'rolled-back', before: 100, after: 50 }]);
    expect(running.status()).toMatchObject({ state: 'stopped', in_force: 0 });
  });

  it('takes up an approval while it waits, at once', async () => {
    const system = await slowSystem(100);
    const { suite, state } = await loopSuite(system.url, 'loop: { every: 1h }\n');
    await using running = loop(suite, { state, reporters: [], remediate: 'propose' });
    await until(() => running.status().state === 'waiting');
    const [proposal] = (await viewLedger(state)).changes;
    expect(proposal).toMatchObject({ state: 'proposed', before: 100, after: 50 });
    const { recorded } = await approveChange(state, { digest: proposal?.digest ?? '', by: 'ada', forMs: 60_000 });
    expect(recorded).toBe(false);
    await until(() => running.status().last?.why === 'approval');
    expect(running.status().last?.outcome).toBe('remedied');
    expect(system.delay).toBe(50);
  });

  it('does at once what alerts ask for', async () => {
    const system = await slowSystem(150);
    const { suite, state } = await loopSuite(system.url, `alerts: [{ id: slow, when: "slos.quick.verdict = 'fail'", do: [remediate] }]\nloop: { every: 1h }\n`);
    const statuses: LoopStatus[] = [];
    await using running = loop(suite, { state, reporters: [], onStatus: (status) => void statuses.push(status) });
    await until(() => running.status().loops === 2 && running.status().state === 'waiting');
    // The first change does not suffice; the alert does not wait an hour for the second.
    expect(outcomes(statuses)).toEqual(['schedule failed', 'remediate remedied']);
    expect(system.writes).toEqual([100, 50]);
    expect(running.status().alerts).toEqual([]);
  });

  it('ends what ends by itself between two loops', async () => {
    const system = await slowSystem(100);
    const text = loopSuiteText(system.url, 'loop: { every: 1h }\n')
      .replace('range: [10, 400], maxStep: 60, unit: ms,', 'toggle: true,').replace("'${{ value }}'", "'${{ value ? 50 : 100 }}'").replaceAll('at: /delay', 'at: delay < 80')
      .replace('use: knob.change, with: { knob: delay, by: -50 }', 'use: toggle.set, with: { toggle: delay, to: true, for: 1s }');
    const { file, state } = await loopSuite(system.url, 'loop: { every: 1h }\n');
    await writeFile(file, text);
    await using running = loop(await load([file]), { state, reporters: [] });
    await until(() => system.writes.length === 2);
    expect(system.writes).toEqual([50, 100]);
    await until(async () => (await viewLedger(state)).changes[0]?.state === 'rolled-back' && running.status().in_force === 0);
    expect(running.status()).toMatchObject({ state: 'waiting', loops: 1 });
  });

  it('finishes what a killed process left before it waits for its first moment', async () => {
    const system = await slowSystem(100);
    const { suite, state } = await loopSuite(system.url, "loop: { cron: '0 0 1 1 *' }\n");
    await run(suite, { state, reporters: [], remediate: 'apply', failPoint: (name) => {
      if (name === 'after:applied') throw new Error('as if killed here');
    } }).report.catch(() => undefined);
    expect(system.delay).toBe(50);
    await using running = loop(suite, { state, reporters: [] });
    await until(() => running.status().state === 'waiting');
    expect(system.delay).toBe(100);
    expect((await viewLedger(state)).changes).toMatchObject([{ state: 'rolled-back' }]);
  });

  it('loads changed files before the next loop, and goes on with the suite from before when they are broken', async () => {
    const system = await slowSystem();
    const { suite, state, file } = await loopSuite(system.url, 'loop: { every: 1h, everyWhileFailing: 1s }\n');
    const notices: string[] = [];
    await using running = loop(suite, { state, reporters: [], remediate: 'off', reload: () => load([file]), onNotice: (message) => void notices.push(message) });
    await until(() => running.status().state === 'waiting');
    await writeFile(file, loopSuiteText(system.url, 'loop: { every: 1s }\n').replace('max(work.took) < 80ms', 'max(work.took) < 5ms'));
    await utimes(file, new Date(), new Date(Date.now() + 5_000));
    running.reload();
    // It waits for an hour by the suite that it knows; a stop and start would do the same.
    expect(running.status().loops).toBe(1);
    await running[Symbol.asyncDispose]();
    const quick = { ...suite, loop: { ...suite.loop, schedule: { everyMs: 50 } } };
    const again = loop(quick, { state, reporters: [], remediate: 'off', times: 3, reload: () => load([file]), onNotice: (message) => void notices.push(message) });
    await until(() => again.status().loops >= 1);
    await writeFile(file, 'version: 1\nsuite: [');
    const report = await again.ended;
    expect(report?.suite).toBe('slow');
    expect(report?.warnings.map(({ code }) => code)).toContain('REALOPS_LOAD_FAILED');
    expect(again.status().problem).toContain('problem');
  });

  it('says how it stands at /healthz, on loopback only', async () => {
    const system = await slowSystem();
    const { suite, state } = await loopSuite(system.url, 'loop: { every: 1h, health: 0 }\n');
    await using running = loop(suite, { state, reporters: [] });
    await until(() => running.status().state === 'waiting');
    const url = running.status().health ?? '';
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/healthz$/);
    const answer = await fetch(url);
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ state: 'waiting', loops: 1, last: { outcome: 'healthy' } });
    expect((await fetch(url, { method: 'POST' })).status).toBe(405);
    expect((await fetch(url.replace('healthz', 'other'))).status).toBe(404);
    running.stop();
    await running.ended;
    await expect(fetch(url)).rejects.toThrow();
  });

  it('keeps as many run folders as it is told, and those with incidents', async () => {
    const system = await slowSystem();
    const { suite, state, runs } = await loopSuite(system.url, `alerts: [{ id: first, when: "history.loops = 0", do: [create-incident] }]\nloop: { every: 1h, everyWhileFailing: 1s }\n`);
    system.illness = 500;
    await loop({ ...suite, loop: { ...suite.loop, failingEveryMs: 10 } }, { state, runs, reporters: [], keep: 2, times: 5 }).ended;
    const left = (await readdir(runs)).filter((name) => name !== 'latest');
    expect(left).toHaveLength(3);
    expect((await Promise.all(left.map((name) => readdir(join(runs, name))))).flat().filter((name) => name.startsWith('incident-')).length).toBeGreaterThanOrEqual(1);
  });

  it('goes on when a loop cannot even keep its log', async () => {
    const system = await slowSystem();
    const { suite, state, folder } = await loopSuite(system.url, 'loop: { every: 1s }\n');
    const runs = join(folder, 'blocked');
    await writeFile(runs, 'a file where the folder should be');
    const notices: string[] = [];
    const running = loop({ ...suite, loop: { ...suite.loop, schedule: { everyMs: 20 } } }, { state, runs, reporters: [], times: 2, onNotice: (message) => void notices.push(message) });
    expect(await running.ended).toBeUndefined();
    expect(notices).toHaveLength(2);
    expect(running.status()).toMatchObject({ loops: 2, last: { outcome: 'could-not-run', exit_code: 4 } });
  });
});
