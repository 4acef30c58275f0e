/**
 * `npm run setup`: installs what the repository needs. npm packages always; the Debian tools that some tests want as well, when this is Debian run as root.
 * Those are optional: without them the tests that need them are skipped and say so. `--no-system` leaves them alone. Does nothing when everything is there.
 */
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import { isMain, must, root, run } from './lib/run.mjs';

/** What shows that a tool is there (a program, or a file), and the Debian packages that bring it. */
const TOOLS = [
  { shows: 'espeak-ng', packages: ['espeak-ng'] },
  { shows: 'sox', packages: ['sox'] },
  { shows: 'ffmpeg', packages: ['ffmpeg'] },
  { shows: 'chromium', packages: ['chromium'] },
  { shows: 'openssl', packages: ['openssl'] },
  { shows: '/usr/share/fonts/truetype/dejavu', packages: ['fonts-dejavu-core'] },
  { shows: '/usr/share/fonts/opentype/inter', packages: ['fonts-inter'] },
  { shows: '/usr/lib/sctk/bin/sclite', packages: ['sctk'] },
];

export async function setup({ system = false } = {}) {
  if (packagesDiffer()) {
    process.stdout.write('setup: installing npm packages (npm ci)\n');
    await must('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
  }
  if (system) await installTools();
}

/** Whether what is installed is not what package-lock.json says. npm keeps a copy of the lock beside what it installed; packages for other machines are not in it. */
function packagesDiffer() {
  const installed = join(root, 'node_modules/.package-lock.json');
  if (!existsSync(installed)) return true;
  const there = JSON.parse(readFileSync(installed, 'utf8')).packages;
  const wanted = Object.entries(JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages).filter(([path]) => path.includes('node_modules/'));
  return wanted.some(([path, { version, optional, link }]) => (there[path] === undefined ? optional !== true : link !== true && there[path].version !== version));
}

async function installTools() {
  const missing = TOOLS.filter(({ shows }) => !isThere(shows)).flatMap(({ packages }) => packages);
  if (missing.length === 0) return;
  if (process.getuid?.() !== 0 || !isThere('apt-get')) {
    process.stdout.write(`setup: not installed, since this is not Debian run as root: ${missing.join(' ')}. Tests that need them are skipped and say so.\n`);
    return;
  }
  process.stdout.write(`setup: installing ${missing.join(' ')} (apt-get)\n`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await run('apt-get', ['update', '-qq'], { quiet: true, env });
  const { code, output } = await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...missing], { quiet: true, env });
  if (code !== 0) process.stdout.write(`setup: apt-get failed; tests that need these tools are skipped and say so.\n${output.trim().split('\n').slice(-5).join('\n')}\n`);
}

function isThere(name) {
  if (isAbsolute(name)) return existsSync(name);
  return (process.env.PATH ?? '').split(delimiter).some((folder) => folder !== '' && existsSync(join(folder, name)));
}

if (isMain(import.meta.url)) await setup({ system: !process.argv.includes('--no-system') });
