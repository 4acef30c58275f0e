import assert from 'node:assert/strict';
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { checkActionType, checkReporter, checkSink, checkStepType, runCommand, runReporter, runStep, SAMPLE_RUNS } from '@alice/realops/testing';
import { appendLines, chatText, diskSync, fileMode, free } from './my-plugin.js';

test('disk.sync keeps the contract of step types', async () => {
  const broken = await checkStepType(diskSync, {
    valid: { kilobytes: 4 },
    stuck: { parameters: { kilobytes: 64, blocks: 1_000_000 } },
    openHandles: () => process.getActiveResourcesInfo(),
  });
  assert.deepEqual(broken, []);
});

test('disk.sync measures every block', async () => {
  const { outcome, output, measurements } = await runStep(diskSync, { kilobytes: 8, blocks: 3 });
  assert.equal(outcome, 'passed');
  assert.equal(output.bytes, 3 * 8 * 1024);
  assert.deepEqual(measurements.map(({ metric }) => metric), ['disk.sync', 'disk.sync', 'disk.sync']);
});

test('disk.sync fails where it cannot write', async () => {
  const { outcome, error } = await runStep(diskSync, { folder: '/no/such/folder' });
  assert.equal(outcome, 'error');
  assert.match(error.message, /ENOENT/);
});

test('free says how much room there is, and is not content with less', async () => {
  const { code, out } = await runCommand(free, ['.', '--at-least', '0', '--json']);
  assert.equal(code, 0);
  assert.ok(JSON.parse(out).gib > 0);
  assert.equal((await runCommand(free, ['--at-least', '1e9'])).code, 1);
  await assert.rejects(runCommand(free, ['--at-lest', '1']), /did you mean "--at-least"/);
});

test('file.mode keeps the contract of actions', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'file-mode-'));
  try {
    await writeFile(join(folder, 'log'), '');
    await chmod(join(folder, 'log'), 0o600);
    const broken = await checkActionType(fileMode, {
      parameters: { file: 'log', to: '640' },
      options: { files: folder },
      values: ['640', '000', '755'],
      observe: async () => (await stat(join(folder, 'log'))).mode,
      openHandles: () => process.getActiveResourcesInfo(),
    });
    assert.deepEqual(broken, []);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test('chat-text keeps the contract of reporters', async () => {
  const broken = await checkReporter(chatText, { printers: console, openHandles: () => process.getActiveResourcesInfo() });
  assert.deepEqual(broken, []);
});

test('chat-text names what needs a look', async () => {
  const { files } = await runReporter(chatText, SAMPLE_RUNS.failed());
  assert.match(files.get('chat.txt') ?? '', /^alice: failed\. .*\n- ASR final \(p95 < 800 ms\): fail\n- asr row 3, asr: /);
});

test('append-lines keeps the contract of sinks', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'append-lines-'));
  try {
    const file = join(folder, 'deeper', 'events.jsonl');
    const lines = async () => (await readFile(file, 'utf8').catch(() => '')).split('\n').slice(0, -1);
    const broken = await checkSink(appendLines, {
      options: { file, events: ['run_start', 'step_end', 'slo_judged', 'run_end'] },
      expected: (events) => events.filter(({ event }) => ['run_start', 'step_end', 'slo_judged', 'run_end'].includes(event)).map((event) => JSON.parse(JSON.stringify(event))),
      received: async () => (await lines()).map((line) => JSON.parse(line)),
      refuses: { options: { file: folder } },                   // a folder takes no lines
      wrongOptions: [{}, { file: 5 }, { file, events: 'run_end' }],
      openHandles: () => process.getActiveResourcesInfo(),
    });
    assert.deepEqual(broken, []);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
