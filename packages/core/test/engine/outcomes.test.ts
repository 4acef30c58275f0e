import { describe, expect, it } from 'vitest';
import { definePlugin, defineStep } from '../../src/plugin.js';
import { probePlugin, runText } from './support.js';

describe('a run', () => {
  it('is healthy when all holds, and says so in order', async () => {
    const { events, report } = await runText(`
scenarios:
  - id: one
    data: [{ n: 10 }, { n: 20 }, { n: 30 }]
    steps:
      - { id: a, use: probe.give, with: { value: '\${{ row.n }}' }, expect: value = row.n, save: { last: value } }
      - { id: b, use: probe.give, with: { value: '\${{ saved.last & " ms" }}' }, expect: "value = $string(row.n) & ' ms'" }
slos:
  - { id: fast, objective: p95(probe.value) < 50ms }
  - { id: ok, objective: rate(probe.ok) >= 50% }
`);
    expect(report.outcome).toBe('healthy');
    expect(report.exit_code).toBe(0);
    expect(report.slos.map(({ verdict, value, samples }) => [verdict, value, samples])).toEqual([['pass', 30, 3], ['pass', 1, 6]]);
    expect(report.scenarios[0]?.rows).toMatchObject({ total: 3, passed: 3, failed: 0 });
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
    expect([events[0]?.event, events.at(-1)?.event]).toEqual(['run_start', 'run_end']);
  });

  it('fails a row whose expectation does not hold, with what was got, and goes on with the others', async () => {
    const { report } = await runText(`
scenarios:
  - id: one
    data: [{ n: 1 }, { n: 2 }]
    steps:
      - { id: a, use: probe.give, with: { value: '\${{ row.n }}' }, expect: [value < 2, value > 0] }
      - { id: never, use: probe.give, if: row.n = 2 }
`);
    expect(report.outcome).toBe('failed');
    expect(report.exit_code).toBe(1);
    const [failure] = report.scenarios[0]?.failures ?? [];
    expect(failure).toMatchObject({ row: 2, step: 'a', outcome: 'failed', error: { code: 'REALOPS_EXPECT_FAILED' } });
    expect(failure?.expectations).toEqual([{ expression: 'value < 2', held: false, got: { value: 2 } }, { expression: 'value > 0', held: true, got: {} }]);
    expect(failure?.command).toContain('--scenario one --row 2');
  });

  it('never passes without data', async () => {
    const { report } = await runText(`
scenarios: [{ id: one, steps: [{ use: probe.give, with: { value: text } }] }]
slos: [{ id: fast, objective: p95(probe.value) < 50ms }]
`);
    expect(report.slos[0]?.verdict).toBe('no-data');
    expect([report.outcome, report.exit_code]).toEqual(['inconclusive', 5]);
  });

  it('counts attempts without a value as worse than the limit', async () => {
    const { report } = await runText(`
scenarios:
  - id: one
    steps:
      - { use: probe.give, with: { value: 1 } }
      - { use: probe.fail, onFailure: continue }
slos: [{ id: reached, objective: rate(probe.reached) >= 50% }]
`);
    expect(report.slos[0]).toMatchObject({ verdict: 'fail', value: 0, samples: 1 });
    expect(report.outcome).toBe('failed');
  });

  it('keeps every attempt of a retry on the record and calls the row flaky', async () => {
    const plugin = probePlugin();
    const { events, report } = await runText(`
scenarios: [{ id: one, steps: [{ id: f, use: probe.fail, with: { until: 3 }, retry: { attempts: 4, delay: 1ms, on: [connection] }, expect: attempt = 3 }] }]
slos: [{ id: reached, objective: rate(probe.reached) >= 90% }]
`, { plugin });
    expect(plugin.calls).toEqual(['f#1', 'f#2', 'f#3']);
    expect(events.filter(({ event }) => event === 'step_end').map((event) => (event.event === 'step_end' ? [event.outcome, event.retried] : []))).toEqual([['error', true], ['error', true], ['passed', false]]);
    expect(report.scenarios[0]?.rows.flaky).toBe(1);
    expect(report.slos[0]).toMatchObject({ verdict: 'fail', samples: 3 });
  });

  it('does not retry what the suite did not name', async () => {
    const plugin = probePlugin();
    await runText('scenarios: [{ id: one, steps: [{ id: f, use: probe.fail, with: { code: REALOPS_PROTOCOL }, retry: { attempts: 4, on: [connection] } }] }]', { plugin });
    expect(plugin.calls).toEqual(['f#1']);
  });

  it('ends a step that ignores its signal at the deadline', async () => {
    const { report } = await runText('scenarios: [{ id: one, steps: [{ use: probe.hang, timeout: 50ms }], finally: [{ id: cleanup, use: probe.give }] }]');
    expect(report.scenarios[0]?.failures[0]).toMatchObject({ outcome: 'error', error: { code: 'REALOPS_TIMEOUT' } });
    expect(report.duration_ms).toBeLessThan(2_000);
  });

  it('always runs finally, with what the steps left', async () => {
    const plugin = probePlugin();
    await runText('scenarios: [{ id: one, steps: [{ id: a, use: probe.give, with: { value: 7 } }, { use: probe.fail }], finally: [{ id: z, use: probe.give, with: { value: "${{ steps.a.value }}" } }] }]', { plugin });
    expect(plugin.calls).toEqual(['a:7', 'step2#1', 'z:7']);
    expect(plugin.closed).toEqual(['a', 'z']);
  });

  it('goes over lists, repeats until, and runs steps side by side', async () => {
    const plugin = probePlugin();
    const { report } = await runText(`
scenarios:
  - id: one
    steps:
      - { id: all, use: probe.give, each: [1, 2, 3], with: { value: '\${{ item * 10 + index }}' } }
      - { id: last, use: probe.give, with: { value: '\${{ $sum(steps.all.value) }}' }, expect: value = 63 }
      - { id: poll, use: probe.give, repeat: { times: 10, delay: 1ms }, until: call >= 6 }
      - id: both
        parallel:
          - { id: p1, use: probe.give, with: { value: 1, ms: 30 } }
          - { id: p2, use: probe.give, with: { value: 2, ms: 30 } }
      - { id: sum, use: probe.give, with: { value: '\${{ $double(steps.p1.value + steps.p2.value) }}' }, expect: value = 6 }
`, { plugin });
    expect(report.scenarios[0]?.failures).toEqual([]);
    expect(plugin.running.most).toBe(2);
    expect(plugin.calls.filter((call) => call.startsWith('poll'))).toHaveLength(2);
  });

  it('fails when until is never reached', async () => {
    const { report } = await runText('scenarios: [{ id: one, steps: [{ use: probe.give, with: { value: 1 }, repeat: 3, until: value = 2 }] }]');
    expect(report.scenarios[0]?.failures[0]?.error.code).toBe('REALOPS_UNTIL_NOT_REACHED');
  });

  it('skips rows for want of consent or a secret, with the reason, and is inconclusive', async () => {
    const { report } = await runText(`
secrets: [CALENDAR_TOKEN]
scenarios:
  - { id: consent, steps: [{ use: probe.write }] }
  - { id: secret, steps: [{ use: probe.give, with: { value: '\${{ secrets.CALENDAR_TOKEN }}' } }] }
`);
    expect(report.scenarios.map(({ outcome, skipped }) => [outcome, skipped[0]?.reason])).toEqual([['skipped', 'probe.write needs the consent scope calendar:write'], ['skipped', 'the secret CALENDAR_TOKEN is not set']]);
    expect(report.exit_code).toBe(5);
  });

  it('runs nothing when preflight does not hold', async () => {
    const plugin = probePlugin();
    const { report } = await runText('preflight: [{ id: up, use: probe.give, with: { value: 1 }, expect: value = 2 }]\nscenarios: [{ id: one, steps: [{ use: probe.give }] }]', { plugin });
    expect([report.outcome, report.exit_code]).toEqual(['could-not-run', 4]);
    expect(plugin.calls).toEqual(['up:1']);
  });

  it('computes metrics of the suite from outputs', async () => {
    const { report } = await runText(`
metrics:
  length: { kind: distribution, unit: count, from: chat, value: $length(value) }
  words: { kind: counter }
scenarios: [{ id: one, steps: [{ id: chat, use: probe.give, with: { value: hello world }, measure: { words: "$count($split(value, ' '))" } }] }]
slos: [{ id: len, objective: max(length) <= 11 }, { id: w, objective: sum(words) = 2 }]
`);
    expect(report.slos.map(({ verdict, value }) => [verdict, value])).toEqual([['pass', 11], ['pass', 2]]);
  });
});

describe('what a step sees of the environment', () => {
  it('is what the suite was loaded with, without its secrets', async () => {
    const seen: { readonly [name: string]: string }[] = [];
    const look = defineStep({ use: 'probe.look', description: 'Looks around.', with: { type: 'object', properties: {} }, run: async (_, { env }) => void seen.push(env) });
    const { report } = await runText('secrets: [TOKEN]\nscenarios: [{ id: one, data: [{}, {}], steps: [{ id: a, use: probe.look }] }]\n', { env: { PATH: '/bin', TOKEN: 'not for your eyes' }, plugin: definePlugin({ name: 'look', apiVersion: 1, steps: [look] }) });
    expect(report.scenarios[0]?.rows.passed).toBe(2);
    expect(seen).toEqual([{ PATH: '/bin' }, { PATH: '/bin' }]);
    // One object for a suite, so that what was found in it can be kept by it.
    expect(seen[0]).toBe(seen[1]);
  });
});
