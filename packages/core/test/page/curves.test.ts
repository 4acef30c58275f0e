import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { judgeSlo } from '../../src/judge/judge.js';
import { wilson } from '../../src/metrics/interval.js';
import { breakdownsOf, type Breakdown } from '../../src/page/breakdown.js';
import { renderReport } from '../../src/page/report.js';
import { createSeries } from '../../src/page/series.js';
import { scaleBetween } from '../../src/page/scale.js';
import { markdown } from '../../src/reporters/markdown.js';
import { reportOn } from '../reporters/support.js';
import { aliceRun, type Sample } from './sample.js';
import { curvesRun, hostileCurves, studyOf, type Measure } from './sample-curves.js';

function breakdowns({ report, events }: Sample): readonly Breakdown[] {
  const series = createSeries();
  events.forEach((event) => series.on(event));
  return breakdownsOf(report, series.series());
}

const shapes = (all: readonly Breakdown[]): readonly string[] => all.map(({ metric, aggregate, axis, lines }) => `${aggregate} ${metric} by ${axis ?? '-'}: ${lines.map(({ name, kind, points }) => `${name} ${kind} ${points.length}`).join(', ')}`);
const withoutEvents = (page: string): string => page.replace(/<script type="text\/plain" id="events-data"[^>]*>[^<]*<\/script>/, '');
const yes = (labels: Measure['labels'], count: number, of: number, metric = 'm'): readonly Measure[] => Array.from({ length: of }, (_, index): Measure => ({ metric, kind: 'rate', value: Number(index < count), labels }));

describe('breakdown', () => {
  it('goes along each label of three numbers or more, a line for each other condition, a level for those without the label', () => {
    expect(shapes(breakdowns(curvesRun()))).toEqual([
      'ratio voice.wer by snr: noise cafe line 6, noise rain line 6, noise none level 1',
      'rate voice.pauseCut by eos: any pause all 5, pause 200 line 5, pause 400 line 5, pause 600 line 5, pause 800 line 5, pause 1000 line 5, pause 1200 line 5, pause 1400 line 5, pause 1600 line 5',
      'rate voice.pauseCut by pause: any eos all 8, eos 300 line 8, eos 500 line 8, eos 700 line 8, eos 900 line 8, eos 1200 line 8',
      'p95 voice.final by eos: any pause all 5, pause 200 line 5, pause 400 line 5, pause 600 line 5, pause 800 line 5, pause 1000 line 5, pause 1200 line 5, pause 1400 line 5, pause 1600 line 5',
      'p95 voice.final by pause: any eos all 8, eos 300 line 8, eos 500 line 8, eos 700 line 8, eos 900 line 8, eos 1200 line 8',
      'rate voice.missingFinal by eos: any pause all 5, pause 200 line 5, pause 400 line 5, pause 600 line 5, pause 800 line 5, pause 1000 line 5, pause 1200 line 5, pause 1400 line 5, pause 1600 line 5',
      'rate voice.missingFinal by pause: any eos all 8, eos 300 line 8, eos 500 line 8, eos 700 line 8, eos 900 line 8, eos 1200 line 8',
    ]);
  });

  it('has the value, the interval and the count that the judge has', () => {
    const sample = curvesRun();
    const [wer] = breakdowns(sample);
    const point = wer?.lines[0]?.points[4];
    const samples = sample.events.flatMap((event) => (event.event === 'measured' && event.metric === 'voice.wer' && event.labels['noise'] === 'cafe' && event.labels['snr'] === '15' ? [{ metric: 'voice.wer', value: event.value, whole: event.whole ?? 0, labels: event.labels }] : []));
    const judged = judgeSlo({ id: 'x', title: '', objective: { text: '', aggregate: 'ratio', metric: 'voice.wer', comparison: '<=', limit: 0.11, unit: 'ratio', target: '' }, where: {}, severity: 'major', minSamples: 1, evidence: 'point', source: { file: '', line: 1, column: 1 } }, samples);
    expect(point).toMatchObject({ x: 15, value: judged.value, n: 40, whole: judged.whole });
    // Resampled with another seed.
    expect(Math.abs((point?.low ?? NaN) - (judged.interval?.low ?? NaN))).toBeLessThan(0.02);
    expect(Math.abs((point?.high ?? NaN) - (judged.interval?.high ?? NaN))).toBeLessThan(0.02);
    const [cut] = breakdowns(studyOf([...yes({ x: 1 }, 3, 40), ...yes({ x: 2 }, 9, 30), ...yes({ x: 10 }, 0, 5)]));
    expect(cut?.lines[0]?.points).toEqual([{ x: 1, value: 3 / 40, n: 40, whole: null, ...wilson(3, 40) }, { x: 2, value: 0.3, n: 30, whole: null, ...wilson(9, 30) }, { x: 10, value: 0, n: 5, whole: null, ...wilson(0, 5) }]);
  });

  it('takes what went wrong together with the rest: a final that never came counts at its ratio', () => {
    const [wer] = breakdowns(curvesRun());
    expect(wer?.lines.map(({ points }) => points.map(({ n }) => n))).toEqual([[40, 40, 40, 40, 40, 40], [40, 40, 40, 40, 40, 40], [40]]);
  });

  it('counts attempts without a value where their condition is known, and tells of those where it is not', () => {
    const final = breakdowns(curvesRun()).find(({ metric, axis }) => metric === 'voice.final' && axis === 'eos');
    expect(final?.unplaced).toBe(1);
    expect(final?.lines.find(({ name }) => name === 'pause 1600')?.points[0]).toMatchObject({ n: 40, value: null });
    expect(final?.lines[0]?.points.map(({ n }) => n)).toEqual([320, 320, 320, 320, 320]);
  });

  it('leaves out invalid samples, and is a list where no label is a number', () => {
    expect(shapes(breakdowns(studyOf([...yes({ noise: 'cafe' }, 1, 4), ...yes({ noise: 'none' }, 1, 4), { metric: 'm', kind: 'rate', value: 1, labels: { noise: 'rain' }, invalid: 'late' }])))).toEqual(['rate m by -: noise cafe line 1, noise none line 1']);
    expect(breakdowns(studyOf([...yes({ noise: 'cafe' }, 1, 4), ...yes({ noise: 'cafe' }, 1, 4)]))).toEqual([]);
    expect(shapes(breakdowns(studyOf([...yes({ x: 1 }, 1, 4), ...yes({ x: 2 }, 1, 4)])))).toEqual(['rate m by -: x 1 line 1, x 2 line 1']);
    expect(breakdowns(studyOf([...yes({}, 1, 4), ...yes({}, 1, 4).map((each) => ({ ...each, scenario: 'other' }))]))).toEqual([]);
    expect(shapes(breakdowns(studyOf([...yes({}, 1, 4), ...yes({ noise: 'rain' }, 1, 4).map((each) => ({ ...each, scenario: 'other' }))])))).toEqual(['rate m by -: speech line 1, other, noise rain line 1']);
  });

  it('keeps samples apart that are judged apart, and within bounds', () => {
    const ids = breakdowns(hostileCurves()).filter(({ metric }) => metric === 'many.ids');
    expect(ids.map(({ axis, lines }) => [axis, lines.length])).toEqual([[null, 241]]);
    fc.assert(fc.property(fc.array(fc.record({ a: fc.constantFrom('1', '2', '3', 'x'), b: fc.constantFrom('', '0.5', '7', '-1'), value: fc.constantFrom(0, 1) }), { maxLength: 60 }), (list) => {
      const made = breakdowns(studyOf(list.map(({ a, b, value }): Measure => ({ metric: 'm', kind: 'rate', value, labels: { a, ...(b === '' ? {} : { b }) } }))));
      for (const { lines } of made) expect(lines.filter(({ kind }) => kind !== 'all').flatMap(({ points }) => points).reduce((sum, { n }) => sum + n, 0)).toBe(list.length);
    }), { numRuns: 100 });
  });
});

describe('curves in the report', () => {
  const page = (sample: Sample): string => renderReport(sample.report, sample.events);
  const curves = (sample: Sample): string => /<section class="part" id="curves"[\s\S]*?(?=<section class="part" id="scenarios")/.exec(page(sample))?.[0] ?? '';

  it('are drawn with limits where they are set, all lines, and a table of every point', () => {
    const drawn = curves(curvesRun());
    expect(drawn.match(/<section class="card chart">/g)).toHaveLength(5);
    expect(drawn).toContain('aria-label="voice.wer by snr. noise cafe: from');
    for (const word of ['≤ 11 %, noise cafe', '≤ 7 %, noise none', '≤ 2 %, pause 200 or 400', '&lt; 800 ms']) expect(drawn).toContain(`>${word}</text>`);
    expect(drawn).toContain('3 more lines in the table');
    expect(drawn).toContain('in all of it speech synthetic');
    expect(drawn).toContain('1 attempt failed before a value and is not in it');
    expect(drawn).toContain('The same under all conditions: voice.missingFinal (0 %).');
    const [wer] = drawn.split('</details>');
    expect(wer?.match(/<tr><th scope="row">/g)).toHaveLength(13);
    expect(drawn).not.toMatch(/NaN|undefined|Infinity/);
  });

  it('are the same text again, bounded, and whole whatever the labels are', () => {
    expect(page(curvesRun())).toBe(page(curvesRun()));
    const hostile = page(hostileCurves());
    expect(withoutEvents(hostile)).not.toContain('<img');
    expect(hostile).not.toMatch(/="[^"]*NaN/);
    expect(withoutEvents(hostile).length).toBeLessThan(300_000);
    expect(withoutEvents(page(curvesRun())).length).toBeLessThan(350_000);
  });

  it('are left out where no label is a number', () => {
    expect(curves(aliceRun({ kind: 'healthy' }))).toBe('');
  });
});

describe('values by condition in summary.md', () => {
  const summary = async (sample: Sample): Promise<string> => (await reportOn(sample.events, [markdown])).files.get('summary.md')?.split('\n## By condition\n')[1]?.split('\n## ')[0] ?? '';

  it('are a table along the numbers, with n and interval, for the metrics that are judged', async () => {
    const text = await summary(curvesRun());
    expect(text).toMatch(/\*\*ratio of voice\.wer by snr\*\*, in all of it speech synthetic/);
    expect(text).toMatch(/\|\s+15 \| [\d.]+ % \([\d.]+ – [\d.]+ %\), n 40 +\| [\d.]+ % \([\d.]+ – [\d.]+ %\), n 40 +\|/);
    expect(text).toMatch(/Without snr: noise none [\d.]+ % \([\d.]+ – [\d.]+ %\), n 40\./);
    expect(text).toContain('2 further conditions are in `report.html`.');
    expect(text).not.toContain('by pause');
    expect(text).not.toContain('missingFinal');
  });

  it('are a list of conditions where none is a number, and nothing where there is one', async () => {
    const text = await summary(aliceRun({ kind: 'healthy' }));
    expect(text).toMatch(/\*\*ratio of voice\.wer\*\*\n\n\| Condition +\| +Value \| 95 % interval +\| +n \|/);
    expect(text).toMatch(/\| asr_cafe, noise cafe, snr 15 +\| [\d. ]+ % \|/);
    expect(await summary(studyOf(yes({ x: 1 }, 1, 3)))).toBe('');
  });
});

describe('a scale between values', () => {
  it('has room at its ends and the values as ticks', () => {
    const scale = scaleBetween([20, -5, 10, 10]);
    expect([scale.ticks, scale.place(-5), scale.place(20), scale.place(7.5), scale.place(99)]).toEqual([[-5, 10, 20], 5, 95, 50, 95]);
    expect([scaleBetween([3]).place(3), scaleBetween([]).ticks, scaleBetween([NaN, 2]).ticks]).toEqual([50, [], [2]]);
  });
});
