import { writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { defineReporter, RealopsError, type Reporter, type ReporterIo, type ReporterType, type RunEvent } from '../plugin.js';
import { reporters } from '../reporters/index.js';
import { plainLine } from '../text/plain.js';
import { checkReporter, type BrokenReporterRule, type ReporterCases } from './reporter-contract.js';
import { runReporter } from './run-reporter.js';
import { SAMPLE_RUNS } from './sample-runs.js';

const openHandles = (): readonly string[] => process.getActiveResourcesInfo();
const left: Server[] = [];
afterAll(() => left.forEach((server) => server.close()));

describe('the contract of reporters', () => {
  for (const type of reporters) {
    it(`is kept by ${type.name}`, async () => {
      expect(await checkReporter(type, { openHandles, printers: console, wrongOptions: [{ quite: true }, { quiet: 'yes' }] })).toEqual([]);
    });
  }
});

interface State {
  io: ReporterIo;
  readonly lines: string[];
}

const textOf = (event: RunEvent): string => (event.event === 'step_end' && event.error !== null ? event.error.message : '');

/** A reporter that keeps the contract, with single functions of it replaced. */
function reporter(change: { readonly [F in 'start' | 'on' | 'finish']?: (state: State, given: never) => Promise<void> | void } = {}, type: Partial<ReporterType> = {}): ReporterType {
  return defineReporter({
    name: 'lines',
    description: 'Writes lines.txt.',
    create() {
      const state: { io?: ReporterIo; readonly lines: string[] } = { lines: [] };
      const ready = (): State => state as State;
      return {
        name: 'lines',
        async start(io) {
          if (io.options['most'] !== undefined && typeof io.options['most'] !== 'number') throw new RealopsError('REALOPS_WITH_INVALID', 'most must be a number');
          state.io = io;
          await change.start?.(ready(), io as never);
        },
        on(event) {
          const text = textOf(event);
          if (text !== '') state.lines.push(plainLine(text));
          return change.on?.(ready(), event as never);
        },
        async finish(report) {
          const { io, lines } = ready();
          if (change.finish !== undefined) return change.finish(ready(), report as never);
          const line = `${lines.length} lines`;
          io.output.write(io.output.color ? `\u001b[1m${line}\u001b[22m\n` : `${line}\n`);
          await io.write('lines.txt', `${lines.join('\n')}\n`);
        },
      };
    },
    ...type,
  });
}

async function rulesOf(type: ReporterType, cases: Partial<ReporterCases> = {}): Promise<readonly BrokenReporterRule['rule'][]> {
  return [...new Set((await checkReporter(type, { openHandles, deadlineMs: 2_000, wrongOptions: [{ most: 'many' }], ...cases })).map(({ rule }) => rule))];
}

const text = ({ lines }: State): string => `${lines.join('\n')}\n`;
const shared: string[] = [];

const TODAY: [BrokenReporterRule['rule'], string, ReporterType][] = [['same-files', 'writes what time it is',reporter({ finish: (state) => state.io.write('lines.txt', new Date().toISOString().slice(0, 10)) })]];

describe('a reporter that breaks the contract', () => {
  it('is told nothing when it does not', async () => expect(await rulesOf(reporter())).toEqual([]));

  it.each<[BrokenReporterRule['rule'], string, ReporterType]>([
    ['declaration', 'has no description', reporter({}, { description: ' ' })],
    ['declaration', 'has a name that no suite would write', reporter({}, { name: 'my lines' })],
    ['declaration', 'takes unknown options', reporter({}, { with: { type: 'object', properties: {}, additionalProperties: true } })],
    ['throws', 'cannot be made', reporter({}, { create: raise })],
    ['throws', 'cannot take a value that is null', reporter({ on: (_, event: RunEvent) => void (event.event === 'slo_judged' && event.slo.interval === null ? raise() : undefined) })],
    ['throws', 'waits for an end that a torn run does not have', reporter({ on: ({ lines }, event: RunEvent) => void (event.event === 'run_end' ? lines.push('end') : undefined), finish: (state) => (state.lines.at(-1) === 'end' ? state.io.write('lines.txt', text(state)) : raise()) })],
    ['deadline', 'never ends', reporter({ finish: () => new Promise(() => undefined) })],
    ['same-files', 'writes random numbers', reporter({ finish: (state) => state.io.write('lines.txt', String(Math.random())) })],
    // Only on the day of the sample runs themselves it could not be told.
    ...(new Date().toISOString().startsWith('2026-11-23') ? [] : TODAY),
    ['same-files', 'writes where the folder lies', reporter({ finish: (state) => state.io.write('lines.txt', state.io.directory ?? '') })],
    ['same-files', 'keeps what an earlier run left', reporter({ finish: (state) => (shared.push(...state.lines), state.io.write('lines.txt', shared.join('\n'))) })],
    ['shared-state', 'keeps lines for all of its kind', reporter({ start: () => void shared.splice(0), on: (_, event: RunEvent) => void shared.push(event.event), finish: (state) => state.io.write('lines.txt', shared.join('\n')) })],
    ['folder', 'writes a file by itself', reporter({ finish: ({ io, lines }) => (io.directory === null ? undefined : writeFile(join(io.directory, 'lines.txt'), lines.join('\n'))) })],
    ['folder', 'writes beside the folder', reporter({ finish: ({ io }) => (io.directory === null ? undefined : writeFile(join(io.directory, '..', 'lines.txt'), '')) })],
    ['folder', 'leaves the folder', reporter({ finish: ({ io }) => io.write('../lines.txt', '') })],
    ['folder', 'takes the place of the evidence', reporter({ finish: ({ io }) => io.write('result.json', '{}') })],
    ['unfinished', 'does not wait for its file', reporter({ finish: ({ io }) => void io.write('lines.txt', 'x').catch(() => undefined) })],
    ['unfinished', 'writes when all is over', reporter({ finish: ({ io }) => void setTimeout(() => void io.write('lines.txt', 'x'), 1) })],
    ['declaration', 'does not know whether it is lossless', reporter({}, { lossless: true })],
    ['lost-write', 'says nothing of a lost file', reporter({ finish: ({ io }) => io.write('lines.txt', 'x').catch(() => undefined) })],
    ['without-folder', 'needs a folder', reporter({ finish: async ({ io }) => (await io.write('lines.txt', 'x'), join(io.directory as never, 'x'), undefined) })],
    ['options', 'refuses options without saying why', reporter({}, { create: () => ({ ...reporter().create(), start: (io) => void (io.options['most'] === undefined ? undefined : raise()), on: () => undefined, finish: () => undefined }) })],
    ['options', 'takes any options', reporter({}, { create: () => ({ name: 'lines', on: () => undefined }) })],
    ['events-untouched', 'changes what lies in an event', reporter({ on: (_, event: RunEvent) => void (event.event === 'run_start' ? (event.scenarios as unknown[]).reverse() : undefined) })],
    ['events-untouched', 'changes an event', reporter({ on: (_, event: RunEvent) => void Object.assign(event, { seen: true }) })],
    ['events-untouched', 'changes the report', reporter({ finish: (_, report: { warnings: unknown[] }) => void report.warnings.push(1) })],
    ['control-characters', 'prints texts of the run as they are', reporter({ on: ({ io }, event: RunEvent) => io.output.write(`${textOf(event)}\n`) })],
    ['control-characters', 'lets text be turned', reporter({ on: ({ io }, event: RunEvent) => io.output.write(textOf(event).replaceAll(/[\u0000-\u001f\u007f-\u009f]/g, '')) })],
    ['colour', 'always prints colours', reporter({ finish: ({ io }) => io.output.write('\u001b[32mgood\u001b[39m\n') })],
    ['not-interactive', 'draws over its line in a file', reporter({ finish: ({ io }) => io.output.write('50 %\r100 %\n') })],
    ['handles', 'leaves a server open', reporter({ finish: () => new Promise<void>((done) => void left.push(createServer().listen(0, '127.0.0.1', done))) })],
  ])('%s: %s', async (rule, _, type) => {
    shared.length = 0;
    expect(await rulesOf(type, rule === 'deadline' ? { deadlineMs: 200 } : {})).toEqual([rule]);
  });

  it('is told that it prints past its output, and the printer is as it was', async () => {
    const said: unknown[] = [];
    const print = (...words: unknown[]): void => void said.push(...words);
    const printers = { log: print, info: print, warn: print, error: print, debug: print };
    expect(await rulesOf(reporter({ finish: () => printers.log('done') }), { printers })).toEqual(['printers']);
    expect(said[0]).toBe('done');
    expect(printers.log).toBe(print);
  });

  it('is told of a name that its reporter does not have, all at once with the rest, and in which runs', async () => {
    const create = (): Reporter => ({ name: 'other', on: (event) => (event.event === 'alert_fired' ? raise() : undefined), finish: () => undefined });
    expect(await checkReporter(defineReporter({ name: 'lines', description: 'x', create }), { openHandles })).toEqual([
      { rule: 'declaration', message: 'lines makes a reporter with the name "other", by which warnings would call it' },
      { rule: 'throws', message: 'lines throws: no (in: needs human, hostile)' },
    ]);
  });
});

describe('runReporter', () => {
  it('gives the files and what was printed, and throws what the reporter throws', async () => {
    const { files, printed, report } = await runReporter(reporter(), SAMPLE_RUNS.failed());
    expect([...files.keys()]).toEqual(['lines.txt']);
    expect(files.get('lines.txt')).toContain('connection refused by 127.0.0.1:8000\n');
    expect(printed).toMatch(/^\d+ lines\n$/);
    expect(report.outcome).toBe('failed');
    expect((await runReporter(reporter(), SAMPLE_RUNS.torn(), { directory: null, output: { color: true } })).printed).toContain('\u001b[1m');
    await expect(runReporter(reporter(), SAMPLE_RUNS.torn(), { options: { most: 'x' } })).rejects.toMatchObject({ code: 'REALOPS_WITH_INVALID' });
  });
});

function raise(): never {
  throw new Error('no');
}
