const MESSAGE = {
  oneOf: [
    { type: 'string', description: 'Text' },
    { type: 'object', properties: { bytes: { type: 'string', description: 'Text that is sent as a binary message' } }, required: ['bytes'] },
    { type: 'object', properties: { base64: { type: 'string', pattern: '^[A-Za-z0-9+/]*={0,2}$', description: 'Bytes that are sent as a binary message' } }, required: ['base64'] },
  ],
} as const;

const expression = <const D extends string>(description: D) => ({ type: 'string', minLength: 1, holds: 'expression', description }) as const;

const FORM = {
  type: 'object',
  properties: { encoding: { enum: ['s16le', 'f32le', 'mulaw'], default: 's16le', description: '16-bit whole numbers or 32-bit floats, little endian, or µ-law' }, rate: { enum: [8_000, 16_000, 24_000], default: 16_000, description: 'Samples a second' } },
} as const;

/** What is sent, and how: the same for recognisers and assistants. */
const SENT = {
  transport: { enum: ['ws', 'tcp'], default: 'ws', description: 'WebSocket, or TCP with a message a line.' },
  audio: { ...FORM, default: {}, description: 'The form in which speech is sent, one channel.' },
  frameMs: { type: 'integer', minimum: 5, maximum: 200, default: 20, description: 'Length of one frame of audio.' },
  open: { type: 'array', items: MESSAGE, default: [], description: 'Sent when the connection is open. {language}, {traceId} and {rate} are filled in.' },
  frame: { type: 'string', minLength: 1, description: 'A frame as text: {base64} the audio, {sequence} counts from 1, {ms} where in the stream it begins, {seconds} the calendar time. Without it a frame is sent as bytes.' },
  end: { type: 'array', items: MESSAGE, default: [], description: 'Sent when no more audio comes; {sequence} is the last frame.' },
  keepAlive: {
    type: 'object',
    properties: { message: { ...MESSAGE, description: 'Text, or bytes' }, everyMs: { type: 'integer', minimum: 100, maximum: 600_000, description: 'After so long without anything sent' } },
    required: ['message', 'everyMs'],
    description: 'Sent when nothing else was for so long.',
  },
  ready: expression('Holds for the message after which audio may be sent. Without it audio is sent at once.'),
  speechStart: expression('Holds when the other side says that it hears speech; or gives a number: since when, in ms of the stream.'),
  speechStop: expression('Holds when it says that speech has ended; or gives a number: since when.'),
  turnEnd: expression('Holds when it says that the turn is over.'),
  error: expression('Gives what the other side reports as an error, or true.'),
} as const;

/** What a suite says of a recogniser's protocol of its own. */
export const CUSTOM_PROTOCOL = {
  type: 'object',
  description: 'A protocol described here: what is sent, and what the messages that come mean. The names of a JSON object are at the root of the expressions; anything else is there as value.',
  properties: {
    ...SENT,
    binary: { enum: ['refuse', 'ignore'], default: 'refuse', description: 'What is done with binary messages that come over a WebSocket.' },
    partial: expression('Gives the text of a partial transcript, or true when the message has it as text.'),
    final: expression('Gives the text of a final transcript, or true when the message has it as text.'),
    confidence: expression('Gives the confidence of a transcript, a number.'),
    segment: expression('Names the utterance of a final that may come again, corrected.'),
    said: expression('Gives who said what in a final: a list of { speaker, startMs, endMs, text }, in ms of the stream.'),
  },
  required: ['final'],
} as const;

/** What a suite says of an assistant's protocol of its own. */
export const CUSTOM_TALK = {
  type: 'object',
  description: 'A protocol described here: what is sent, and what the messages that come mean. The names of a JSON object are at the root of the expressions; anything else is there as value.',
  properties: {
    ...SENT,
    voice: { ...FORM, default: {}, description: "The form of the assistant's voice, one channel." },
    binary: { enum: ['refuse', 'ignore', 'audio'], default: 'refuse', description: "What is done with binary messages that come over a WebSocket; audio: they are the assistant's voice." },
    agentAudio: expression("Gives the assistant's voice as base64."),
    clear: expression('Holds when what was not played yet is not to be played.'),
    agentSpeechStart: expression('Holds when the assistant says that it begins to speak.'),
    agentSpeechStop: expression('Holds when it says that it has stopped.'),
    agentText: expression('Gives the words of its reply.'),
    intent: expression('Gives what it took the user to mean.'),
    final: expression('Gives what it understood the user to say.'),
    event: expression('Names anything else that a turn may wait for.'),
  },
} as const;
