import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { load, RealopsError, type Suite } from '../index.js';

const BASE = `version: 1
suite: whole
targets: { api: 'http://127.0.0.1:8000' }
secrets: [HOOK]
vars: { step: 2 }
preflight:
  - { id: health, use: http.request, with: { url: api } }
scenarios:
  - { id: chat, steps: [{ use: http.request, with: { url: api } }] }
  - { id: chat-noisy, steps: [{ use: http.request, with: { url: api } }] }
metrics:
  hits: { kind: counter }
slos:
  - { id: fast, objective: p95(http.total) < 800ms }
  - { id: all-ok, objective: rate(http.success) >= 99% }
`;
const RULES = `diagnoses:
  - id: slow
    when: slos.fast.verdict in ["fail", "error"] and metrics.http.total.in.\`chat-noisy\`.p95 > 800 and preflight.health.status = 200
    cause: Too much is searched
    evidence:
      - metrics.hits.sum
      - slos.\`all-ok\`.value
      - $count(events[event = "warning"])
      - history.slos.fast.verdicts[0] = "pass"
    confidence: $min([1, metrics.http.success.rate])
    explains: fast
  - { id: other, when: history.loops > 3 and "fail" in history.slos.fast.verdicts, cause: Other, explains: [fast, all-ok], confidence: 0.9 }
  - { id: plain, when: 'slos.fast.value > slos.fast.limit', cause: Plain }
knobs:
  topK: { range: [1, 10], maxStep: 5, whole: true, read: { url: api, at: /top_k }, write: { url: api, json: { top_k: '\${{ value }}' } }, settle: 500ms }
  vad: { range: [0.1, 0.9], maxStep: 0.2, unit: s, read: { command: [ctl, get], at: vad.start }, write: { command: [ctl, set, '--start=\${{ value }}'] } }
  model: { values: [small, large, 3], read: { file: a.yaml, at: /model }, write: { file: a.yaml, at: model.name, reload: { command: [ctl, reload] } } }
  deep: { toggle: true, read: { url: '\${{ targets.api }}/deep' }, write: { url: api, method: PUT, headers: { authorization: '\${{ secrets.HOOK }}' }, json: '\${{ value }}' } }
remedies:
  - { id: three, title: Fewer, when: diagnosis = "slow", use: knob.set, with: { knob: topK, to: 3, only: lower }, cooldown: 1h, dailyLimit: 2, guards: [all-ok, 'p95(http.total) < 2s'], approval: true, settle: 3s }
  - { id: two, when: diagnosis = "unknown", use: knob.set, with: { knob: topK, to: 2, only: lower } }
  - { id: less, when: diagnosis != "slow", use: knob.change, with: { knob: topK, by: '\${{ -vars.step }}' } }
  - { id: later, when: diagnosis = null or history.remedies.three.minutesSince > 30, use: knob.change, with: { knob: vad, by: 0.1 s } }
alerts:
  - { id: slow, when: slos.fast.verdict = "fail" and diagnosis = "slow", for: 10s, clearAfter: 1m, severity: critical, do: [collect-diagnostics, create-incident, retest, remediate, notify: team], group: chat, repeat: 4h, quiet: '22:00-07:30' }
  - { id: quick, title: Quick, when: metrics.hits.last > 3, do: [notify: log] }
notify:
  team: { use: webhook, url: 'https://hooks.example/\${{ secrets.HOOK }}' }
  log: { use: file, path: alerts.jsonl }
`;

describe('the sections of remediation', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'realops-remediation-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));
  const loadText = async (...texts: readonly string[]): Promise<Suite> => {
    const files = await Promise.all(texts.map(async (text, index) => {
      const file = join(folder, `suite-${index}.yaml`);
      await writeFile(file, text);
      return file;
    }));
    return load(files);
  };
  const codesOf = async (...texts: readonly string[]): Promise<readonly string[]> => {
    try {
      await loadText(...texts);
      return [];
    } catch (error) {
      if (!(error instanceof RealopsError)) throw error;
      return error.problems.map(({ code }) => code);
    }
  };

  it('are compiled whole', async () => {
    const suite = await loadText(`${BASE}${RULES}loop: { cron: '*/15 * * * *', everyWhileFailing: 2m, budget: { preflight: 30s, remedy: 2m }, health: 0 }\n`);
    expect(suite.diagnoses.map(({ id, explains, evidence, confidence }) => [id, explains, evidence.length, typeof confidence])).toEqual([['slow', ['fast'], 4, 'object'], ['other', ['fast', 'all-ok'], 0, 'number'], ['plain', undefined, 0, 'number']]);
    expect(suite.diagnoses[0]?.source).toMatchObject({ line: 17, column: 5 });
    expect([...suite.knobs.values()].map(({ name, bounds, settleMs, directory }) => [name, bounds, settleMs, directory])).toEqual([
      ['topK', { kind: 'number', low: 1, high: 10, maxStep: 5, whole: true, unit: undefined }, 500, folder],
      ['vad', { kind: 'number', low: 0.1, high: 0.9, maxStep: 0.2, whole: false, unit: 's' }, 2_000, folder],
      ['model', { kind: 'choice', values: ['small', 'large', 3] }, 2_000, folder],
      ['deep', { kind: 'toggle' }, 2_000, folder],
    ]);
    await expect(suite.knobs.get('vad')?.write.render({ value: 0.4 })).resolves.toEqual({ command: ['ctl', 'set', '--start=0.4'] });
    await expect(suite.knobs.get('deep')?.write.render({ value: false, secrets: { HOOK: 'k' } })).resolves.toMatchObject({ json: false, headers: { authorization: 'k' } });
    const [three, two] = suite.remedies;
    expect(three).toMatchObject({ id: 'three', title: 'Fewer', cooldownMs: 3_600_000, dailyLimit: 2, approval: true, settleMs: 3_000, guards: [{ metric: 'http.success', aggregate: 'rate', limit: 0.99 }, { metric: 'http.total', limit: 2_000 }], directory: folder });
    expect(three?.action).toBe(suite.actions.get('knob.set'));
    expect(two).toMatchObject({ title: 'two', cooldownMs: 1_800_000, dailyLimit: 4, approval: false, settleMs: 0, guards: [] });
    expect(suite.alerts[0]).toMatchObject({ id: 'slow', title: 'slow', forMs: 10_000, clearMs: 60_000, severity: 'critical', group: 'chat', repeatMs: 14_400_000, quiet: { fromMinute: 1_320, toMinute: 450 }, actions: [{ kind: 'collect-diagnostics' }, { kind: 'create-incident' }, { kind: 'retest' }, { kind: 'remediate' }, { kind: 'notify', channel: 'team' }] });
    expect(suite.alerts[1]).toMatchObject({ title: 'Quick', forMs: 0, clearMs: 0, severity: 'major', group: undefined, repeatMs: undefined, quiet: undefined });
    expect([...suite.channels.values()].map(({ name, type }) => [name, type.name])).toEqual([['team', 'webhook'], ['log', 'file']]);
    await expect(suite.channels.get('team')?.options.render({ secrets: { HOOK: 'k' } })).resolves.toEqual({ url: 'https://hooks.example/k' });
    expect(suite.loop).toEqual({ schedule: { cron: '*/15 * * * *' }, failingEveryMs: 120_000, budget: { preflight: 30_000, remedy: 120_000 }, healthPort: 0 });
  });

  it('may stand in any file of a suite', async () => {
    const suite = await loadText(BASE, RULES, 'loop: { every: 90s }\n');
    expect(suite.remedies.map(({ id, source }) => [id, source.file.endsWith('suite-1.yaml')])).toEqual([['three', true], ['two', true], ['less', true], ['later', true]]);
    expect(suite.loop.schedule).toEqual({ everyMs: 90_000 });
  });

  it('are empty in a suite without them, which is otherwise what it is with them', async () => {
    const without = await loadText(BASE);
    expect(without).toMatchObject({ diagnoses: [], knobs: new Map(), remedies: [], alerts: [], channels: new Map(), loop: { schedule: { everyMs: 900_000 }, failingEveryMs: undefined, budget: {}, healthPort: undefined } });
    const { diagnoses: _d, knobs: _k, remedies: _r, alerts: _a, channels: _c, loop: _l, ...rest } = await loadText(`${BASE}${RULES}`);
    const shown = (suite: object): string => JSON.stringify(suite, (_, value: unknown) => (value instanceof Map || value instanceof Set ? [...value] : value));
    const { diagnoses: _1, knobs: _2, remedies: _3, alerts: _4, channels: _5, loop: _6, ...bare } = without;
    expect(shown(rest)).toBe(shown(bare));
  });

  it('are no cause of problems elsewhere: entries that are broken are known by name', async () => {
    const broken = RULES.replace('id: slow\n    when:', 'id: slow\n    whem: x\n    when:').replace('range: [1, 10], maxStep: 5,', 'range: [10, 1], maxStep: 5,');
    expect(await codesOf(`${BASE}${broken}`)).toEqual(['REALOPS_KEY_UNKNOWN', 'REALOPS_KNOB_INVALID']);
  });

  it('leave parameters with a template to the moment when they are rendered', async () => {
    const remedy = (parameters: string): string => `${BASE}${RULES.split('remedies:')[0] ?? ''}remedies:\n  - { id: less, when: slos.fast.verdict = "fail", use: knob.change, with: { ${parameters} } }\n`;
    expect(await codesOf(remedy("knob: topK, by: '${{ vars.step * 40 }}'"))).toEqual([]);
    expect(await codesOf(remedy("knob: '${{ env.KNOB }}', by: 40"))).toEqual([]);
    expect(await codesOf(remedy('knob: topK, by: 40'))).toEqual(['REALOPS_WITH_INVALID']);
  });

  it('take every change inside a range and step, and no other', async () => {
    const bounds = fc.record({ low: fc.integer({ min: -50, max: 50 }), size: fc.integer({ min: 1, max: 50 }), step: fc.integer({ min: 1, max: 60 }), by: fc.integer({ min: -60, max: 60 }) });
    await fc.assert(fc.asyncProperty(bounds, async ({ low, size, step, by }) => {
      const codes = await codesOf(`${BASE}knobs:\n  k: { range: [${low}, ${low + size}], maxStep: ${step}, read: { url: api }, write: { url: api, json: '\${{ value }}' } }\nremedies:\n  - { id: r, when: slos.fast.verdict = "fail", use: knob.change, with: { knob: k, by: ${by} } }\n`);
      const sound = step <= size;
      const fits = by !== 0 && Math.abs(by) <= step;
      expect(codes).toEqual(sound ? (fits ? [] : ['REALOPS_WITH_INVALID']) : ['REALOPS_KNOB_INVALID']);
    }), { numRuns: 60 });
  });
});
