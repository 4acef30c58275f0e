import type { TalkProtocol } from '../protocol.js';
import { alice } from './alice.js';
import { openaiRealtime } from './openai-realtime.js';
import { twilioMedia } from './twilio-media.js';

/** The names of the protocols that `voice.converse` knows; any other can be described in the suite. */
export const TALK_NAMES = ['alice', 'openai-realtime', 'twilio-media'] as const;

/** The protocols by name. */
export const TALKS: { readonly [name in (typeof TALK_NAMES)[number]]: TalkProtocol } = { alice, 'openai-realtime': openaiRealtime, 'twilio-media': twilioMedia };
