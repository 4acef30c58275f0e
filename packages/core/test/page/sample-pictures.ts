import type { PictureDrawn, RunEventDraft } from '../../src/events/event.js';
import type { StepOutcome } from '../../src/model/words.js';
import { finish, HOSTILE, LONG, scribe, type Sample, type Scribe } from './sample.js';

/** What a picture shows, without where it belongs. */
export type Drawing = Pick<PictureDrawn, 'title' | 'duration_ms' | 'lanes' | 'dropped'>;

type Lane = Drawing['lanes'][number];
type Span = Lane['spans'][number];

export const span = (from_ms: number, to_ms: number, label = '', tone: Span['tone'] = 'neutral'): Span => ({ from_ms, to_ms, tone, label });
export const mark = (at_ms: number, label: string, tone: Span['tone'] = 'neutral'): Lane['marks'][number] => ({ at_ms, tone, label });

/** A conversation of some 8 s a turn, in times that could be real; the last turn is never answered when it is `failed`. */
export function conversation(turns: number, failed = false): Drawing {
  const lanes: Record<'user' | 'heard' | 'answers' | 'arrives' | 'tells', { spans: Span[]; marks: Lane['marks'][number][] }> = { user: { spans: [], marks: [] }, heard: { spans: [span(180, 2_400)], marks: [] }, answers: { spans: [], marks: [] }, arrives: { spans: [span(120, 160, '2.3 s at once')], marks: [] }, tells: { spans: [], marks: [mark(120, 'I speak'), mark(2_410, 'I am silent')] } };
  for (let turn = 0; turn < turns; turn += 1) {
    const at = 3_000 + turn * 8_200;
    const isLost = failed && turn === turns - 1;
    const pauses = turn % 3 === 1;
    lanes.user.spans.push(...(pauses ? [span(at, at + 700, `turn ${turn}`, 'good'), span(at + 700, at + 1_300, 'pause 600 ms', 'muted'), span(at + 1_300, at + 1_900, '', 'good')] : [span(at, at + 1_900, turn === 2 ? 'cut: cuts in' : `turn ${turn}`, isLost ? 'bad' : turn === 2 ? 'unclear' : 'good')]));
    if (isLost) {
      lanes.answers.spans.push(span(at + 1_900, at + 6_900, `turn ${turn}: no answer`, 'bad'));
      continue;
    }
    const wait = 420 + ((turn * 137) % 900);
    lanes.answers.spans.push(span(at + 1_900, at + 1_900 + wait, `${wait} ms`, 'good'));
    lanes.heard.spans.push(span(at + 1_900 + wait, at + 4_200 + wait), span(at + 4_500 + wait, at + 6_000 + wait));
    lanes.arrives.spans.push(span(at + 1_870 + wait, at + 1_900 + wait, '3.8 s at once'));
    lanes.tells.marks.push(mark(at + 120, 'hears speech', 'muted'), mark(at + 1_900 + wait - 60, 'understood', 'muted'), mark(at + 1_880 + wait, 'I speak, text, intent'), ...(turn === 2 ? [mark(at + 5_000, 'clear', 'bad')] : []), mark(at + 6_020 + wait, 'I am silent'));
  }
  const named = (name: string, { spans, marks }: Lane | { spans: Span[]; marks: Lane['marks'][number][] }): Lane => ({ name, spans, marks });
  return { title: '', duration_ms: 3_000 + turns * 8_200, dropped: 0, lanes: [named('user', lanes.user), named('assistant, heard', lanes.heard), named('answer after', lanes.answers), named('sound arrives', lanes.arrives), named('it tells', lanes.tells)] };
}

/** A stream into a recogniser. */
export function stream(finalMs: number): Drawing {
  return {
    title: '', duration_ms: 2_600 + finalMs, dropped: 0,
    lanes: [
      { name: 'speech', spans: [span(300, 2_400)], marks: [] },
      { name: 'recogniser', spans: [], marks: [510, 820, 1_130, 1_440, 1_760, 2_080].map((at) => mark(at, 'partial', 'muted')).concat(mark(2_400 + finalMs, 'final')) },
      { name: 'to the first text', spans: [span(300, 510, '210 ms')], marks: [] },
      { name: 'to the final', spans: [span(2_400, 2_400 + finalMs, `${finalMs} ms`)], marks: [] },
    ],
  };
}

/** A row of one step that draws; two attempts when it is `retried`. */
export function drawnRow(run: Scribe, scenario: string, row: number, outcome: StepOutcome, drawings: readonly Drawing[], { reason = 'turns[id = \'ask\'].verdict != \'fail\'', retried = false, ended = true } = {}): void {
  const place = { scenario, row, trace_id: String(row).padStart(32, 'c') };
  const step = { ...place, step: 'talk', use: 'voice.converse', phase: 'steps' as const };
  const end = (attempt: number, last: boolean): RunEventDraft => ({
    event: 'step_end', ...step, attempt, retried: !last, outcome: last ? outcome : 'error', duration_ms: 900, source: { file: 'scenarios.yaml', line: 40, column: 9 }, sent: null, received: null,
    error: last && outcome === 'passed' ? null : { code: 'REALOPS_EXPECT_FAILED', message: `${reason} did not hold`, hint: null }, expectations: last && outcome === 'failed' ? [{ expression: reason, held: false, got: { verdict: 'fail' } }] : [],
  });
  const began = run.at;
  run.add({ event: 'test_start', ...place, lane: 0 });
  for (let attempt = 1; attempt <= (retried ? 2 : 1); attempt += 1) {
    run.add({ event: 'step_start', ...step, attempt });
    run.at += 900;
    for (const drawing of drawings) run.add({ event: 'picture', ...place, step: 'talk', attempt, ...drawing });
    if (ended) run.add(end(attempt, attempt === (retried ? 2 : 1)));
  }
  if (ended) run.add({ event: 'test_end', ...place, outcome, duration_ms: run.at - began, attempts: retried ? 2 : 1, reason: null });
  run.at += 10;
}

/** A run that has started, with these scenarios of ten rows each. */
export function started(scenarios: readonly string[]): Scribe {
  const run = scribe();
  run.add({
    event: 'run_start', engine: '0.1.0', suite: 'alice', environment: 'sandbox', seed: 7, concurrency: 4, files: ['scenarios.yaml'], suite_argument: 'alice.yaml', state_argument: null, preflight: [], slos: [], metrics: [], reporters: [],
    scenarios: scenarios.map((id) => ({ id, title: id === 'talk' ? 'Conversations' : id, tags: ['voice'], rows: 10, exclusive: [], source: { file: 'scenarios.yaml', line: 31, column: 5 } })),
  });
  return run;
}

/** The end of such a run. */
export function over(run: Scribe): Sample {
  run.add({ event: 'run_end', outcome: 'failed', exit_code: 1, duration_ms: run.at, reason: 'rows failed' });
  return finish(run);
}

/** Conversations of one that fails, one that fails alike, and some that pass; streams that all pass; a long one. */
export function picturesRun(): Sample {
  const run = started(['talk', 'asr_clean', 'long']);
  drawnRow(run, 'talk', 1, 'passed', [conversation(2)]);
  drawnRow(run, 'talk', 2, 'failed', [conversation(4, true)]);
  drawnRow(run, 'talk', 3, 'failed', [conversation(2, true)]);
  drawnRow(run, 'talk', 4, 'passed', [conversation(3)], { retried: true });
  for (let row = 1; row <= 5; row += 1) drawnRow(run, 'asr_clean', row, 'passed', [stream(500 + row * 40)]);
  drawnRow(run, 'long', 1, 'passed', [{ ...conversation(22), dropped: 7 }]);
  return over(run);
}

/** Pictures in which every text is hostile or long, and everything happens at once. */
export function hostilePictures(): Sample {
  const id = `x${HOSTILE}`;
  const run = started([id]);
  const crowd = Array.from({ length: 150 }, (_, index) => mark(index * 3, index % 2 === 0 ? HOSTILE : LONG, index % 5 === 0 ? 'bad' : 'neutral'));
  const drawing: Drawing = { title: HOSTILE, duration_ms: 460, dropped: 3, lanes: [{ name: HOSTILE, spans: [span(0, 460, HOSTILE, 'bad'), span(455, 460, LONG, 'unclear')], marks: [] }, { name: LONG, spans: [], marks: crowd }, { name: '', spans: [], marks: [] }] };
  drawnRow(run, id, 1, 'failed', [drawing, { ...drawing, duration_ms: 0, lanes: [] }], { reason: HOSTILE });
  drawnRow(run, id, 2, 'passed', [drawing]);
  return over(run);
}
