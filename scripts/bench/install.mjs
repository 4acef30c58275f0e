import { execFileSync } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inScratch, round } from '../lib/measure.mjs';
import { root } from '../lib/run.mjs';

export const limits = { mb: { most: 40 } };

/** The size on disk of the packed core with its production dependencies, freshly installed. */
export function measure() {
  return inScratch((folder) => {
    execFileSync('npm', ['pack', '--silent', '--pack-destination', folder, '-w', 'packages/core'], { cwd: root });
    const file = readdirSync(folder).find((name) => name.endsWith('.tgz'));
    writeFileSync(join(folder, 'package.json'), '{ "private": true }');
    execFileSync('npm', ['install', '--silent', '--no-audit', '--no-fund', '--omit=dev', `./${file}`], { cwd: folder });
    const kib = Number(execFileSync('du', ['-sk', join(folder, 'node_modules')], { encoding: 'utf8' }).split('\t')[0]);
    return { mb: round((kib * 1024) / 1e6, 1), packages: readdirSync(join(folder, 'node_modules')).filter((name) => !name.startsWith('.')).length };
  });
}
