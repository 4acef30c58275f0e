import type { EndpointSettings } from '../speech/recogniser.js';
import type { Heard } from './listener.js';

/** How the assistant behaves in a conversation, beyond its settings. */
export interface Behaviour {
  /** The end of speech it really waits for. */
  endpoint(settings: EndpointSettings): EndpointSettings;
  /** Whether it hears anything while it speaks. */
  readonly listensWhileSpeaking: boolean;
  /** Sounds that stop its voice although they are not somebody who cuts in. */
  stopsOn(heard: Heard): boolean;
  /** Whether it speaks on when what stopped it turns out to be nothing. */
  readonly resumes: boolean;
  readonly answers: boolean;
  /** Whether it answers what it did not understand, too. */
  readonly answersUnsure: boolean;
  /** Whether it answers as soon as it believes it has understood, while the user still speaks. */
  readonly answersEarly: boolean;
  /** After so many answers nothing is heard from it any more; the line stays open. */
  readonly diesAfter: number;
  /** Sends its voice all at once, whatever the settings say. */
  readonly bursts: boolean;
  /** Whether it tells the client to drop what was not played yet when it stops. */
  readonly clears: boolean;
  /** Silence before each stretch of its voice. */
  readonly leadMs: number;
  /** How long before the end of its voice it says that it has stopped. */
  readonly claimsEarlyMs: number;
}

const proper: Behaviour = {
  endpoint: (settings) => settings,
  listensWhileSpeaking: true,
  stopsOn: () => false,
  resumes: true,
  answers: true,
  answersUnsure: false,
  answersEarly: false,
  diesAfter: Infinity,
  bursts: false,
  clears: true,
  leadMs: 0,
  claimsEarlyMs: 0,
};

const soundMs = 100;
const humMs = 60;
const hastyEosMs = 300;

/** What the assistant can do wrong, each in its own way; the rest of it stays as it is. */
const misbehaviours = {
  'answers-early': { answersEarly: true },
  'never-answers': { answers: false },
  'ignores-barge-in': { listensWhileSpeaking: false },
  'stops-on-cough': { stopsOn: ({ loudMs, voicedMs }) => loudMs >= soundMs && voicedMs === 0, resumes: false },
  'stops-on-backchannel': { stopsOn: ({ voicedMs }) => voicedMs >= humMs, resumes: false },
  'stops-and-resumes': { stopsOn: ({ loudMs }) => loudMs >= soundMs },
  'answers-side-talk': { answersUnsure: true },
  'cuts-pauses': { endpoint: (settings) => ({ ...settings, vad_eos_timeout_ms: Math.min(settings.vad_eos_timeout_ms, hastyEosMs) }) },
  'burst-without-clear': { bursts: true, clears: false },
  'leading-silence': { leadMs: 400 },
  'claims-stopped': { claimsEarlyMs: 1000 },
  'dies-after-two': { diesAfter: 2 },
} as const satisfies { readonly [name: string]: Partial<Behaviour> };

/** The name of something the assistant can do wrong. */
export type Misbehaviour = keyof typeof misbehaviours;

// The keys of a literal are exactly its names.
export const misbehaviourNames = Object.keys(misbehaviours) as readonly Misbehaviour[];

/** Proper behaviour with these faults. Sounds that stop the voice add up; otherwise the last one named wins. */
export function behaviourWith(names: readonly Misbehaviour[]): Behaviour {
  const faults: readonly Partial<Behaviour>[] = names.map((name) => misbehaviours[name]);
  const all = faults.reduce<Behaviour>((behaviour, fault) => ({ ...behaviour, ...fault }), proper);
  return { ...all, stopsOn: (heard) => faults.some(({ stopsOn }) => stopsOn?.(heard) === true) };
}
