import { CUSTOM_TALK } from '../protocols/custom-schema.js';
import { TALK_NAMES } from '../protocols/talk/index.js';

const ms = <const D extends number, const T extends string>(value: D, description: T) => ({ type: 'integer', minimum: 0, maximum: 120_000, default: value, description }) as const;

/** How long is waited for what. */
export const TIMELINE_WINDOWS = {
  type: 'object',
  description: 'How long is waited for what.',
  properties: {
    respondMs: ms(5_000, 'An answer later than this after the end of speech is missed.'),
    stopMs: ms(2_000, 'An assistant that speaks on for longer than this has not yielded.'),
    ignoreSpeakingMs: ms(1_000, 'An assistant that stops within this after a sound it should ignore was stopped by it.'),
    ignoreSilentMs: ms(2_000, 'An assistant that speaks within this after such a sound answers it.'),
    resumeMs: ms(2_000, 'An assistant that was stopped by such a sound resumes when it speaks again within this.'),
    gapMs: ms(3_000, 'A longer silence is dead air of its own kind.'),
    claimMs: ms(500, 'How far what it says of itself may be from what is heard.'),
  },
} as const;

const FIT = {
  onsetMs: { type: 'number', minimum: 0, description: 'Where speech begins in it; found by energy when absent.' },
  endMs: { type: 'number', exclusiveMinimum: 0, description: 'Where it ends.' },
  pauses: {
    type: 'array',
    default: [],
    items: { type: 'object', properties: { atMs: { type: 'number', minimum: 0, description: 'Where in it.' }, ms: { type: 'integer', minimum: 1, maximum: 30_000, description: 'How long.' } }, required: ['atMs', 'ms'] },
    description: 'Silence put into it, as by somebody who stops to think.',
  },
  speed: { type: 'number', minimum: 0.5, maximum: 2, default: 1, description: 'How many times as fast (and high).' },
} as const;

const SAY = {
  oneOf: [
    { type: 'object', description: 'A recording', properties: { file: { type: 'string', minLength: 1, holds: 'file', description: 'WAV, or with ffmpeg mp3, ogg, flac, m4a and others.' }, ...FIT }, required: ['file'] },
    { type: 'object', description: 'A text that the synthesiser says', properties: { text: { type: 'string', minLength: 1, description: 'What is said.' }, ...FIT }, required: ['text'] },
    {
      type: 'object',
      description: 'A sound that is made up here',
      properties: { sound: { enum: ['cough', 'noise', 'tone'], description: 'What it is like.' }, ms: { type: 'integer', minimum: 20, maximum: 30_000, default: 400, description: 'How long.' }, db: { type: 'number', minimum: -60, maximum: -3, default: -26, description: 'How loud, in dB of full scale.' } },
      required: ['sound'],
    },
    {
      type: 'object',
      description: 'What the assistant says itself, out of its loudspeaker back into the microphone',
      properties: { echoMs: { type: 'integer', minimum: 20, maximum: 60_000, description: 'For how long.' }, delayMs: { type: 'integer', minimum: 0, maximum: 1_000, default: 60, description: 'How much later.' }, db: { type: 'number', minimum: -60, maximum: 0, default: -12, description: 'How much louder (or softer, below 0).' } },
      required: ['echoMs'],
    },
    { type: 'object', description: 'Keys of the telephone', properties: { digits: { type: 'string', pattern: '^[0-9*#A-D]+$', description: 'In quotes, or YAML takes # for a remark.' } }, required: ['digits'] },
  ],
} as const;

const TURN = {
  type: 'object',
  properties: {
    id: { type: 'string', minLength: 1, description: 'Its name; turn1, turn2 … when absent.' },
    say: { ...SAY, description: 'What the user says or does.' },
    start: {
      type: 'object',
      default: {},
      description: 'When.',
      properties: {
        after: { enum: ['sessionStart', 'previousEnd', 'agentSpeechStart', 'agentSpeechEnd', 'event'], description: 'What it waits for. When absent: agentSpeechStart with expect: stop and for an echo, else sessionStart for the first turn and agentSpeechEnd for later ones.' },
        event: { type: 'string', minLength: 1, description: 'The name of the event, for after: event.' },
        delayMs: { type: 'integer', minimum: 0, maximum: 120_000, default: 400, description: 'How long after that.' },
        timeoutMs: { type: 'integer', minimum: 100, maximum: 600_000, default: 15_000, description: 'When it has waited for so long, counted from the last words of the user, it is not said, and not judged.' },
      },
    },
    expect: { enum: ['respond', 'stop', 'ignore'], default: 'respond', description: 'respond: the assistant answers. stop: it stops speaking, and then answers. ignore: it goes on with what it does.' },
    class: { enum: ['speech', 'backchannel', 'cough', 'side-talk', 'noise', 'echo'], default: 'speech', description: 'What kind of sound it is; a label of its figures.' },
    label: { type: 'string', minLength: 1, description: 'A label of its figures, such as tool for turns that call one.' },
    withinMs: { type: 'integer', minimum: 1, maximum: 120_000, description: 'Of this turn: until when an answer is no missed one; windows.respondMs when absent.' },
    lastsMs: { type: 'number', minimum: 0, description: 'How long the speech that is cut into lasts when nobody cuts in. Without it, and where nothing is cleared, an end soon after the cut proves nothing.' },
    text: { type: 'array', items: { type: 'string', minLength: 1 }, default: [], description: 'The reply must hold one of these, both normalised.' },
    intents: { type: 'array', items: { type: 'string', minLength: 1 }, default: [], description: 'The assistant must take it to mean one of these.' },
  },
  required: ['say'],
} as const;

/** What a suite may say under `with:` of `voice.converse`. */
export const CONVERSE_WITH = {
  type: 'object',
  properties: {
    target: { type: 'string', holds: 'target', description: 'The endpoint of the assistant: ws:// or wss://, tcp:// for a protocol of your own.' },
    protocol: { oneOf: [{ enum: TALK_NAMES }, CUSTOM_TALK], default: 'alice', description: 'How the assistant wants to be spoken to: a name, or a description of a protocol.' },
    turns: { type: 'array', items: TURN, minItems: 1, description: 'What the user does, in order.' },
    headers: { type: 'object', properties: {}, additionalProperties: { type: 'string' }, default: {}, description: 'Headers of the upgrade, such as a key; not with TCP.' },
    config: { type: 'object', properties: {}, additionalProperties: true, description: "The assistant's own settings, sent when the stream opens where its protocol has a place for them." },
    language: { type: 'string', default: 'sv', minLength: 2, description: 'Language of the speech, and how texts are normalised.' },
    noise: {
      type: 'object',
      description: 'Noise under all that the microphone hears.',
      properties: {
        file: { type: 'string', holds: 'file', description: 'The noise, as audio; repeated when it is short.' },
        snrDb: { type: 'number', minimum: -20, maximum: 60, description: 'Active speech level of all clips (ITU-T P.56) over noise level, in dB.' },
        seed: { type: 'integer', minimum: 0, description: 'Decides where in the noise it begins; drawn from the seed of the run when absent.' },
      },
      required: ['file', 'snrDb'],
    },
    synthesiser: {
      type: 'object',
      description: 'Who says texts.',
      properties: {
        url: { type: 'string', minLength: 1, holds: 'target', description: 'A target name, or a URL whose host is the host of a target.' },
        json: { type: 'object', properties: {}, additionalProperties: true, default: {}, description: 'The body of the request; text is added to it.' },
        audio: { type: 'string', minLength: 1, holds: 'expression', description: 'Gives the sound of a JSON answer in base64: a WAV, or with ffmpeg mp3, ogg, flac and others. Without it the body is the sound.' },
      },
      required: ['url'],
    },
    windows: { ...TIMELINE_WINDOWS, default: {} },
    vad: {
      type: 'object',
      default: {},
      description: "How the assistant's speech is told from silence.",
      properties: {
        onDb: { type: 'number', minimum: -90, maximum: 0, default: -45, description: 'At this level (dB of full scale) speech begins …' },
        offDb: { type: 'number', minimum: -90, maximum: 0, default: -51, description: '… and under this one it is not speech any more.' },
        minSpeechMs: { type: 'integer', minimum: 0, maximum: 2_000, default: 50, description: 'What is shorter is a click.' },
        minSilenceMs: { type: 'integer', minimum: 0, maximum: 5_000, default: 250, description: 'A shorter silence is a part of speech.' },
      },
    },
    hangUpMs: { type: 'integer', minimum: 0, maximum: 60_000, default: 700, description: 'How long one listens on when all is said and the assistant is silent.' },
    atMostMs: { type: 'integer', minimum: 1_000, maximum: 600_000, default: 120_000, description: 'Then one hangs up, whatever is left to say; give the step a timeout that is longer.' },
  },
  required: ['target', 'turns'],
} as const;
