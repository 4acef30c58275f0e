import { execFileSync, spawnSync } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineStep, type Clock } from '@alice/realops/plugin';
import { runStep, type StepRun } from '@alice/realops/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readClip } from '../audio/clip-file.js';
import { activeSpeechLevel } from '../audio/level.js';
import { padded, speechLike, wavFile } from '../fixtures/speech.js';

const missing = spawnSync('ffmpeg', ['-version']).status === 0 ? '' : ' (skipped: ffmpeg is not in PATH)';
const PATH = process.env['PATH'] ?? '';
let folder: string;
let clip: Int16Array;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'realops-decode-'));
  clip = padded(speechLike(2), 0.2, 0.2);
  await writeFile(join(folder, 'clip.wav'), wavFile(clip));
});
afterAll(() => rm(folder, { recursive: true }));

/** A step that reads a clip, and nothing else. */
const read = defineStep({
  use: 'test.read',
  description: 'Reads a clip.',
  with: { type: 'object', properties: { file: { type: 'string' } }, required: ['file'] },
  output: { type: 'object', properties: { samples: { type: 'array', items: { type: 'integer' } }, rate: { type: 'integer' }, channels: { type: 'integer' } } },
  async run({ file }, context) {
    const { samples, source } = await readClip(file, context);
    return { samples: [...samples], rate: source.sampleRate, channels: source.channels };
  },
});
const reading = (file: string, env: { readonly [name: string]: string } = { PATH }, more: { readonly clock?: Clock; readonly signal?: AbortSignal; readonly timeoutMs?: number } = {}): Promise<StepRun> => runStep(read, { file }, { files: folder, env, ...more });
const samplesOf = ({ output }: StepRun): Int16Array => Int16Array.from(Object(output).samples ?? []);
const make = (name: string, ...options: readonly string[]): string => {
  execFileSync('ffmpeg', ['-nostdin', '-v', 'error', '-y', '-i', join(folder, 'clip.wav'), ...options, `file:${join(folder, name)}`]);
  return name;
};
/** A program that answers as ffmpeg does when asked for its version, and else does what the test wants. */
const fake = async (name: string, body: string): Promise<{ readonly FFMPEG_PATH: string; readonly PATH: string }> => {
  const path = join(folder, name);
  await writeFile(path, `#!/bin/sh\nif [ "$2" = -version ]; then echo "ffmpeg version 6.0"; echo "libavformat    60. 3.100"; exit 0; fi\n${body}\n`);
  await chmod(path, 0o755);
  return { FFMPEG_PATH: path, PATH: '/bin:/usr/bin' };
};
/** How far one signal lies under the other, over the best shift of up to 100 ms. */
const likeness = (one: Int16Array, other: Int16Array): number => {
  let best = Infinity;
  for (let shift = -1_600; shift <= 1_600; shift += 4) {
    let [error, energy] = [0, 0];
    for (let index = 4_000; index < 30_000; index += 7) {
      error += ((one[index + shift] ?? 0) - (other[index] ?? 0)) ** 2;
      energy += (other[index] ?? 0) ** 2;
    }
    best = Math.min(best, error / energy);
  }
  return 10 * Math.log10(best);
};

describe.skipIf(missing !== '')(`other audio than WAV${missing}`, () => {
  it.each([
    ['flac', 'a.flac', [], -60], ['mp3', 'a.mp3', ['-b:a', '128k'], -15], ['ogg vorbis', 'a.ogg', ['-c:a', 'libvorbis'], -10], ['opus', 'a.opus', ['-c:a', 'libopus', '-b:a', '64k'], -8],
    ['m4a', 'a.m4a', ['-c:a', 'aac', '-b:a', '96k'], -15], ['aac', 'a.aac', ['-c:a', 'aac', '-b:a', '96k'], -15], ['aiff', 'a.aiff', [], -60], ['webm', 'a.webm', ['-c:a', 'libopus', '-b:a', '64k'], -8],
    ['A-law in WAV', 'alaw.wav', ['-c:a', 'pcm_alaw'], -25], ['ADPCM in WAV', 'adpcm.wav', ['-c:a', 'adpcm_ima_wav'], -15], ['two channels', 'stereo.mp3', ['-af', 'pan=stereo|c0=c0|c1=c0', '-ar', '44100', '-b:a', '192k'], -15],
    ['a name that begins with a dash', '-i evil.flac', [], -60], ['a name with everything in it', 'å "b" $(c) %d;\'.flac', [], -60], ['another ending', 'flac.dat', ['-f', 'flac'], -60],
  ])('%s is the clip that it was made from', async (_, name, options, within) => {
    make(name, ...options);
    const result = await reading(name);
    expect(result.error).toBeUndefined();
    const samples = samplesOf(result);
    expect(Math.abs(samples.length - clip.length)).toBeLessThan(16_000 * 0.15);
    expect(Math.abs(activeSpeechLevel(samples).activeDb - activeSpeechLevel(clip).activeDb)).toBeLessThan(0.5);
    expect(likeness(samples, clip)).toBeLessThan(within);
  });

  it('a flac is the WAV file bit for bit', async () => {
    make('bits.flac');
    expect(samplesOf(await reading('bits.flac'))).toEqual(samplesOf(await reading('clip.wav', {})));
  });

  it.each([['flac', []], ['mp3', ['-b:a', '64k']], ['m4a', ['-c:a', 'aac', '-movflags', '+faststart']]])('a %s file that was cut off is refused, whatever the exit code says', async (ending, options) => {
    const whole = await readFile(join(folder, make(`whole.${ending}`, ...options)));
    await writeFile(join(folder, `cut.${ending}`), whole.subarray(0, Math.floor(whole.length * 0.6)));
    expect((await reading(`whole.${ending}`)).error).toBeUndefined();
    const { error } = await reading(`cut.${ending}`);
    expect(error).toMatchObject({ code: 'REALOPS_INPUT_INVALID', message: expect.stringMatching(/is cut off or damaged: it should last 2\.\d+ s, but only [01]\.\d+ s could be decoded|cannot be decoded/u) });
  });

  it.each([
    ['text that calls itself mp3', 'text.mp3', 'these are no frames', 'cannot be decoded'],
    ['a playlist that calls itself mp3', 'list.mp3', '#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n', 'cannot be decoded'],
    ['a list of files', 'concat.flac', "ffconcat version 1.0\nfile 'clip.wav'\n", 'cannot be decoded'],
    ['nothing', 'empty.mp3', '', 'is empty'],
  ])('%s is refused', async (_, name, text, message) => {
    await writeFile(join(folder, name), text);
    expect((await reading(name)).error).toMatchObject({ code: 'REALOPS_INPUT_INVALID', message: expect.stringContaining(message) });
  });

  it('a film without sound is refused', async () => {
    execFileSync('ffmpeg', ['-nostdin', '-v', 'error', '-y', '-f', 'lavfi', '-i', 'color=black:s=64x64:d=1', join(folder, 'film.mp4')]);
    expect((await reading('film.mp4')).error).toMatchObject({ code: 'REALOPS_INPUT_INVALID', message: expect.stringContaining('film.mp4 cannot be decoded') });
  });

  it('what is longer than ten minutes is refused, and not decoded to its end', async () => {
    execFileSync('ffmpeg', ['-nostdin', '-v', 'error', '-y', '-f', 'lavfi', '-i', 'sine=440:r=8000', '-t', '4000', '-c:a', 'flac', join(folder, 'long.flac')]);
    expect((await reading('long.flac', { PATH }, { timeoutMs: 20_000 })).error).toMatchObject({ code: 'REALOPS_INPUT_INVALID', message: 'long.flac is 601 s long; at most 600 s can be sent' });
  });
});

describe('without an ffmpeg', () => {
  it('WAV is read all the same, and anything else is an error of its row with the ways out', async () => {
    expect((await reading('clip.wav', {})).outcome).toBe('passed');
    await writeFile(join(folder, 'some.mp3'), Buffer.from('ID3\x04'));
    const { error } = await reading('some.mp3', {});
    expect(error).toMatchObject({ code: 'REALOPS_INPUT_INVALID', message: 'some.mp3 is MP3, and there is no ffmpeg to read it with', hint: expect.stringMatching(/apt-get install ffmpeg.*ffmpeg-static.*FFMPEG_PATH/u) });
  });
});

describe('an ffmpeg that misbehaves', () => {
  beforeAll(() => writeFile(join(folder, 'x.flac'), 'fLaC'));

  it.each([
    ['gives nothing and says that all is well', 'exit 0', 'cannot be decoded: ffmpeg ended with 0'],
    ['dies', 'kill -9 $$', 'cannot be decoded: ffmpeg ended with SIGKILL'],
    ['says what is wrong', 'echo "[flac @ 0x5] [error] invalid residual" >&2; exit 1', 'cannot be decoded: invalid residual'],
    ['gives something else than WAV', 'echo "and now for something completely different, which is not a header"', 'x.flac is not a WAV file'],
    ['gives less than the file holds', `echo "  Duration: 00:00:09.00, start: 0.000000" >&2; cat clip.wav`, 'it should last 9.00 s, but only 2.40 s could be decoded'],
    ['writes a flood of errors', `yes "[flac @ 0x5] [warning] non monotonically increasing dts" | head -n 200000 >&2; echo "[error] the end" >&2; exit 1`, 'cannot be decoded: the end'],
    ['never stops', 'cat /dev/zero', 'holds more than 256 MiB of sound'],
  ])('%s', async (what, body, message) => {
    const { error } = await reading('x.flac', await fake(`fake-${what.replaceAll(' ', '-')}`, body.replace('clip.wav', join(folder, 'clip.wav'))));
    expect(error).toMatchObject({ code: 'REALOPS_INPUT_INVALID', message: expect.stringContaining(message) });
  });

  it('hangs: it is killed when the step is called off', async () => {
    const env = await fake('fake-hangs', `echo $$ > ${join(folder, 'pid')}; exec sleep 60`);
    const cancel = new AbortController();
    const running = reading('x.flac', env, { signal: cancel.signal });
    setTimeout(() => cancel.abort(), 500);
    expect((await running).error?.code).toBe('REALOPS_CANCELLED');
    const pid = Number(await readFile(join(folder, 'pid'), 'utf8'));
    await expect.poll(() => spawnSync('kill', ['-0', String(pid)]).status).toBe(1);
  });
});
