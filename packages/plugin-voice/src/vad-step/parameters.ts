import { STRETCH } from '../overlap/parameters.js';
import { TRANSCRIBE_WITH } from '../transcribe/parameters.js';

const { target, audio, protocol, headers, encoding, language, noise, connection, leadMs, tail, config, frameMs } = TRANSCRIBE_WITH.properties;

/** What a suite may say under `with:` of `voice.vad`. */
export const VAD_WITH = {
  type: 'object',
  properties: {
    target, audio,
    segments: { type: 'array', items: STRETCH, minItems: 1, description: 'Where speech really lies in the clip, in order; found by energy in the clean clip when absent.' },
    minSilenceMs: { type: 'integer', minimum: 0, maximum: 10_000, default: 300, description: 'When speech is found by energy: a shorter silence is a part of it.' },
    by: { enum: ['signs', 'texts'], default: 'signs', description: 'signs: by what the recogniser says of speech. texts: of one that says nothing of it, from the first partial to the final.' },
    time: { enum: ['arrival', 'claim'], default: 'arrival', description: 'arrival: when it said so, which is what a user waits for. claim: where in the stream speech is by its own account, of protocols that tell it.' },
    toleranceMs: { type: 'integer', minimum: 0, maximum: 10_000, default: 1_000, description: 'What is found and touches no speech still belongs to speech that ended less than so long before.' },
    collarMs: { type: 'integer', minimum: 0, maximum: 2_000, default: 0, description: 'Around each beginning and end of speech so much is not scored in shares of time.' },
    protocol, headers, encoding, language, noise, connection, leadMs,
    tailMs: { type: 'integer', minimum: 0, maximum: 60_000, default: 1_500, description: 'How long silence goes on after the clip. Then the end message is sent.' },
    tail, config, frameMs,
  },
  required: ['target', 'audio'],
} as const;

const NUMBER_OR_NULL = { oneOf: [{ type: 'number' }, { enum: [null] }] } as const;
const SPAN = { type: 'object', properties: { startMs: { type: 'number' }, endMs: { type: 'number' } }, required: ['startMs', 'endMs'] } as const;

/** What `voice.vad` gives to the steps after it. Times are those of the stream, lead included. */
export const VAD_OUTPUT = {
  type: 'object',
  properties: {
    found: { type: 'array', items: SPAN, description: 'Speech as the recogniser told it; a stretch that it never ended ends with the stream.' },
    truth: {
      type: 'array',
      items: { type: 'object', properties: { ...SPAN.properties, missed: { type: 'boolean' }, startErrorMs: NUMBER_OR_NULL, endErrorMs: NUMBER_OR_NULL }, required: ['startMs', 'endMs', 'missed', 'startErrorMs', 'endErrorMs'] },
      description: 'Speech as it is, and how far off the recogniser was; null where it said nothing of it.',
    },
    truthSource: { enum: ['given', 'vad'], description: 'Who says where speech lies.' },
    misses: { type: 'integer', description: 'Stretches of speech that it did not hear.' },
    falseAlarms: { type: 'integer', description: 'Stretches that it heard where nobody spoke.' },
    missedShare: { ...NUMBER_OR_NULL, description: 'The share of the time of speech in which it heard none.' },
    falseShare: { ...NUMBER_OR_NULL, description: 'The share of the other time in which it heard speech.' },
    snrDb: { ...NUMBER_OR_NULL, description: 'The ratio of the mix, measured again; null without noise.' },
    senderLatenessP99Ms: { type: 'number', description: 'How late our own frames were.' },
    durationMs: { type: 'number', description: 'Length of the stream.' },
  },
  required: ['found', 'truth', 'truthSource', 'misses', 'falseAlarms', 'missedShare', 'falseShare', 'snrDb', 'senderLatenessP99Ms', 'durationMs'],
} as const;
