import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { load, run, viewLedger, type RunReport } from '../../src/index.js';
import { loopSuite, loopSuiteText, slowSystem } from '../loop/support.js';

const NOWHERE = { reporters: [], remediate: 'apply' } as const;

describe('people are called without any alert', () => {
  it('when an issue newly needs them, with what was tried before', async () => {
    const system = await slowSystem(200);
    system.illness = 500;
    const { suite, state, runs } = await loopSuite(system.url, '');
    const reports: RunReport[] = [];
    for (let turn = 0; turn < 4; turn += 1) reports.push(await run(suite, { state, runs, ...NOWHERE }).report);
    expect(reports.map(({ outcome }) => outcome)).toEqual(['failed', 'failed', 'needs-human', 'needs-human']);
    expect(reports.map(({ incidents }) => incidents.length)).toEqual([0, 0, 1, 0]);
    const incident = await readFile(join(runs, reports[2]?.run_id ?? '', 'incident-001-slow.md'), 'utf8');
    expect(incident).toContain('The issue slow needs a person');
    expect(incident).toContain('tried: delay 200 → 150 by faster (change 1, rolled back)');
    expect(incident).toContain('tried: delay 150 → 100 by faster (change 2, rolled back)');
    expect(system.delay).toBe(200);
  });

  it('when the system was given time to recover and did not', async () => {
    const system = await slowSystem(200);
    const { file, state, runs } = await loopSuite(system.url, '');
    const wait = `use: wait.recovery, with: { step: { use: http.request, with: { url: '${system.url}/config' } }, condition: body.delay < 80, every: 50ms, within: 300ms }`;
    await writeFile(file, loopSuiteText(system.url, '').replace('use: knob.change, with: { knob: delay, by: -50 }', wait));
    const report = await run(await load([file]), { state, runs, ...NOWHERE }).report;
    expect(report.incidents).toMatchObject([{ id: '001-faster', severity: 'critical' }]);
    expect(await readFile(join(runs, report.run_id, 'incident-001-faster.md'), 'utf8')).toContain('# Incident 001-faster: faster: it came to nothing');
    expect(system.writes).toEqual([]);
  });

  it('into the state folder when a run keeps no folder of its own', async () => {
    const system = await slowSystem(40);
    const { file, state } = await loopSuite(system.url, `alerts: [{ id: always, when: "slos.quick.verdict = 'pass'", do: [create-incident] }]\n`);
    const report = await run(await load([file]), { state, ...NOWHERE }).report;
    expect(await readFile(join(state, 'incidents', report.run_id, report.incidents[0]?.file ?? ''), 'utf8')).toContain('# Incident 001-always');
  });
});

describe('half the evidence', () => {
  it('changes nothing, and solves nothing', async () => {
    const system = await slowSystem(200);
    const { file, state } = await loopSuite(system.url, '');
    await writeFile(file, loopSuiteText(system.url, '').replace('steps: [{ id: ask', 'steps: [{ use: wait.for, with: { duration: 200ms } }, { id: ask'));
    const report = await run(await load([file]), { state, ...NOWHERE, concurrency: 1, budget: { execute: 300 } }).report;
    expect(report.outcome).toBe('failed');
    expect(report.held).toEqual([{ issue: 'slow', remedy: null, why: expect.stringContaining('nothing is changed on half the evidence') as string }]);
    expect(system.writes).toEqual([]);
    expect((await viewLedger(state)).issues).toMatchObject([{ issue: 'slow', failures: 1 }]);
    system.delay = 40;
    await run(await load([file]), { state, ...NOWHERE, concurrency: 1, budget: { execute: 300 } }).report;
    expect((await viewLedger(state)).issues).toMatchObject([{ issue: 'slow', failures: 1 }]);
  });

  it('undoes a change whose repetition takes too long for the phase', async () => {
    const system = await slowSystem(100);
    system.holdAfterWrite = true;
    const { suite, state } = await loopSuite(system.url, '');
    const report = await run(suite, { state, ...NOWHERE, budget: { remedy: 400 } }).report;
    expect(report.remediations).toMatchObject([{ state: 'rolled-back', before: 100, after: 50 }]);
    expect(report.warnings).toContainEqual(expect.objectContaining({ code: 'REALOPS_BUDGET', about: 'remedy' }));
    expect(report.outcome).toBe('failed');
    expect(system.writes).toEqual([50, 100]);
  });
});
