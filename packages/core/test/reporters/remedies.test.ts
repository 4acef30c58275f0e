import { describe, expect, it } from 'vitest';
import { addRemedy, SAMPLE_CHANGE } from '../../src/events/sample-remedy.js';
import { sampleRun } from '../../src/events/sample-run.js';
import { consoleReporter, csv, github, junit, markdown } from '../../src/reporters/index.js';
import { collectOutput, reportOn, RUNS } from './support.js';

const eventsOf = (kind: string) => RUNS[kind]?.() ?? [];

async function printedOf(kind: string, type = consoleReporter): Promise<string> {
  return (await reportOn(eventsOf(kind), [type])).printed;
}

async function fileOf(kind: string, name: string): Promise<string> {
  return (await reportOn(eventsOf(kind), [markdown, csv, junit])).files.get(name) ?? '';
}

describe('console', () => {
  it('tells cause, what is held, change, repetition and result while the run goes on', async () => {
    const live = (await printedOf('remedied')).split('\n').filter((line) => /^\d\d:\d\d /.test(line));
    expect(live.slice(-6)).toEqual([
      '00:00  cause       End-of-speech timeout is too aggressive (80 %) · voice.truncated 21 %',
      '00:00  held        lower_threshold: it was used 4 min ago and rests for 30 min',
      '00:00  change      longer_eos: eosTimeout 700 → 850 ms',
      '00:00  again       asr, 1 row',
      expect.stringMatching(/^00:00 {2}✓ asr {7}1\/1 passed {4}\d+ ms {3}again$/),
      '00:00  result      kept: ASR final 912 ms → 655 ms, pass; every SLO it should heal holds',
    ]);
    const undone = await printedOf('rolled back');
    expect(undone).toContain('00:00  undone      eosTimeout 850 → 700 ms: a guard got worse\n');
    expect(undone).toMatch(/✗ asr {7}0\/1 passed {4}\d+ ms {3}again, 1 failed\n/);
  });

  it('ends with the healed SLO marked, cause and change and result, the way back, and the outcome', async () => {
    const printed = await printedOf('remedied');
    expect(printed).toContain('  ASR final  p95 < 800 ms  655 ms  80  631 – 702 ms   pass     was 912 ms\n');
    expect(printed).toContain(
      [
        '  Diagnosis   ASR final ← End-of-speech timeout is too aggressive (80 %) · voice.truncated 21 %',
        '  Remedy      eosTimeout 700 → 850 ms (longer_eos, change 12)',
        '  Validation  kept: ASR final 912 ms → 655 ms, pass; every SLO it should heal holds',
        '              undo: realops undo 12 alice/scenarios.yaml',
        '  Held        lower_threshold: it was used 4 min ago and rests for 30 min',
        '',
      ].join('\n'),
    );
    expect(printed).toMatch(/\n {2}REMEDIED in \d+ ms: ASR final holds after eosTimeout 700 → 850 ms\n {2}1 SLO: 1 remedied · 3 of 3 rows passed, 1 flaky · exit 0\n/);
    expect(printed).not.toContain('✗ asr row 1, step');
  });

  it('names what waits for a person: proposal with its command, conflict, unknown cause, alerts', async () => {
    const printed = await printedOf('needs human');
    expect(printed).toContain('  Diagnosis   ASR final ← no rule explains it\n  Undecided   eos_too_short: voice.truncated has no samples\n  Held        unknown: no remedy is configured for it\n');
    expect(printed).toContain('  Proposal    strict: strictSchema false → true (Wait longer for the end of speech): it needs an approval\n              allow it: realops approve 3f2a9c alice/scenarios.yaml\n');
    expect(printed).toContain('  Validation  conflict: someone else has changed the value\n');
    expect(printed).toContain('  Alert       WER too high (critical): WER too high since 14:12\n  Cleared     WER too high (critical): WER is fine again\n');
    expect(printed).toMatch(/\n {2}NEEDS A HUMAN in \d+ ms: someone else has changed strictSchema\n.*exit 2\n/);
  });

  it('says the same with colour, and in a terminal above the live region', async () => {
    const bare = (text: string): string => text.replaceAll(/\u001b\[[\d;]*m/g, '');
    const plain = await printedOf('needs human');
    const coloured = await reportOn(eventsOf('needs human'), [consoleReporter], collectOutput({ color: true }));
    expect(coloured.printed).toContain('\u001b[');
    expect(bare(coloured.printed).replace(/realops-reporters-\w+/g, '')).toBe(plain.replace(/realops-reporters-\w+/g, ''));
    const terminal = await reportOn(eventsOf('remedied'), [consoleReporter], collectOutput({ interactive: true, columns: 50 }));
    const lines = terminal.printed.split('\n').map((line) => line.replaceAll(/\u001b\[\d*[A-Z]/g, ''));
    expect(lines).toContain('  change      longer_eos: eosTimeout 700 → 850 ms');
    expect(lines.filter((line) => /^ {2}(cause|held|result| {14})/.test(line)).every((line) => line.length <= 50)).toBe(true);
  });
});

describe('summary.md', () => {
  it('has issue, root cause with evidence, remediation with rollback, validation', async () => {
    const text = await fileOf('remedied', 'summary.md');
    expect(text).toContain('| ASR final | p95 \\< 800 ms | 655 ms |  80 | 631 – 702 ms  | pass (was 912 ms) |');
    expect(text).toContain(
      [
        '### ASR final was not met, and holds after a change',
        '',
        '- Before 912 ms, now 655 ms, target p95 \\< 800 ms; n 80, 95 % interval 631 – 702 ms; severity major',
        '- Objective: `p95(voice.final) < 800ms` (SLO `asr_final`)',
        '- Root cause: End-of-speech timeout is too aggressive (80 %) (`eos_too_short`); evidence: voice.truncated 21 %',
        '- Remediation: eosTimeout 700 → 850 ms by `longer_eos` (Wait longer for the end of speech, change `12`)',
        '  - Rollback: `POST http://127.0.0.1:8000/api/voice/config {"vad_eos_timeout_ms":700}` or `realops undo 12 alice/scenarios.yaml`',
        '- Validation: **kept**: every SLO it should heal holds; run again: `asr`',
        '  - ASR final 912 ms → 655 ms, pass (target p95 \\< 800 ms, before FAIL)',
        '- Nothing else: `lower_threshold` was held: it was used 4 min ago and rests for 30 min',
      ].join('\n'),
    );
    expect(text).toContain('- `asr` row 2 (at most 2 attempts)');
  });

  it('says why nothing was done, what waits for an approval, and what became of the rest', async () => {
    const text = await fileOf('needs human', 'summary.md');
    expect(text).toContain('- Root cause: no rule explains it\n  - `eos_too_short` could not be decided: voice.truncated has no samples\n');
    expect(text).toContain('  - Allow it: `realops approve 3f2a9c alice/scenarios.yaml`\n');
    expect(text).toContain('- Validation: **conflict**: someone else has changed the value\n');
    expect(text).toContain('| `wer_high` | **fired** | critical | 2026-11-23 14:12:00 | WER too high since 14:12 |');
    const none = sampleRun().slo({ id: 'asr_final', verdict: 'fail', value: 912 }).add({ event: 'diagnosed', diagnosis: 'eos', cause: 'too short', confidence: 0.5, slos: ['asr_final'], evidence: {}, undecided: [] })
      .add({ event: 'remediation_held', issue: 'eos', remedy: null, why: 'it is not certain yet' })
      .add({ event: 'remediation_rolled_back', change: { ...SAMPLE_CHANGE, issue: 'other', slos: ['gone'] }, reason: 'unfinished', by: 'realops' }).end('failed').events;
    const summary = (await reportOn(none, [markdown])).files.get('summary.md') ?? '';
    expect(summary).toContain('- Root cause: too short (50 %) (`eos`)\n- Remediation: none applied; it is not certain yet\n- Validation: none\n');
    expect(summary).toMatch(/## Other changes\n\n- Remediation: eosTimeout 700 → 850 ms by `longer_eos` .*\n {2}- Rollback: .*\n- Validation: \*\*rolled back\*\*: an earlier run ended in the middle of it\n/);
  });
});

describe('metrics.csv', () => {
  const statuses = (text: string): readonly string[] => text.trimEnd().split('\r\n').slice(1).map((line) => line.split(',').slice(3).join(','));
  it('tells which of two runs of a scenario counts', async () => {
    expect(statuses(await fileOf('remedied', 'metrics.csv'))).toEqual(['912,ms,replaced', '620,ms,replaced', '655,ms,pass']);
    expect(statuses(await fileOf('rolled back', 'metrics.csv'))).toEqual(['912,ms,fail', '620,ms,fail', '655,ms,repeated']);
  });
  it('leaves scenarios alone that did not run again', async () => {
    const run = sampleRun({ rows: 1 }).row('asr', 1, { outcome: 'failed', measured: { value: 912 } }).row('chat', 1, { measured: { value: 5 } });
    const { files } = await reportOn(addRemedy(run).slo({ id: 'asr_final' }).end('remedied').events, [csv]);
    expect(statuses(files.get('metrics.csv') ?? '')).toEqual(['912,ms,replaced', '5,ms,pass', '655,ms,pass']);
  });
});

describe('junit.xml', () => {
  it('is green for what was healed and says by what', async () => {
    const xml = await fileOf('remedied', 'junit.xml');
    expect(xml).toContain('tests="6" failures="0" errors="0" skipped="0"');
    expect(xml).toMatch(/<testcase name="row 1" classname="asr" [^>]*>\n {6}<properties>\n {8}<property name="healed_by" value="longer_eos: eosTimeout 700 → 850 ms"\/>/);
    expect(xml).toMatch(/<testcase name="asr_final" classname="slos"[\s\S]*<property name="healed_by"[\s\S]*<system-out>ASR final: 655 ms, .*was 912 ms\nEnd-of-speech timeout is too aggressive → longer_eos/);
  });
  it('shows the run that counts when the change was undone', async () => {
    const xml = await fileOf('rolled back', 'junit.xml');
    expect(xml).toMatch(/<testcase name="row 1" classname="asr" time="0.120">\n {6}<failure/);
    expect(xml).not.toContain('healed_by');
    expect(await fileOf('needs human', 'junit.xml')).toContain('<error type="needs-human" message="NEEDS A HUMAN: someone else has changed strictSchema">');
  });
});

describe('github', () => {
  it('gives a notice for a kept change, a warning for others, an error for what needs a person', async () => {
    expect(await printedOf('remedied', github)).toContain('::notice title=Remedy longer_eos%3A eosTimeout 700 → 850 ms::End-of-speech timeout is too aggressive → kept: ASR final 912 ms → 655 ms, pass; every SLO it should heal holds%0Arollback: POST ');
    expect(await printedOf('rolled back', github)).toContain('::warning title=Remedy longer_eos%3A eosTimeout 700 → 850 ms::');
    const human = await printedOf('needs human', github);
    expect(human).toContain('::error title=A person is needed::someone else has changed strictSchema\n');
    expect(human).toContain('::warning title=Proposed%3A strictSchema false → true::End-of-speech timeout is too aggressive: it needs an approval%0Aallow it: realops approve 3f2a9c alice/scenarios.yaml\n');
    expect(human).toContain('::warning title=Alert wer_high (critical)::WER too high since 14:12\n');
  });
});
