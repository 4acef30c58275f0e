import { defineCommand } from '@alice/realops/plugin';
import type { Calibration } from '../calibrate/calibrate.js';
import type { Statistics } from '../calibrate/statistics.js';

/** `realops voice calibrate`: what the harness itself adds to latencies on this machine. */
export const calibrate = defineCommand({
  name: 'calibrate',
  description: 'Measures known delays through loopback, and prints what this machine adds to latencies: its bias and its jitter. Nothing is ever subtracted.',
  with: {
    type: 'object',
    properties: {
      samples: { type: 'integer', minimum: 4, maximum: 400, default: 40, description: 'Of each figure.' },
      concurrency: { type: 'integer', minimum: 1, maximum: 64, default: 4, description: 'Streams at once; as many as your suites run.' },
      json: { type: 'boolean', default: false, description: 'Print one JSON object.' },
    },
  },
  examples: ['realops voice calibrate', 'realops voice calibrate --samples 100 --concurrency 16 --json'],
  async run({ samples, concurrency, json }, { out, clock, log, signal, random, progress }) {
    const { calibrate: run, LIMITS } = await import('../calibrate/calibrate.js');
    const done = await run({ samples, concurrency, clock, log, signal, random, progress });
    progress('');
    if (json) {
      const { errors: _, ...rest } = done;
      out.write(`${JSON.stringify({ ...rest, limits: LIMITS }, null, 2)}\n`);
    } else out.write(textOf(done, LIMITS));
    return done.fit ? 0 : 1;
  },
});

const NAMES: { readonly [figure in keyof Calibration['statistics']]: string } = { partial: 'voice.partial', final: 'voice.final', turn: 'voice.turnLatency', stop: 'voice.bargeInStop' };

function textOf({ statistics, senderLateness, concurrency, fit, reasons }: Calibration, limits: { readonly medianMs: number; readonly p99Ms: number; readonly senderLatenessMs: number }): string {
  const figures = [
    ['partial', statistics.partial], ['final', statistics.final], ['turn', statistics.turn], ['stop', statistics.stop],
  ] as const;
  const lines = figures.map(([figure, each]) => rowOf(NAMES[figure], each));
  return `measured minus true, in ms; ${concurrency} at once, against a peer in another process

${['', 'n', 'p50', '95 % of p50', 'p95', 'p99'].map(pad).join('').trimEnd()}
${lines.join('\n')}
${rowOf('sender lateness', senderLateness)}   (99th percentile of each stream)

${fit ? 'fit to measure on' : `not fit to measure on: ${reasons.join('; ')}`}
limits: median of each ${limits.medianMs} ms, 99th percentile of all ${limits.p99Ms} ms, sender lateness ${limits.senderLatenessMs} ms
`;
}

function rowOf(name: string, { n, p50Ms, p50IntervalMs, p95Ms, p99Ms }: Statistics): string {
  const shown = (value: number | null | undefined): string => (value === null || value === undefined ? '-' : value.toFixed(2));
  const interval = p50IntervalMs === null ? '-' : `${shown(p50IntervalMs[0])} … ${shown(p50IntervalMs[1])}`;
  return [name, String(n), shown(p50Ms), interval, shown(p95Ms), shown(p99Ms)].map(pad).join('').trimEnd();
}

function pad(text: string, column: number): string {
  return column === 0 ? text.padEnd(20) : text.padStart(column === 3 ? 18 : 8);
}
