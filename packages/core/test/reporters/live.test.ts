import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { definePlugin, defineReporter, defineStep } from '../../src/plugin.js';
import { load, run } from '../../src/index.js';
import { writeFile } from 'node:fs/promises';
import { replay } from '../../src/run/replay.js';
import { reporters } from '../../src/reporters/index.js';
import { collectOutput, filesOf, SILENT_LOG, temporaryFolder } from './support.js';

const probe = defineStep({
  use: 'probe.echo',
  description: 'Gives back its text after a while; fails the first time when told to.',
  with: { type: 'object', properties: { text: { type: 'string' }, failFirst: { type: 'boolean', default: false } }, required: ['text'] },
  output: { type: 'object', properties: { text: { type: 'string' } } },
  metrics: [{ name: 'probe.time', kind: 'distribution', unit: 'ms', description: 'Time of the echo.', whenFailed: 'count' }],
  async run({ text, failFirst }, context) {
    const started = context.clock.now();
    context.note('asr_partial', { text: `${text.slice(0, 3)}\u001b[31m`, latency_ms: 1.5 });
    await context.clock.sleep(2, context.signal);
    if (failFirst && context.step.attempt === 1) throw new Error('\u202enot yet `|`');
    context.measure('probe.time', context.clock.now() - started, { labels: { lang: 'sv' } });
    return { text };
  },
});
const cannotStart = defineReporter({ name: 'dry', description: 'Has no ink.', create: () => ({ name: 'dry', start: () => Promise.reject(new Error('no ink')), on: () => undefined }) });
const plugin = definePlugin({ name: 'probe-plugin', apiVersion: 1, steps: [probe], reporters: [cannotStart] });

const SUITE = `
version: 1
suite: echo
plugins: [probe-plugin]
reporters: [dry, console, markdown, csv, jsonl, junit, html]
scenarios:
  - id: words
    tags: [voice]
    data: [{ text: hej, want: hej }, { text: klockan, want: klockan tolv }, { text: tolv, want: tolv }]
    steps:
      - { id: echo, use: probe.echo, with: { text: '\${{ row.text }}' }, expect: ['text = row.want'] }
  - id: late
    steps:
      - { id: echo, use: probe.echo, with: { text: sen, failFirst: true }, retry: { attempts: 2, on: [error], delay: 1ms } }
slos:
  - { id: fast, objective: p95(probe.time) < 5s, where: { tag: voice } }
  - { id: sure, objective: p95(probe.time) < 5s, evidence: proven }
`;

describe('a real run', () => {
  it('is rebuilt from its log byte for byte', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'scenarios.yaml'), SUITE);
    const suite = await load([join(folder, 'scenarios.yaml')], { plugins: [plugin] });
    const running = run(suite, { runs: join(folder, 'runs'), output: collectOutput() });
    const report = await running.report;
    expect(report.outcome).toBe('failed');
    expect(report.warnings.map(({ about }) => about)).toEqual(['dry']);
    expect(report.scenarios.map(({ rows }) => [rows.total, rows.passed, rows.failed, rows.flaky])).toEqual([[3, 2, 1, 0], [1, 1, 0, 1]]);
    const live = await filesOf(running.directory ?? '');
    const out = join(folder, 'again');
    const told: string[] = [];
    const again = await replay(running.directory ?? '', { directory: out, reporters: reporters.filter(({ name }) => name !== 'github'), output: collectOutput(), log: { ...SILENT_LOG, warn: (message) => void told.push(message) } });
    expect(told).toEqual([]);
    expect(JSON.parse(JSON.stringify(again))).toEqual(JSON.parse(JSON.stringify(report)));
    const rebuilt = await filesOf(out);
    expect([...rebuilt.keys()]).toEqual(['junit.xml', 'log.jsonl', 'metrics.csv', 'report.html', 'result.json', 'summary.md']);
    for (const [name, text] of live) expect(rebuilt.get(name), name).toBe(text);
  });
});
