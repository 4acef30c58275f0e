import { CUSTOM_PROTOCOL } from '../protocols/custom-schema.js';
import { PROTOCOL_NAMES } from '../protocols/index.js';

const DROPOUT = {
  ms: { type: 'integer', minimum: 1, maximum: 30_000, description: 'How long each of them is.' },
  as: { enum: ['silence', 'nothing'], default: 'silence', description: 'silence: goes on without sound, like a microphone that is switched off. nothing: no audio is sent then, as by a program that stands still, and what was said is lost.' },
} as const;

/** What a suite may say under `with:` of `voice.transcribe`. */
export const TRANSCRIBE_WITH = {
  type: 'object',
  properties: {
    target: { type: 'string', holds: 'target', description: 'The streaming endpoint of the recogniser: ws:// or wss://, tcp:// for wyoming.' },
    audio: { type: 'string', holds: 'file', description: 'The spoken clip: WAV, up to 8 channels, 8 to 192 kHz, up to 10 minutes; with ffmpeg mp3, ogg, flac, m4a and others.' },
    reference: { type: 'string', description: 'What was really said. Word error rates need it.' },
    alternatives: { type: 'array', items: { type: 'string', minLength: 1 }, default: [], description: 'Other ways in which it may be written; the one with the fewest errors counts.' },
    normaliser: { enum: ['realops', 'leaderboard-ml', 'kblab', 'none'], default: 'realops', description: 'How both texts are brought into one form: our own, or one that published figures were made with.' },
    protocol: { oneOf: [{ enum: PROTOCOL_NAMES }, CUSTOM_PROTOCOL], default: 'alice', description: 'How the recogniser wants to be spoken to: a name, or a description of a protocol.' },
    headers: { type: 'object', properties: {}, additionalProperties: { type: 'string' }, default: {}, description: 'Headers of the upgrade, such as a key; not with TCP.' },
    encoding: { enum: ['s16le', 'f32le'], description: 'How samples are sent, where the protocol leaves a choice (whisperlive: f32le or s16le).' },
    language: { type: 'string', default: 'sv', minLength: 2, description: 'Language of the speech. Transcripts in sv are normalised with Swedish numbers and clock times; others by case and punctuation alone.' },
    noise: {
      type: 'object',
      description: 'Noise under the whole stream, lead and tail included.',
      properties: {
        file: { type: 'string', holds: 'file', description: 'The noise, as audio; repeated when it is short.' },
        snrDb: { type: 'number', minimum: -20, maximum: 60, description: 'Active speech level (ITU-T P.56) over noise level, in dB.' },
        seed: { type: 'integer', minimum: 0, description: 'Decides where in the noise the mix begins; drawn from the seed of the run when absent.' },
      },
      required: ['file', 'snrDb'],
    },
    speed: { type: 'number', minimum: 0.5, maximum: 2, default: 1, description: 'How many times as fast (and high) as it was said; to the hundredth.' },
    reverb: {
      type: 'object',
      description: 'The speech in a room; the noise is not in it.',
      properties: {
        rt60Ms: { type: 'integer', minimum: 50, maximum: 5_000, description: 'The time in which sound dies away by 60 dB.' },
        directDb: { type: 'number', minimum: -20, maximum: 40, default: 6, description: 'How far the direct sound is above what the room gives back.' },
      },
      required: ['rt60Ms'],
    },
    connection: {
      type: 'object',
      description: 'What happens to the whole stream between microphone and recogniser: gain, then codec, then loss, then dropouts; jitter when it is sent.',
      properties: {
        gainDb: { type: 'number', minimum: -60, maximum: 40, default: 0, description: 'What would be louder than full scale is cut off.' },
        codec: { enum: ['g711'], description: 'g711: over the telephone, 8 kHz µ-law and back.' },
        loss: {
          type: 'object',
          description: 'Packets that are lost and not concealed (Gilbert 1960).',
          properties: {
            percent: { type: 'number', minimum: 0, maximum: 100, description: 'How many in the long run.' },
            burst: { type: 'number', minimum: 1, maximum: 1_000, default: 1, description: 'How many in a row on average.' },
            packetMs: { type: 'integer', minimum: 5, maximum: 200, default: 20, description: 'Length of a packet.' },
          },
          required: ['percent'],
        },
        dropout: {
          oneOf: [
            { type: 'object', description: 'At given places', properties: { atMs: { type: 'array', items: { type: 'number', minimum: 0 }, minItems: 1, description: 'Where they begin, from the beginning of the stream.' }, ...DROPOUT }, required: ['atMs', 'ms'] },
            { type: 'object', description: 'At random', properties: { perMinute: { type: 'number', exclusiveMinimum: 0, maximum: 600, description: 'How many in a minute on average.' }, ...DROPOUT }, required: ['perMinute', 'ms'] },
          ],
          description: 'Stretches in which the sound is gone for good.',
        },
        jitter: {
          type: 'object',
          description: 'Frames are held back, each for another time, and never overtake each other: behind a slow one they come in a burst. Latencies count from when they were due.',
          properties: {
            meanMs: { type: 'number', exclusiveMinimum: 0, maximum: 5_000, description: 'How long on average, before they wait for each other (exponential).' },
            mostMs: { type: 'number', exclusiveMinimum: 0, maximum: 10_000, default: 1_000, description: 'How long at most.' },
          },
          required: ['meanMs'],
        },
      },
    },
    pauses: {
      type: 'array',
      default: [],
      items: {
        type: 'object',
        properties: { atMs: { type: 'number', minimum: 0, description: 'Where in the clip.' }, ms: { type: 'integer', minimum: 1, maximum: 30_000, description: 'How long.' } },
        required: ['atMs', 'ms'],
      },
      description: 'Silence put into the clip, as by somebody who stops to think.',
    },
    labels: {
      type: 'object',
      holds: 'labels',
      properties: {},
      additionalProperties: { oneOf: [{ type: 'string', minLength: 1, maxLength: 100 }, { type: 'number' }, { type: 'boolean' }] },
      default: {},
      description: "Labels of your own on everything that is measured, such as a setting that varies: { timeout: '${{ item }}' }. SLOs and charts find them.",
    },
    keywords: { type: 'array', items: { type: 'string', minLength: 1 }, default: [], description: 'Words and phrases that matter most; their errors are counted apart.' },
    onsetMs: { type: 'number', minimum: 0, description: 'Where speech begins in the clip; found by energy when absent.' },
    endMs: { type: 'number', exclusiveMinimum: 0, description: 'Where speech ends in the clip; found by energy when absent.' },
    leadMs: { type: 'integer', minimum: 0, maximum: 60_000, default: 0, description: 'Silence before the clip.' },
    tailMs: { type: 'integer', minimum: 0, maximum: 60_000, default: 3_000, description: 'How long silence goes on after the clip while waiting for the final, so that an end-of-speech timeout can act. Then the end message is sent.' },
    tail: { enum: ['silence', 'nothing'], default: 'silence', description: 'silence: goes on after the clip like an open microphone. nothing: no audio is sent any more, as by a client that sends speech alone; keep-alives are.' },
    finals: { enum: ['first', 'all'], default: 'first', description: 'first: the first final closes the turn, as in a dialogue. all: finals are joined until the audio has ended.' },
    config: { type: 'object', properties: {}, additionalProperties: true, description: "The recogniser's own settings, sent when the stream opens, or in the address where its protocol wants them there." },
    frameMs: { type: 'integer', minimum: 5, maximum: 200, description: 'Length of one frame of audio; as the protocol has it when absent, mostly 20.' },
  },
  required: ['target', 'audio'],
} as const;

const NUMBER_OR_NULL = { oneOf: [{ type: 'number' }, { enum: [null] }] } as const;

/** What `voice.transcribe` gives to the steps after it. */
export const TRANSCRIBE_OUTPUT = {
  type: 'object',
  properties: {
    text: { type: 'string', description: 'The final transcript, as the recogniser wrote it.' },
    confidence: { ...NUMBER_OR_NULL, description: 'Of the last final; null when the recogniser gives none.' },
    partials: { type: 'integer', description: 'Partial transcripts that showed something new.' },
    firstPartial: { type: 'string', description: 'The first of them; absent when there was none.' },
    wer: { ...NUMBER_OR_NULL, description: 'Word error rate of the normalised texts; null without a reference.' },
    werStrict: { ...NUMBER_OR_NULL, description: 'Word error rate of the texts as they are.' },
    werCompound: { ...NUMBER_OR_NULL, description: 'Word error rate where words that are only written together or apart are right.' },
    cer: { ...NUMBER_OR_NULL, description: 'Character error rate of the normalised texts.' },
    words: {
      type: 'object',
      description: 'The counts behind wer; absent without a reference.',
      properties: { hits: { type: 'integer' }, substitutions: { type: 'integer' }, deletions: { type: 'integer' }, insertions: { type: 'integer' } },
      required: ['hits', 'substitutions', 'deletions', 'insertions'],
    },
    finalMs: { ...NUMBER_OR_NULL, description: 'From the last speech sample being sent to the final. Negative when the final cut the speech off: then from when it was due.' },
    endpointMs: { ...NUMBER_OR_NULL, description: 'From the last speech sample being sent to the recogniser ending the turn by itself; null when the end message did.' },
    partialMs: { ...NUMBER_OR_NULL, description: 'From the first speech sample being sent to the first text; null when all text came before it.' },
    truncated: { type: 'boolean', description: 'The final came before the last speech sample was sent.' },
    senderLatenessP99Ms: { type: 'number', description: 'How late our own frames were.' },
    snrDb: { ...NUMBER_OR_NULL, description: 'The ratio of the mix, measured again; null without noise.' },
    lostPackets: { type: 'integer', description: 'Packets that the connection was made to lose.' },
    dropoutMs: { type: 'number', description: 'How long its dropouts were together.' },
    heldMs: { type: 'number', description: 'The longest time for which it held a frame back.' },
    onsetMs: { type: 'number' },
    endMs: { type: 'number' },
    boundsSource: { enum: ['given', 'vad'], description: 'Who says where speech begins and ends.' },
    durationMs: { type: 'number', description: 'Length of the clip.' },
  },
  required: ['text', 'confidence', 'partials', 'wer', 'werStrict', 'werCompound', 'cer', 'finalMs', 'endpointMs', 'partialMs', 'truncated', 'senderLatenessP99Ms', 'snrDb', 'lostPackets', 'dropoutMs', 'heldMs', 'onsetMs', 'endMs', 'boundsSource', 'durationMs'],
} as const;
