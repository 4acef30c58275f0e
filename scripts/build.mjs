/** `npm run build`: builds the packages and the reference assistant. What did not change since the last build is left alone; `--force` builds everything. */
import { createHash } from 'node:crypto';
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { withLock } from './lib/lock.mjs';
import { isMain, must, root } from './lib/run.mjs';
import { setup } from './setup.mjs';

/** In the order of who needs whom: the types of the first are read by the others. */
const PACKAGES = ['packages/core', 'packages/plugin-voice', 'examples/assistant'];
/** What a build of a package is made of. */
const INPUTS = ['src', 'training', 'package.json', 'tsup.config.ts'];
/** What all builds are made of. */
const SHARED = ['tsconfig.json', 'package-lock.json', 'scripts/lib/core-bundle.mjs', 'scripts/lib/ready-schemas.ts'];

export async function build({ force = false } = {}) {
  await withLock('build', async () => {
    let upstream = hashOf(SHARED.map((input) => join(root, input)), '');
    for (const name of PACKAGES) {
      const folder = join(root, name);
      const stamp = join(folder, 'dist/.stamp');
      const wanted = hashOf(INPUTS.map((input) => join(folder, input)), upstream);
      if (name === 'packages/core') upstream = wanted;
      if (!force && existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) continue;
      process.stderr.write(`build: ${name}\n`);
      await must(process.execPath, [join(root, 'node_modules/tsup/dist/cli-default.js'), '--silent'], { cwd: folder, quiet: true });
      writeFileSync(stamp, wanted);
    }
    copySchemas();
  });
}

/** The package carries its own copy of the generated schemas. */
function copySchemas() {
  const to = join(root, 'packages/core/schemas');
  const from = join(root, 'schemas');
  if (!existsSync(from) || (existsSync(to) && hashOf([from], '', from) === hashOf([to], '', to))) return;
  rmSync(to, { recursive: true, force: true });
  cpSync(from, to, { recursive: true });
}

/** One number for the names and contents of files and folders; tests do not count. */
function hashOf(paths, start, base = root) {
  const hash = createHash('sha256').update(start);
  const visit = (path) => {
    if (!existsSync(path)) return;
    if (statSync(path).isDirectory()) for (const entry of readdirSync(path).sort()) visit(join(path, entry));
    else if (!path.endsWith('.test.ts')) hash.update(relative(base, path)).update('\0').update(readFileSync(path)).update('\0');
  };
  for (const path of paths) visit(path);
  return hash.digest('hex');
}

if (isMain(import.meta.url)) {
  await setup();
  await build({ force: process.argv.includes('--force') });
}
