import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { receiver } from '../notifiers/support.js';
import { movableClock, runIn, shakySystem, suiteText, temporary } from './support.js';

const ALERT = (more: string): string => `alerts: [{ id: down, title: The assistant is down, when: "slos.works.verdict = 'fail'", severity: critical, do: [collect-diagnostics, create-incident, notify: team]${more} }]\n`;

const kinds = (events: readonly { readonly event: string }[]): readonly string[] => events.map(({ event }) => event).filter((event) => /^alert|^incident|^diagnostics/.test(event));

describe('alerts of a run', () => {
  it('fire once, write an incident with diagnostics, reach people, and clear', async () => {
    const system = await shakySystem();
    const team = await receiver();
    const folder = await temporary();
    const text = suiteText(system.url, `${ALERT('')}notify: { team: { use: webhook, url: '${team.url}' } }\n`);
    expect(kinds((await runIn(folder, text)).events)).toEqual([]);
    system.healthy = false;
    const failed = await runIn(folder, text);
    expect(kinds(failed.events)).toEqual(['alert_fired', 'diagnostics_collected', 'incident_opened']);
    expect(failed.report.incidents).toEqual([{ id: '002-down', title: 'The assistant is down', severity: 'critical', file: 'incident-002-down.md' }]);
    const incident = await readFile(join(failed.directory, 'incident-002-down.md'), 'utf8');
    expect(incident).toContain('# Incident 002-down: The assistant is down');
    expect(incident).toContain('`diagnostics-001-down.json`');
    expect(incident).toContain('realops run');
    expect(incident).not.toContain('the log ends before the run does');
    const bundle: unknown = JSON.parse(await readFile(join(failed.directory, 'diagnostics-001-down.json'), 'utf8'));
    // One state of the machine from the beginning of the run, one from the end.
    expect((bundle as { system: unknown[] }).system).toHaveLength(2);
    expect(bundle).toMatchObject({ suite: 'shaky', outcome: 'failed', failed_steps: [{ event: 'step_end', outcome: 'failed' }] });
    expect(team.got).toHaveLength(1);
    expect(JSON.parse(team.got[0]?.body ?? '{}')).toMatchObject({ title: 'Alert: The assistant is down', severity: 'critical', state: 'fired', suite: 'shaky' });
    // Still failing: nobody is told again.
    expect(kinds((await runIn(folder, text)).events)).toEqual([]);
    system.healthy = true;
    expect(kinds((await runIn(folder, text)).events)).toEqual(['alert_cleared']);
    expect(team.got.map(({ body }) => (JSON.parse(body) as { state: string }).state)).toEqual(['fired', 'cleared']);
  });

  it('a notification is no sample of the run, and its host is not within reach of steps', async () => {
    const system = await shakySystem();
    system.healthy = false;
    const team = await receiver();
    const { report } = await runIn(await temporary(), suiteText(system.url, `${ALERT('')}notify: { team: { use: webhook, url: '${team.url}' } }\n`));
    expect(team.got).toHaveLength(1);
    expect(report.slos[0]).toMatchObject({ samples: 1, verdict: 'fail' });
    expect(report.metrics.find(({ metric, scenario }) => metric === 'http.success' && scenario === null)?.samples).toBe(1);
  });

  it('waits until the condition has held for its time', async () => {
    const system = await shakySystem();
    system.healthy = false;
    const clock = movableClock();
    const folder = await temporary();
    const text = suiteText(system.url, `alerts: [{ id: down, when: "slos.works.verdict = 'fail'", for: 10m, do: [create-incident] }]\n`);
    expect(kinds((await runIn(folder, text, { clock })).events)).toEqual([]);
    clock.later(6 * 60_000);
    expect(kinds((await runIn(folder, text, { clock })).events)).toEqual([]);
    clock.later(6 * 60_000);
    expect(kinds((await runIn(folder, text, { clock })).events)).toEqual(['alert_fired', 'incident_opened']);
  });

  it('a system that is not even ready can fire too', async () => {
    const folder = await temporary();
    const text = suiteText('http://127.0.0.1:1', `alerts: [{ id: gone, when: "$count(events[event='step_end' and scenario='preflight' and outcome!='passed']) > 0", severity: critical, do: [create-incident] }]\n`);
    const { report, directory } = await runIn(folder, text);
    expect(report).toMatchObject({ outcome: 'could-not-run', exit_code: 4, alerts: [{ alert: 'gone', state: 'fired' }] });
    expect(await readFile(join(directory, report.incidents[0]?.file ?? ''), 'utf8')).toContain('Preflight that did not hold');
  });

  it('a message that cannot be delivered is a warning, is kept, and goes out with a later run', async () => {
    const system = await shakySystem();
    system.healthy = false;
    let up = false;
    const team = await receiver((response) => {
      response.statusCode = up ? 200 : 503;
      response.end('ok');
    });
    const folder = await temporary();
    const text = suiteText(system.url, `${ALERT('')}notify: { team: { use: webhook, url: '${team.url}' } }\nloop: { budget: { report: 2s } }\n`);
    const first = await runIn(folder, text, { budget: { report: 1_500 } });
    expect(first.report.warnings).toContainEqual(expect.objectContaining({ about: 'notify team', message: expect.stringContaining('it is tried again with the next run') as string }));
    expect(first.report.outcome).toBe('failed');
    up = true;
    const before = team.got.length;
    await runIn(folder, text);
    expect(team.got.slice(before).map(({ body }) => (JSON.parse(body) as { title: string }).title)).toEqual(['Alert: The assistant is down']);
    await runIn(folder, text);
    expect(team.got).toHaveLength(before + 1);
  });

  it('a missing secret of a channel is told by name, and no secret leaves in a message', async () => {
    const system = await shakySystem();
    system.healthy = false;
    const team = await receiver();
    const sections = `secrets: [HOOK]\n${ALERT('')}notify: { team: { use: webhook, url: '\${{ secrets.HOOK }}' } }\n`;
    const missing = await runIn(await temporary(), suiteText(system.url, sections));
    expect(missing.report.warnings).toContainEqual({ about: 'notify team', code: 'REALOPS_WITH_INVALID', message: expect.stringContaining('needs the secret HOOK') as string });
    const folder = await temporary();
    await runIn(folder, suiteText(system.url, sections), { env: { HOOK: `${team.url}/token-4711-secret` } });
    expect(team.got[0]?.path).toMatch(/\/token-4711-secret$/);
    expect(team.got[0]?.body).not.toContain('token-4711-secret');
    for (const file of await readdir(join(folder, '.realops'))) expect(await readFile(join(folder, '.realops', file), 'utf8').catch(() => '')).not.toContain('token-4711-secret');
  });

  it('asks for what should run next: a caller gets it, a person a command', async () => {
    const system = await shakySystem();
    system.healthy = false;
    const text = suiteText(system.url, `alerts: [{ id: down, title: Down, when: "slos.works.verdict = 'fail'", do: [retest, remediate] }]\n`);
    const told = await runIn(await temporary(), text, { suiteArgument: 'my suite' });
    expect(told.report.manual_actions.map(({ command }) => command)).toEqual(expect.arrayContaining(["realops run 'my suite' --scenario look --remediate off", "realops run 'my suite' --scenario look --remediate apply"]));
    const asked: unknown[] = [];
    await runIn(await temporary(), text, { onFollowUp: (next) => void asked.push(next) });
    expect(asked).toEqual([{ kind: 'retest', scenarios: ['look'], alerts: ['down'] }, { kind: 'remediate', scenarios: ['look'], alerts: ['down'] }]);
  });

  it('begins anew, and says so, when what was known cannot be read', async () => {
    const system = await shakySystem();
    system.healthy = false;
    const folder = await temporary();
    const text = suiteText(system.url, ALERT('').replace(', notify: team', ''));
    await runIn(folder, text);
    await writeFile(join(folder, '.realops', 'alerts.json'), '{"version":1,"state":{"vers');
    const { events, report } = await runIn(folder, text);
    expect(report.warnings).toContainEqual(expect.objectContaining({ code: 'REALOPS_ALERT_STATE' }));
    expect(kinds(events)).toContain('alert_fired');
  });

  it('stay silent while another process acts for the state folder', async () => {
    const system = await shakySystem();
    system.healthy = false;
    const folder = await temporary();
    const text = suiteText(system.url, ALERT('').replace(', notify: team', ''));
    const { openLedger } = await import('../../src/remedy/store.js');
    const { systemClock } = await import('../../src/time/index.js');
    await using held = await openLedger({ folder: join(folder, '.realops'), clock: systemClock, owner: 'loop of shaky', pid: process.pid });
    expect(held.records).toEqual([]);
    for (const remediate of ['off', 'apply'] as const) {
      const { events, report } = await runIn(folder, text, { remediate });
      expect(kinds(events)).toEqual([]);
      expect(report.warnings).toContainEqual(expect.objectContaining({ code: 'REALOPS_LEDGER_BUSY' }));
    }
  });
});

describe('the time of phases', () => {
  const slow = (url: string): string => suiteText(url, '').replace("steps: [{ id: look", "data: { rows: [{ n: 1 }, { n: 2 }, { n: 3 }], parallel: 1 }\n    steps: [{ use: wait.for, with: { duration: 300ms } }, { id: look");

  it('execution that is cut short is never healthy, and says how', async () => {
    const system = await shakySystem();
    const { report } = await runIn(await temporary(), slow(system.url), { budget: { execute: 450 } });
    expect(report.outcome).toBe('inconclusive');
    expect(report.reason).toContain('execute was ended by its budget of 450 ms');
    expect(report.warnings).toContainEqual(expect.objectContaining({ code: 'REALOPS_BUDGET', about: 'execute' }));
  });

  it('a preflight that takes too long could not run', async () => {
    const system = await shakySystem();
    const text = suiteText(system.url, '').replace('preflight: [', 'preflight: [{ use: wait.for, with: { duration: 5s } }, ');
    const { report } = await runIn(await temporary(), text, { budget: { preflight: 200 } });
    expect(report).toMatchObject({ outcome: 'could-not-run', exit_code: 4, reason: 'preflight was ended by its budget of 200 ms' });
  });
});
