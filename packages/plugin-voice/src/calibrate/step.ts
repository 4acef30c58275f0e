import { defineStep, type Metric } from '@alice/realops/plugin';
import type { Calibration, Figure } from './calibrate.js';

const bias = (name: string, of: string): Metric => ({ name, kind: 'distribution', unit: 'ms', description: `What the harness adds to ${of}: measured through loopback minus the true delay. Shown beside that metric, never subtracted.` });
const METRICS: { readonly [figure in Figure]: string } = { partial: 'voice.biasPartial', final: 'voice.biasFinal', turn: 'voice.biasTurn', stop: 'voice.biasStop' };
const MS = (description: string) => ({ oneOf: [{ type: 'number' }, { enum: [null] }], description }) as const;

/** `voice.calibrate`: the bias and the jitter of the harness on this machine, in the same record as the latencies of the run. */
export const calibration = defineStep({
  use: 'voice.calibrate',
  description: 'Measures known delays through loopback, so that what this machine adds to latencies stands beside them in the report.',
  with: {
    type: 'object',
    properties: {
      samples: { type: 'integer', minimum: 4, maximum: 400, default: 12, description: 'Of each figure; 12 take some 6 s.' },
      concurrency: { type: 'integer', minimum: 1, maximum: 64, default: 4, description: 'Streams at once; as many as the suite runs.' },
    },
  },
  output: {
    type: 'object',
    properties: {
      fit: { type: 'boolean', description: 'The median error of each figure is at most 5 ms, the 99th percentile of all errors at most 20 ms, the sender at most 20 ms late, and no answer was lost.' },
      reasons: { type: 'array', items: { type: 'string' }, description: 'Why it is not fit; empty when it is.' },
      partialMs: MS('The median error of voice.partial.'),
      finalMs: MS('The median error of voice.final.'),
      turnMs: MS('The median error of voice.turnLatency.'),
      stopMs: MS('The median error of voice.bargeInStop.'),
      lost: { type: 'integer', description: 'Answers that were not measured.' },
    },
    required: ['fit', 'reasons', 'partialMs', 'finalMs', 'turnMs', 'stopMs', 'lost'],
  },
  metrics: [bias(METRICS.partial, 'voice.partial'), bias(METRICS.final, 'voice.final'), bias(METRICS.turn, 'voice.turnLatency and voice.recovery'), bias(METRICS.stop, 'voice.bargeInStop')],
  async run({ samples, concurrency }, context) {
    const { calibrate, FIGURES } = await import('./calibrate.js');
    const { clock, log, signal } = context;
    const done: Calibration = await calibrate({ samples, concurrency, clock, log, signal, random: () => context.random(), progress: () => undefined });
    for (const figure of FIGURES) for (const error of done.errors[figure]) context.measure(METRICS[figure], error);
    const { statistics: { partial, final, turn, stop }, fit, reasons, lost } = done;
    return { fit, reasons, partialMs: partial.p50Ms, finalMs: final.p50Ms, turnMs: turn.p50Ms, stopMs: stop.p50Ms, lost };
  },
});
