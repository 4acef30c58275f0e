import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { runStep } from '@alice/realops/testing';
import { describe, expect, it } from 'vitest';
import { padded, speechLike, wavFile } from '../fixtures/speech.js';
import { synthesize } from './synthesize.js';

const missing = spawnSync('ffmpeg', ['-version']).status === 0 ? '' : ' (skipped: ffmpeg is not in PATH)';
const LEAD_MS = 600;
const WITHIN_MS = 20;
const ATTEMPTS = 3;
const SPEECH = padded(speechLike(1), LEAD_MS / 1_000, 0.2);

const ffmpeg = (input: Uint8Array, ...options: readonly string[]): Buffer => spawnSync('ffmpeg', ['-nostdin', '-v', 'quiet', '-i', 'pipe:0', ...options, 'pipe:1'], { input, maxBuffer: 1 << 26 }).stdout;
/** What can be heard of the beginning of a coded sound: its samples at 16 kHz. */
const samplesOf = (beginning: Uint8Array): Int16Array => {
  const bytes = ffmpeg(beginning, '-f', 's16le', '-ac', '1', '-ar', '16000');
  return new Int16Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + (bytes.length & ~1)));
};

interface Sent {
  /** Since the request had come. */
  readonly at: number;
  readonly length: number;
}

/** When somebody hears the first sound who plays all that can be decoded when it is there and what came before is over; every beginning is decoded, one by one. */
function truthOf(bytes: Uint8Array, sent: readonly Sent[]): number {
  const first = samplesOf(bytes).findIndex((sample) => Math.abs(sample) > 100) / 16;
  let [end, doneMs, overAt] = [0, 0, -Infinity];
  for (const { at, length } of sent) {
    end += length;
    const decodedMs = samplesOf(bytes.subarray(0, end)).length / 16;
    if (decodedMs <= doneMs) continue;
    const startsAt = Math.max(at, overAt);
    if (decodedMs > first) return startsAt + first - doneMs;
    [overAt, doneMs] = [startsAt + decodedMs - doneMs, decodedMs];
  }
  return NaN;
}

/** Serves the bytes in pieces of such a size, such a time apart; gives what was measured and what is true. */
async function held(bytes: Buffer, type: string, size: number, everyMs: number): Promise<{ readonly measured: number; readonly truth: number; readonly totalMs: number }> {
  const sent: Sent[] = [];
  const server = createServer((request, response) => {
    request.resume().on('end', async () => {
      const begin = performance.now();
      response.writeHead(200, { 'content-type': type });
      for (let from = 0; from < bytes.length; from += size) {
        if (from > 0 && everyMs > 0) await sleep(everyMs);
        const piece = bytes.subarray(from, from + size);
        sent.push({ at: performance.now() - begin, length: piece.length });
        response.write(piece);
      }
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const url = `http://127.0.0.1:${String(Reflect.get(Object(server.address()), 'port'))}/tts`;
    const result = await runStep(synthesize, { url: 'tts', text: 'Det är gjort.' }, { targets: { tts: url }, timeoutMs: 30_000, env: { PATH: process.env['PATH'] ?? '' } });
    expect(result.error).toBeUndefined();
    const { firstAudibleMs, totalMs } = Object(result.output) as { readonly firstAudibleMs: number; readonly totalMs: number };
    expect(result.measurements.find(({ metric }) => metric === 'voice.ttsFirstAudible')?.value).toBe(firstAudibleMs);
    return { measured: firstAudibleMs, truth: truthOf(bytes, sent), totalMs };
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

describe.skipIf(missing !== '')(`when a coded sound is first heard${missing}`, () => {
  it.each([
    ['mp3', 'audio/mpeg', ['-b:a', '64k', '-write_xing', '0', '-id3v2_version', '0', '-f', 'mp3']],
    ['ogg in pages of 100 ms', 'audio/ogg', ['-c:a', 'libvorbis', '-page_duration', '100000', '-f', 'ogg']],
    ['ogg in one page', 'audio/ogg', ['-c:a', 'libopus', '-page_duration', '5000000', '-f', 'ogg']],
  ] as const)('%s: in a burst, faster than it is heard, and slower', { timeout: 120_000 }, async (_, type, options) => {
    const bytes = ffmpeg(wavFile(SPEECH), ...options);
    expect(bytes.length).toBeGreaterThan(4_000);
    for (const [pieces, everyMs] of [[1, 0], [10, 0], [10, 30], [10, 300]] as const) {
      for (let attempt = 1; ; attempt += 1) {
        const { measured, truth, totalMs } = await held(bytes, type, Math.ceil(bytes.length / pieces), everyMs);
        // Silence is played before sound is heard, however soon it came.
        expect(measured).toBeGreaterThan(LEAD_MS - 80);
        if (everyMs === 0) expect(measured).toBeLessThan(totalMs + LEAD_MS + 80);
        // A first sample above a threshold is found to a window of 10 ms; a machine that is held up is asked again.
        if (attempt < ATTEMPTS && Math.abs(measured - truth) > WITHIN_MS) continue;
        expect(Math.abs(measured - truth)).toBeLessThanOrEqual(WITHIN_MS);
        break;
      }
    }
  });

  it('is the whole sound later where nothing can be decoded before its end', { timeout: 60_000 }, async () => {
    // The index of this MP4 comes last, so it was written to a file.
    const folder = await mkdtemp(join(tmpdir(), 'realops-coded-'));
    spawnSync('ffmpeg', ['-nostdin', '-v', 'quiet', '-i', 'pipe:0', '-c:a', 'aac', '-b:a', '64k', join(folder, 'a.m4a')], { input: wavFile(SPEECH) });
    const bytes = await readFile(join(folder, 'a.m4a'));
    await rm(folder, { recursive: true });
    const { measured, totalMs } = await held(bytes, 'audio/mp4', Math.ceil(bytes.length / 8), 50);
    expect(Math.abs(measured - totalMs - LEAD_MS)).toBeLessThan(80);
  });
});
