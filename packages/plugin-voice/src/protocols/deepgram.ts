import type { Json, JsonObject } from '@alice/realops/plugin';
import { PCM_16_KHZ, type AsrEvent, type AsrProtocol, type Said } from './protocol.js';
import { errorText, isFields, joinTexts, meanConfidence, nameOf, readList, readNumber, readObject, readText, shown, violation, type Fields } from './read.js';
import { joinWords } from './said.js';

/** The server hangs up after ten seconds without audio or this message, which has to be text. */
const KEEP_ALIVE = { message: '{"type":"KeepAlive"}', everyMs: 4_000 };

/**
 * Deepgram's live transcription: settings in the address, bytes of audio, `CloseStream` at the end. `Results` come per segment; `is_final` ends a segment,
 * `speech_final` (or `UtteranceEnd`) the utterance, so the segments of one utterance are put together here.
 * @see https://developers.deepgram.com/docs/understand-endpointing-interim-results
 */
export const deepgram: AsrProtocol = {
  name: 'deepgram',
  transport: 'ws',
  audio: [PCM_16_KHZ],
  frameMs: 20,
  tellsSpeech: true,
  start({ language, config, audio }) {
    let segments: Alternative[] = [];
    const utterance = (kind: 'partial' | 'final', more?: Alternative): AsrEvent => {
      const all = more === undefined ? segments : [...segments, more];
      const said = all.flatMap((each) => each.said);
      return { kind, text: joinTexts(all.map(({ text }) => text)), confidence: meanConfidence(all.map(({ confidence }) => confidence)), ...(said.length === 0 ? {} : { said }) };
    };
    const ended = (): readonly AsrEvent[] => {
      if (segments.length === 0) return [];
      const event = utterance('final');
      segments = [];
      return [event];
    };
    const results = (message: Fields): readonly AsrEvent[] => {
      const heard = bestOf(message);
      if (message['is_final'] !== true) return heard.text === '' ? [{ kind: 'other', name: 'Results' }] : [utterance('partial', heard)];
      if (heard.text !== '') segments.push(heard);
      if (message['speech_final'] === true) return ended();
      return segments.length === 0 ? [{ kind: 'other', name: 'Results' }] : [utterance('partial')];
    };
    return {
      query: queryOf({ encoding: 'linear16', sample_rate: audio.rate, channels: 1, language, interim_results: true, ...config }),
      keepAlive: KEEP_ALIVE,
      framesAlike: true,
      open: () => [],
      encodeAudio: (frame) => frame,
      end: () => ['{"type":"CloseStream"}'],
      decode(data, isBinary) {
        const message = readObject(data, isBinary);
        switch (message['type']) {
          case 'Results':
            return results(message);
          case 'UtteranceEnd':
            return [...ended(), { kind: 'turnEnd', ...claim(message, 'last_word_end') }];
          case 'SpeechStarted':
            return [{ kind: 'speechStart', ...claim(message, 'timestamp') }];
          case 'Metadata':
            return [...ended(), { kind: 'other', name: 'Metadata' }];
          case 'Error':
            return [{ kind: 'error', message: errorText(message, 'description', 'message', 'variant') }];
          default:
            return [{ kind: 'other', name: nameOf(message['type'], 'message') }];
        }
      },
      closed: ended,
    };
  },
};

/** Where in the stream, in seconds. */
function claim(message: Fields, name: string): { readonly claimedMs?: number } {
  const seconds = readNumber(message, name, nameOf(message['type'], 'message'));
  return seconds === null ? {} : { claimedMs: seconds * 1_000 };
}

/** One way to understand a segment. */
interface Alternative {
  readonly text: string;
  readonly confidence: number | null;
  readonly said: readonly Said[];
}

function bestOf(message: Fields): Alternative {
  const { channel } = message;
  const [best] = isFields(channel) ? readList(channel, 'alternatives', 'Results') : [];
  if (best === undefined) throw violation(`sent Results without an alternative: ${shown(message)}`);
  return { text: readText(best, 'transcript', 'Results'), confidence: readNumber(best, 'confidence', 'Results'), said: saidIn(readList(best, 'words', 'Results')) };
}

/** With `diarize_model` or `diarize` each word has the number of its speaker; times are seconds of the stream. */
function saidIn(words: readonly Fields[]): readonly Said[] {
  return joinWords(words.flatMap((word) => {
    const [speaker, start, end] = ['speaker', 'start', 'end'].map((name) => readNumber(word, name, 'word'));
    return speaker == null || start == null || end == null ? [] : [{ speaker: String(speaker), startMs: start * 1_000, endMs: end * 1_000, text: readText(word, 'word', 'word') }];
  }));
}

/** Settings as parameters of an address: a list is a repeated parameter, null leaves one out. */
export function queryOf(settings: JsonObject): { readonly [name: string]: string | readonly string[] } {
  const entries = Object.entries(settings).filter(([, value]) => value !== null);
  return Object.fromEntries(entries.map(([name, value]) => [name, Array.isArray(value) ? value.map(asText) : asText(value)]));
}

function asText(value: Json): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
