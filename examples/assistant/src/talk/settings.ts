import { choice, flag, list, number, optional } from '../http/fields.js';
import type { Exchange, Routes } from '../http/server.js';
import { merge } from '../knobs.js';
import { misbehaviourNames, type Misbehaviour } from './behaviour.js';

/** The knobs of a conversation. */
export interface TalkSettings {
  /** Whether it speaks first when the line opens. */
  readonly greeting: boolean;
  /** Whether its voice is sent as it is to be heard, or at once, to be played by the client. */
  readonly playback: 'realtime' | 'burst';
  /** How much speech must have been heard before it cuts in … */
  readonly barge_in_ms: number;
  /** … and how surely it must be understood. */
  readonly barge_in_confidence: number;
  /** How long it speaks on after that. */
  readonly stop_ms: number;
  /** Utterances that are understood less surely are not meant for it. */
  readonly answer_confidence: number;
  /** After so long without an answer it asks for a moment. */
  readonly hold_after_ms: number;
  /** Who answers; `auto` leaves it to the understanding. */
  readonly route: 'auto' | 'micro' | 'planner' | 'deep';
  readonly misbehave: readonly Misbehaviour[];
}

export const defaultTalkSettings: TalkSettings = {
  greeting: true, playback: 'realtime', barge_in_ms: 400, barge_in_confidence: 0.7, stop_ms: 60, answer_confidence: 0.6, hold_after_ms: 1500, route: 'auto', misbehave: [],
};

const share = optional(number({ min: 0, max: 1 }));

/** What a talk knob may be; every one may be left out. */
export const talkFields = {
  greeting: optional(flag),
  playback: optional(choice('realtime', 'burst')),
  barge_in_ms: optional(number({ min: 60, max: 3000, whole: true })),
  barge_in_confidence: share,
  stop_ms: optional(number({ min: 0, max: 3000, whole: true })),
  answer_confidence: share,
  hold_after_ms: optional(number({ min: 200, max: 60_000, whole: true })),
  route: optional(choice('auto', 'micro', 'planner', 'deep')),
  misbehave: optional(list(choice(...misbehaviourNames))),
};

/** Talk settings that can be read and changed while the assistant runs; they are in force from the next line that is opened. */
export function createTalkKnobs(start: TalkSettings): { readonly settings: () => TalkSettings; readonly routes: Routes } {
  let settings = start;
  const change = async (exchange: Exchange): Promise<void> => {
    settings = merge(settings, await exchange.body(talkFields, { closed: true }));
    exchange.json(200, settings);
  };
  return { settings: () => settings, routes: { 'GET /api/talk/config': ({ json }) => json(200, settings), 'POST /api/talk/config': change } };
}
