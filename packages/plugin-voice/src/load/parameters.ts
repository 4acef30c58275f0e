import { TRANSCRIBE_WITH } from '../transcribe/parameters.js';

// Of each clip alone; everything else that can be said of a clip can be said of all of them.
const { audio: _audio, reference: _reference, alternatives: _alternatives, pauses: _pauses, keywords: _keywords, onsetMs, endMs, target, protocol, ...shared } = TRANSCRIBE_WITH.properties;

/** What a suite may say under `with:` of `voice.load`. */
export const LOAD_WITH = {
  type: 'object',
  properties: {
    target,
    protocol,
    clips: {
      oneOf: [
        { type: 'string', holds: 'file', description: 'A table of clips, .tsv or .jsonl: path (or audio), sentence (or reference), onsetMs, endMs; the paths start from its folder or the clips folder in it.' },
        {
          type: 'array',
          minItems: 1,
          items: {
            oneOf: [
              { type: 'string', holds: 'file', description: 'A WAV file' },
              {
                type: 'object',
                properties: { audio: { type: 'string', holds: 'file', description: 'A WAV file.' }, reference: { type: 'string', description: 'What was really said.' }, onsetMs, endMs },
                required: ['audio'],
              },
            ],
          },
        },
      ],
      description: 'What is said: each stream begins with another clip and goes on with the next. Clips are read and encoded once, before the first stream.',
    },
    streams: { type: 'integer', minimum: 1, maximum: 20_000, description: 'How many speak at the same time, each over a connection of its own.' },
    rampMs: { type: 'integer', minimum: 0, maximum: 3_600_000, default: 0, description: 'The streams begin one after the other over so long.' },
    turns: { type: 'integer', minimum: 1, maximum: 100_000, description: 'How many clips each stream says, each over a new connection; 1 when durationMs is absent too.' },
    durationMs: { type: 'integer', minimum: 1, maximum: 86_400_000, description: 'In place of turns: each stream begins new clips for so long after the ramp; what was begun is finished.' },
    answerMs: { type: 'integer', minimum: 1, maximum: 600_000, default: 10_000, description: 'How long the recogniser may take to accept a connection, and to give the final after the end of the audio; then the turn has failed.' },
    workers: { type: 'integer', minimum: 0, maximum: 64, description: 'Threads that send; 0 sends from the main thread. When absent: the main thread up to 500 streams, above it a thread for each 500, at most one per core.' },
    ...shared,
  },
  required: ['target', 'clips', 'streams'],
} as const;

const NUMBER_OR_NULL = { oneOf: [{ type: 'number' }, { enum: [null] }] } as const;
const SPREAD = {
  type: 'object',
  properties: { count: { type: 'integer' }, p50: NUMBER_OR_NULL, p95: NUMBER_OR_NULL, p99: NUMBER_OR_NULL, max: NUMBER_OR_NULL },
  required: ['count', 'p50', 'p95', 'p99', 'max'],
  description: 'Nearest-rank, in ms, over all turns that were due: one that never came ranks above all others, and null is its value.',
} as const;
const PHASE = {
  type: 'object',
  properties: {
    turns: { type: 'integer', description: 'Turns that ended in it.' },
    partialMs: SPREAD,
    finalMs: { ...SPREAD, description: 'From when the last speech sample was due.' },
    finalSentMs: { ...SPREAD, description: 'From when it was sent; what lies between is our own lateness.' },
  },
  required: ['turns', 'partialMs', 'finalMs', 'finalSentMs'],
} as const;
const LATENESS = {
  frames: { type: 'integer', description: 'Frames sent.' },
  p50Ms: { type: 'number' }, p99Ms: { type: 'number' }, maxMs: { type: 'number' },
} as const;

/** What `voice.load` gives to the steps after it. */
export const LOAD_OUTPUT = {
  type: 'object',
  properties: {
    streams: { type: 'integer' },
    turns: { type: 'integer', description: 'Turns that were begun and not cancelled; each has ended in one of the five ways that follow.' },
    finals: { type: 'integer', description: 'Ended with a final.' },
    truncated: { type: 'integer', description: 'Of these: the final came before the end of speech.' },
    missing: { type: 'integer', description: 'Were reached and gave no final.' },
    broken: { type: 'integer', description: 'Failed after a final (finals: all).' },
    refused: { type: 'integer', description: 'Never came as far as audio: no connection, or not ready.' },
    invalid: { type: 'integer', description: 'Turns whose latencies are not judged, since our own frames were late.' },
    errors: {
      type: 'array',
      items: { type: 'object', properties: { code: { type: 'string' }, message: { type: 'string', description: 'The first of its kind.' }, count: { type: 'integer' } }, required: ['code', 'message', 'count'] },
      description: 'Why turns failed, the most frequent first; at most 20 kinds.',
    },
    lateness: { type: 'object', properties: LATENESS, required: ['frames', 'p50Ms', 'p99Ms', 'maxMs'], description: 'How late our own frames were, over all frames of all streams, to 1 per cent.' },
    workers: {
      type: 'array',
      items: { type: 'object', properties: { streams: { type: 'integer' }, ...LATENESS }, required: ['streams', 'frames', 'p50Ms', 'p99Ms', 'maxMs'] },
      description: 'The same for each thread.',
    },
    driftMs: { ...NUMBER_OR_NULL, description: 'How much later than the first frame of a turn the last one was, each against its due time: the median over turns.' },
    wer: { ...NUMBER_OR_NULL, description: 'Errors over reference words of all turns that were reached; null without references.' },
    ramp: { ...PHASE, description: 'Turns that ended before all streams had begun.' },
    steady: { ...PHASE, description: 'Turns that ended while all streams were under way.' },
    drain: { ...PHASE, description: 'Turns that ended after the first stream had said all it had to.' },
  },
  required: ['streams', 'turns', 'finals', 'truncated', 'missing', 'broken', 'refused', 'invalid', 'errors', 'lateness', 'workers', 'driftMs', 'wer', 'ramp', 'steady', 'drain'],
} as const;
