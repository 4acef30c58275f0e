import { randomUUID } from 'node:crypto';
import type { WebSocket } from 'ws';
import type { Answerer } from '../chat/answer.js';
import type { Clock } from '../clock.js';
import { merge } from '../knobs.js';
import type { EndpointSettings } from '../speech/recogniser.js';
import type { WordModel } from '../speech/word-model.js';
import { audioOf, MessageError, onMessages } from '../voice/messages.js';
import { configOf, earFields, wordsMessage } from '../voice/speech-in.js';
import { behaviourWith } from './behaviour.js';
import { createDialogue } from './dialogue.js';
import { createListener } from './listener.js';
import { createMouth, type VoiceStyle } from './mouth.js';
import { talkFields, type TalkSettings } from './settings.js';

/** What conversations work with. */
export interface TalkParts {
  readonly clock: Clock;
  readonly model: WordModel;
  readonly answerer: Answerer;
  readonly voice: () => EndpointSettings;
  readonly settings: () => TalkSettings;
  readonly isOpen: () => boolean;
}

type Changes<T> = { readonly [K in keyof T]?: T[K] | undefined };

const fields = { ...earFields, ...talkFields };
/** A client that says nothing is greeted all the same. */
const greetAnywayMs = 500;

/** `/ws/talk`: speech in and speech out on one line, each with an ear, a voice and settings of its own over the common ones. */
export function createTalk({ clock, model, answerer, voice, settings, isOpen }: TalkParts): (socket: WebSocket) => void {
  return (socket) => {
    let [ownEar, ownTalk]: [Changes<EndpointSettings>, Changes<TalkSettings>] = [{}, {}];
    const common = settings();
    const inForce = (): TalkSettings => merge(common, ownTalk);
    let behaviour = behaviourWith(common.misbehave);
    const line = new AbortController();
    const send = (message: object): void => {
      if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(message));
    };

    const ear = createListener(model, () => behaviour.endpoint(merge(voice(), ownEar)));
    const style = (): VoiceStyle => ({ ...behaviour, burst: behaviour.bursts || inForce().playback === 'burst' });
    const mouth = createMouth({ clock, send, style, signal: line.signal });
    const dialogue = createDialogue({
      clock, ear, mouth, answerer, session: `talk-${randomUUID()}`, settings: inForce, behaviour: () => behaviour, isOpen, signal: line.signal,
      told: (reply) => send({ event: 'reply', ...reply }),
      heard: (event) => send(wordsMessage(event, 0)),
    });

    let isGreeted = false;
    const greet = (): void => {
      if (isGreeted) return;
      isGreeted = true;
      if (inForce().greeting) dialogue.greet();
    };
    const configure = (config: unknown): void => {
      const { language, model: asked, vad_start_threshold, vad_stop_threshold, vad_eos_timeout_ms, ...talk } = configOf(config, fields);
      ownEar = merge(ownEar, { vad_start_threshold, vad_stop_threshold, vad_eos_timeout_ms });
      ownTalk = merge(ownTalk, talk);
      behaviour = behaviourWith(inForce().misbehave);
      send({ event: 'config_updated', config: { language, ...(asked === undefined ? {} : { model: asked }), ...merge(voice(), ownEar), ...inForce() } });
    };

    clock.until(clock.now() + greetAnywayMs, line.signal).then(greet, () => undefined);
    socket.on('close', () => line.abort());
    onMessages(socket, (message) => {
      switch (message['type']) {
        case 'audio':
          greet();
          return dialogue.hear(audioOf(message));
        case 'end':
          return dialogue.end();
        case 'config':
          return configure(message['config']);
        default:
          throw new MessageError(`unknown message type ${JSON.stringify(message['type'] ?? null)}`);
      }
    });
  };
}
