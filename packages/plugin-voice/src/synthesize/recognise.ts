import { RealopsError, type Infer, type StepContext } from '@alice/realops/plugin';
import { customProtocol } from '../protocols/custom.js';
import { PROTOCOLS } from '../protocols/index.js';
import { asRatio, compareTexts } from '../transcribe/compare.js';
import { connect, untilDone } from '../transcribe/connect.js';
import { converse } from '../transcribe/converse.js';
import { TRANSCRIBE_WITH } from '../transcribe/parameters.js';
import { requireWords } from '../transcribe/prepare.js';
import { makeStream } from '../transcribe/stream.js';
import { textOf } from '../transcribe/turn.js';

const { target, protocol, headers, encoding, language, normaliser, config, tailMs, frameMs } = TRANSCRIBE_WITH.properties;

/** The recogniser that listens to a synthesiser. */
export const RECOGNISE = {
  type: 'object',
  properties: { target, protocol, headers, encoding, language, normaliser, config, tailMs, frameMs },
  required: ['target'],
} as const;

/** What the recogniser made of it. */
export interface Recognised {
  readonly text: string;
  readonly wer: number;
  /** Word errors over words of the text. */
  readonly errors: { readonly part: number; readonly whole: number };
}

/**
 * Streams what was synthesised into a recogniser, at the pace of a microphone, and counts which words of the text did not come back: without any sound, none of them.
 * @throws RealopsError REALOPS_INPUT_INVALID for a text without words; whatever `voice.transcribe` throws when the recogniser gives no final
 */
export async function recognise(samples: Int16Array, text: string, parameters: Infer<typeof RECOGNISE>, context: StepContext): Promise<Recognised> {
  const spoken = typeof parameters.protocol === 'string' ? PROTOCOLS[parameters.protocol] : customProtocol(parameters.protocol, context.evaluate);
  requireWords([text], parameters);
  if (samples.length === 0) return counted(text, '', parameters);
  const { speech } = await makeStream(samples, { ...parameters, leadMs: 0, tail: 'silence' }, spoken, context);
  const connection = await connect(parameters, spoken, context);
  const conversation = converse({ ...connection, speech, finals: 'all', clock: context.clock, signal: context.signal, onPartial: () => undefined, onFinal: ({ text: heard }) => context.note('tts_heard', { text: heard, said: text }), onSign: () => undefined });
  await untilDone(conversation, context, () => undefined);
  const heard = textOf(conversation.turn);
  if (conversation.turn.finals.length === 0) throw new RealopsError('REALOPS_PROTOCOL', 'the recogniser that listens gave no final');
  return counted(text, heard, parameters);
}

function counted(said: string, heard: string, { language: spoken, normaliser: how }: Infer<typeof RECOGNISE>): Recognised {
  const { words } = compareTexts(said, heard, spoken, { normaliser: how });
  return { text: heard, wer: words.wer, errors: asRatio(words) };
}
