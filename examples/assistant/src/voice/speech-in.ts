import type { WebSocket } from 'ws';
import type { Clock } from '../clock.js';
import { checkFields, choice, optional, text, type Fields, type Values } from '../http/fields.js';
import { merge, voiceFields } from '../knobs.js';
import { createRecogniser, type EndpointSettings, type SpeechEvent } from '../speech/recogniser.js';
import type { WordModel } from '../speech/word-model.js';
import { audioOf, MessageError, onMessages } from './messages.js';

/** What the ear works with. */
export interface SpeechInParts {
  readonly clock: Clock;
  readonly model: WordModel;
  readonly settings: () => EndpointSettings;
}

/** What a listener may set for itself. */
export const earFields = { ...voiceFields, language: optional(choice('sv'), 'sv'), model: optional(text({ max: 100 })) };

/** The message in which a listener is told of words; `workMs` is what it took to hear a final. */
export function wordsMessage({ kind, text: words, confidence, atS, ...rest }: SpeechEvent, workMs: number): object {
  const said = { event: kind, text: words, confidence: Math.round(confidence * 1000) / 1000 };
  if (kind === 'partial') return { ...said, timestamp: atS };
  return { ...said, language: 'sv', ...('durationS' in rest ? { duration_s: rest.durationS } : {}), processing_time_ms: Math.round(workMs * 10) / 10 };
}

/** Checks the settings of a `config` message. */
export function configOf<F extends Fields>(config: unknown, fields: F): Values<F> {
  const checked = checkFields(config, fields, { closed: true });
  if ('problems' in checked) throw new MessageError(checked.problems.map(({ loc, msg }) => `${loc.slice(1).join('.') || 'config'}: ${msg}`).join('; '));
  return checked.values;
}

/** `/ws/asr`: speech in as JSON with base64 PCM, partial and final transcripts out. Each connection has its own ear, its own settings over the common ones. */
export function createSpeechIn({ clock, model, settings }: SpeechInParts): (socket: WebSocket) => void {
  return (socket) => {
    let own: { readonly [K in keyof EndpointSettings]?: EndpointSettings[K] | undefined } = {};
    const inForce = (): EndpointSettings => merge(settings(), own);
    const ear = createRecogniser(model, inForce);
    let workMs = 0;
    const send = (message: object): void => socket.send(JSON.stringify(message));

    const hear = (listen: () => SpeechEvent[]): void => {
      const started = clock.now();
      const events = listen();
      workMs += clock.now() - started;
      for (const event of events) {
        send(wordsMessage(event, workMs));
        if (event.kind === 'final') workMs = 0;
      }
    };

    const configure = (config: unknown): void => {
      const { language, model: asked, ...knobs } = configOf(config, earFields);
      own = merge(own, knobs);
      send({ event: 'config_updated', config: { language, ...(asked === undefined ? {} : { model: asked }), ...inForce() } });
    };

    onMessages(socket, (message) => {
      switch (message['type']) {
        case 'audio': {
          const samples = audioOf(message);
          return hear(() => ear.push(samples));
        }
        case 'end':
          return hear(() => ear.end());
        case 'config':
          return configure(message['config']);
        default:
          throw new MessageError(`unknown message type ${JSON.stringify(message['type'] ?? null)}`);
      }
    });
  };
}
