import { normaliseFor } from '../transcribe/compare.js';
import type { ConverseParameters, TurnPlan } from './script.js';
import type { Progress } from './scene.js';
import { atHundredth, VOICE_METRICS_VERSION, type SaidTurn, type Timeline } from './timeline.js';
import type { Talk, Text } from './talk.js';

/** What happened, as a timeline. */
export function timelineOf(talk: Talk, { windows, vad, language }: Pick<ConverseParameters, 'windows' | 'vad' | 'language'>, frameMs: number, plans: readonly TurnPlan[]): Timeline {
  const { director } = talk;
  const sentMs = talk.framesMs().map(atHundredth);
  const asked = director.turns.filter(({ plan, trigger }) => plan.expect !== 'ignore' && trigger !== 'missed');
  const said = director.turns.map((progress): SaidTurn => {
    const { plan, trigger } = progress;
    if (trigger === 'missed') return unsaid(plan, trigger);
    const next = asked[asked.indexOf(progress) + 1];
    const texts = talk.texts.filter(({ atMs }) => atMs > progress.onsetMs && atMs < (next?.onsetMs ?? Number.POSITIVE_INFINITY));
    return { ...fixedOf(plan), trigger, ...placeOf(talk, progress), ...matchesOf(plan, texts, language) };
  });
  const last = sentMs.at(-1);
  return {
    voiceMetrics: VOICE_METRICS_VERSION, windows, vad, frameMs, sentMs, unsentBytes: talk.pacer.report().peakBuffered,
    endMs: atHundredth(last === undefined ? talk.nowMs() : last + frameMs),
    turns: [...said, ...plans.slice(said.length).map((plan) => unsaid(plan, 'unreached'))],
    chunks: talk.ear.chunks(),
    events: talk.events,
  };
}

function fixedOf({ id, act, expect, class: kind, label, withinMs, lastsMs }: TurnPlan): Pick<SaidTurn, 'id' | 'says' | 'expect' | 'class' | 'label' | 'withinMs' | 'lastsMs'> {
  return { id, says: act.kind, expect, class: kind, label: label ?? '', withinMs, lastsMs: lastsMs ?? null };
}

function unsaid(plan: TurnPlan, trigger: 'missed' | 'unreached'): SaidTurn {
  return { ...fixedOf(plan), trigger, onsetMs: null, endMs: null, pauses: [], hasText: null, hasIntent: null };
}

/** Where a turn lies by the frames that were really sent; one that was not said to its end ends where it broke off. */
function placeOf(talk: Talk, { plan: { id, act }, onsetMs, endMs }: Progress): Pick<SaidTurn, 'onsetMs' | 'endMs' | 'pauses'> {
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
