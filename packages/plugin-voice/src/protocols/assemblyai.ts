import { queryOf } from './deepgram.js';
import { PCM_16_KHZ, type AsrEvent, type AsrProtocol } from './protocol.js';
import { errorText, joinTexts, meanConfidence, nameOf, readList, readObject, readText, type Fields } from './read.js';

/**
 * AssemblyAI's streaming API, version 3: settings in the address, bytes of audio in pieces of about 50 ms once `Begin` has come, `Terminate` at the end. A
 * `Turn` is sent again and again: `transcript` holds the words that will not change any more, `words` also those that may; with `format_turns` it comes once
 * more after its end, formatted.
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
  if (message['end_of_turn'] === true) return { kind: 'final', text: transcript, confidence, segment: nameOf(message['turn_order'], '') };
  return { kind: 'partial', text: words.length === 0 ? transcript : joinTexts(words.map((word) => readText(word, 'text', 'word'))), confidence };
}
