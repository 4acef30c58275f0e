import { execFile, spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { decodeWav } from '../src/speech/pcm.js';

const run = promisify(execFile);

/** One way of speaking: an espeak-ng voice variant, words per minute, pitch 0..99. */
export interface Manner {
  readonly voice: string;
  readonly speed: number;
  readonly pitch: number;
}

/** Speaks a text into `file`: 16 kHz, mono, 16 bits, peak at −6 dB. Needs espeak-ng and sox on the path. */
export async function speak(text: string, { voice, speed, pitch }: Manner, file: string, effects: readonly string[] = []): Promise<Float32Array> {
  const speech = spawn('espeak-ng', ['-v', voice, '-s', String(speed), '-p', String(pitch), '--stdout', text], { stdio: ['ignore', 'pipe', 'inherit'] });
  const shaping = ['-r', '16000', '-b', '16', '-c', '1', file, 'rate', '-h', 'norm', '-6', ...effects];
  // espeak-ng writes a header without a length to a pipe, hence --ignore-length; -R keeps sox's dither repeatable.
  const sox = spawn('sox', ['-R', '-t', 'wav', '--ignore-length', '-', ...shaping], { stdio: ['pipe', 'ignore', 'inherit'] });
  speech.stdout.pipe(sox.stdin);
  await Promise.all([speech, sox].map((child) => new Promise<void>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => (code === 0 ? resolve() : reject(new Error(`${child.spawnfile} ended with ${String(code)}`))));
  })));
  return decodeWav(await readFile(file));
}

/** Runs sox; `-R` makes its noise and dither repeatable. */
export async function sox(...parameters: readonly string[]): Promise<void> {
  await run('sox', ['-R', ...parameters]);
}
