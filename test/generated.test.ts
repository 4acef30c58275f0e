import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { root } from './fences.js';

it('schemas, step pages, API reports and notices are those of the code', { timeout: 180_000 }, () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, 'scripts/generate.mjs'), '--check'], { cwd: root, encoding: 'utf8' });
  expect(stdout).toBe('');
  expect(status, stderr).toBe(0);
});
