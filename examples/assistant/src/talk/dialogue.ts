import type { Answerer, Question } from '../chat/answer.js';
import { sentencesOf, spokenForm } from '../chat/spoken.js';
import type { Clock } from '../clock.js';
import type { SpeechEvent } from '../speech/recogniser.js';
import { synthesise, synthesisRate } from '../voice/synthesiser.js';
import type { Behaviour } from './behaviour.js';
import { cutsIn } from './cutting-in.js';
import type { Heard, Listener } from './listener.js';
import type { Mouth } from './mouth.js';
import type { TalkSettings } from './settings.js';

/** What a conversation works with. */
export interface DialogueParts {
  readonly clock: Clock;
  readonly ear: Listener;
  readonly mouth: Mouth;
  readonly answerer: Answerer;
  readonly session: string;
  readonly settings: () => TalkSettings;
  readonly behaviour: () => Behaviour;
  /** False while the assistant takes no questions. */
  readonly isOpen: () => boolean;
  /** Tells the client what was understood and what is answered. */
  readonly told: (reply: { readonly text: string; readonly intent: string }) => void;
  readonly heard: (event: SpeechEvent) => void;
  /** Aborts when the line ends. */
  readonly signal: AbortSignal;
}

/** One conversation. */
export interface Dialogue {
  greet(): void;
  hear(samples: Float32Array): void;
  /** Ends the utterance under way. */
  end(): void;
}

/** An utterance under way. */
interface Utterance {
  /** It began while the assistant spoke. */
  readonly isOverVoice: boolean;
  cutIn: boolean;
  isAnswered: boolean;
}

const phrases = {
  greeting: { text: 'Hej! Vad kan jag hjälpa till med?', intent: 'greeting' },
  hold: { text: 'Ett ögonblick.', intent: 'hold' },
  busy: { text: 'Det är mycket att göra just nu. Försök igen om en stund.', intent: 'busy' },
} as const;

const pieceLength = synthesisRate / 50;
/** From so many words on a hasty assistant believes that it knows what is wanted. */
const fewestWords = 2;
const betweenSentencesMs = 150;
const lookAgainMs = 20;
/** It does not wait longer than this for a noise to end. */
const mostPatienceMs = 1000;

/** Listens, answers, and gives way. */
export function createDialogue({ clock, ear, mouth, answerer, session, settings, behaviour, isOpen, told, heard, signal }: DialogueParts): Dialogue {
  let utterance: Utterance | undefined;
  /** The question that is being answered, until its answer is heard. */
  let pending: { readonly message: string; readonly over: AbortController } | undefined;
  /** What was broken off by an utterance that may turn out to be nothing: a question, or the rest of what was being said. */
  let brokenOff: { readonly message?: string; readonly rest?: Float32Array } = {};
  let speaking: AbortController | undefined;
  let isStopping = false;
  let answers = 0;

  const isSpeech = (now: Heard): boolean => cutsIn(now, settings());

  const speak = async (text: string, until: AbortSignal): Promise<void> => {
    for (const sentence of sentencesOf(text)) {
      until.throwIfAborted();
      if (mouth.isSpeaking()) mouth.say(new Float32Array((betweenSentencesMs * synthesisRate) / 1000));
      mouth.say(synthesise(sentence, { speaker: 'anna', speed: 1 }));
      // Making a sentence takes a while; others are let in between.
      await new Promise(setImmediate);
    }
  };
  const utter = ({ text, intent }: { readonly text: string; readonly intent: string }): void => {
    told({ text, intent });
    speaking = new AbortController();
    speak(text, AbortSignal.any([signal, speaking.signal])).catch(() => undefined);
  };

  const answer = async (message: string, over: AbortController, waits: boolean): Promise<void> => {
    const until = AbortSignal.any([signal, over.signal]);
    const holding = new AbortController();
    const asked = clock.now();
    clock.until(asked + settings().hold_after_ms, AbortSignal.any([until, holding.signal])).then(() => utter(phrases.hold), () => undefined);
    const question: Question = { session, message, route: settings().route, user: undefined };
    const decision = answerer.decide(question);
    const made = isOpen() ? await answerer.answer(question, decision, { token: () => undefined, repair: () => undefined }, until) : undefined;
    // Whoever goes on speaking is not spoken over.
    const patientUntil = clock.now() + mostPatienceMs;
    while (waits && utterance !== undefined && clock.now() < patientUntil) await clock.until(clock.now() + lookAgainMs, until);
    until.throwIfAborted();
    holding.abort();
    pending = undefined;
    answers += 1;
    utter(made === undefined ? phrases.busy : { text: spokenForm(decision, made.made.text), intent: decision.understanding.intent });
  };
  const respond = (message: string, waits = true): void => {
    if (!behaviour().answers || answers >= behaviour().diesAfter) return;
    pending?.over.abort();
    const mine = { message, over: new AbortController() };
    pending = mine;
    // Broken off by the user, or because the line ended.
    answer(message, mine.over, waits).catch(() => {
      if (pending === mine) pending = undefined;
    });
  };

  /** Somebody cuts in: what was being said or thought about is broken off. */
  const giveWay = (mine: Utterance): void => {
    mine.cutIn = true;
    const message = pending?.message;
    pending?.over.abort();
    pending = undefined;
    brokenOff = message === undefined ? {} : { message };
    isStopping = mouth.isSpeaking();
    if (isStopping) clock.until(clock.now() + settings().stop_ms, signal).then(stop, () => undefined);
  };
  const stop = (): void => {
    if (!isStopping) return;
    isStopping = false;
    speaking?.abort();
    brokenOff = { ...brokenOff, rest: mouth.stop() };
  };

  const follow = (now: Heard): void => {
    utterance ??= { isOverVoice: mouth.isSpeaking(), cutIn: false, isAnswered: false };
    const { listensWhileSpeaking, stopsOn, answersEarly } = behaviour();
    const busy = mouth.isSpeaking() || pending !== undefined;
    if (busy && !utterance.cutIn && !utterance.isAnswered && listensWhileSpeaking && (isSpeech(now) || (mouth.isSpeaking() && stopsOn(now)))) giveWay(utterance);
    if (!answersEarly || utterance.isAnswered || mouth.isSpeaking() || !isSpeech(now)) return;
    const { words } = now.hypothesis();
    if (words.length < fewestWords) return;
    utterance.isAnswered = true;
    respond(words.join(' '), false);
  };

  /** An utterance is over; without a final there was no word in it. */
  const close = (done: Utterance, final: SpeechEvent | undefined): void => {
    utterance = undefined;
    stop();
    const { answersUnsure, resumes, listensWhileSpeaking } = behaviour();
    const overheard = done.isOverVoice && !done.cutIn && (mouth.isSpeaking() || !listensWhileSpeaking);
    const isUnderstood = final !== undefined && (final.confidence >= settings().answer_confidence || (answersUnsure && !done.isOverVoice));
    const isMeant = isUnderstood && final.text !== '' && !overheard && !done.isAnswered;
    const { message, rest } = brokenOff;
    if (done.cutIn) brokenOff = {};
    if (isMeant) return respond([...(done.cutIn && message !== undefined && rest === undefined ? [message] : []), final.text].join(' '));
    if (!done.cutIn || !resumes) return;
    if (message !== undefined) return respond(message);
    if (rest !== undefined && rest.length > 0) mouth.say(rest);
  };

  const take = (events: readonly SpeechEvent[]): void => {
    for (const event of events) heard(event);
    const final = events.find(({ kind }) => kind === 'final');
    const now = ear.hearing();
    if (utterance !== undefined && (final !== undefined || now === undefined)) close(utterance, final);
    if (now !== undefined) follow(now);
  };

  return {
    greet: () => utter(phrases.greeting),
    hear(samples) {
      for (let at = 0; at < samples.length; at += pieceLength) take(ear.push(samples.subarray(at, at + pieceLength)));
    },
    end: () => take(ear.end()),
  };
}
