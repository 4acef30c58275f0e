import { Buffer } from 'node:buffer';
import { RealopsError, type Infer, type Json } from '@alice/realops/plugin';
import type { CUSTOM_TALK } from '../custom-schema.js';
import { customStream, refusal, textOf, type Ask, type Evaluate } from '../custom.js';
import type { StreamEvent, TalkProtocol } from '../protocol.js';
import { shown, violation } from '../read.js';

/** An assistant's protocol that a suite describes. */
export type CustomTalk = Infer<typeof CUSTOM_TALK>;

/** An assistant's protocol as the suite describes it. @throws RealopsError REALOPS_WITH_INVALID as `customStream`, and for one in which no voice ever comes */
export function customTalk(custom: CustomTalk, evaluate: Evaluate): TalkProtocol {
  const { transport, audio, frameMs, voice } = custom;
  if (custom.agentAudio === undefined && custom.binary !== 'audio') {
    throw new RealopsError('REALOPS_WITH_INVALID', 'the protocol does not say where the voice of the assistant comes', { hint: 'give agentAudio, an expression for base64, or binary: audio' });
  }
  const start = customStream<StreamEvent>(custom, evaluate, {
    async meaning(message, ask) {
      const events: StreamEvent[] = [];
      if ((await ask(custom.clear)) === true) events.push({ kind: 'clear' });
      if ((await ask(custom.agentSpeechStart)) === true) events.push({ kind: 'claim', isSpeaking: true });
      const sound = await ask(custom.agentAudio);
      if (sound !== undefined && sound !== null && sound !== false) events.push({ kind: 'audio', data: bytesOf(sound) });
      if ((await ask(custom.agentSpeechStop)) === true) events.push({ kind: 'claim', isSpeaking: false });
      return [...events, ...(await wordsOf(custom, message, ask))];
    },
    binary(data) {
      if (custom.binary === 'audio') return [{ kind: 'audio', data }];
      if (custom.binary === 'ignore') return [];
      throw refusal(data);
    },
  });
  const tells = { text: custom.agentText !== undefined, intent: custom.intent !== undefined };
  return { name: 'custom', transport, audio: [audio], frameMs, voice, tells, start, ...(custom.event === undefined ? { eventNames: namesOf(custom) } : {}) };
}

/** What can be waited for by its name, as far as there is an expression for it. */
function namesOf(custom: CustomTalk): readonly string[] {
  const { ready, speechStart, speechStop, turnEnd, clear, final, intent, agentText: said, agentSpeechStart, agentSpeechStop } = custom;
  const given = { audio: true, ready, speechStart, speechStop, turnEnd, clear, final, intent, said, claim: agentSpeechStart ?? agentSpeechStop };
  return Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [name]));
}

async function wordsOf(custom: CustomTalk, message: Json, ask: Ask): Promise<readonly StreamEvent[]> {
  const [final, said, intent, name] = [await ask(custom.final), await ask(custom.agentText), await ask(custom.intent), await ask(custom.event)];
  const [understood, reply, meant] = [textOf(final, message, 'final'), textOf(said, message, 'agentText'), textOf(intent, message, 'intent')];
  return [
    ...(understood === undefined ? [] : [{ kind: 'final' as const, text: understood, confidence: null }]),
    ...(reply === undefined ? [] : [{ kind: 'said' as const, text: reply }]),
    ...(meant === undefined ? [] : [{ kind: 'intent' as const, text: meant }]),
    ...(typeof name === 'string' ? [{ kind: 'other' as const, name }] : []),
  ];
}

function bytesOf(sound: Json): Uint8Array {
  if (typeof sound === 'string' && /^[A-Za-z0-9+/]*={0,2}$/u.test(sound)) return Buffer.from(sound, 'base64');
  throw violation(`sent a message for which the expression agentAudio gives ${shown(sound)}, which is not base64`);
}
