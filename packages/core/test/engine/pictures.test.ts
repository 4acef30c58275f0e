import { describe, expect, it } from 'vitest';
import { definePlugin, defineStep, type Plugin } from '../../src/plugin.js';
import { runText } from './support.js';

/** Draws what it is told, also after it has ended. */
const drawing: Plugin = definePlugin({
  name: 'draw', apiVersion: 1,
  steps: [defineStep({
    use: 'draw.lane',
    description: 'Draws one lane.',
    with: { type: 'object', properties: { label: { type: 'string', default: 'said' }, toMs: { type: 'number', default: 40 }, fails: { type: 'boolean', default: false } } },
    output: { type: 'object', properties: { done: { type: 'boolean' } } },
    async run({ label, toMs, fails }, context) {
      context.draw({ title: 'all', durationMs: 100, lanes: [{ name: label, spans: [{ fromMs: 10, toMs, tone: 'good', label }], marks: [{ atMs: 50, label: `over: ${label}` }] }] });
      void context.clock.sleep(20, new AbortController().signal).then(() => context.draw({ durationMs: 1, lanes: [] }));
      if (fails && context.step.attempt === 1) throw new Error('not yet');
      return { done: true };
    },
  })],
});

const run = async (step: string, env: { readonly [name: string]: string } = {}): Promise<Awaited<ReturnType<typeof runText>>> => runText(`secrets: [KEY]\nscenarios: [{ id: one, steps: [${step}, { use: draw.lane }] }]`, { plugin: drawing, env: { KEY: 'k3y-of-the-door', ...env } });

describe('what a step draws', () => {
  it('is on the record with its place and attempt; what is drawn when the step has ended is not', async () => {
    const { events, report } = await run('{ id: a, use: draw.lane, with: { fails: true }, retry: { attempts: 2, delay: 40ms } }');
    const pictures = events.filter((event) => event.event === 'picture');
    expect(report.outcome).toBe('healthy');
    expect(pictures.map(({ scenario, row, step, attempt }) => [scenario, row, step, attempt])).toEqual([['one', 1, 'a', 1], ['one', 1, 'a', 2], ['one', 1, 'step2', 1]]);
    expect(pictures[0]).toMatchObject({ title: 'all', duration_ms: 100, dropped: 0, lanes: [{ name: 'said', spans: [{ from_ms: 10, to_ms: 40, tone: 'good', label: 'said' }], marks: [{ at_ms: 50, tone: 'neutral', label: 'over: said' }] }] });
  });

  it('holds no secret', async () => {
    const { events } = await run("{ id: a, use: draw.lane, with: { label: 'with ${{ secrets.KEY }}' } }");
    const text = JSON.stringify(events);
    expect(text).not.toContain('k3y-of-the-door');
    expect(events.find((event) => event.event === 'picture')).toMatchObject({ lanes: [{ name: 'with [secret:KEY]', spans: [{ label: 'with [secret:KEY]' }], marks: [{ label: 'over: with [secret:KEY]' }] }] });
  });

  it('is an error of the step when it cannot be', async () => {
    const { events } = await run('{ id: a, use: draw.lane, with: { toMs: 5 } }');
    expect(events.find((event) => event.event === 'step_end' && event.outcome === 'error')).toMatchObject({ step: 'a', error: { code: 'REALOPS_PLUGIN_INVALID', message: 'draw.lane draws a picture that cannot be: a span of "said" ends at 5 ms, before it begins at 10 ms' } });
  });
});
