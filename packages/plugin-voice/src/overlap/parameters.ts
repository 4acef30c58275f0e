import { TRANSCRIBE_WITH } from '../transcribe/parameters.js';

const { target, protocol, headers, encoding, language, normaliser, noise, connection, leadMs, tailMs, tail, config, frameMs } = TRANSCRIBE_WITH.properties;

/** A stretch of speech in a clip or a stream. */
export const STRETCH = {
  type: 'object',
  properties: { startMs: { type: 'number', minimum: 0, description: 'Where it begins.' }, endMs: { type: 'number', exclusiveMinimum: 0, description: 'Where it ends.' } },
  required: ['startMs', 'endMs'],
} as const;

/** A system of its own that tells who spoke when. */
export const DISTINGUISH = {
  type: 'object',
  properties: {
    url: { type: 'string', minLength: 1, holds: 'target', description: 'A target name, or a URL whose host is the host of a target. The mixture is posted to it as a WAV file.' },
    headers: { type: 'object', properties: {}, additionalProperties: { type: 'string' }, default: {}, description: 'Headers of the request, such as a key.' },
    field: { type: 'string', minLength: 1, description: 'The name of the file in a form (multipart/form-data). Without it the file is the body.' },
    segments: { type: 'string', minLength: 1, holds: 'expression', description: 'Gives who spoke when from the JSON of the answer: a list of { speaker, startMs, endMs }. A list at its root is there as value.' },
  },
  required: ['url', 'segments'],
} as const;

/** What a suite may say under `with:` of `voice.overlap`. */
export const OVERLAP_WITH = {
  type: 'object',
  properties: {
    target: { ...target, description: `${target.description} May be left out with a diariser.` },
    speakers: {
      type: 'array',
      minItems: 2,
      maxItems: 8,
      items: {
        type: 'object',
        properties: {
          id: { type: 'string', minLength: 1, description: 'The name of the speaker.' },
          audio: { type: 'string', holds: 'file', description: 'What the speaker says, without noise: WAV, or with ffmpeg mp3, ogg, flac, m4a and others.' },
          reference: { type: 'string', description: 'What was really said. Word errors need it of every speaker.' },
          levelDb: { type: 'number', minimum: -60, maximum: -6, default: -26, description: 'Active speech level in the mixture (ITU-T P.56), in dB of full scale.' },
          startMs: { type: 'number', minimum: 0, description: 'Where the clip begins in the mixture.' },
          overlapMs: { type: 'number', minimum: -60_000, maximum: 60_000, description: 'For how long the speech overlaps that of the speaker before, instead of startMs; below 0 a pause between them.' },
          segments: { type: 'array', items: STRETCH, minItems: 1, description: 'Where speech lies in the clip; found by energy when absent.' },
        },
        required: ['id', 'audio'],
      },
      description: 'Who speaks, in order.',
    },
    follow: { type: 'string', minLength: 1, description: 'The speaker whom the recogniser should follow, others being noise: voice.wer holds the text against the words of this one alone.' },
    collarMs: { type: 'integer', minimum: 0, maximum: 2_000, default: 0, description: 'Around each beginning and end of speech so much is not scored in voice.der. 250 is customary and much kinder.' },
    diariser: { ...DISTINGUISH, description: 'Another system that tells who spoke when; it gets the same mixture, noise and connection included.' },
    protocol, headers, encoding, language, normaliser, noise, connection, leadMs, tailMs, tail, config, frameMs,
  },
  required: ['speakers'],
} as const;

const NUMBER_OR_NULL = { oneOf: [{ type: 'number' }, { enum: [null] }] } as const;
const TEXT = { type: 'string' } as const;
const SPOKEN = { type: 'object', properties: { speaker: TEXT, startMs: { type: 'number' }, endMs: { type: 'number' } }, required: ['speaker', 'startMs', 'endMs'] } as const;

/** What `voice.overlap` gives to the steps after it. Times are those of the stream, lead included. */
export const OVERLAP_OUTPUT = {
  type: 'object',
  properties: {
    text: { type: 'string', description: 'All finals, joined; empty without a recogniser.' },
    said: { type: 'array', items: { ...SPOKEN, properties: { ...SPOKEN.properties, text: TEXT } }, description: 'Who said what by the account of the recogniser; empty when it does not tell speakers apart.' },
    truth: { type: 'array', items: SPOKEN, description: 'Who speaks when, in truth; for $der, in ms of the stream.' },
    overlaps: { type: 'array', items: { type: 'object', properties: { startMs: { type: 'number' }, endMs: { type: 'number' } }, required: ['startMs', 'endMs'] }, description: 'Where two or more speak.' },
    overlapMs: { type: 'number', description: 'How long that is together.' },
    wer: { ...NUMBER_OR_NULL, description: 'Of the speaker to follow; null without one.' },
    overlapWer: { ...NUMBER_OR_NULL, description: 'Of all words, whoever said them; null without references.' },
    cpWer: { ...NUMBER_OR_NULL, description: 'Of all words, each given to its speaker; null when the recogniser does not tell speakers apart.' },
    der: { ...NUMBER_OR_NULL, description: 'Diarisation error rate; null when the recogniser does not tell speakers apart, or the collars leave nothing to score.' },
    diarised: { type: 'array', items: SPOKEN, description: 'Who speaks when by the account of the diariser.' },
    diariserDer: { ...NUMBER_OR_NULL, description: 'Its diarisation error rate; null without one.' },
    collarMs: { type: 'number', description: 'The collar of der and diariserDer.' },
    levels: { type: 'array', items: { type: 'object', properties: { speaker: TEXT, levelDb: { type: 'number' }, takenFor: { oneOf: [TEXT, { enum: [null] }] } }, required: ['speaker', 'levelDb', 'takenFor'] }, description: 'How loud each speaker is in the finished mixture, and whose name the recogniser gave to most of its words (cpWer).' },
    gain: { type: 'number', description: 'What the whole mixture was multiplied with so that nothing is clipped.' },
    finalMs: { ...NUMBER_OR_NULL, description: 'From the last speech sample being sent to the last final.' },
    snrDb: { ...NUMBER_OR_NULL, description: 'Of the noise that was mixed in, measured again; null without noise.' },
    senderLatenessP99Ms: { type: 'number', description: 'How late our own frames were.' },
    durationMs: { type: 'number', description: 'Length of the mixture.' },
  },
  required: ['text', 'said', 'truth', 'overlaps', 'overlapMs', 'wer', 'overlapWer', 'cpWer', 'der', 'diarised', 'diariserDer', 'collarMs', 'levels', 'gain', 'finalMs', 'snrDb', 'senderLatenessP99Ms', 'durationMs'],
} as const;
