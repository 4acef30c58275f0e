import { RealopsError, type Infer, type Millis, type StepContext } from '@alice/realops/plugin';
import { readClip } from '../audio/clip-file.js';
import { madeSound } from '../audio/made-sound.js';
import { insertPauses } from '../audio/pauses.js';
import { changingRate } from '../audio/resample.js';
import { changingSpeed } from '../audio/room.js';
import { inSlices, type Slices } from '../audio/slices.js';
import { findingBounds } from '../audio/speech-bounds.js';
import { readingWav, SAMPLE_RATE } from '../audio/wav.js';
import type { TalkProtocol } from '../protocols/protocol.js';
import { fetchSpeech } from '../synthesize/fetch.js';
import type { CONVERSE_WITH } from './parameters.js';

/** The parameters of `voice.converse` with defaults filled in. */
export type ConverseParameters = Infer<typeof CONVERSE_WITH>;
type Turn = ConverseParameters['turns'][number];

/** What is said, at the rate of the microphone; places in samples. */
export interface Utterance {
  readonly samples: Int16Array;
  readonly onset: number;
  readonly end: number;
  readonly pauses: readonly { readonly from: number; readonly to: number; readonly ms: Millis }[];
}

/** What the user does in a turn. */
export type Act =
  | { readonly kind: 'speech' | 'sound'; readonly utterance: Utterance }
  | { readonly kind: 'echo'; readonly ms: Millis; readonly delayMs: Millis; readonly gain: number }
  | { readonly kind: 'digits'; readonly digits: string };

/** A turn that is ready to be said. */
export interface TurnPlan {
  readonly id: string;
  readonly act: Act;
  readonly start: { readonly after: NonNullable<Turn['start']['after']>; readonly event: string | undefined; readonly delayMs: Millis; readonly timeoutMs: Millis };
  readonly expect: Turn['expect'];
  readonly class: Turn['class'];
  readonly label: string | undefined;
  readonly withinMs: Millis;
  readonly lastsMs: Millis | undefined;
  readonly text: readonly string[];
  readonly intents: readonly string[];
}

/**
 * Makes everything ready that is going to be said, before anything is.
 * @throws RealopsError REALOPS_FILE_NOT_FOUND, REALOPS_INPUT_INVALID or REALOPS_WITH_INVALID
 */
export async function prepareTurns(parameters: ConverseParameters, protocol: TalkProtocol, rate: number, context: StepContext): Promise<readonly TurnPlan[]> {
  const plans: TurnPlan[] = [];
  for (const [index, turn] of parameters.turns.entries()) {
    const id = turn.id ?? `turn${index + 1}`;
    if (plans.some((plan) => plan.id === id)) throw new RealopsError('REALOPS_WITH_INVALID', `two turns have the id ${JSON.stringify(id)}`);
    checkPossible(turn, id, protocol);
    const { after = anchorOf(turn, index), event, delayMs, timeoutMs } = turn.start;
    const act = await actOf(turn, protocol, rate, parameters, context).catch((error: unknown) => {
      if (error instanceof RealopsError && !context.signal.aborted) throw new RealopsError(error.code, `${id}: ${error.message}`, { hint: error.hint, cause: error });
      throw error;
    });
    plans.push({
      id, act, start: { after, event, delayMs, timeoutMs }, expect: turn.expect, class: turn.class, label: turn.label,
      withinMs: turn.withinMs ?? parameters.windows.respondMs, lastsMs: turn.lastsMs, text: turn.text, intents: turn.intents,
    });
  }
  return plans;
}

/** What a turn waits for when it does not say: who cuts in, and what is to be heard again, needs an assistant that speaks. */
function anchorOf({ expect, say }: Turn, index: number): TurnPlan['start']['after'] {
  if (expect === 'stop' || 'echoMs' in say) return 'agentSpeechStart';
  return index === 0 ? 'sessionStart' : 'agentSpeechEnd';
}

/** Holds that what a turn waits for and asks for can come at all by this protocol. */
function checkPossible({ start: { after, event }, text, intents }: Turn, id: string, { name, tells, eventNames }: TalkProtocol): void {
  const refuse = (message: string, hint: string): never => {
    throw new RealopsError('REALOPS_WITH_INVALID', `${id}: ${message}`, { hint });
  };
  if ((after === 'event') !== (event !== undefined)) refuse(after === 'event' ? 'after: event needs the name of the event' : 'an event is only waited for with after: event', 'write start: { after: event, event: NAME }');
  if (event !== undefined && eventNames?.includes(event) === false) refuse(`by the protocol ${name} no event ${JSON.stringify(event)} ever comes`, `there is: ${eventNames.join(', ')}${name === 'custom' ? '; event of the protocol names others' : ''}`);
  if (text.length > 0 && !tells.text) refuse(`the protocol ${name} does not tell the words of a reply, so none can be asked for`, name === 'custom' ? 'give agentText, an expression for them' : 'leave text out');
  if (intents.length > 0 && !tells.intent) refuse(`the protocol ${name} does not tell what the assistant took the user to mean`, name === 'custom' ? 'give intent, an expression for it' : 'leave intents out');
}

async function actOf({ say }: Turn, protocol: TalkProtocol, rate: number, { synthesiser }: ConverseParameters, context: StepContext): Promise<Act> {
  if ('digits' in say) {
    if (protocol.hasDigits === true) return { kind: 'digits', digits: say.digits };
    throw new RealopsError('REALOPS_WITH_INVALID', `the protocol ${protocol.name} has no keys`, { hint: 'protocol: twilio-media has' });
  }
  if ('echoMs' in say) return { kind: 'echo', ms: say.echoMs, delayMs: say.delayMs, gain: 10 ** (say.db / 20) };
  if ('sound' in say) {
    const samples = madeSound(say.sound, { ms: say.ms, db: say.db, rate, random: () => context.random() });
    return { kind: 'sound', utterance: { samples, onset: 0, end: samples.length, pauses: [] } };
  }
  if ('file' in say) return { kind: 'speech', utterance: await inSlices(utteranceOf((await readClip(say.file, context)).samples, say, rate), context) };
  if (synthesiser === undefined) throw new RealopsError('REALOPS_WITH_INVALID', 'a text needs somebody who says it', { hint: 'give a synthesiser, or say a file' });
  const { url, json, audio } = synthesiser;
  const { wav } = await fetchSpeech({ url, method: 'POST', headers: {}, body: { ...json, text: say.text }, audio, rawRate: undefined }, context);
  const { samples } = await inSlices(readingWav(wav, { name: 'the sound' }), context);
  return { kind: 'speech', utterance: await inSlices(utteranceOf(samples, say, rate), context) };
}

/** A clip of 16 kHz with its conditions, at the rate of the microphone. */
function* utteranceOf(plain: Int16Array, { onsetMs, endMs, pauses, speed }: Extract<Turn['say'], { file: string }> | Extract<Turn['say'], { text: string }>, rate: number): Slices<Utterance> {
  if (plain.every((sample) => sample === 0)) throw new RealopsError('REALOPS_INPUT_INVALID', 'the clip is silent', { hint: 'check the file' });
  const found = yield* findingBounds(plain, { ...(onsetMs === undefined ? {} : { onsetMs }), ...(endMs === undefined ? {} : { endMs }) });
  const paused = insertPauses(yield* changingSpeed(plain, speed), pauses.map(({ atMs, ms }) => ({ atMs: atMs / speed, ms })));
  const place = (sample: number): number => Math.round((sample * rate) / SAMPLE_RATE);
  return {
    samples: yield* changingRate(paused.samples, SAMPLE_RATE, rate),
    onset: place((paused.later(found.onsetMs / speed) * SAMPLE_RATE) / 1_000),
    end: place((paused.later(found.endMs / speed) * SAMPLE_RATE) / 1_000),
    pauses: paused.pauses.map(({ from, to, ms }) => ({ from: place(from), to: place(to), ms })),
  };
}
