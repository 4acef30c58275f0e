import { describe, expect, it } from 'vitest';
import { sampleRun } from '../../src/events/sample-run.js';
import { consoleReporter, github } from '../../src/reporters/index.js';
import { displayWidth } from '../../src/text/width.js';
import { collectOutput, HOSTILE, reportOn, RUNS } from './support.js';

const types = [consoleReporter];
const runOf = (kind: string) => RUNS[kind]?.() ?? [];

describe('console without a terminal', () => {
  it('prints plain lines with the time, the table, and the outcome last', async () => {
    const { printed, directory } = await reportOn(runOf('healthy'), types);
    const [, folder] = directory.split('/').slice(-2);
    expect(printed.split('\n')).toEqual([
      `00:00  realops 0.1.0 · suite alice · sandbox · 2 scenarios, 1 SLO · ${directory.split('/').at(-2) ?? ''}/${folder ?? ''}`,
      '00:00  preflight   ✓ api 12.5 ms',
      expect.stringMatching(/^00:00 {2}✓ asr {7}3\/3 passed {4}\d+ ms$/),
      expect.stringMatching(/^00:00 {2}✓ chat {6}1\/1 passed {4}\d+ ms$/),
      '',
      '  SLO        target        actual   n  95 % interval  verdict',
      '  ASR final  p95 < 800 ms  655 ms  80  631 – 702 ms   pass',
      '',
      expect.stringMatching(/^ {2}HEALTHY in \d+ ms: the SLO passed, 4 rows passed$/),
      '  1 SLO: 1 passed · 4 of 4 rows passed · exit 0',
      `  reports ${directory}`,
      '',
    ]);
  });

  it('tells a failure in full: place, expected and got with the difference marked, sent, received, timing, trace, command', async () => {
    const { printed } = await reportOn(runOf('failed'), types);
    expect(printed).toContain(
      [
        '  ✗ asr row 3, step asr (voice.transcribe)  scenarios.yaml:31  REALOPS_EXPECT_FAILED',
        '      expected  text = "klockan är tolv"',
        '      got       text = "klockan är tol"',
        '                                      ^',
        '      sent      {"target":"asr","audio":"clip-17.wav"}',
        '      received  {"text":""}',
        `      took      120 ms, 1 attempt, trace ${'3'.padStart(32, 'a')}`,
        '      again     realops run alice/scenarios.yaml --scenario asr --row 3',
      ].join('\n'),
    );
    expect(printed).toContain('      same      2 failures of this kind: asr rows 5, 6');
    expect(printed).toContain('ASR final  p95 < 800 ms  903 ms  80  850 – ∞ ms     FAIL     proven');
    expect(printed.indexOf('row 3, step')).toBeLessThan(printed.indexOf('95 % interval'));
  });

  it('says what came of runs that did not get far', async () => {
    expect((await reportOn(runOf('could not run'), types)).printed).toContain('✗ api error: connection refused');
    expect((await reportOn(runOf('could not run'), types)).printed).toMatch(/COULD NOT RUN in .*: preflight api did not hold/);
    expect((await reportOn(runOf('torn'), types)).printed).toContain('BROKEN OFF in');
    expect((await reportOn(runOf('no data'), types)).printed).toContain('no data  ← no mail account configured');
  });

  it('prints the table alone when quiet, the outcome when there is none', async () => {
    expect((await reportOn(runOf('failed'), types, collectOutput(), { quiet: true })).printed.trimEnd().split('\n')).toHaveLength(2);
    expect((await reportOn(runOf('could not run'), types, collectOutput(), { quiet: true })).printed).toMatch(/^ {2}COULD NOT RUN in .*\n$/);
  });

  it('says the same with and without colour', async () => {
    const plain = await reportOn(runOf('failed'), types);
    const coloured = await reportOn(runOf('failed'), types, collectOutput({ color: true }));
    expect(coloured.printed).toContain('\u001b[31m');
     
    expect(coloured.printed.replaceAll(/\u001b\[\d+m/g, '').replaceAll(coloured.directory, plain.directory).replace(/realops-reporters-\w+\n/, '')).toBe(plain.printed.replace(/realops-reporters-\w+\n/, ''));
  });

  it('lets no control sign from outside reach the terminal', async () => {
    const { printed } = await reportOn(runOf('hostile'), [consoleReporter, github]);
     
    expect(printed).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2028]/);
    expect(printed.split('\n').filter((line) => line.startsWith('::error::injected'))).toEqual([]);
  });
});

describe('console in a terminal', () => {
  it('draws running scenarios below what stays, within the width, and leaves the record', async () => {
    const output = collectOutput({ interactive: true, columns: 60 });
    const reporter = consoleReporter.create();
    await reporter.start?.({ directory: null, write: async () => undefined, output, log: { debug: () => undefined, info: () => undefined, warn: () => undefined }, options: {} });
    const run = sampleRun({ rows: 2 }).row('asr', 1).add({ event: 'lock_wait', scenario: 'chat', locks: ['asr'] })
      .add({ event: 'test_start', scenario: 'asr', row: 2, trace_id: 't', lane: 0 })
      .add({ event: 'asr_partial', scenario: 'asr', row: 2, trace_id: 't', step: 'asr', text: `boka möte med anna imorgon klockan tolv ${HOSTILE}` });
    for (const event of run.events) await reporter.on(event);
    await new Promise((resolve) => setTimeout(resolve, 350));
    const frames = output.writes.filter((text) => text.includes('chat'));
    expect(frames.length).toBeGreaterThan(0);
    expect(frames.length).toBeLessThan(10);
    const screen = show(output.writes);
    expect(screen.at(-2)).toMatch(/^ {2}[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏] asr {7}1\/2 {3}“boka möte med anna/u);
    expect(screen.at(-2)?.endsWith('…')).toBe(true);
    expect(screen.at(-1)).toBe('  · chat  waits for lock asr');
    for (const line of screen) expect(displayWidth(line)).toBeLessThan(60);
    const later = run.events.length;
    run.add({ event: 'test_end', scenario: 'asr', row: 2, trace_id: 't', outcome: 'passed', duration_ms: 5, attempts: 1, reason: null }).row('chat', 1).end('healthy');
    for (const event of run.events.slice(later)) await reporter.on(event);
    const count = output.writes.length;
    await new Promise((resolve) => setTimeout(resolve, 250));
    expect(output.writes.length, 'nothing is drawn after the end').toBe(count);
    const record = show(output.writes);
    expect(record.filter((line) => line.startsWith('  ✓'))).toHaveLength(2);
    expect(record.join('\n')).not.toMatch(/waits for lock|“/);
  });
});

/** What a terminal shows of the writes. */
function show(writes: readonly string[]): readonly string[] {
  const lines: string[] = [];
  let line = '';
   
  for (const part of writes.join('').split(/(\u001b\[\d+A\u001b\[0J|\n)/)) {
    if (part === '\n') {
      lines.push(line);
      line = '';
    } else if (part.startsWith('\u001b[')) lines.length -= Number(/\d+/.exec(part)?.[0]);
    else line += part;
  }
  return lines.filter((each) => each !== '');
}

describe('github', () => {
  it('annotates at the line of the suite, seen from where the command ran', async () => {
    const { printed } = await reportOn(runOf('failed'), [github]);
    const lines = printed.trimEnd().split('\n');
    expect(lines.every((line) => /^::(error|warning|notice) /.test(line))).toBe(true);
    expect(lines[0]).toBe('::error title=SLO ASR final%3A FAIL::903 ms, target p95 < 800 ms (n 80, 95 %25 interval 850 – ∞ ms), proven');
    expect(printed).toContain('::error file=alice/scenarios.yaml,line=31,col=11,title=asr · asr · REALOPS_CONNECTION::connection refused by 127.0.0.1:8000%0Ahint: start the service%0Aagain: ');
    expect(lines.at(-1)).toMatch(/^::notice title=RealOps alice%3A FAILED::/);
  });

  it('keeps to one line an annotation, whatever comes from outside', async () => {
    const { printed } = await reportOn(runOf('hostile'), [github]);
    expect(printed.trimEnd().split('\n').every((line) => /^::(error|warning|notice) [^\n]*::/.test(line))).toBe(true);
  });
});
