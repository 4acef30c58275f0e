// @ts-check
import { appendFile, chmod, mkdir, mkdtemp, open, rm, stat, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { defineAction, defineCommand, definePlugin, defineReporter, defineSink, defineStep, RealopsError } from '@alice/realops/plugin';

/** A step type: how long the disk takes to make a block safe. An event log that is synced can be no faster than this. */
export const diskSync = defineStep({
  use: 'disk.sync',
  description: 'Writes a block to a new file and waits until the disk has it.',
  with: {
    type: 'object',
    properties: {
      kilobytes: { type: 'integer', minimum: 1, maximum: 65_536, default: 64, description: 'The size of the block' },
      blocks: { type: 'integer', minimum: 1, maximum: 1_000_000, default: 1, description: 'How many blocks, one after the other' },
      folder: { type: 'string', minLength: 1, description: 'Where the file is made; the folder for temporary files by default' },
    },
  },
  output: { type: 'object', properties: { bytes: { type: 'integer' }, slowestMs: { type: 'number' } } },
  metrics: [{ name: 'disk.sync', kind: 'distribution', unit: 'ms', description: 'From the start of the write to the end of the sync.', whenFailed: 'count' }],
  async run({ kilobytes, blocks, folder }, context) {
    // What is opened with use is closed by the engine, also after a timeout or a cancellation.
    const file = await context.use(temporaryFile(folder ?? tmpdir()));
    const block = Buffer.alloc(kilobytes * 1024, 'realops ');
    let slowestMs = 0;
    for (let index = 0; index < blocks; index += 1) {
      context.signal.throwIfAborted();
      const started = context.clock.now();
      const { bytesWritten } = await file.write(block);
      if (bytesWritten !== block.length) throw new RealopsError('REALOPS_STEP_FAILED', `only ${bytesWritten} of ${block.length} bytes were written`);
      await file.sync();
      const took = context.clock.now() - started;
      context.measure('disk.sync', took, { labels: { kilobytes } });
      slowestMs = Math.max(slowestMs, took);
    }
    return { bytes: block.length * blocks, slowestMs };
  },
});

/** @type {(folder: string) => import('@alice/realops/plugin').Resource<import('node:fs/promises').FileHandle>} */
const temporaryFile = (folder) => {
  let made = '';
  return {
    name: `temporary file in ${folder}`,
    async open() {
      made = await mkdtemp(join(folder, 'disk-sync-'));
      return open(join(made, 'block'), 'w');
    },
    async close(file) {
      await file.close();
      await rm(made, { recursive: true, force: true });
    },
  };
};

/**
 * An action: who may use a file. It is a register, so it only reads, plans and writes; that nothing is overwritten which someone else changed, that it is written
 * down first, and that it is undone when it did not help, is for the engine.
 */
export const fileMode = defineAction({
  use: 'file.mode',
  description: 'Sets the permission bits of a file or folder.',
  with: {
    type: 'object',
    properties: {
      file: { type: 'string', minLength: 1, holds: 'file', description: 'The file or folder' },
      to: { type: 'string', pattern: '^[0-7]{3}$', description: 'Three octal digits, e.g. 640' },
    },
    required: ['file', 'to'],
  },
  param: ({ file }) => `mode of ${file}`,
  read: async ({ file }, context) => modeOf(context.file(file)),
  async plan({ file, to }, before) {
    if (before === to) return { possible: false, reason: `${file} has the mode ${to} already` };
    return { possible: true, after: to, rollback: `chmod ${before} ${file}` };
  },
  async write({ file }, value, context) {
    context.signal.throwIfAborted();
    await chmod(context.file(file), Number.parseInt(String(value), 8));
  },
});

/** @type {(path: string) => Promise<string>} */
const modeOf = async (path) => ((await stat(path)).mode & 0o777).toString(8).padStart(3, '0');

/** A reporter: a text for a chat channel. It knows nothing but the report, so a replay of the log writes the same file. */
export const chatText = defineReporter({
  name: 'chat-text',
  description: 'Writes chat.txt: the outcome and what needs a look.',
  create() {
    /** @type {import('@alice/realops/plugin').ReporterIo | undefined} */
    let out;
    return {
      name: 'chat-text',
      start(io) {
        out = io;
      },
      on() {
        // Every event comes by here; this reporter needs only the report at the end.
      },
      async finish(report) {
        const open = report.slos.filter(({ verdict }) => verdict !== 'pass').map(({ title, target, verdict, note }) => `- ${title} (${target}): ${verdict}${note === null ? '' : `, ${note}`}`);
        const failures = report.scenarios.flatMap(({ failures: list }) => list).map(({ scenario, row, step, error }) => `- ${scenario} row ${row}, ${step}: ${error.message}`);
        await out?.write('chat.txt', [`${report.suite}: ${report.outcome}. ${report.reason}`, ...open, ...failures, ''].join('\n'));
      },
    };
  },
});

/** A sink: events appended to one file over many runs. The engine batches, retries and gives up; a sink only writes. */
export const appendLines = defineSink({
  name: 'append-lines',
  description: 'Appends events to a file as JSON lines.',
  with: {
    type: 'object',
    properties: {
      file: { type: 'string', minLength: 1, description: 'The file, from the folder in which the command is given' },
      events: { type: 'array', items: { type: 'string' }, description: 'The names of the events to keep; all of them by default' },
    },
    required: ['file'],
  },
  async create({ file, events }) {
    // The options have been checked when the suite was loaded.
    const path = resolve(String(file));
    const kept = Array.isArray(events) ? new Set(events) : undefined;
    await mkdir(dirname(path), { recursive: true });
    return {
      name: 'append-lines',
      async write(batch) {
        const lines = batch.filter(({ event }) => kept?.has(event) ?? true).map((event) => `${JSON.stringify(event)}\n`);
        if (lines.length > 0) await appendFile(path, lines.join(''));
      },
      async [Symbol.asyncDispose]() {
        // Nothing stays open between writes.
      },
    };
  },
});

/** A command: what is done beside a run. `npx realops ./my-plugin.js free .` says how full a disk is before a long run writes its logs to it. */
export const free = defineCommand({
  name: 'free',
  description: 'Says how much room is left where a folder lies.',
  with: {
    type: 'object',
    properties: {
      folder: { type: 'string', minLength: 1, default: '.', description: 'The folder.' },
      atLeast: { type: 'number', minimum: 0, default: 1, description: 'Less room than so many GiB is an error.' },
      json: { type: 'boolean', default: false, description: 'Print JSON.' },
    },
  },
  positionals: ['folder'],
  examples: ['realops ./my-plugin.js free runs --at-least 10'],
  async run({ folder, atLeast, json }, { cwd, out }) {
    const { bavail, bsize } = await statfs(resolve(cwd, folder));
    const gib = (bavail * bsize) / 2 ** 30;
    out.write(json ? `${JSON.stringify({ folder, gib })}\n` : `${gib.toFixed(1)} GiB are free\n`);
    return gib >= atLeast ? 0 : 1;
  },
});

export default definePlugin({ name: 'realops-plugin-disk', apiVersion: 1, steps: [diskSync], actions: [fileMode], reporters: [chatText], sinks: [appendLines], commands: [free] });
