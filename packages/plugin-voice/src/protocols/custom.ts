import { Buffer } from 'node:buffer';
import type { Infer, Json, StepContext } from '@alice/realops/plugin';
import { BYTES_OF } from '../audio/encode.js';
import type { CUSTOM_PROTOCOL } from './custom-schema.js';
import { createLines } from './lines.js';
import type { AsrEvent, AsrProtocol, Transcript } from './protocol.js';
import { isFields, nameOf, shown, violation } from './read.js';
import { compileTemplate } from './template.js';

/** A protocol that a suite describes. */
export type CustomProtocol = Infer<typeof CUSTOM_PROTOCOL>;

type Evaluate = StepContext['evaluate'];

/** Names that every message may hold, those that hold once audio was sent, and those of a frame. */
const GIVEN = ['language', 'traceId', 'rate'] as const;
const COUNTED = [...GIVEN, 'sequence'] as const;
const FRAMED = [...COUNTED, 'base64', 'ms', 'seconds'] as const;

/**
 * A protocol as the suite describes it: templates for what is sent, and expressions over each message that comes, parsed where it is JSON; over TCP every
 * line is a message.
 * @throws RealopsError REALOPS_WITH_INVALID for a template with a name that there is none of
 */
export function customProtocol(custom: CustomProtocol, evaluate: Evaluate): AsrProtocol {
  const { transport, audio, frameMs } = custom;
  const open = custom.open.map((template) => compileTemplate(template, GIVEN));
  const end = custom.end.map((template) => compileTemplate(template, COUNTED));
  const frame = custom.frame === undefined ? undefined : compileTemplate(custom.frame, FRAMED);
  const keepAlive = custom.keepAlive === undefined ? undefined : compileTemplate(custom.keepAlive.message, GIVEN);
  const bytesPerMs = (BYTES_OF[audio.encoding] * audio.rate) / 1_000;
  return {
    name: 'custom', transport, audio: [audio], frameMs,
    start({ language, traceId }) {
      const given = { language, traceId, rate: String(audio.rate) };
      const lines = createLines();
      let [sequence, bytes] = [0, 0];
      return {
        gated: custom.ready !== undefined,
        ...(custom.keepAlive === undefined || keepAlive === undefined ? {} : { keepAlive: { message: keepAlive(given), everyMs: custom.keepAlive.everyMs } }),
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
          if (transport === 'ws' && isBinary) {
            if (custom.binary === 'ignore') return [];
            throw violation(`sent a binary message of ${data.length} bytes; with binary: ignore such messages are left out`);
          }
          const events: AsrEvent[] = [];
          for (const text of transport === 'tcp' ? lines.take(data) : [Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('utf8')]) events.push(...(await meaningOf(parse(text), custom, evaluate)));
          return events;
        },
      };
    },
  };
}

function parse(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}

/** All that a message means by the suite's expressions; an error alone when it is one. What is no JSON object is found as `value`. */
async function meaningOf(given: Json, custom: CustomProtocol, evaluate: Evaluate): Promise<readonly AsrEvent[]> {
  const message: Json = isFields(given) ? given : { value: given };
  const ask = async (expression: string | undefined): Promise<Json | undefined> => (expression === undefined ? undefined : await evaluate(expression, message));
  const failure = await ask(custom.error);
  if (typeof failure === 'string' && failure !== '') return [{ kind: 'error', message: failure }];
  if (failure === true) return [{ kind: 'error', message: shown(message) }];
  const events: AsrEvent[] = [];
  if ((await ask(custom.ready)) === true) events.push({ kind: 'ready' });
  if ((await ask(custom.speechStart)) === true) events.push({ kind: 'speechStart' });
  for (const kind of ['partial', 'final'] as const) {
    const text = textOf(await ask(custom[kind]), message, kind);
    if (text !== undefined) events.push({ kind, text, ...(await detailsOf(ask, custom)) });
  }
  if ((await ask(custom.speechStop)) === true) events.push({ kind: 'speechStop' });
  if ((await ask(custom.turnEnd)) === true) events.push({ kind: 'turnEnd' });
  return events.length === 0 ? [{ kind: 'other', name: 'message' }] : events;
}

/** A text is the transcript, also when it is empty; true takes what the message has as `text`; false, null and nothing are none. */
function textOf(value: Json | undefined, message: Json, kind: 'partial' | 'final'): string | undefined {
  if (typeof value === 'string') return value;
  if (value === undefined || value === null || value === false) return undefined;
  if (value !== true) throw violation(`sent a message for which the expression ${kind} gives ${shown(value)}, neither a text nor true`);
  const text = isFields(message) ? (message['text'] ?? message['value']) : undefined;
  if (typeof text !== 'string') throw violation(`sent a ${kind} without a text: ${shown(message)}`);
  return text;
}

async function detailsOf(ask: (expression: string | undefined) => Promise<Json | undefined>, custom: CustomProtocol): Promise<Omit<Transcript, 'text'>> {
  const [confidence, segment] = [await ask(custom.confidence), await ask(custom.segment)];
  return { confidence: typeof confidence === 'number' ? confidence : null, ...(segment === undefined || segment === null ? {} : { segment: nameOf(segment, '') }) };
}
