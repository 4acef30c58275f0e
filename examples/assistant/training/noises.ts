import { join } from 'node:path';
import { speak, sox } from './speak.js';

const format = ['-r', '16000', '-b', '16', '-c', '1'];
const seconds = '6';

/** What the café guests say: nothing the assistant could understand. */
const chatter = [
  'jag vill ha en kopp kaffe och en bulle med kanel tack',
  'sen åkte vi hela vägen upp till fjällen fast det snöade så mycket',
  'har du sett den nya filmen som alla pratar om på jobbet just nu',
  'min syster flyttade till en större stad förra sommaren och trivs bra',
];

/** Eighteen overlapping talkers over pink noise. */
async function cafe(scratch: string, target: string): Promise<void> {
  const voices = ['m1', 'f1', 'm6', 'f4', 'm3', 'f3'];
  const talkers: string[] = [];
  for (const [i, voice] of voices.entries()) {
    const file = join(scratch, `talker${i}.wav`);
    const text = [0, 1, 2, 3].map((k) => chatter[(i + k) % chatter.length]).join(', ');
    await speak(text, { voice: `sv+${voice}`, speed: 159 + 9 * i, pitch: 37 + 7 * i }, file);
    for (let k = 1; k <= 3; k++) {
      const table = join(scratch, `table${i}-${k}.wav`);
      await sox(file, table, 'speed', (0.92 + 0.07 * k + 0.02 * i).toFixed(2), 'rate', '16000', 'repeat', '2', 'trim', String(3 * k + i), seconds, 'vol', (1 / (1 + ((i + 1 + k) % 3))).toFixed(3));
      talkers.push(table);
    }
  }
  const room = join(scratch, 'room.wav');
  const hiss = join(scratch, 'hiss.wav');
  await sox('-m', ...talkers, room, 'norm', '-9');
  await sox('-n', ...format, hiss, 'synth', seconds, 'pinknoise', 'norm', '-12');
  await sox('-m', '-v', '1', room, '-v', '0.5', hiss, target, 'norm', '-9');
}

/** A road: low rumble that swells and fades, with tyre noise above it. */
async function traffic(scratch: string, target: string): Promise<void> {
  const engines = join(scratch, 'engines.wav');
  const tyres = join(scratch, 'tyres.wav');
  await sox('-n', ...format, engines, 'synth', seconds, 'brownnoise', 'lowpass', '900', 'tremolo', '0.3', '55', 'norm', '-9');
  await sox('-n', ...format, tyres, 'synth', seconds, 'pinknoise', 'highpass', '200', 'lowpass', '2500', 'tremolo', '0.17', '80', 'norm', '-18');
  await sox('-m', engines, tyres, target, 'norm', '-12');
}

/** Rain on a window: bright hiss with a slow gust, over a soft low wash. */
async function rain(scratch: string, target: string): Promise<void> {
  const drops = join(scratch, 'drops.wav');
  const wash = join(scratch, 'wash.wav');
  await sox('-n', ...format, drops, 'synth', seconds, 'whitenoise', 'highpass', '900', 'lowpass', '6500', 'tremolo', '0.25', '25', 'norm', '-12');
  await sox('-n', ...format, wash, 'synth', seconds, 'pinknoise', 'lowpass', '1200', 'norm', '-15');
  await sox('-m', drops, wash, target, 'norm', '-12');
}

/** Writes cafe.wav, traffic.wav and rain.wav, six seconds each. */
export async function makeNoises(scratch: string, folder: string): Promise<void> {
  await cafe(scratch, join(folder, 'cafe.wav'));
  await traffic(scratch, join(folder, 'traffic.wav'));
  await rain(scratch, join(folder, 'rain.wav'));
}
