/** Installs what the repository needs: npm packages, and with `--system` the Debian tools that some tests want (only as root; never fatal). */
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { must, root, run } from './lib/run.mjs';

/** Debian packages by the program that shows they are there. */
const TOOLS = { 'espeak-ng': ['espeak-ng'], sox: ['sox'], chromium: ['chromium', 'fonts-dejavu-core', 'fonts-inter'], openssl: ['openssl'], '/usr/lib/sctk/bin/sclite': ['sctk'] };

export async function setup({ system = false } = {}) {
  const installed = join(root, 'node_modules/.package-lock.json');
  const stale = !existsSync(installed) || statSync(installed).mtimeMs < statSync(join(root, 'package-lock.json')).mtimeMs - 60_000;
  if (stale) {
    process.stdout.write('setup: installing npm packages (npm ci)\n');
    await must('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
  }
  if (system) await installTools();
}

async function installTools() {
  const missing = [];
  for (const [program, packages] of Object.entries(TOOLS)) {
    const { code } = await run('sh', ['-c', `command -v ${program}`], { quiet: true });
    if (code !== 0) missing.push(...packages);
  }
  if (missing.length === 0) return;
  const isRoot = process.getuid?.() === 0;
  const { code: apt } = await run('sh', ['-c', 'command -v apt-get'], { quiet: true });
  if (!isRoot || apt !== 0) {
    process.stdout.write(`setup: not installed, since this is not Debian run as root: ${missing.join(' ')}. Tests that need them are skipped and say so.\n`);
    return;
  }
  process.stdout.write(`setup: installing ${missing.join(' ')} (apt-get)\n`);
  const { code, output } = await run('sh', ['-c', `apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends ${missing.join(' ')}`], { quiet: true });
  if (code !== 0) process.stdout.write(`setup: apt-get failed; tests that need these tools are skipped and say so.\n${output.split('\n').slice(-5).join('\n')}\n`);
}

if (process.argv[1]?.endsWith('setup.mjs')) await setup({ system: process.argv.includes('--system') });
