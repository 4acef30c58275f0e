import { RealopsError } from '../errors/index.js';
import type { PictureDrawn } from '../events/event.js';
import { PICTURE_BOUNDS, TONES, type Picture, type PictureLane, type PictureMark, type PictureSpan, type Tone } from '../model/picture.js';
import { preview } from '../text/index.js';

/** A picture as the event holds it: in the order of time, within its bounds. */
export type Drawing = Pick<PictureDrawn, 'title' | 'duration_ms' | 'lanes' | 'dropped'>;

type DrawnLane = Drawing['lanes'][number];

/**
 * Brings a picture into the form of its event. What lies outside of its time is cut off there; what is outside as a whole, and what is over the bounds, is left out and counted. Lanes with
 * much give way to those with little, and keep what came first.
 * @throws RealopsError REALOPS_PLUGIN_INVALID for times that are no numbers or run backwards, and for a tone that there is not: an error of whoever draws
 */
export function drawingOf(use: string, { title = '', durationMs, lanes }: Picture): Drawing {
  const wrong = (what: string): never => {
    throw new RealopsError('REALOPS_PLUGIN_INVALID', `${use} draws a picture that cannot be: ${what}`, { hint: 'times are finite numbers of ms, 0 ≤ fromMs ≤ toMs; the plugin has to be corrected' });
  };
  const time = (name: string, value: number): number => (Number.isFinite(value) && value >= 0 ? toHundredths(value) : wrong(`${name} is ${String(value)}`));
  const toneOf = (tone: Tone = 'neutral'): Tone => (TONES.includes(tone) ? tone : wrong(`the tone ${preview(tone)} is none of ${TONES.join(', ')}`));
  const until = time('durationMs', durationMs);
  const spanOf = (lane: string, { fromMs, toMs, tone, label = '' }: PictureSpan): DrawnLane['spans'][number] => {
    const [from, to] = [time(`fromMs of a span of "${lane}"`, fromMs), time(`toMs of a span of "${lane}"`, toMs)];
    if (to < from) wrong(`a span of "${lane}" ends at ${to} ms, before it begins at ${from} ms`);
    return { from_ms: from, to_ms: Math.min(to, until), tone: toneOf(tone), label: shortened(label) };
  };
  const markOf = (lane: string, { atMs, tone, label }: PictureMark): DrawnLane['marks'][number] => ({ at_ms: time(`atMs of a mark of "${lane}"`, atMs), tone: toneOf(tone), label: shortened(label) });
  const laneOf = ({ name, spans = [], marks = [] }: PictureLane): DrawnLane => ({
    name: shortened(name),
    spans: spans.map((span) => spanOf(name, span)).filter(({ from_ms }) => from_ms <= until).sort((a, b) => a.from_ms - b.from_ms),
    marks: marks.map((mark) => markOf(name, mark)).filter(({ at_ms }) => at_ms <= until).sort((a, b) => a.at_ms - b.at_ms),
  });
  const given = lanes.reduce((sum, { spans = [], marks = [] }) => sum + spans.length + marks.length, 0);
  const drawn = withinBounds(lanes.slice(0, PICTURE_BOUNDS.lanes).map(laneOf));
  return { title: shortened(title), duration_ms: until, lanes: drawn, dropped: given - drawn.reduce((sum, lane) => sum + itemsOf(lane), 0) };
}

/** Each lane gets the same share of what is left when those with less have had theirs. */
function withinBounds(lanes: readonly DrawnLane[]): readonly DrawnLane[] {
  let left: number = PICTURE_BOUNDS.items;
  const shares = new Map<DrawnLane, number>();
  [...lanes].sort((a, b) => itemsOf(a) - itemsOf(b)).forEach((lane, index) => {
    const share = Math.min(itemsOf(lane), Math.floor(left / (lanes.length - index)));
    shares.set(lane, share);
    left -= share;
  });
  return lanes.map((lane) => firstOf(lane, shares.get(lane) ?? 0));
}

/** What begins first of a lane. */
function firstOf({ name, spans, marks }: DrawnLane, most: number): DrawnLane {
  const items = [...spans.map((span) => ({ at: span.from_ms, span, mark: undefined })), ...marks.map((mark) => ({ at: mark.at_ms, span: undefined, mark }))];
  const first = items.sort((a, b) => a.at - b.at).slice(0, most);
  return { name, spans: first.flatMap(({ span }) => span ?? []), marks: first.flatMap(({ mark }) => mark ?? []) };
}

function itemsOf({ spans, marks }: DrawnLane): number {
  return spans.length + marks.length;
}

/** A text as it is, or none of it: a secret that is cut in two would not be found any more. */
function shortened(text: unknown): string {
  const given = typeof text === 'string' ? text : preview(text);
  return given.length <= PICTURE_BOUNDS.signs ? given : `… (${given.length} signs)`;
}

function toHundredths(ms: number): number {
  return Math.round(ms * 100) / 100;
}
