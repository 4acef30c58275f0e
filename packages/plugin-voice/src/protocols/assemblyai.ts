import { queryOf } from './deepgram.js';
import { PCM_16_KHZ, type AsrEvent, type AsrProtocol, type Said } from './protocol.js';
import { errorText, joinTexts, meanConfidence, nameOf, readList, readNumber, readObject, readText, type Fields } from './read.js';
import { joinWords } from './said.js';

/**
 * AssemblyAI's streaming API, version 3: settings in the address, bytes of audio in pieces of about 50 ms once `Begin` has come, `Terminate` at the end. A
 * `Turn` is sent again and again: `transcript` holds the words that will not change any more, `words` also those that may; with `format_turns` it comes once
 * more after its end, formatted. With `speaker_labels` each word that is final names its speaker, and the `Turn` the one who says most of it.
 * @see https://www.assemblyai.com/docs/streaming/message-sequence
 */
export const assemblyai: AsrProtocol = {
  name: 'assemblyai',
  transport: 'ws',
  audio: [PCM_16_KHZ],
  frameMs: 50,
  tellsSpeech: true,
  start: ({ config, audio }) => ({
    query: queryOf({ sample_rate: audio.rate, encoding: 'pcm_s16le', ...config }),
    gated: true,
    framesAlike: true,
    open: () => [],
    encodeAudio: (frame) => frame,
    end: () => ['{"type":"Terminate"}'],
    decode: (data, isBinary) => decodeEvents(readObject(data, isBinary)),
  }),
};

/** The end of a turn is the end of speech too. */
function decodeEvents(message: Fields): readonly AsrEvent[] {
  const event = decodeEvent(message);
  return event.kind === 'final' ? [event, { kind: 'turnEnd' }] : [event];
}

function decodeEvent(message: Fields): AsrEvent {
  switch (message['type']) {
    case 'Begin':
      return { kind: 'ready' };
    case 'SpeechStarted':
      return { kind: 'speechStart' };
    case 'Turn':
      return turn(message);
    case 'Error':
      return { kind: 'error', message: errorText(message, 'error') };
    default:
      return message['type'] === undefined && message['error'] !== undefined ? { kind: 'error', message: errorText(message, 'error') } : { kind: 'other', name: nameOf(message['type'], 'message') };
  }
}

function turn(message: Fields): AsrEvent {
  const words = readList(message, 'words', 'Turn');
  const confidence = meanConfidence(words.map((word) => word['confidence']));
  const transcript = readText(message, 'transcript', 'Turn');
  if (message['end_of_turn'] === true) {
    const said = saidIn(message, words);
    return { kind: 'final', text: transcript, confidence, segment: nameOf(message['turn_order'], ''), ...(said.length === 0 ? {} : { said }) };
  }
  return { kind: 'partial', text: words.length === 0 ? transcript : joinTexts(words.map((word) => readText(word, 'text', 'word'))), confidence };
}

/** Words whose speaker is not known are nobody's; where no word names one, all are of the speaker of the `Turn`. Times are ms of the stream. */
function saidIn(message: Fields, words: readonly Fields[]): readonly Said[] {
  const named = words.some((word) => speakerIn(word, 'speaker') !== undefined);
  const dominant = named ? undefined : speakerIn(message, 'speaker_label');
  return joinWords(words.flatMap((word) => {
    const speaker = speakerIn(word, 'speaker') ?? dominant;
    const [startMs, endMs] = [readNumber(word, 'start', 'word'), readNumber(word, 'end', 'word')];
    return speaker === undefined || startMs === null || endMs === null ? [] : [{ speaker, startMs, endMs, text: readText(word, 'text', 'word') }];
  }));
}

/** A label such as `A`; what is said too shortly to be told has null, or the word UNKNOWN. */
function speakerIn(fields: Fields, name: string): string | undefined {
  const label = fields[name] ?? undefined;
  return label === undefined || label === 'UNKNOWN' ? undefined : nameOf(label, '');
}
