import { normaliseFor } from '../transcribe/compare.js';
import type { ConverseParameters, TurnPlan } from './script.js';
import type { Progress } from './director.js';
import { atHundredth, VOICE_METRICS_VERSION, type SaidTurn, type Timeline } from './timeline.js';
import type { Talk, Text } from './talk.js';

/** What happened, as a timeline. */
export function timelineOf(talk: Talk, { windows, vad, language }: Pick<ConverseParameters, 'windows' | 'vad' | 'language'>, frameMs: number, plans: readonly TurnPlan[]): Timeline {
  const { director, pacer } = talk;
  const { sent } = pacer.report();
  const startedMs = talk.sentMs(0) - (pacer.sentAt[0] ?? 0);
  const asked = director.turns.filter(({ plan, trigger }) => plan.expect !== 'ignore' && trigger !== 'missed');
  const turns = director.turns.map((progress): SaidTurn => {
    const next = asked[asked.indexOf(progress) + 1];
    const texts = talk.texts.filter(({ atMs }) => atMs > progress.onsetMs && atMs < (next?.onsetMs ?? Number.POSITIVE_INFINITY));
    return { ...placeOf(talk, progress), ...fixedOf(progress.plan), trigger: progress.trigger, ...(progress.trigger === 'missed' ? { hasText: null, hasIntent: null } : matchesOf(progress.plan, texts, language)) };
  });
  return {
    voiceMetrics: VOICE_METRICS_VERSION, windows, vad, frameMs,
    endMs: atHundredth(sent === 0 ? talk.nowMs() : startedMs + (pacer.sentAt[sent - 1] ?? 0) + frameMs),
    sentMs: Array.from(pacer.sentAt.subarray(0, sent), (at) => atHundredth(startedMs + at)),
    turns: [...turns, ...plans.slice(turns.length).map((plan): SaidTurn => ({ ...fixedOf(plan), trigger: 'missed', onsetMs: null, endMs: null, pauses: [], hasText: null, hasIntent: null }))],
    chunks: talk.ear.chunks(),
    events: talk.events,
  };
}

function fixedOf({ id, expect, class: kind, label, withinMs, lastsMs }: TurnPlan): Pick<SaidTurn, 'id' | 'expect' | 'class' | 'label' | 'withinMs' | 'lastsMs'> {
  return { id, expect, class: kind, label: label ?? '', withinMs, lastsMs: lastsMs ?? null };
}

/** Where a turn lies by the frames that were really sent; one that was not said to its end ends where it broke off. */
function placeOf(talk: Talk, { plan: { id, act }, trigger, onsetMs, endMs }: Progress): Pick<SaidTurn, 'onsetMs' | 'endMs' | 'pauses'> {
  if (trigger === 'missed') return { onsetMs: null, endMs: null, pauses: [] };
  const place = talk.places.get(id);
  if (place === undefined || (act.kind !== 'speech' && act.kind !== 'sound')) return { onsetMs: atHundredth(onsetMs), endMs: atHundredth(endMs), pauses: [] };
  const { onset, end, pauses } = act.utterance;
  const sent = (sample: number, otherwise: number): number => {
    const at = talk.sentMs(place + sample);
    return atHundredth(Number.isNaN(at) ? otherwise : at);
  };
  return {
    onsetMs: sent(onset, onsetMs), endMs: sent(end - 1, endMs),
    pauses: pauses.map(({ from, to, ms }) => ({ fromMs: sent(Math.max(0, from - 1), endMs), toMs: sent(to, endMs), ms })),
  };
}

function matchesOf({ text, intents }: TurnPlan, texts: readonly Text[], language: string): Pick<SaidTurn, 'hasText' | 'hasIntent'> {
  const said = ` ${normaliseFor(language, texts.filter(({ kind }) => kind === 'said').map((each) => each.text).join(' '))} `;
  return {
    hasText: text.length === 0 ? null : text.some((wanted) => said.includes(` ${normaliseFor(language, wanted)} `)),
    hasIntent: intents.length === 0 ? null : texts.some((each) => each.kind === 'intent' && intents.includes(each.text)),
  };
}
