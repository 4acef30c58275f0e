import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunEvent } from '../../src/events/event.js';
import type { RunReport } from '../../src/events/report.js';
import { loadSuite } from '../../src/load/load.js';
import { definePlugin, defineStep, RealopsError, type Plugin } from '../../src/plugin.js';
import type { Run, RunOptions } from '../../src/run/options.js';
import { run } from '../../src/run/run.js';

/** Steps that need no server: enough to see what the engine does with outcomes, time and resources. */
export function probePlugin(): Plugin & { readonly calls: string[]; readonly closed: string[]; readonly running: { now: number; most: number } } {
  const calls: string[] = [];
  const closed: string[] = [];
  const running = { now: 0, most: 0 };
  const give = defineStep({
    use: 'probe.give',
    description: 'Gives back its value and measures it.',
    with: { type: 'object', properties: { value: {}, ms: { type: 'number', default: 0 }, times: { type: 'integer', default: 0 } } },
    output: { type: 'object', properties: { value: {}, call: { type: 'number' } } },
    metrics: [
      { name: 'probe.value', kind: 'distribution', unit: 'ms', description: 'The value.', whenFailed: 'count' },
      { name: 'probe.ok', kind: 'rate', unit: 'ratio', description: 'Whether it worked.', whenFailed: 'count' },
    ],
    async run({ value, ms }, context) {
      calls.push(`${context.step.id}:${JSON.stringify(value ?? null)}`);
      running.now += 1;
      running.most = Math.max(running.most, running.now);
      try {
        await context.use({ name: 'probe', open: async () => context.step.id, close: (id) => void closed.push(id) });
        if (ms > 0) await context.clock.sleep(ms, context.signal);
      } finally {
        running.now -= 1;
      }
      if (typeof value === 'number') context.measure('probe.value', value);
      context.measure('probe.ok', true);
      return { value: value ?? null, call: calls.length };
    },
  });
  const fail = defineStep({
    use: 'probe.fail',
    description: 'Fails with a code, the first times or always.',
    with: { type: 'object', properties: { code: { enum: ['REALOPS_CONNECTION', 'REALOPS_PROTOCOL'], default: 'REALOPS_CONNECTION' }, until: { type: 'integer', default: 1_000_000 } } },
    output: { type: 'object', properties: { attempt: { type: 'number' } } },
    metrics: [{ name: 'probe.reached', kind: 'rate', unit: 'ratio', description: 'Whether it was reached.', whenFailed: 'count' }],
    async run({ code, until }, context) {
      calls.push(`${context.step.id}#${context.step.attempt}`);
      if (context.step.attempt < until) throw new RealopsError(code, `no luck on attempt ${context.step.attempt}`);
      context.measure('probe.reached', true);
      return { attempt: context.step.attempt };
    },
  });
  const hang = defineStep({
    use: 'probe.hang',
    description: 'Never ends and ignores the signal.',
    with: { type: 'object', properties: {} },
    run: () => new Promise<void>(() => undefined),
  });
  const write = defineStep({
    use: 'probe.write', description: 'Pretends to change something.', sideEffects: true, needs: ['calendar:write'],
    with: { type: 'object', properties: { token: { type: 'string' } } },
    run: async () => undefined,
  });
  return Object.assign(definePlugin({ name: 'probe', apiVersion: 1, steps: [give, fail, hang, write], functions: { double: (value) => (typeof value === 'number' ? value * 2 : undefined) } }), { calls, closed, running });
}

/** Writes a suite (its head filled in) to a fresh folder and gives the file. */
export async function suiteFile(body: string, files: { readonly [name: string]: string } = {}): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'realops-'));
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  const file = join(folder, 'scenarios.yaml');
  await writeFile(file, body.startsWith('version') ? body : `version: 1\nsuite: test\n${body}`);
  return file;
}

/** Loads and runs a suite text with the probe steps; gives events and report. */
export async function runText(body: string, options: RunOptions & { readonly env?: { readonly [name: string]: string }; readonly files?: { readonly [name: string]: string }; readonly plugin?: Plugin } = {}): Promise<{ readonly events: readonly RunEvent[]; readonly report: RunReport; readonly run: Run }> {
  const { env = {}, files = {}, plugin = probePlugin(), ...rest } = options;
  const suite = await loadSuite([await suiteFile(body, files)], { plugins: [plugin], env });
  const running = run(suite, { seed: 1, ...rest });
  const events: RunEvent[] = [];
  for await (const event of running) events.push(event);
  return { events, report: await running.report, run: running };
}
