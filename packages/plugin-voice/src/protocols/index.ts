import { alice } from './alice.js';
import { assemblyai } from './assemblyai.js';
import { deepgram } from './deepgram.js';
import { openaiRealtime } from './openai-realtime.js';
import type { AsrProtocol } from './protocol.js';
import { vosk } from './vosk.js';
import { whisperlive } from './whisperlive.js';
import { wyoming } from './wyoming.js';

/** The names of the protocols that `voice.transcribe` knows; any other can be described in the suite. */
export const PROTOCOL_NAMES = ['alice', 'vosk', 'deepgram', 'assemblyai', 'openai-realtime', 'whisperlive', 'wyoming'] as const;

/** The protocols by name. */
export const PROTOCOLS: { readonly [name in (typeof PROTOCOL_NAMES)[number]]: AsrProtocol } = {
  alice, vosk, deepgram, assemblyai, 'openai-realtime': openaiRealtime, whisperlive, wyoming,
};
