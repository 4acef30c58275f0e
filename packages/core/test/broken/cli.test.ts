import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BROKEN } from './support.js';

/** The built command; without a build these tests are skipped. */
const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

describe.skipIf(!existsSync(CLI))('the built command on a broken suite', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'realops-broken-'));
    cpSync(BROKEN, folder, { recursive: true });
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const realops = (...args: readonly string[]): { readonly exit: number | null; readonly out: string; readonly error: string } => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, ...args], { cwd: folder, encoding: 'utf8', timeout: 30_000, env: { PATH: process.env['PATH'] } });
    return { exit: status, out: stdout, error: stderr };
  };
  const golden = (suite: string): string => readFileSync(join(BROKEN, suite.replace('.yaml', '.txt')), 'utf8');
  /** Goldens name files from the folder of the suite. */
  const fromGroup = (text: string, group: string): string => text.replaceAll(`${group}/`, '');

  it.each(['yaml/tab.yaml', 'step/key-misspelt.yaml', 'expression/duration.yaml', 'plugin/path-missing.yaml', 'suite/five-faults.yaml'])('check %s prints the golden text and exits with 3', (suite) => {
    const { exit, out, error } = realops('check', suite);
    expect(fromGroup(out, suite.split('/')[0] ?? '')).toBe(golden(suite));
    expect(error).toBe('');
    expect(exit).toBe(3);
  });

  it('check --format json gives every problem as data', () => {
    const { exit, out } = realops('check', 'suite/five-faults.yaml', '--format', 'json');
    const { problems } = JSON.parse(out) as { readonly problems: readonly unknown[] };
    expect(exit).toBe(3);
    expect(problems).toHaveLength(5);
    expect(problems[0]).toEqual({ code: 'REALOPS_VALUE_INVALID', message: expect.stringContaining('environment'), file: 'suite/five-faults.yaml', line: 3, column: 14, hint: expect.anything() });
  });

  it('check takes several suites and tells the problems of all', () => {
    const { exit, out } = realops('check', 'yaml/tab.yaml', 'step/key-misspelt.yaml');
    expect(exit).toBe(3);
    expect(out).toMatch(/2 problems in 2 files\. Nothing was run\.\n$/);
  });

  it('run refuses a suite with a misspelt assertion key, and makes no run folder', () => {
    const { exit, out, error } = realops('run', 'step/key-misspelt.yaml', '--runs', 'runs');
    expect(exit).toBe(3);
    expect(out).toBe('');
    expect(fromGroup(error, 'step')).toBe(golden('step/key-misspelt.yaml'));
    expect(existsSync(join(folder, 'runs'))).toBe(false);
  });

  it('run --json gives the problems as data', () => {
    const { exit, out, error } = realops('run', 'step/key-misspelt.yaml', '--json', '--runs', 'runs');
    expect(exit).toBe(3);
    expect(JSON.parse(out)).toMatchObject({ problems: [{ code: 'REALOPS_KEY_UNKNOWN', line: 7, column: 59 }] });
    expect(error).toBe('');
  });

  it('names a path that is not there', () => {
    const { exit, out } = realops('check', 'nothing.yaml');
    expect(exit).toBe(3);
    expect(out).toContain('REALOPS_FILE_NOT_FOUND  there is no file or folder nothing.yaml');
  });

  it('refuses a file larger than a mebibyte', () => {
    writeFileSync(join(folder, 'large.yaml'), `version: 1\nsuite: large\nvars: { text: "${'x'.repeat(1_100_000)}" }\n`);
    const { exit, out } = realops('check', 'large.yaml');
    expect(exit).toBe(3);
    expect(out).toMatch(/^large\.yaml:1:1 {2}REALOPS_YAML_INVALID {2}the file has \d+ bytes; at most 1048576 are read\n/);
    expect(out).toContain('hint: split it with include');
  });

  it('ends soon on a file made to explode', () => {
    const levels = Array.from({ length: 9 }, (_, level) => `  l${level}: &l${level} [${Array(9).fill(level === 0 ? 'x' : `*l${level - 1}`).join(', ')}]`);
    writeFileSync(join(folder, 'laughs.yaml'), `version: 1\nsuite: laughs\nvars:\n${levels.join('\n')}\n`);
    writeFileSync(join(folder, 'deep.yaml'), `version: 1\nsuite: deep\nvars: { deep: ${'['.repeat(100_000)}\n`);
    expect(realops('check', 'laughs.yaml')).toMatchObject({ exit: 3, out: expect.stringContaining('the file uses more than 50 aliases') });
    expect(realops('check', 'deep.yaml')).toMatchObject({ exit: 3, out: expect.stringContaining('nested deeper than 64 levels') });
  });
});
