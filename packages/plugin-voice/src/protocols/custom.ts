import { Buffer } from 'node:buffer';
import type { Infer, Json, StepContext } from '@alice/realops/plugin';
import { BYTES_OF } from '../audio/encode.js';
import { spokenIn } from '../diarise/read.js';
import type { CUSTOM_PROTOCOL, CUSTOM_TALK } from './custom-schema.js';
import { createLines } from './lines.js';
import type { AsrEvent, AsrProtocol, StreamEvent, StreamOptions, StreamSession, Transcript } from './protocol.js';
import { isFields, nameOf, shown, violation } from './read.js';
import { compileTemplate } from './template.js';

/** A protocol that a suite describes. */
export type CustomProtocol = Infer<typeof CUSTOM_PROTOCOL>;
/** What is sent, and how. */
type Sent = CustomProtocol | Infer<typeof CUSTOM_TALK>;

/** Gives the value of an expression over a message. */
export type Evaluate = StepContext['evaluate'];
/** Asks a message what an expression makes of it; nothing where there is none. */
export type Ask = (expression: string | undefined) => Promise<Json | undefined>;

/** Names that every message may hold, those that hold once audio was sent, and those of a frame. */
const GIVEN = ['language', 'traceId', 'rate'] as const;
const COUNTED = [...GIVEN, 'sequence'] as const;
const FRAMED = [...COUNTED, 'base64', 'ms', 'seconds'] as const;

/** What is another in each frame or stream, and what counts the frames. */
const COUNTING = /\{(?:sequence|ms|traceId)\}/u;
const isCounted = ({ frame = '', end }: Sent): boolean => COUNTING.test(frame) || end.some((each) => COUNTING.test(JSON.stringify(each)));

/** How what comes is understood. */
export interface Understanding<E extends StreamEvent> {
  /** All that a message means; it is no error. */
  meaning(message: Json, ask: Ask): Promise<readonly E[]>;
  binary(data: Uint8Array): readonly E[];
}

/**
 * Streams as the suite describes them: templates for what is sent, and expressions over each message that comes, parsed where it is JSON; over TCP every
 * line is a message.
 * @throws RealopsError REALOPS_WITH_INVALID for a template with a name that there is none of
 */
export function customStream<E extends StreamEvent>(sent: Sent, evaluate: Evaluate, { meaning, binary }: Understanding<E>): (options: StreamOptions) => StreamSession<E | AsrEvent> {
  const { transport, audio } = sent;
  const open = sent.open.map((template) => compileTemplate(template, GIVEN));
  const end = sent.end.map((template) => compileTemplate(template, COUNTED));
  const frame = sent.frame === undefined ? undefined : compileTemplate(sent.frame, FRAMED);
  const keepAlive = sent.keepAlive === undefined ? undefined : compileTemplate(sent.keepAlive.message, GIVEN);
  const bytesPerMs = (BYTES_OF[audio.encoding] * audio.rate) / 1_000;
  return ({ language, traceId }) => {
    const given = { language, traceId, rate: String(audio.rate) };
    const lines = createLines();
    let [sequence, bytes] = [0, 0];
    return {
      gated: sent.ready !== undefined,
      framesAlike: !isCounted(sent),
      ...(sent.keepAlive === undefined || keepAlive === undefined ? {} : { keepAlive: { message: keepAlive(given), everyMs: sent.keepAlive.everyMs } }),
      open: () => open.map((make) => make(given)),
      encodeAudio(data, wallSeconds) {
        const ms = String(bytes / bytesPerMs);
        sequence += 1;
        bytes += data.length;
        if (frame === undefined) return data;
        return frame({ ...given, sequence: String(sequence), ms, seconds: String(wallSeconds), base64: Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64') });
      },
      end: () => end.map((make) => make({ ...given, sequence: String(sequence) })),
      async decode(data, isBinary) {
        if (transport === 'ws' && isBinary) return binary(data);
        const events: (E | AsrEvent)[] = [];
        for (const text of transport === 'tcp' ? lines.take(data) : [Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('utf8')]) events.push(...(await meaningOf(parse(text), sent, evaluate, meaning)));
        return events;
      },
    };
  };
}

/** A recogniser's protocol as the suite describes it. @throws RealopsError REALOPS_WITH_INVALID as `customStream` */
export function customProtocol(custom: CustomProtocol, evaluate: Evaluate): AsrProtocol {
  const { transport, audio, frameMs } = custom;
  const start = customStream<AsrEvent>(custom, evaluate, {
    async meaning(message, ask) {
      const events: AsrEvent[] = [];
      for (const kind of ['partial', 'final'] as const) {
        const text = textOf(await ask(custom[kind]), message, kind);
        if (text !== undefined) events.push({ kind, text, ...(await detailsOf(ask, custom)) });
      }
      return events;
    },
    binary(data) {
      if (custom.binary === 'ignore') return [];
      throw refusal(data);
    },
  });
  return { name: 'custom', transport, audio: [audio], frameMs, tellsSpeech: custom.speechStart !== undefined && (custom.speechStop ?? custom.turnEnd) !== undefined, start };
}

/** A binary message that the suite says nothing of. */
export function refusal(data: Uint8Array): Error {
  return violation(`sent a binary message of ${data.length} bytes; with binary: ignore such messages are left out`);
}

function parse(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}

/** All that a message means by the suite's expressions; an error alone when it is one. What is no JSON object is found as `value`. */
async function meaningOf<E extends StreamEvent>(given: Json, sent: Sent, evaluate: Evaluate, meaning: Understanding<E>['meaning']): Promise<readonly (E | AsrEvent)[]> {
  const message: Json = isFields(given) ? given : { value: given };
  const ask: Ask = async (expression) => (expression === undefined ? undefined : await evaluate(expression, message));
  const failure = await ask(sent.error);
  if (typeof failure === 'string' && failure !== '') return [{ kind: 'error', message: failure }];
  if (failure === true) return [{ kind: 'error', message: shown(message) }];
  const events: (E | AsrEvent)[] = [];
  if ((await ask(sent.ready)) === true) events.push({ kind: 'ready' });
  events.push(...signOf('speechStart', await ask(sent.speechStart)));
  events.push(...(await meaning(message, ask)));
  events.push(...signOf('speechStop', await ask(sent.speechStop)));
  if ((await ask(sent.turnEnd)) === true) events.push({ kind: 'turnEnd' });
  return events.length === 0 ? [{ kind: 'other', name: 'message' }] : events;
}

/** True, or a number: where in the stream. */
function signOf(kind: 'speechStart' | 'speechStop', value: Json | undefined): readonly AsrEvent[] {
  if (typeof value === 'number') return [{ kind, claimedMs: value }];
  return value === true ? [{ kind }] : [];
}

/** A text is the one that is asked for, also when it is empty; true takes what the message has as `text`; false, null and nothing are none. */
export function textOf(value: Json | undefined, message: Json, kind: string): string | undefined {
  if (typeof value === 'string') return value;
  if (value === undefined || value === null || value === false) return undefined;
  if (value !== true) throw violation(`sent a message for which the expression ${kind} gives ${shown(value)}, neither a text nor true`);
  const text = isFields(message) ? (message['text'] ?? message['value']) : undefined;
  if (typeof text !== 'string') throw violation(`sent a ${kind} without a text: ${shown(message)}`);
  return text;
}

async function detailsOf(ask: Ask, custom: CustomProtocol): Promise<Omit<Transcript, 'text'>> {
  const [confidence, segment] = [await ask(custom.confidence), await ask(custom.segment)];
  const said = spokenIn(await ask(custom.said), (each) => violation(`sent a message for which the expression said gives ${shown(each)}, not { speaker, startMs, endMs, text }`));
  return { confidence: typeof confidence === 'number' ? confidence : null, ...(segment === undefined || segment === null ? {} : { segment: nameOf(segment, '') }), ...(said.length === 0 ? {} : { said }) };
}
