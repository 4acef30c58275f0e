import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { median, round } from '../lib/measure.mjs';
import { root } from '../lib/run.mjs';

export const limits = { pairs_per_s: { least: 300_000 }, long_ms: { most: 60 } };

const WORDS = ['hej', 'alice', 'vad', 'är', 'klockan', 'tänd', 'lampan', 'i', 'köket', 'boka', 'möte', 'med', 'anna'];

/** Ten-word pairs a second, and the time for one pair of 2,000 words each. */
export async function measure() {
  const { wordErrors } = await import(pathToFileURL(join(root, 'packages/plugin-voice/dist/index.js')).href);
  let state = 7;
  const pick = () => WORDS[(state = (Math.imul(state, 1664525) + 1013904223) >>> 0) % WORDS.length];
  const text = (length) => Array.from({ length }, pick).join(' ');
  const pairs = Array.from({ length: 20_000 }, () => [text(10), text(10)]);
  for (const [a, b] of pairs) wordErrors(a, b);
  const rates = Array.from({ length: 10 }, () => (pairs.length / took(() => pairs.forEach(([a, b]) => wordErrors(a, b)))) * 1000);
  const [long, other] = [text(2000), text(2000)];
  return { pairs_per_s: Math.round(median(rates)), long_ms: round(median(Array.from({ length: 5 }, () => took(() => wordErrors(long, other)))), 1) };
}

function took(work) {
  const began = performance.now();
  work();
  return performance.now() - began;
}
