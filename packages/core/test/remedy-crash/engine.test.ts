import { mkdir, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { acknowledge, approveChange, load, run, viewLedger, type RunOptions, type RunReport, type Suite } from '../../src/index.js';
import { systemClock } from '../../src/time/index.js';
import { knobServer, session, SUITE, type KnobSystem } from './support.js';

const HOUR = 3_600_000;

let server: Awaited<ReturnType<typeof knobServer>>;
beforeAll(async () => void (server = await knobServer()));
afterAll(() => new Promise<void>((resolve) => void (server.server.closeAllConnections(), server.server.close(() => resolve()))));

interface Stage {
  readonly system: KnobSystem;
  readonly folder: string;
  readonly state: string;
  readonly file: string;
  load(text?: string): Promise<Suite>;
  go(options?: RunOptions & { readonly text?: string }): Promise<RunReport>;
}

/** A system with a suite of its own in a fresh folder. */
async function stage(delay: number, env: { readonly [name: string]: string } = {}): Promise<Stage> {
  const system = server.system(delay);
  const folder = await mkdtemp(join(tmpdir(), 'realops-engine-'));
  const file = join(folder, 'scenarios.yaml');
  const state = join(folder, '.realops');
  const loaded = async (text = SUITE): Promise<Suite> => {
    await writeFile(file, text);
    return load([file], { env: { BASE: system.base, ...env } });
  };
  return { system, folder, state, file, load: loaded, go: async ({ text, ...options } = {}) => run(await loaded(text), { state, reporters: [], remediate: 'apply', seed: 1, ...options }).report };
}

describe('one run', () => {
  it('repeats exactly the scenarios that failed, with exactly their rows', async () => {
    const { system, go } = await stage(100);
    const two = SUITE.replace('scenarios:\n', "scenarios:\n  - { id: other, data: { rows: [{ n: 1 }, { n: 2 }] }, steps: [{ use: http.request, with: { url: '${{ targets.api }}/config' } }] }\n").replace('{ id: ask, steps', '{ id: ask, data: { rows: [{ n: 1 }, { n: 2 }, { n: 3 }] }, steps');
    const report = await go({ text: two });
    expect(report).toMatchObject({ outcome: 'remedied', exit_code: 0, remediations: [{ state: 'kept', before: 100, after: 50, scenarios: ['ask'] }] });
    expect(system.work).toBe(6);
    expect(report.scenarios.map(({ id, rows }) => [id, rows.total])).toEqual([['other', 2], ['ask', 3]]);
  });

  it('undoes a change at once when a guard gets worse', async () => {
    const { system, state, go } = await stage(100);
    system.touchy = true;
    const report = await go();
    expect(report.remediations).toMatchObject([{ state: 'rolled-back' }]);
    expect(report.outcome).toBe('failed');
    expect(system.writes.map(({ value }) => value)).toEqual([50, 100]);
    expect((await viewLedger(state)).changes[0]?.why).toContain('max(work.other)');
  });

  it('catches a write that is answered and does nothing', async () => {
    const { system, go } = await stage(100);
    system.deaf = true;
    const report = await go();
    expect(report.remediations).toMatchObject([{ state: 'aborted', why: expect.stringContaining('the value did not change') as string }]);
    expect(system.work).toBe(1);
  });

  it('changes nothing while a fault is active', async () => {
    const { system, state, go } = await stage(100);
    await mkdir(state, { recursive: true });
    await writeFile(join(state, 'fault-active'), '');
    const report = await go();
    expect(report.held[0]?.why).toContain('fault');
    expect(system.writes).toEqual([]);
  });

  it('does not begin over a ledger that was tampered with', async () => {
    const { system, state, go } = await stage(300);
    await go();
    const ledger = join(state, 'ledger.jsonl');
    await writeFile(ledger, (await readFile(ledger, 'utf8')).replace('"before":300', '"before":301'));
    const [writes, work] = [system.writes.length, system.work];
    expect(await go()).toMatchObject({ outcome: 'could-not-run', exit_code: 4, reason: expect.stringContaining('ledger') as string });
    expect([system.writes.length, system.work]).toEqual([writes, work]);
  });

  it('puts no secret into ledger, log or reports, and can undo without having written it down', async () => {
    const { system, state, folder, go } = await stage(100, { TOKEN: 'tok-8c1f77aa42' });
    const text = SUITE.replace('targets:', 'secrets: [TOKEN]\ntargets:').replace("write: { url: '${{ targets.api }}/config',", "write: { url: '${{ targets.api }}/config', headers: { authorization: 'Bearer ${{ secrets.TOKEN }}' },");
    system.touchy = true;
    const report = await go({ text, runs: join(folder, 'runs') });
    expect(report.remediations).toMatchObject([{ state: 'rolled-back' }]);
    expect(system.delay).toBe(100);
    for (const base of [state, join(folder, 'runs', report.run_id)]) {
      for (const name of await readdir(base)) expect(await readFile(join(base, name), 'utf8').catch(() => ''), name).not.toContain('tok-8c1f77aa42');
    }
  });
});

describe('from run to run', () => {
  it('leaves a value alone that a person has set meanwhile, and calls one', async () => {
    const { system, state, go } = await stage(300);
    await go();
    system.delay = 700;
    const report = await go();
    // The second attempt starts from what the person set and is taken back to it; taking the first one back would overwrite it.
    expect((await viewLedger(state)).changes).toMatchObject([{ id: '1', state: 'conflict' }, { id: '2', state: 'rolled-back', before: 700, after: 650 }]);
    expect(system.delay).toBe(700);
    expect(report.manual_actions.map(({ command }) => command)).toContainEqual(expect.stringContaining('realops ack slow'));
  });

  it('takes both attempts back newest first, needs a person in the third, and goes on when one has seen to it', async () => {
    const { system, state, go } = await stage(300);
    const outcomes: string[] = [];
    for (let turn = 0; turn < 3; turn += 1) outcomes.push((await go()).outcome);
    expect(outcomes).toEqual(['failed', 'failed', 'needs-human']);
    expect(system.writes.map(({ value }) => value)).toEqual([250, 200, 250, 300]);
    expect((await go()).outcome).toBe('needs-human');
    expect(system.writes).toHaveLength(4);
    await acknowledge(state, { issue: 'slow', by: 'ada' });
    expect((await go()).remediations).toMatchObject([{ before: 300, after: 250 }]);
  });

  it('proposes without touching the system, and makes exactly the change that was allowed, once, in time', async () => {
    const { system, state, go } = await stage(100);
    expect((await go({ remediate: 'propose' })).remediations).toMatchObject([{ state: 'proposed' }]);
    expect(system.writes).toEqual([]);
    const digest = (await viewLedger(state)).changes[0]?.digest ?? '';
    await expect(approveChange(state, { digest: `${digest}0`, by: 'ada', forMs: HOUR })).rejects.toMatchObject({ code: 'REALOPS_VALUE_INVALID' });
    await approveChange(state, { digest, by: 'ada', forMs: HOUR });
    // Another change than the one that was allowed is proposed anew.
    system.delay = 110;
    expect((await go({ remediate: 'propose' })).remediations).toMatchObject([{ state: 'proposed', before: 110 }]);
    system.delay = 100;
    expect((await go({ remediate: 'propose' })).remediations).toMatchObject([{ state: 'kept' }]);
    system.delay = 100;
    expect((await go({ remediate: 'propose' })).remediations.filter(({ state: end }) => end === 'kept')).toEqual([]);
    expect(system.writes.map(({ value }) => value)).toEqual([50]);
  });

  it('an approval that is over allows nothing', async () => {
    const { system, state, go } = await stage(100);
    await go({ remediate: 'propose' });
    await approveChange(state, { digest: (await viewLedger(state)).changes[0]?.digest ?? '', by: 'ada', forMs: HOUR });
    const later = { ...systemClock, wall: () => new Date(Date.now() + 2 * HOUR) };
    expect((await go({ remediate: 'propose', clock: later })).remediations).toMatchObject([{ state: 'proposed' }]);
    expect(system.writes).toEqual([]);
  });

  it('keeps its cooldown when the clock is set back by a day', async () => {
    const { system, go } = await stage(300);
    const text = SUITE.replace('cooldown: 0s', 'cooldown: 1h');
    await go({ text });
    const earlier = { ...systemClock, wall: () => new Date(Date.now() - 24 * HOUR) };
    const report = await go({ text, clock: earlier });
    expect(report.held[0]?.why).toMatch(/rests|cooldown|used/);
    expect(system.writes).toHaveLength(1);
    const later = { ...systemClock, wall: () => new Date(Date.now() + 2 * HOUR) };
    expect((await go({ text, clock: later })).remediations[0]).toMatchObject({ before: 250, after: 200 });
  });

  it('a system that goes away while it is changed is seen to by the next run', async () => {
    const { system, state, go } = await stage(100);
    let gone = false;
    const text = SUITE;
    await go({ text, failPoint: (name) => {
      if (name === 'after:write' && !gone) {
        gone = true;
        server.server.closeAllConnections();
        server.server.close();
      }
    } });
    expect((await viewLedger(state)).changes).toMatchObject([{ state: 'unfinished' }]);
    server = await knobServer();
    const back = Object.assign(server.system(50), { writes: system.writes });
    const suite = await load([join(state, '..', 'scenarios.yaml')], { env: { BASE: back.base } });
    await run(suite, { state, reporters: [], remediate: 'propose' }).report;
    expect((await viewLedger(state)).changes[0]).toMatchObject({ state: 'rolled-back' });
    expect(back.delay).toBe(100);
  });

  it('of two processes that race for one system, one changes it and the other says why it does not', { timeout: 30_000 }, async () => {
    const { system, state, file, load: loaded } = await stage(300);
    await loaded();
    const both = await Promise.all([1, 2, 3].map(() => session({ suite: file, state, env: { BASE: system.base }, what: 'run' })));
    expect(both.map(({ error }) => error).join('')).toBe('');
    const winners = both.filter(({ points }) => points.some(({ name }) => name === 'after:write'));
    const { changes } = await viewLedger(state);
    expect(winners.length).toBe(changes.length);
    expect(new Set(changes.map(({ loop }) => loop)).size).toBe(changes.length);
    expect(system.writes.length).toBeGreaterThan(0);
  });
});
