import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cli, folder } from './support.js';

/** A step type whose figures follow from what it attaches. `FACTOR` changes what a later version makes of it. */
const PLUGIN = `
const times = (list) => list.map((n) => ({ metric: 'probe.twice', value: n * FACTOR, labels: { n: String(n) } }));
export default {
  name: 'probe', apiVersion: 1,
  steps: [{
    use: 'probe.take', description: 'Takes numbers.',
    with: { type: 'object', properties: { list: { type: 'array', items: { type: 'number' } } }, required: ['list'] },
    metrics: [{ name: 'probe.twice', kind: 'distribution', unit: 'count', description: 'Twice.' }, { name: 'probe.calls', kind: 'counter', unit: 'count', description: 'Calls.' }],
    recompute: { artifact: 'numbers.json', metrics: ['probe.twice'], measurements: (list) => { if (!Array.isArray(list)) throw new Error('it holds no list'); return times(list); } },
    async run({ list }, context) {
      await context.attach('numbers.json', JSON.stringify(list), { mediaType: 'application/json' });
      for (const { metric, value, labels } of times(list)) context.measure(metric, value, { labels: { ...labels, more: 'x' } });
      context.measure('probe.calls', 1);
    },
  }],
};
`;
const SUITE = `version: 1
suite: probe
plugins: [./probe.mjs]
scenarios:
  - id: numbers
    data: { rows: [{ list: [1, 2, 3] }, { list: [5] }] }
    steps:
      - { id: take, use: probe.take, with: { list: '\${{ row.list }}' }, repeat: 2 }
`;

async function ran(): Promise<string> {
  const cwd = await folder({ 'scenarios.yaml': SUITE, 'probe.mjs': PLUGIN.replaceAll('FACTOR', '2') });
  const { code, error } = await cli(['run', 'scenarios.yaml', '--reporter', 'markdown'], cwd);
  expect([code, error]).toEqual([0, '']);
  return cwd;
}

describe('realops replay --recompute', () => {
  it('makes the figures again from what was stored; nothing that a step kept before is overwritten', async () => {
    const cwd = await ran();
    const kept = (await readdir(join(cwd, 'runs/latest/artifacts/numbers'))).sort();
    expect(kept).toEqual(['0001-take-numbers-2.json', '0001-take-numbers.json', '0002-take-numbers-2.json', '0002-take-numbers.json']);
    const done = await cli(['replay', 'runs/latest', '--recompute', '--out', 'again'], cwd);
    expect([done.code, done.error]).toEqual([0, '']);
    expect(done.out).toContain('Recomputed  8 figures of 4 artifacts: all as recorded');
    const { recomputed } = JSON.parse((await cli(['replay', 'runs/latest', '--recompute', '--out', 'again', '--json'], cwd)).out) as { recomputed: readonly object[] };
    expect(recomputed[0]).toEqual({ scenario: 'numbers', row: 1, step: 'take', attempt: 1, artifact: 'artifacts/numbers/0001-take-numbers.json', figures: 3, differences: [], problem: null });
  });

  it('tells which figures come out otherwise, and exits 1', async () => {
    const cwd = await ran();
    await writeFile(join(cwd, 'probe.mjs'), PLUGIN.replaceAll('FACTOR', '3'));
    const done = await cli(['replay', 'runs/latest', '--recompute', '--out', 'again'], cwd);
    expect(done.code).toBe(1);
    expect(done.out).toContain('probe.twice was 2, is 3');
    await writeFile(join(cwd, 'probe.mjs'), PLUGIN.replaceAll('FACTOR', '2').replace('n: String(n)', "n: String(n + 1)"));
    expect((await cli(['replay', 'runs/latest', '--recompute', '--out', 'again'], cwd)).code).toBe(1);
  });

  it('holds against each other why values must not be judged, where that follows from the artifact', async () => {
    // The second number never came; both it and the third one must not be judged.
    const judging = PLUGIN.replace('value: n * FACTOR', 'value: n === 2 ? null : n * 2, ...(n > 1 ? { invalid: "REASON" } : { invalid: null })')
      .replace('{ metric, value, labels } of', '{ metric, value, labels, invalid } of').replace("more: 'x' } }", "more: 'x' }, ...(invalid === null ? {} : { invalid }) }");
    const cwd = await folder({ 'scenarios.yaml': SUITE, 'probe.mjs': judging.replace('REASON', 'we were late') });
    expect((await cli(['run', 'scenarios.yaml'], cwd)).code).toBe(0);
    const again = async (plugin: string): Promise<{ readonly code: number | null; readonly out: string; readonly json: readonly { readonly differences: readonly object[] }[] }> => {
      await writeFile(join(cwd, 'probe.mjs'), plugin);
      const [text, json] = [await cli(['replay', 'runs/latest', '--recompute', '--out', 'again'], cwd), await cli(['replay', 'runs/latest', '--recompute', '--out', 'again', '--json'], cwd)];
      return { code: text.code, out: text.out, json: (JSON.parse(json.out) as { readonly recomputed: readonly { readonly differences: readonly object[] }[] }).recomputed };
    };
    expect(await again(judging.replace('REASON', 'we were late'))).toMatchObject({ code: 0, json: [{ differences: [] }, { differences: [] }, { differences: [] }, { differences: [] }] });
    const other = await again(judging.replace('REASON', 'we slept'));
    expect(other.code).toBe(1);
    expect(other.out).toContain('probe.twice was missing (not judged: we were late), is missing (not judged: we slept)');
    expect(other.json[0]?.differences[1]).toEqual({ metric: 'probe.twice', recorded: { value: 6, whole: null, invalid: 'we were late' }, recomputed: { value: 6, whole: null, invalid: 'we slept' } });
    const judged = await again(judging.replace('n > 1 ? { invalid: "REASON" }', 'n > 2 ? { invalid: "we were late" }'));
    expect(judged.out).toContain('probe.twice was missing (not judged: we were late), is missing\n');
    const stricter = await again(judging.replace('n > 1 ? { invalid: "REASON" }', 'n > 0 ? { invalid: "we were late" }'));
    expect(stricter.out).toContain('probe.twice was 2, is 2 (not judged: we were late)');
    // A step type that does not say is not held to it.
    expect((await again(judging.replace('...(n > 1 ? { invalid: "REASON" } : { invalid: null })', 'n'))).code).toBe(0);
  });

  it('does not believe an artifact that was changed, is gone, or cannot be read', async () => {
    const cwd = await ran();
    const artifact = join(cwd, 'runs/latest/artifacts/numbers/0002-take-numbers.json');
    await writeFile(artifact, '[6]');
    const changed = await cli(['replay', 'runs/latest', '--recompute', '--out', 'again'], cwd);
    expect(changed.code).toBe(1);
    expect(changed.out).toContain('artifacts/numbers/0002-take-numbers.json: it is not what the run stored: its hash is another one');
    const elsewhere = join(cwd, 'elsewhere.jsonl');
    await writeFile(elsewhere, await readFile(join(cwd, 'runs/latest/log.jsonl')));
    const gone = await cli(['replay', 'elsewhere.jsonl', '--recompute', '--out', 'again'], cwd);
    expect(gone.code).toBe(1);
    expect(gone.out).toContain('no such file or directory');
  });
});
