import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loopSuiteText, slowSystem, until } from '../loop/support.js';
import { cli, folder, start } from './support.js';

const outputOf = (child: ReturnType<typeof start>['child']): { text: string } => {
  const seen = { text: '' };
  child.stdout?.on('data', (chunk: Buffer) => (seen.text += chunk.toString()));
  return seen;
};

describe('realops loop', () => {
  it('ends by itself after --times, with the exit code of the last pass', async () => {
    const system = await slowSystem(100);
    const path = await folder({ 'scenarios.yaml': loopSuiteText(system.url, 'loop: { every: 1h }\n') });
    const { code, out } = await cli(['loop', '.', '--every', '1s', '--times', '2', '--quiet'], path);
    expect(code).toBe(0);
    expect(out).toContain('realops loop: pass 1 remedied:');
    expect(out).toContain('realops loop: pass 2 healthy:');
    expect(out).toContain('realops loop: stopped after 2 passes');
    system.illness = 500;
    expect((await cli(['loop', '.', '--times', '1', '--remediate', 'off', '--json'], path)).code).toBe(1);
  });

  it('prints one JSON object for each pass with --json', async () => {
    const system = await slowSystem();
    const path = await folder({ 'scenarios.yaml': loopSuiteText(system.url, 'loop: { every: 1h }\n') });
    const { out } = await cli(['loop', '.', '--every', '1s', '--times', '2', '--json'], path);
    const lines = out.trim().split('\n').map((line) => JSON.parse(line) as { loops: number; last: { outcome: string } });
    expect(lines.map(({ loops, last }) => [loops, last.outcome])).toEqual([[1, 'healthy'], [2, 'healthy']]);
  });

  it('SIGTERM in the middle of a repetition undoes the change, says where it stands, and ends with 0', async () => {
    const system = await slowSystem(100);
    const path = await folder({ 'scenarios.yaml': loopSuiteText(system.url, 'loop: { every: 1h, health: 0 }\n') });
    const { child, done } = start(['loop', '.'], path);
    const seen = outputOf(child);
    system.holdAfterWrite = true;
    await until(() => system.writes.length === 1 && system.work > 3);
    child.kill('SIGTERM');
    const { code } = await done;
    expect(code).toBe(0);
    expect(system.writes).toEqual([50, 100]);
    expect(seen.text).toContain('/healthz says how it stands');
    expect(JSON.parse(await readFile(join(path, '.realops', 'loop-status.json'), 'utf8'))).toMatchObject({ state: 'stopped', in_force: 0 });
    const ledger = await cli(['ledger', '.', '--json'], path);
    expect(ledger.out).toContain('rolled-back');
  });

  it('refuses a second controller with exit code 4, and takes over from one that was killed', async () => {
    const system = await slowSystem();
    const path = await folder({ 'scenarios.yaml': loopSuiteText(system.url, 'loop: { every: 1h }\n') });
    const first = start(['loop', '.'], path);
    await until(() => system.work >= 3);
    const second = await cli(['loop', '.', '--times', '1'], path);
    expect(second.code).toBe(4);
    expect(second.error).toContain('REALOPS_LEDGER_BUSY');
    expect(second.error).toContain('loop of slow');
    first.child.kill('SIGKILL');
    await first.done;
    expect((await cli(['loop', '.', '--times', '1', '--quiet'], path)).code).toBe(0);
  });

  it('says what is wrong with a command line or suite before anything is done', async () => {
    const path = await folder({ 'scenarios.yaml': 'version: 1\nsuite: x\nscenarios: []\nloop: { every: 15x }\n' });
    expect((await cli(['loop', '.', '--every', 'soon'], path)).error).toContain('--every takes a duration');
    expect((await cli(['loop', '.', '--every', '10ms'], path)).error).toContain('at least 1s');
    expect((await cli(['loop'], path)).code).toBe(3);
    const broken = await cli(['loop', '.'], path);
    expect(broken.code).toBe(3);
    expect(broken.error).toContain('loop.every must be a duration, got "15x"');
  });
});
