import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { addRoomTone, mixNoise, pad } from '../../training/mixing.js';
import { defaultSettings, evaluate, readClips, type Clip } from '../../training/evaluate.js';
import { createRecogniser, type EndpointSettings, type SpeechEvent } from './recogniser.js';
import { decodeWav } from './pcm.js';
import { unpackModel, type WordModel } from './word-model.js';

const data = fileURLToPath(new URL('../../../alice/datasources/', import.meta.url));

let model: WordModel;
let clips: Clip[];
let pauses: Clip[];
let cafe: Float32Array;
let clean: ReturnType<typeof evaluate>;
let noisy: ReturnType<typeof evaluate>;

beforeAll(async () => {
  model = unpackModel(JSON.parse(await readFile(new URL('../../model/words-sv.json', import.meta.url), 'utf8')));
  clips = await readClips(`${data}sv`, 'validated.tsv');
  pauses = await readClips(`${data}sv`, 'pauses.tsv');
  cafe = decodeWav(await readFile(`${data}noise/cafe.wav`));
  clean = evaluate(model, clips);
  noisy = inCafe(10);
});

const inCafe = (snrDb: number, settings: Partial<EndpointSettings> = {}) => evaluate(model, clips, { noise: { samples: cafe, snrDb }, settings });

describe('word error rate over the committed clips', () => {
  it('is small in quiet and clearly larger in café noise at 10 dB', () => {
    expect(clean.words).toBeGreaterThan(150);
    expect(clean.wer).toBeLessThan(0.06);
    expect(noisy.wer).toBeGreaterThan(clean.wer + 0.04);
    expect(noisy.wer).toBeLessThan(0.25);
    expect(clean.cutOff).toBe(0);
  });

  it('falls with the noise', () => {
    expect(inCafe(5).wer).toBeGreaterThan(noisy.wer + 0.1);
  });

  it('suffers from a start threshold that is too high for the noise', () => {
    expect(inCafe(10, { vad_start_threshold: 0.8, vad_stop_threshold: 0.6 }).wer).toBeGreaterThan(noisy.wer + 0.1);
  });

  it('is confident in what it hears rightly', () => {
    expect(Math.min(...clean.confidences)).toBeGreaterThan(0.5);
    const silence = evaluate(model, [{ path: '', sentence: '', samples: new Float32Array(16_000) }]);
    expect(silence).toMatchObject({ errors: 0, confidences: [0] });
  });
});

describe('the end-of-speech timeout', () => {
  it('cuts paused sentences when it is shorter than the pause and leaves them whole when it is longer', () => {
    const at = (ms: number) => evaluate(model, pauses, { settings: { vad_eos_timeout_ms: ms } });
    const [short, middle, long] = [at(300), at(700), at(850)];
    expect(short.cutOff).toBe(pauses.length);
    expect(middle.cutOff).toBe(4);
    expect(long.cutOff).toBe(0);
    expect(short.wer).toBeGreaterThan(middle.wer + 0.1);
    expect(middle.wer).toBeGreaterThan(long.wer + 0.1);
    expect(long.wer).toBeLessThan(0.05);
  });

  it('decides when the final comes', () => {
    const late = (ms: number) => Math.max(...evaluate(model, clips.slice(0, 6), { settings: { vad_eos_timeout_ms: ms } }).late);
    expect(late(900) - late(500)).toBeCloseTo(0.4, 1);
  });
});

describe('the stream', () => {
  const hear = (audio: Float32Array, chunk: number): SpeechEvent[] => {
    const ear = createRecogniser(model, () => defaultSettings);
    const events: SpeechEvent[] = [];
    for (let at = 0; at < audio.length; at += chunk) events.push(...ear.push(audio.subarray(at, at + chunk)));
    return [...events, ...ear.end()];
  };

  it('says the same however the samples are cut into pieces', () => {
    const audio = mixNoise(addRoomTone(pad(clips[4]?.samples ?? new Float32Array(0), 0, 1.2), 1), cafe, 10, 3);
    const whole = hear(audio, audio.length);
    expect(whole.length).toBeGreaterThan(2);
    for (const chunk of [1000, 320, 160, 37]) expect(hear(audio, chunk)).toEqual(whole);
  });

  it('gives its first partial within 300 ms of the onset and one about every 300 ms after', () => {
    const times = hear(addRoomTone(pad(clips[1]?.samples ?? new Float32Array(0), 0, 1.2), 1), 320).flatMap((event) => (event.kind === 'partial' ? [event.atS] : []));
    // The words begin 0.25 s into every clip.
    expect(times[0]).toBeGreaterThan(0.4);
    expect(times[0]).toBeLessThan(0.55);
    for (const [i, time] of times.slice(1).entries()) expect(time - (times[i] ?? 0)).toBeCloseTo(0.3, 2);
  });

  it('hears a second sentence after the first one ended', () => {
    const two = addRoomTone(new Float32Array([...pad(clips[0]?.samples ?? new Float32Array(0), 0, 1), ...pad(clips[3]?.samples ?? new Float32Array(0), 0, 1)]), 2);
    expect(hear(two, 320).filter(({ kind }) => kind === 'final').map(({ text }) => text)).toEqual([clips[0]?.sentence, clips[3]?.sentence]);
  });

  it('ends an utterance that never pauses after fifteen seconds', () => {
    const spoken = clips[2]?.samples.subarray(4500) ?? new Float32Array(0);
    const endless = Float32Array.from({ length: 20 * 16_000 }, (_, i) => (i < 8000 ? 0 : (spoken[i % spoken.length] ?? 0)));
    const [first] = hear(addRoomTone(endless, 3), 3200).filter(({ kind }) => kind === 'final');
    expect(first).toSatisfy((event: SpeechEvent) => event.kind === 'final' && event.durationS > 14.9 && event.durationS < 15.1);
  });

  it('gives one empty final when nothing was said', () => {
    const nothing = { kind: 'final', text: '', confidence: 0, durationS: 0 };
    expect(hear(new Float32Array(8000), 320)).toEqual([expect.objectContaining(nothing)]);
    expect(hear(new Float32Array(0), 320)).toEqual([expect.objectContaining(nothing)]);
  });
});

describe('a damaged model', () => {
  it('is refused', async () => {
    const stored = JSON.parse(await readFile(new URL('../../model/words-sv.json', import.meta.url), 'utf8'));
    expect(() => unpackModel({ ...stored, means: stored.means.slice(8) })).toThrow('damaged');
  });
});
