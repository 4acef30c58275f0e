import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../src/events/event.js';
import { createFold } from '../../src/events/fold.js';
import { createEventKeeper } from '../../src/page/kept-events.js';
import { renderReport } from '../../src/page/report.js';
import { createFacts } from '../../src/page/run-facts.js';
import { toDos } from '../../src/page/to-do.js';
import { verdictSentence } from '../../src/page/verdict.js';
import { htmlReporter } from '../../src/reporters/html.js';
import { aliceRun, couldNotRun, finish, HOSTILE, hostileRun, LONG, scribe, type Scribe } from './sample.js';

const failing = aliceRun({ kind: 'failing' });
const DATA = /<script type="text\/plain" id="events-data"[^>]*>([^<]*)<\/script>/;
const withoutEvents = (page: string): string => page.replace(DATA, '');
const linesOf = (page: string): readonly string[] => gunzipSync(Buffer.from(DATA.exec(page)?.[1] ?? '', 'base64')).toString('utf8').split('\n');

describe('report page', () => {
  it('is the same text for the same events', () => {
    expect(renderReport(failing.report, failing.events)).toBe(renderReport(failing.report, failing.events));
  });
  it('stays under 150 kB without its events', () => {
    for (const { report, events } of [failing, aliceRun({ kind: 'healthy' }), aliceRun({ kind: 'no-data' }), couldNotRun()]) expect(withoutEvents(renderReport(report, events)).length).toBeLessThan(150_000);
  });
  it('carries every event, in order and as the log has it', () => {
    const lines = linesOf(renderReport(failing.report, failing.events));
    expect(lines.map((line) => JSON.parse(line.slice(line.indexOf('\t') + 1)) as RunEvent)).toEqual(failing.events);
    expect(lines[0]).toMatch(/^suite alice, 7 scenarios, 8 SLOs\t\{/);
  });
  it('has a row for every SLO with its verdict', () => {
    const page = renderReport(failing.report, failing.events);
    for (const { id, verdict } of failing.report.slos) expect(page).toContain(`data-slo="${id}" data-verdict="${verdict}"`);
  });
  it('says every kind of end in one sentence', () => {
    const sentence = (outcome: Parameters<typeof aliceRun>[0]): string => verdictSentence(aliceRun(outcome).report);
    expect(sentence({ kind: 'healthy' })).toBe('All 8 SLOs hold.');
    expect(sentence({ kind: 'failing' })).toBe('One SLO failed. 11 of 210 rows failed.');
    expect(sentence({ kind: 'no-data' })).toBe('Nothing failed, but 2 SLOs could not be decided.');
    expect(sentence({ kind: 'failing', torn: true })).toBe('The run broke off before its end.');
    expect(sentence({ kind: 'healthy', outcome: 'cancelled' })).toBe('The run was cancelled.');
    expect(sentence({ kind: 'healthy', outcome: 'needs-human' })).toBe('A person is needed.');
    expect(verdictSentence(couldNotRun().report)).toBe('The run could not start.');
    expect(verdictSentence(createFold().report())).toBe('The run broke off before its end.');
  });
  it('says what to do: run the failure again, why there is no data, how many samples it takes', () => {
    const of = (sample: typeof failing): readonly string[] => {
      const facts = createFacts();
      sample.events.forEach((event) => facts.on(event));
      return toDos(sample.report, facts.facts().start).map(({ what, why, command }) => `${what} ${why} ${command ?? ''}`);
    };
    expect(of(failing)).toEqual([
      'Swedish WER café noise is 17.2 %. ≤ 11 % is asked; proven. realops run alice.yaml --scenario asr_cafe',
      'wer <= 0.11 did not hold. 8 failures, first in row 2 of asr_cafe. realops run alice.yaml --scenario asr_cafe --row 2',
      'headers."x-route" = \'micro\' did not hold. 2 failures, first in row 3 of chat_micro. realops run alice.yaml --scenario chat_micro --row 3',
      'no answer within 5 s. 1 failure, first in row 21 of chat_planner. realops run alice.yaml --scenario chat_planner --row 21',
      'Tool success was not measured. 6 rows skipped: the secret TEST_SMTP_URL is not set. realops run alice.yaml --scenario planner_mail',
    ]);
    expect(of(aliceRun({ kind: 'no-data' })).at(-1)).toBe('Planner, first token is undecided. 30 samples are too few; it takes 59. realops run alice.yaml --scenario chat_planner');
    expect(of(couldNotRun())).toEqual(['Make preflight guardian hold. Start the guardian, or set GUARDIAN_URL. realops run alice.yaml']);
    expect(of(aliceRun({ kind: 'healthy' }))).toEqual([]);
  });
  it('marks what was meant and what was heard, and names the rows that weigh most', () => {
    const page = renderReport(failing.report, failing.events);
    expect(page).toContain('tänd <del>lampan</del> <del>i</del> <del>köket</del>');
    expect(page).toContain('tänd <ins>im</ins>');
    expect(page).toContain('8 of 40 rows of asr_cafe; none of the 170 rows of other scenarios.');
    expect(page).toMatch(/rows that weigh most.*?<b>3 of 4<\/b>.*?“<bdi>tänd im<\/bdi>”/s);
  });
  it('says what was not reached when the run could not start', () => {
    const { report, events } = couldNotRun();
    const page = renderReport(report, events);
    expect(page.match(/Not reached: preflight guardian did not hold\./g)).toHaveLength(3);
    expect(page).toContain('Exit code 4: the run could not start, which says nothing about the system under test.');
  });
  it('makes a page of nothing: no SLOs, no rows, an empty log', () => {
    expect(renderReport(createFold().report(), [])).toContain('The log holds no events.');
    const run = scribe();
    run.add({ event: 'run_end', outcome: 'inconclusive', exit_code: 5, duration_ms: 0, reason: 'nothing was executed' });
    const { report, events } = finish(run);
    const page = renderReport(report, events);
    for (const text of ['Nothing was tested.', 'This suite sets no SLOs.', 'No step failed.', 'No row of a scenario was started.', 'Nothing was measured.']) expect(page).toContain(text);
    expect(page.slice(0, page.indexOf('<script>'))).not.toMatch(/NaN|undefined|Infinity/);
  });
  it('shows hostile texts as texts', () => {
    const { report, events } = hostileRun(400);
    const page = renderReport(report, events);
    expect(withoutEvents(page)).not.toContain('<img');
    expect(page).not.toContain('\u202e');
    expect(page.match(/<\/script>/g)).toHaveLength(2);
    expect(page).toContain(LONG);
    expect(page.match(/data-slo=/g)).toHaveLength(400);
    expect(withoutEvents(page).length).toBeLessThan(600_000);
    expect(linesOf(page).join('\n')).toContain(JSON.stringify(HOSTILE).slice(1, -1));
  });
});

describe('facts', () => {
  const place = (row: number): { readonly scenario: string; readonly row: number; readonly trace_id: string } => ({ scenario: 'a', row, trace_id: 't' });
  const start = (objective: string, where: { readonly [label: string]: readonly string[] }): Scribe => {
    const run = scribe();
    run.add({ event: 'run_start', engine: '0', suite: 's', environment: 'sandbox', seed: 1, concurrency: 1, files: [], suite_argument: 's.yaml', state_argument: null, scenarios: [{ id: 'a', title: 'a', tags: ['voice'], rows: 9, exclusive: [], source: { file: 'f', line: 1, column: 1 } }], preflight: [], slos: [{ id: 'x', title: 'x', target: 't', objective, metric: 'm', where }], metrics: [], reporters: [] });
    return run;
  };
  const measure = (run: Scribe, row: number, value: number | null, kind: 'distribution' | 'rate' | 'ratio' = 'distribution', whole: number | null = null, labels = {}): void => run.add({ event: 'measured', ...place(row), step: 's', attempt: 1, metric: 'm', kind, unit: 'ms', value, whole, invalid: null, labels });
  const worst = (run: Scribe): readonly number[] => {
    const facts = createFacts();
    run.events.forEach((event) => facts.on(event));
    return (facts.facts().worst.get('x') ?? []).map(({ row }) => row);
  };
  it('ranks rows by how much they weigh against the objective, attempts without a value first', () => {
    const slow = start('p95(m) < 10ms', { tag: ['voice'] });
    [5, 9, null, 7].forEach((value, index) => measure(slow, index + 1, value));
    expect(worst(slow)).toEqual([3, 2, 4, 1]);
    const few = start('min(m) >= 10ms', {});
    [5, 9, 3].forEach((value, index) => measure(few, index + 1, value));
    expect(worst(few)).toEqual([3, 1, 2]);
    const rate = start('rate(m) >= 95%', { scenario: ['a'] });
    [1, 0, 1, 0].forEach((value, index) => measure(rate, index + 1, value, 'rate'));
    expect(worst(rate)).toEqual([2, 4]);
    const ratio = start('ratio(m) <= 5%', { noise: ['cafe'] });
    [[0, 'cafe'], [2, 'cafe'], [9, 'rain'], [3, 'cafe']].forEach(([value, noise], index) => measure(ratio, index + 1, Number(value), 'ratio', 10, { noise }));
    expect(worst(ratio)).toEqual([4, 2]);
  });
  it('keeps only the worst few', () => {
    const run = start('p95(m) < 10ms', {});
    for (let row = 1; row <= 100; row += 1) measure(run, row, (row * 37) % 101);
    expect(worst(run)).toHaveLength(8);
    expect(worst(run)[0]).toBe(30);
  });
  it('knows rows that never ended and locks that never came', () => {
    const run = start('p95(m) < 10ms', {});
    run.add({ event: 'test_start', ...place(1), lane: 0 });
    run.add({ event: 'lock_wait', scenario: 'b', locks: ['asr'] });
    run.at = 40;
    measure(run, 1, 3);
    const facts = createFacts();
    run.events.forEach((event) => facts.on(event));
    expect(facts.facts().times).toEqual([{ scenario: 'a', rows: [{ row: 1, startMs: 0, endMs: 40, outcome: 'open', again: false }], waits: [] }, { scenario: 'b', rows: [], waits: [{ startMs: 0, endMs: 40, locks: ['asr'] }] }]);
  });
});

describe('kept events', () => {
  it('keeps failures with their context when there are too many, and counts the rest', () => {
    const keeper = createEventKeeper({ events: 400, characters: 1e9 });
    failing.events.forEach((event) => keeper.on(event));
    const { lines, left } = keeper.kept();
    const events = lines.map((line) => JSON.parse(line.slice(line.indexOf('\t') + 1)) as RunEvent);
    expect(left).toBe(failing.events.length - lines.length);
    expect(events.length).toBeLessThanOrEqual(400);
    expect(events.map(({ seq }) => seq)).toEqual([...events.map(({ seq }) => seq)].sort((a, b) => a - b));
    const rows = new Set(failing.report.scenarios.flatMap(({ failures }) => failures.map(({ scenario, row }) => `${scenario} ${row}`)));
    for (const row of rows) expect(events.filter((event) => 'row' in event && `${event.scenario} ${event.row}` === row).map(({ event }) => event)).toEqual(failing.events.filter((event) => 'row' in event && `${event.scenario} ${event.row}` === row).map(({ event }) => event));
    expect(events.some((event) => event.event === 'test_end' && event.outcome === 'passed' && event.attempts === 1)).toBe(false);
    expect(events.at(-1)?.event).toBe('run_end');
  });
  it('stays within its bounds whatever comes', () => {
    const keeper = createEventKeeper({ events: 50, characters: 8_000 });
    failing.events.forEach((event) => keeper.on(event));
    const { lines } = keeper.kept();
    expect(lines.length).toBeLessThanOrEqual(50);
    expect(lines.map((line) => line.slice(line.indexOf('\t') + 1)).join('').length).toBeLessThanOrEqual(8_000);
  });
});

describe('html reporter', () => {
  it('writes the page that its events and the report make, and nothing without a folder', async () => {
    const written: (readonly [string, string])[] = [];
    const io = (directory: string | null): Parameters<NonNullable<ReturnType<typeof htmlReporter.create>['start']>>[0] => ({
      directory, write: (name, body) => Promise.resolve(void written.push([name, String(body)])), options: {},
      output: { write: () => undefined, interactive: false, color: false, columns: 80 }, log: { debug: () => undefined, info: () => undefined, warn: () => undefined },
    });
    for (const directory of ['/run', null]) {
      const reporter = htmlReporter.create();
      await reporter.start?.(io(directory));
      for (const event of failing.events) await reporter.on(event);
      await reporter.finish?.(failing.report);
    }
    expect(written).toEqual([['report.html', renderReport(failing.report, failing.events)]]);
  });
});
