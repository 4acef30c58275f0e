import { describe, expect, it } from 'vitest';
import { createPictures, type KeptPictures } from '../../src/page/pictures.js';
import { placeLabels } from '../../src/page/picture-labels.js';
import { renderReport } from '../../src/page/report.js';
import type { RunEvent } from '../../src/events/event.js';
import { aliceRun, HOSTILE, LONG } from './sample.js';
import { conversation, drawnRow, hostilePictures, over, picturesRun, span, started, stream, type Drawing } from './sample-pictures.js';

const partOf = (page: string, id: string): string => new RegExp(`<section class="part" id="${id}".*?(?=\\n<section class="part"|</main>)`, 's').exec(page)?.[0] ?? '';
const figures = (part: string): number => part.split('<div class="picture">').length - 1;
const keptOf = (events: readonly RunEvent[]): KeptPictures => {
  const keeper = createPictures();
  events.forEach((event) => keeper.on(event));
  return keeper.kept(9_000);
};
const pageOf = ({ report, events }: ReturnType<typeof picturesRun>): string => renderReport(report, events);
const rows = (list: KeptPictures['failed']): readonly string[] => list.map(({ scenario, row, outcome }) => `${scenario} ${row} ${outcome}`);

describe('pictures in the report', () => {
  const page = pageOf(picturesRun());

  it('stand at the failure that tells their cause, then in close-ups: what else failed, and one row of each step that passed', () => {
    expect(figures(partOf(page, 'failures'))).toBe(1);
    expect(partOf(page, 'failures')).toContain('aria-label="talk in row 2 of talk, failed"');
    const closeUps = partOf(page, 'close-ups');
    expect([...closeUps.matchAll(/role="group" aria-label="([^"]*)"><div class="score"/g)].map(([, name]) => name)).toEqual(['talk in row 3 of talk, failed', 'talk in row 4 of talk, passed', 'talk in row 1 of asr_clean, passed', 'talk in row 1 of long, passed']);
    // Of eleven pictures five are drawn; the first attempt of row 4 is one of the others.
    expect(closeUps).toContain('6 more pictures are in log.jsonl');
    expect(page.indexOf('id="close-ups"')).toBeGreaterThan(page.indexOf('id="failures"'));
    expect(page.indexOf('id="close-ups"')).toBeLessThan(page.indexOf('id="time"'));
  });

  it('tell in words what they show: in each lane, in a table, in a legend', () => {
    const failure = partOf(page, 'failures');
    expect(failure).toContain('turn 0, 3.00 to 4.90 s, as it should be');
    expect(failure).toContain('turn 3: no answer, 29.50 to 34.50 s, not as it should be');
    expect(failure).toMatch(/<th scope="row">29\.50 s<\/th><td class="num">34\.50 s<\/td><td class="num">5000 ms<\/td><td><bdi>answer after<\/bdi><\/td>/);
    for (const word of ['as it should be', 'not as it should be', 'cannot be told', 'in the background']) expect(failure).toContain(`<span>${word}</span>`);
    expect(partOf(page, 'close-ups')).toContain('7 more things happened and are not in the picture');
    expect(failure).not.toMatch(/NaN|undefined|Infinity/);
  });

  it('break long times into lines, six at most, and leave lanes without anything out of a line', () => {
    const long = /aria-label="talk in row 1 of long, passed".*?<ul class="legend/s.exec(page)?.[0] ?? '';
    expect(long.match(/class="score-line"/g)).toHaveLength(6);
    const lost = /aria-label="talk in row 2 of talk, failed".*?<ul class="legend/s.exec(page)?.[0] ?? '';
    expect(lost.match(/class="score-line"/g)).toHaveLength(2);
    const short = /aria-label="talk in row 1 of asr_clean, passed".*?<\/details>/s.exec(page)?.[0] ?? '';
    expect(short.match(/class="score-line"/g)).toHaveLength(1);
    expect(short).toContain('>0.5 s</text>');
    const quiet = pageOf(one({ title: '', duration_ms: 60_000, dropped: 0, lanes: [{ name: 'early', spans: [span(0, 100)], marks: [] }, { name: 'always', spans: [span(0, 60_000)], marks: [] }] }));
    expect(quiet.match(/<span class="lane-name"><bdi>(?:early|always)<\/bdi>/g)).toEqual(['early', 'always', 'always', 'always'].map((name) => `<span class="lane-name"><bdi>${name}</bdi>`));
  });

  it('are the same text for the same events, and leave a page without pictures as it was', () => {
    expect(pageOf(picturesRun())).toBe(page);
    const without = pageOf(aliceRun({ kind: 'failing' }));
    expect(without).not.toContain('id="close-ups"');
    expect(without).not.toContain('id="look-bad"');
    expect(page.match(/id="look-bad"/g)).toHaveLength(1);
  });

  it('show hostile texts as texts, and a crowd within bounds', () => {
    const hostile = pageOf(hostilePictures());
    expect(hostile.replace(/<script type="text\/plain".*?<\/script>/s, '')).not.toContain('<img');
    expect(hostile).not.toContain('\u202e');
    expect(hostile).toContain(LONG);
    expect(partOf(hostile, 'failures')).not.toContain(HOSTILE);
    expect(hostile.length).toBeLessThan(900_000);
  });

  it('are bounded in number, however many rows draw', () => {
    const run = started(Array.from({ length: 80 }, (_, index) => `s${index}`));
    for (let index = 0; index < 80; index += 1) {
      for (let row = 1; row <= 5; row += 1) drawnRow(run, `s${index}`, row, row < 4 ? 'failed' : 'passed', [stream(400), stream(500)], { reason: `x${index} = 1` });
    }
    const sample = over(run);
    const kept = keptOf(sample.events);
    expect([kept.failed.length, kept.passed.length, kept.left]).toEqual([40, 60, 800 - 2 * 100]);
    const crowded = pageOf(sample);
    expect([figures(partOf(crowded, 'failures')), figures(partOf(crowded, 'close-ups'))]).toEqual([24, 36]);
    expect(crowded).toContain('740 more pictures are in log.jsonl');
  });
});

/** A run of one row that passed and drew this. */
function one(drawing: Drawing): ReturnType<typeof picturesRun> {
  const run = started(['s']);
  drawnRow(run, 's', 1, 'passed', [drawing]);
  return over(run);
}

describe('pictures that are kept', () => {
  it('are those of the last attempt, the first of failures that are alike, and the worst that passed of each step', () => {
    const run = started(['a', 'b']);
    drawnRow(run, 'a', 1, 'passed', [conversation(1)]);
    drawnRow(run, 'a', 2, 'passed', [conversation(2, true)]);
    drawnRow(run, 'a', 3, 'passed', [conversation(2)]);
    drawnRow(run, 'b', 1, 'failed', [stream(1)], { retried: true });
    for (const row of [2, 3]) drawnRow(run, 'b', row, 'failed', [stream(row)]);
    drawnRow(run, 'b', 4, 'failed', [stream(4)], { reason: 'another = 1' });
    const other = { ...run.events.find((event) => event.event === 'picture'), step: 'other', row: 9 } as RunEvent;
    const kept = keptOf([...run.events, other, { ...run.events.find((event) => event.event === 'test_end'), row: 9 } as RunEvent]);
    expect(rows(kept.passed)).toEqual(['a 2 passed', 'a 9 passed']);
    expect(rows(kept.failed)).toEqual(['b 1 failed', 'b 2 failed', 'b 4 failed']);
    expect(kept.failed[0]?.pictures.map(({ attempt }) => attempt)).toEqual([2]);
    expect(kept.left).toBe(4);
  });

  it('are there when the log breaks off in the middle of a row, and of a check before the run', () => {
    const run = started(['a']);
    drawnRow(run, 'preflight', 1, 'passed', [stream(1)], { ended: false });
    const broken = keptOf(run.events);
    expect(rows(broken.failed)).toEqual(['preflight 1 open']);
    run.add({ event: 'step_end', scenario: 'preflight', row: 1, trace_id: 'f'.repeat(32), step: 'talk', use: 'voice.vad', phase: 'preflight', attempt: 1, retried: false, outcome: 'passed', duration_ms: 900, source: { file: 'f', line: 1, column: 1 }, error: null, expectations: [], sent: null, received: null });
    expect(rows(keptOf(run.events).passed)).toEqual(['preflight 1 passed']);
  });

  it('are few of one row, however many it draws', () => {
    const run = started(['a']);
    drawnRow(run, 'a', 1, 'failed', Array.from({ length: 50 }, () => stream(1)));
    const { failed, left } = keptOf(run.events);
    expect([failed[0]?.pictures.length, left]).toEqual([4, 46]);
  });
});

describe('labels', () => {
  it('never lie on each other, and what is not as it should be has its place first', () => {
    const wanted = Array.from({ length: 60 }, (_, index) => ({ from: (index * 37) % 101, to: Math.min(100, ((index * 37) % 101) + 2), text: `label ${index}`, rank: index % 7 === 0 ? 0 : 1 }));
    const placed = placeLabels(wanted);
    const least = 100 / 560;
    const extent = ({ at, atEnd, text }: (typeof placed)[number]): readonly [number, number] => (atEnd ? [at - text.length * 6 * least, at] : [at, at + text.length * 6 * least]);
    placed.forEach((one_, index) => placed.slice(index + 1).filter(({ level }) => level === one_.level).forEach((other) => {
      const [[a, b], [c, d]] = [extent(one_), extent(other)];
      expect(b <= c || d <= a).toBe(true);
    }));
    expect(placed.length).toBeGreaterThan(8);
    expect(placed.length).toBeLessThan(wanted.length);
    expect(placed.filter(({ rank }) => rank === 0).length).toBeGreaterThan(4);
    expect(placeLabels([{ from: 10, to: 20, text: '', rank: 0 }, { from: 95, to: 97, text: 'at the end', rank: 0 }, { from: 0, to: 5, text: LONG, rank: 1 }]).map(({ text, at, atEnd }) => [text.length, at, atEnd])).toEqual([[10, 97, true], [30, 0, false]]);
  });
});
