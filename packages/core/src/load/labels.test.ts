import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RealopsError } from '../errors/index.js';
import { load, run } from '../index.js';
import { definePlugin, defineStep } from '../plugin.js';

const labelled = defineStep({
  use: 'test.labelled',
  description: 'Measures with the labels it is given.',
  with: { type: 'object', properties: { labels: { type: 'object', holds: 'labels', properties: {}, additionalProperties: { oneOf: [{ type: 'string' }, { type: 'number' }] }, default: {} } } },
  metrics: [
    { name: 'test.one', kind: 'rate', unit: 'ratio', description: 'One.', labels: ['noise'] },
    { name: 'test.two', kind: 'rate', unit: 'ratio', description: 'Two.', labels: ['noise', 'pause'] },
  ],
  run({ labels }, { measure }) {
    for (const metric of ['test.one', 'test.two']) measure(metric, true, { labels });
    return Promise.resolve();
  },
});
const plugin = definePlugin({ name: 'test', apiVersion: 1, steps: [labelled] });

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'realops-labels-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function suite(labels: string, where: string, metric = 'test.one'): Promise<Awaited<ReturnType<typeof load>>> {
  const file = join(folder, 'suite.yaml');
  await writeFile(file, `version: 1\nsuite: labels\nplugins: [test]\nscenarios:\n  - { id: one, steps: [{ each: [300, 700], use: test.labelled, with: { labels: ${labels} } }] }\nslos:\n  - { id: slo, objective: rate(${metric}) >= 0%, where: ${where} }\n`);
  return load([file], { plugins: [plugin], env: {} });
}

async function problemsOf(...given: Parameters<typeof suite>): Promise<readonly string[]> {
  const error: unknown = await suite(...given).then(() => undefined, (thrown: unknown) => thrown);
  return error instanceof RealopsError ? (error.problems ?? []).map(({ code, message, hint }) => `${code} ${message} (${hint ?? ''})`) : [];
}

describe('labels that a suite gives to samples', () => {
  it('may be named by SLOs; others are refused with what there is', async () => {
    expect(await problemsOf("{ eos: '${{ item }}' }", '{ eos: 300 }')).toEqual([]);
    expect(await problemsOf("{ eos: '${{ item }}' }", '{ eos: [300, 700] }', 'test.two')).toEqual([]);
    expect(await problemsOf("{ eos: '${{ item }}' }", '{ eso: 300 }')).toEqual(['REALOPS_VALUE_INVALID test.one has no label "eso" (did you mean "eos"? Labels: scenario, step, row, tag, noise, eos)']);
    expect(await problemsOf('{}', '{ eos: 300 }')).toEqual([expect.stringContaining('test.one has no label "eos"')]);
  });

  it('are names, written out, and not those of the engine or of the step', async () => {
    expect(await problemsOf("'${{ { \"eos\": item } }}'", '{ noise: x }')).toEqual([expect.stringContaining('REALOPS_WITH_INVALID the names of labels must stand in the suite')]);
    expect(await problemsOf('{ "a b": 1 }', '{ noise: x }')).toEqual([expect.stringContaining('the label "a b" is not a name')]);
    expect(await problemsOf('{ row: 1 }', '{ noise: x }')).toEqual([expect.stringContaining('the label "row" is one that every sample has')]);
    expect(await problemsOf('{ noise: 1 }', '{ noise: x }')).toEqual([expect.stringContaining('the label "noise" is set by the step itself')]);
    // One that some of the metrics have anyway may be given to all.
    expect(await problemsOf('{ pause: 1 }', '{ pause: 1 }')).toEqual([]);
    expect(await problemsOf('{ eos: [1] }', '{ noise: x }')).toEqual([expect.stringContaining('labels.eos')]);
  });

  it('are found by the judge; a value that no sample has is told with those there are', async () => {
    const judged = async (where: string): Promise<readonly unknown[]> => {
      const report = await run(await suite("{ eos: '${{ item }}' }", where), { runs: join(folder, 'runs') }).report;
      return report.slos.map(({ verdict, samples, note }) => [verdict, samples, note]);
    };
    expect(await judged('{ eos: 300 }')).toEqual([['pass', 1, null]]);
    expect(await judged('{ eos: 350 }')).toEqual([['no-data', 0, 'no sample of test.one has eos 350; they have 300, 700']]);
  });
});
