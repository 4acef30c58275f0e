import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { median, round } from '../lib/measure.mjs';
import { root } from '../lib/run.mjs';

export const limits = { cpu_s: { most: 0.2 } };

const SECONDS = 60;
const FROM = 44_100;
const TO = 16_000;

/** CPU seconds for a minute of sound from 44.1 to 16 kHz: the middle of nine, since a machine that does something else takes longer by the clock but not by this. */
export async function measure() {
  const { resample } = await import(pathToFileURL(join(root, 'packages/plugin-voice/dist/index.js')).href);
  const sound = Float32Array.from({ length: SECONDS * FROM }, (_, index) => 0.5 * Math.sin((2 * Math.PI * 440 * index) / FROM) + 0.2 * Math.sin((2 * Math.PI * 12_000 * index) / FROM));
  const rounds = Array.from({ length: 9 }, () => {
    const [began, used] = [performance.now(), process.cpuUsage()];
    const { length } = resample(sound, FROM, TO);
    const { user, system } = process.cpuUsage(used);
    if (length !== SECONDS * TO) throw new Error(`${length} samples came of a minute`);
    return { cpu: (user + system) / 1e6, wall: (performance.now() - began) / 1e3 };
  });
  return { seconds: SECONDS, from_hz: FROM, to_hz: TO, cpu_s: round(median(rounds.map(({ cpu }) => cpu)), 3), wall_s: round(median(rounds.map(({ wall }) => wall)), 3) };
}
