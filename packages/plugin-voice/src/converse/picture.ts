import type { Millis, Picture, PictureLane, PictureMark, PictureSpan, Tone } from '@alice/realops/plugin';
import { spokenSpans } from '../stream/spoken-spans.js';
import type { Figures } from './measure.js';
import { speechOf } from './speech.js';
import type { Chunk, SaidTurn, Timeline, TimelineEvent } from './timeline.js';
import { isPlaced, type Placed, type TurnFigures } from './turn.js';

const TONES: { readonly [V in TurnFigures['verdict']]: Tone } = { pass: 'good', fail: 'bad', inconclusive: 'unclear' };

/** Sound that follows within this came in one go. */
const ARRIVAL_GAP_MS = 100;
/** So much more sound than time to come in is worth a word: it came faster than it is heard. */
const BURST_MS = 500;

/** A conversation over time, without a word of it: a function of its timeline and of what it came to; without figures where it broke off and nothing is judged. */
export function pictureOf(timeline: Timeline, figures?: Figures): Picture {
  const { turns, chunks, events, endMs } = timeline;
  const speech = figures?.speech ?? speechOf(timeline);
  const judged = turns.map((turn, index) => ({ turn, figures: figures?.turns[index] }));
  const [answers, stops] = [judged.flatMap(answerSpans), judged.flatMap(stopSpans)];
  const lanes: readonly PictureLane[] = [
    { name: 'user', spans: judged.flatMap((each) => (isPlaced(each.turn) ? saidSpans(each.turn, each.figures) : [])), marks: [...judged.flatMap(keyMarks), ...unsaidMarks(timeline)] },
    { name: 'assistant, heard', spans: speech.map(({ startMs, endMs: toMs }) => ({ fromMs: startMs, toMs })) },
    ...(answers.length === 0 ? [] : [{ name: 'answer after', spans: answers }]),
    ...(stops.length === 0 ? [] : [{ name: 'silent after', spans: stops }]),
    { name: 'sound arrives', spans: arrivalsOf(chunks) },
    { name: 'it tells', marks: toldMarks(events) },
  ];
  const ends = lanes.flatMap(({ spans = [], marks = [] }) => [...spans.map(({ toMs }) => toMs), ...marks.map(({ atMs }) => atMs)]);
  return { durationMs: ends.reduce((most, each) => Math.max(most, each), endMs), lanes };
}

interface Judged {
  readonly turn: SaidTurn;
  readonly figures: TurnFigures | undefined;
}

function toneOf(figures: TurnFigures | undefined): Tone {
  return figures === undefined ? 'neutral' : TONES[figures.verdict];
}

/** What the user said, with his pauses apart; keys have a mark. */
function saidSpans(turn: Placed, figures: TurnFigures | undefined): readonly PictureSpan[] {
  const { onsetMs, endMs, pauses, says } = turn;
  if (says === 'digits') return [];
  const spans = spokenSpans(onsetMs, endMs, pauses);
  const first = spans.find(({ tone }) => tone !== 'muted');
  return spans.map((span) => (span.tone === 'muted' ? span : { ...span, tone: toneOf(figures), label: span === first ? nameOf(turn) : '' }));
}

function keyMarks({ turn, figures }: Judged): readonly PictureMark[] {
  return turn.says === 'digits' && isPlaced(turn) ? [{ atMs: turn.onsetMs, tone: toneOf(figures), label: `${turn.id}: keys` }] : [];
}

/** `cut: cuts in`, `mm: backchannel`. */
function nameOf({ id, expect, class: kind }: SaidTurn): string {
  return expect === 'stop' ? `${id}: cuts in` : kind === 'speech' || kind === id ? id : `${id}: ${kind}`;
}

/** Turns that were never said stand where the next one began, or at the end: by then they had been given up. */
function unsaidMarks({ turns, endMs }: Timeline): readonly PictureMark[] {
  return turns.flatMap((turn, index) => {
    if (turn.trigger !== 'missed' && turn.trigger !== 'unreached') return [];
    const next = turns.slice(index + 1).find(isPlaced);
    return [{ atMs: next?.onsetMs ?? endMs, tone: 'unclear' as const, label: `${turn.id}: not said` }];
  });
}

/** From the end of the user's speech to what is heard of the answer; from there back to where it began when it was early; all the time that there was when none came. */
function answerSpans({ turn, figures }: Judged): readonly PictureSpan[] {
  if (figures === undefined || !isPlaced(turn)) return [];
  const { endMs, withinMs, id, expect } = turn;
  const { latencyMs, answered, early, verdict } = figures;
  if (latencyMs === null) return answered === false && expect !== 'ignore' ? [{ fromMs: endMs, toMs: endMs + withinMs, tone: toneOf(figures), label: `${id}: no answer` }] : [];
  const heardMs = Math.max(0, endMs + latencyMs);
  const tone: Tone = early === true ? toneOf(figures) : verdict === 'pass' ? 'good' : 'neutral';
  return [{ fromMs: Math.min(endMs, heardMs), toMs: Math.max(endMs, heardMs), tone, label: lasting(latencyMs) }];
}

/** From when somebody cut in to silence. */
function stopSpans({ turn, figures }: Judged): readonly PictureSpan[] {
  if (!isPlaced(turn) || figures === undefined || figures.stopMs === null) return [];
  const { stopMs, yielded } = figures;
  const tone: Tone = turn.expect === 'ignore' || yielded === false ? toneOf(figures) : yielded === true ? 'good' : 'unclear';
  return [{ fromMs: turn.onsetMs, toMs: turn.onsetMs + stopMs, tone, label: lasting(stopMs) }];
}

/** `840 ms`, `23.0 s`. */
function lasting(ms: Millis): string {
  return Math.abs(ms) < 10_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`;
}

/** When sound came: in one go what followed at once, and how much it was when it came faster than it is heard. */
function arrivalsOf(chunks: readonly Chunk[]): readonly PictureSpan[] {
  const runs: { readonly fromMs: Millis; toMs: Millis; soundMs: Millis; playedMs: Millis }[] = [];
  let before: Chunk | undefined;
  for (const chunk of chunks) {
    const run = runs.at(-1);
    if (run === undefined || before === undefined || chunk.arrivedMs - run.toMs > ARRIVAL_GAP_MS + Math.min(before.lastsMs, ARRIVAL_GAP_MS)) runs.push({ fromMs: chunk.arrivedMs, toMs: chunk.arrivedMs, soundMs: chunk.lastsMs, playedMs: chunk.playedMs });
    else {
      run.toMs = chunk.arrivedMs;
      run.soundMs += chunk.lastsMs;
      run.playedMs += chunk.playedMs;
    }
    before = chunk;
  }
  return runs.map(({ fromMs, toMs, soundMs, playedMs }) => {
    const burst = soundMs - (toMs - fromMs) > BURST_MS ? [`${(soundMs / 1_000).toFixed(1)} s at once`] : [];
    const cleared = soundMs - playedMs > 1 ? [`${((soundMs - playedMs) / 1_000).toFixed(1)} s not heard`] : [];
    return { fromMs, toMs, label: [...burst, ...cleared].join(', ') };
  });
}

const EVENT_WORDS: { readonly [T in Exclude<TimelineEvent['type'], 'clear' | 'claim'>]: string } = {
  speechStart: 'hears speech', speechStop: 'speech over', turnEnd: 'turn over', final: 'understood', said: 'text', intent: 'intent', other: '',
};

/** What was told in one moment has one mark; what has no word for it has none. */
function toldMarks(events: readonly TimelineEvent[]): readonly PictureMark[] {
  const known = events.filter((event) => wordOf(event) !== '');
  return [...new Set(known.map(({ atMs }) => atMs))].map((atMs) => {
    const told = known.filter((event) => event.atMs === atMs);
    const isMuted = told.every(({ type }) => type !== 'clear' && type !== 'claim');
    return { atMs, label: [...new Set(told.map(wordOf))].join(', '), ...(isMuted ? { tone: 'muted' as const } : {}) };
  });
}

function wordOf(event: TimelineEvent): string {
  if (event.type === 'clear') return 'clear';
  if (event.type === 'claim') return event.isSpeaking ? 'I speak' : 'I am silent';
  return EVENT_WORDS[event.type];
}
