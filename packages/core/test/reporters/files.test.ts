import { describe, expect, it } from 'vitest';
import { sampleRun } from '../../src/events/sample-run.js';
import { CSV_HEADER } from '../../src/reporters/csv.js';
import { csv, junit, markdown, resultJson } from '../../src/reporters/index.js';
import { reportOn, RUNS } from './support.js';

async function textOf(kind: string, name: string): Promise<string> {
  return (await reportOn(RUNS[kind]?.() ?? [], [markdown, csv, junit, resultJson])).files.get(name) ?? '';
}

describe('summary.md', () => {
  it('begins with the outcome and the reason, whatever the run came to', async () => {
    const first = async (kind: string): Promise<string> => (await textOf(kind, 'summary.md')).split('\n')[0] ?? '';
    expect(await first('healthy')).toBe('# HEALTHY: the SLO passed, 4 rows passed');
    expect(await first('failed')).toBe('# FAILED: 1 of 1 SLOs failed, 4 of 7 rows failed');
    expect(await first('no data')).toBe('# INCONCLUSIVE: 1 of 1 SLOs without a verdict');
    expect(await first('could not run')).toBe('# COULD NOT RUN: preflight api did not hold');
    expect(await first('cancelled')).toBe('# CANCELLED: cancelled after 400 ms');
    expect(await first('torn')).toMatch(/^# BROKEN OFF: /);
    expect(await first('empty')).toBe('# INCONCLUSIVE: nothing was executed');
  });

  it('tells what to do, the table, each cause with its command, flaky rows, warnings', async () => {
    const text = await textOf('failed', 'summary.md');
    expect(text).toContain('- ASR final was not met and no remedy is configured: `realops init`');
    expect(text).toContain('| Metric    | Target        | Actual |   n | 95 % interval | Status            |');
    expect(text).toContain('| ASR final | p95 \\< 800 ms | 903 ms |  80 | 850 – ∞ ms    | **FAIL** (proven) |');
    expect(text).toContain('rows 5, 6');
    expect(text).toContain('realops run alice/scenarios.yaml --scenario asr --row 5\n');
    expect(text).toContain('expected  text = "klockan är tolv"\ngot       text = "klockan är tol"\n');
    expect(text).toContain('- `asr` row 2 (at most 3 attempts)');
    expect(text).toContain('- Hint: start the service');
    expect(text).toContain('- `webhook` `REALOPS_REPORTER_FAILED` 3 events were lost');
    expect(text).toContain('exact nearest rank');
    expect(text).not.toContain('\n\n\n');
  });

  it('lets nothing from outside become markup, a link, or a cell', async () => {
    const text = await textOf('hostile', 'summary.md');
    const outside = text.replaceAll(/^(`{3,})text\n[\s\S]*?\n\1$/gm, '');
    // What is left once code spans are gone must not hold a live sign.
    const prose = withoutCode(outside);
    expect(prose).not.toMatch(/(?<!\\)[<>[\]]/);
     
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2028]/);
    const table = outside.split('\n').filter((line) => line.startsWith('| '));
    const bars = (line: string): number => line.replaceAll(/\\\\/g, '').replaceAll('\\|', '').split('|').length;
    expect(new Set(table.map(bars).slice(0, 2)).size).toBe(1);
    expect(outside).not.toContain('\n=cmd');
  });
});

describe('metrics.csv', () => {
  it('has the agreed header, values in their unit, and the verdict of the SLO that judges each', async () => {
    const lines = (await textOf('failed', 'metrics.csv')).split('\r\n');
    expect(lines[0]).toBe(CSV_HEADER);
    expect(lines.slice(1).map((line) => line.split(',').slice(1).join(','))).toEqual(['asr,voice.final,601,ms,fail', 'asr,voice.final,602,ms,fail', 'asr,voice.final,,ms,missing', 'asr,voice.final,606,ms,invalid', '']);
    expect(lines[1]).toMatch(/^2026-11-23T14:12:00\.\d{3}Z,/);
  });

  it('writes a ratio as a share, a rate as 1 or 0, and leaves the status empty where no SLO judges', async () => {
    const events = sampleRun().row('asr', 1, { measured: { metric: 'voice.wer', kind: 'ratio', unit: 'ratio', value: 1, whole: 8 } }).row('asr', 2, { measured: { metric: 'ok', kind: 'rate', unit: 'ratio', value: 0 } })
      .row('asr', 3, { measured: { metric: 'voice.wer', kind: 'ratio', unit: 'ratio', value: 1, whole: 0 } }).end('healthy').events;
    const lines = ((await reportOn(events, [csv])).files.get('metrics.csv') ?? '').split('\r\n').slice(1, -1);
    expect(lines.map((line) => line.slice(25))).toEqual(['asr,voice.wer,0.125,ratio,', 'asr,ok,0,ratio,', 'asr,voice.wer,,ratio,']);
  });

  it('takes only the SLOs whose labels fit, and the worst of them', async () => {
    const [start, ...rest] = sampleRun().row('asr', 1, { measured: { labels: { snr: '10' } } }).row('asr', 2, { measured: { labels: { snr: '20' } } }).row('chat', 1, { measured: {} })
      .slo({ id: 'noisy', verdict: 'fail' }).slo({ id: 'tagged', verdict: 'inconclusive' }).slo({ id: 'chat', verdict: 'no-data' }).end('failed').events;
    if (start?.event !== 'run_start') throw new Error('a run begins with run_start');
    const slo = { title: 't', target: 't', objective: 'o', metric: 'voice.final' };
    const slos = [{ ...slo, id: 'noisy', where: { snr: ['10', '5'] } }, { ...slo, id: 'tagged', where: { tag: ['voice'], step: ['asr'] } }, { ...slo, id: 'chat', where: { scenario: ['chat'] } }];
    const lines = ((await reportOn([{ ...start, slos }, ...rest], [csv])).files.get('metrics.csv') ?? '').split('\r\n').slice(1, -1);
    expect(lines.map((line) => line.split(',').at(-1))).toEqual(['fail', 'inconclusive', 'inconclusive']);
  });

  it('quotes cells and takes the power from formulas', async () => {
    const text = await textOf('hostile', 'metrics.csv');
    expect(text).toContain(`,"'=cmd()a|b`);
    expect(text).not.toMatch(/(^|,|,")[=+@]/m);
    expect(text.split('\r\n')[0]).toBe(CSV_HEADER);
  });

  it('stays quick with thirty thousand measurements', async () => {
    const run = sampleRun();
    for (let row = 1; row <= 30_000; row += 1) run.add({ event: 'measured', scenario: 'asr', row, trace_id: 't', step: 'asr', attempt: 1, metric: 'voice.final', kind: 'distribution', unit: 'ms', value: row / 7, whole: null, invalid: null, labels: {} });
    const { files } = await reportOn(run.slo({ id: 'asr_final' }).end('healthy').events, [csv]);
    expect((files.get('metrics.csv') ?? '').split('\r\n')).toHaveLength(30_002);
  });
});

describe('junit.xml', () => {
  it('is well-formed and its counts agree for every kind of run', async () => {
    for (const kind of Object.keys(RUNS)) {
      const xml = await textOf(kind, 'junit.xml');
      const tags = readXml(xml);
      for (const suite of tags.filter(({ name }) => name === 'testsuites')) {
        expect(suite.attributes.get('tests'), kind).toBe(String(tags.filter(({ name }) => name === 'testcase').length));
        expect(suite.attributes.get('failures'), kind).toBe(String(tags.filter(({ name }) => name === 'failure').length));
        expect(suite.attributes.get('errors'), kind).toBe(String(tags.filter(({ name }) => name === 'error').length));
        expect(suite.attributes.get('skipped'), kind).toBe(String(tags.filter(({ name }) => name === 'skipped').length));
      }
    }
  });

  it('is green only for a healthy or a remedied run', async () => {
    for (const kind of Object.keys(RUNS)) {
      const red = /<(failure|error) /.test(await textOf(kind, 'junit.xml'));
      expect(red, kind).toBe(kind !== 'healthy' && kind !== 'remedied');
    }
  });

  it('tells a failing row with its place, what was expected and the command', async () => {
    const xml = await textOf('failed', 'junit.xml');
    expect(xml).toContain('<failure type="REALOPS_EXPECT_FAILED"');
    expect(xml).toContain('expected  text = "klockan är tolv"\ngot       text = "klockan är tol"');
    expect(xml).toContain('<error type="REALOPS_CONNECTION" message="asr: connection refused by 127.0.0.1:8000">');
    expect(xml).toContain('<skipped message="needs the consent scope memory:write"/>');
    expect(xml).toContain('<property name="flaky" value="true"/>');
    expect(await textOf('no data', 'junit.xml')).toMatch(/<error type="no-data" message="ASR final: —, target p95 &lt; 800 ms \(n 0, 95 % interval —\), no mail account configured">/);
  });
});

describe('result.json', () => {
  it('is the report, in the order of its fields', async () => {
    const { report, files } = await reportOn(RUNS['failed']?.() ?? [], [resultJson]);
    const text = files.get('result.json') ?? '';
    expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(report)));
    expect(Object.keys(JSON.parse(text) as object).slice(0, 3)).toEqual(['version', 'run_id', 'suite']);
    expect(text.endsWith('}\n')).toBe(true);
  });
});

/** Markdown without its code spans, as a reader of Markdown finds them. */
function withoutCode(text: string): string {
  return text.replaceAll(/\\[^\n]|(?<!`)(`+)(?!`)[\s\S]*?[^`]\1(?!`)/g, (whole) => (whole.startsWith('`') ? 'CODE' : whole));
}

interface Tag {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
}

/** All elements of a well-formed document without doctype, comments or CDATA; throws for anything else. */
function readXml(text: string): readonly Tag[] {
   
  if (/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/u.test(text)) throw new Error('a character that XML forbids');
  const tags: Tag[] = [];
  const open: string[] = [];
  const body = text.replace(/^<\?xml version="1\.0" encoding="UTF-8"\?>\n/, '');
  const token = /<(\/?)([a-z-]+)((?: [a-z_]+="[^"<]*")*)(\/?)>|([^<]+)/gy;
  let at = 0;
  while (at < body.length) {
    token.lastIndex = at;
    const match = token.exec(body);
    if (match === null) throw new Error(`not well-formed at ${body.slice(at, at + 60)}`);
    at = token.lastIndex;
    const [whole, closing, name = '', attributes = '', empty] = match;
    if (/&(?!(amp|lt|gt|quot|#10);)/.test(whole)) throw new Error(`a bare & in ${whole.slice(0, 60)}`);
    if (match[5] !== undefined) continue;
    if (closing === '/') {
      if (open.pop() !== name) throw new Error(`</${name}> closes nothing`);
      continue;
    }
    tags.push({ name, attributes: new Map([...attributes.matchAll(/ ([a-z_]+)="([^"]*)"/g)].map(([, key = '', value = '']) => [key, value])) });
    if (empty !== '/') open.push(name);
  }
  if (open.length > 0) throw new Error(`<${open.join('> <')}> is never closed`);
  return tags;
}
