import { alice } from './alice.js';
import type { AsrProtocol } from './protocol.js';

/** The names of the protocols that `voice.transcribe` speaks. */
export const PROTOCOL_NAMES = ['alice'] as const;

/** The protocols by name. */
export const PROTOCOLS: { readonly [name in (typeof PROTOCOL_NAMES)[number]]: AsrProtocol } = { alice };
