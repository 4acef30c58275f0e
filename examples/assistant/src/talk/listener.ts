import { createRecogniser, type EndpointSettings, type Hearing, type SpeechEvent } from '../speech/recogniser.js';
import { sampleRate } from '../speech/settings.js';
import { createVoicing } from '../speech/voicing.js';
import type { WordModel } from '../speech/word-model.js';

/** What is being said at this moment. */
export interface Heard extends Hearing {
  /** For how long there was a voice in it; a cough has none. */
  readonly voicedMs: number;
}

/** The ear of a conversation: the recogniser, and whether it is a voice that is heard. */
export interface Listener {
  /** At most a few tens of ms, so that nothing begins and ends within. */
  push(samples: Float32Array): readonly SpeechEvent[];
  end(): readonly SpeechEvent[];
  hearing(): Heard | undefined;
}

export function createListener(model: WordModel, settings: () => EndpointSettings): Listener {
  const recogniser = createRecogniser(model, settings);
  const isVoiced = createVoicing();
  let voicedMs = 0;
  return {
    push(samples) {
      const events = recogniser.push(samples);
      const voiced = isVoiced(samples);
      if (recogniser.hearing() === undefined) voicedMs = 0;
      else if (voiced) voicedMs += (1000 * samples.length) / sampleRate;
      return events;
    },
    end() {
      voicedMs = 0;
      return recogniser.end();
    },
    hearing() {
      const hearing = recogniser.hearing();
      return hearing && { ...hearing, voicedMs };
    },
  };
}
