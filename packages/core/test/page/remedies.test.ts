import { describe, expect, it } from 'vitest';
import { addRemedy } from '../../src/events/sample-remedy.js';
import { sampleRun } from '../../src/events/sample-run.js';
import { renderReport } from '../../src/page/report.js';
import { createFacts, type RunFacts } from '../../src/page/run-facts.js';
import { toDos } from '../../src/page/to-do.js';
import { verdictDetail, verdictSentence } from '../../src/page/verdict.js';
import { aliceRun, HOSTILE, type Sample } from './sample.js';
import { hostileRemedies, remediedRun, undoneRun, waitingRun } from './sample-remedies.js';

const factsOf = ({ events }: Pick<Sample, 'events'>): RunFacts => {
  const facts = createFacts();
  events.forEach((event) => facts.on(event));
  return facts.facts();
};
const sectionOf = (sample: Sample, id: string): string => new RegExp(`<section class="part" id="${id}"[\\s\\S]*?</section>\\n?(?=<section class="part"|</main>)`).exec(renderReport(sample.report, sample.events))?.[0] ?? '';
const bare = (markup: string): string => markup.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ');

describe('the verdict of a run with changes', () => {
  it('says what failed, what was changed, and how it stands', () => {
    expect(verdictSentence(remediedRun().report)).toBe('One SLO failed. One parameter was changed, and it holds now.');
    expect(verdictSentence(undoneRun().report)).toBe('One SLO failed. 11 of 210 rows failed. A change did not help and was undone.');
    expect(verdictSentence(waitingRun().report)).toBe('One SLO failed. A person is needed.');
    expect(verdictSentence({ ...waitingRun().report, outcome: 'failed' })).toMatch(/ A change is proposed\.$/);
    expect(verdictSentence({ ...remediedRun().report, slos: [] })).toBe('One parameter was changed, and what failed holds now.');
    const restart = remediedRun().report;
    expect(verdictSentence({ ...restart, remediations: restart.remediations.map((change) => ({ ...change, action: 'service.restart' })) })).toContain('One change was made');
  });
  it('goes on with cause, change and effect, or with why a person is needed', () => {
    expect(bare(verdictDetail(remediedRun().report).markup)).toContain('End-of-speech timeout is too aggressive. eosTimeout 400 → 550 ms ; Swedish WER café noise 17.2 % → 9.6 %, pass.');
    expect(bare(verdictDetail(waitingRun().report).markup)).toMatch(/^Someone else has changed strictSchema\. .* Exit code 2: /);
  });
  it('puts what waits for a person first, and the way back last', () => {
    const waiting = waitingRun();
    expect(toDos(waiting.report, factsOf(waiting).start).slice(0, 2).map(({ what, command }) => [what, command])).toEqual([
      ['strictSchema was changed by someone else: decide which value is right', 'realops ack schema_loose alice.yaml'],
      ['Allow or leave it: Restart the recogniser (asr).', 'realops approve 3f2a9c alice.yaml'],
    ]);
    const remedied = remediedRun();
    expect(toDos(remedied.report, factsOf(remedied).start).at(-1)).toEqual({ state: 'remedied', what: 'Keep eosTimeout 400 → 550 ms, or take it back.', why: '', command: 'realops undo 7 alice.yaml' });
  });
});

describe('the section of remedies', () => {
  it('is left out when nothing was found or done', () => {
    const { report, events } = aliceRun({ kind: 'failing' });
    expect(renderReport(report, events)).not.toContain('id="remedies"');
  });
  it('tells cause with evidence, change, SLOs before and after, guards, rollback, what was held', () => {
    const markup = sectionOf(remediedRun(), 'remedies');
    const text = bare(markup);
    for (const part of ['kept Wait longer for the end of speech longer_eos, change 7', 'Seen 17.2 % Swedish WER café noise ≤ 11 % is asked', 'End-of-speech timeout is too aggressive (80 %) voice.truncated 31 % voice.final p95 in asr_cafe 402 ms', 'Change 400 → 550 ms eosTimeout, knob.change', 'Checked 9.6 % Swedish WER café noise every SLO it should heal holds; ran again: asr_cafe', 'ASR final guard, p95 &lt; 800 ms', 'lower_threshold was held: it was used 4 min ago', 'realops undo 7 alice.yaml']) expect(text).toContain(part);
    expect(markup).toContain('aria-label="before 17.2 %, 156 % of the limit; after 9.6 %, 87 % of the limit"');
    expect(markup).toContain('<circle class="was held" r="4.5"/>');
  });
  it('tells proposals with their command, conflicts, unknown causes and alerts', () => {
    const text = bare(sectionOf(waitingRun(), 'remedies'));
    for (const part of ['Allow exactly this change, once: realops approve 3f2a9c alice.yaml', 'Waits proposed it needs an approval', 'nothing done Cause unknown', 'smtp_down could not be decided: tool.success has no samples', 'Held : no remedy is configured for it', 'conflict Validate tool calls strictly', 'false → true strictSchema, toggle.set', 'WER too high fired critical 2026-11-23 14:12:00']) expect(text).toContain(part);
  });
  it('offers no undo for what is not in force', () => {
    const text = bare(sectionOf(undoneRun(), 'remedies'));
    expect(text).toContain('Was undone by: POST');
    expect(text).not.toContain('realops undo');
  });
  it('shows hostile texts as texts', () => {
    const { report, events } = hostileRemedies();
    const page = renderReport(report, events);
    expect(page.replace(/<script type="text\/plain"[^>]*>[^<]*<\/script>/, '')).not.toContain('<img');
    expect(page.match(/<\/script>/g)).toHaveLength(2);
    expect(page).not.toContain('\u202e');
    expect(HOSTILE).toContain('\u202e');
  });
});

describe('the other parts', () => {
  it('mark the healed SLO in the table: state, value before, place before', () => {
    const markup = sectionOf(remediedRun(), 'slos');
    expect(markup).toMatch(/<tr class="slo remedied" role="row" data-slo="wer_noisy" data-verdict="pass">/);
    expect(bare(markup)).toContain('was 17.2 % 9.6 %');
    expect(markup).toContain('aria-label="17.2 % before a change, now 9.6 %, 87 % of the limit; 95 % interval 7.1 – 12.8 %"');
  });
  it('mark the change in the time line, and tell rows that ran again apart', () => {
    const text = sectionOf(undoneRun(), 'time');
    expect(text).toMatch(/aria-label="eosTimeout 400 → 550 ms after [^"]*, undone: eosTimeout 550 → 400 ms after [^"]*"/);
    expect(bare(text)).toContain('asr_cafe 8 of 40 failed again: 5 of 40 failed');
    expect(bare(sectionOf(remediedRun(), 'time'))).toContain('8 of 40 failed again: 40 passed');
  });
  it('name changes among the events', () => {
    const text = bare(sectionOf(remediedRun(), 'events'));
    for (const part of ['diagnosed End-of-speech timeout is too aggressive (80 %) for wer_noisy', 'remediation_applied longer_eos: eosTimeout 400 → 550 ms, by realops', 'rerun_start asr_cafe, 40 rows, after change 7', 'remediation_validated change 7: pass; Swedish WER café noise 17.2 % → 9.6 %, pass; ASR final 655 ms → 781 ms, pass; every SLO']) expect(text).toContain(part);
  });
});

describe('facts of a run with a repetition', () => {
  const run = (result: 'pass' | 'fail') => factsOf({ events: addRemedy(sampleRun({ rows: 1 }).row('asr', 1, { outcome: 'failed', measured: { value: 912 } }).row('chat', 1, { measured: { value: 5 } }), { result }).end('healthy').events });
  it('hold the samples and the worst rows of the run that counts, in the order of before', () => {
    for (const [result, value] of [['pass', 655], ['fail', 912]] as const) {
      const { series, worst } = run(result);
      expect(series.map(({ scenario, values }) => [scenario, values])).toEqual([['asr', [value]], ['chat', [5]]]);
      expect(worst.get('asr_final')?.map(({ value: each }) => each)).toEqual([value, 5]);
    }
  });
  it('hold the moments of changes and both runs of a row', () => {
    const { changes, times } = run('fail');
    expect(changes.map(({ kind, what }) => [kind, what])).toEqual([['made', 'eosTimeout 700 → 850 ms'], ['undone', 'eosTimeout 850 → 700 ms']]);
    expect(times[0]?.rows.map(({ again, outcome }) => [again, outcome])).toEqual([[false, 'failed'], [true, 'failed']]);
  });
});
