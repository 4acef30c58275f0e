/** Builds the packages and the reference assistant. What did not change since the last build is left alone. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { cpSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { must, root } from './lib/run.mjs';
import { setup } from './setup.mjs';

const PACKAGES = ['packages/core', 'packages/plugin-voice', 'examples/assistant'];

export async function build({ force = false } = {}) {
  let upstream = '';
  for (const name of PACKAGES) {
    const folder = join(root, name);
    if (!existsSync(folder)) continue;
    const stamp = join(folder, 'dist/.stamp');
    const wanted = hashOf(folder, upstream);
    upstream = name === 'packages/core' ? wanted : upstream;
    if (!force && existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) continue;
    process.stdout.write(`build: ${name}\n`);
    await must(process.execPath, [join(root, 'node_modules/tsup/dist/cli-default.js'), '--silent'], { cwd: folder, quiet: true });
    if (name === 'packages/core') copySchemas(folder);
    writeFileSync(stamp, wanted);
  }
}

/** The package carries its own copy of the generated schemas. */
function copySchemas(folder) {
  const from = join(root, 'schemas');
  if (!existsSync(from)) return;
  rmSync(join(folder, 'schemas'), { recursive: true, force: true });
  cpSync(from, join(folder, 'schemas'), { recursive: true });
}

function hashOf(folder, upstream) {
  const hash = createHash('sha256').update(upstream);
  const visit = (path) => {
    for (const entry of readdirSync(path).sort()) {
      const file = join(path, entry);
      if (entry === 'node_modules' || entry === 'dist' || entry === 'schemas') continue;
      if (statSync(file).isDirectory()) visit(file);
      else if (!/\.test\.ts$/.test(entry)) hash.update(relative(folder, file)).update(readFileSync(file));
    }
  };
  visit(folder);
  hash.update(readFileSync(join(root, 'tsconfig.json'))).update(readFileSync(join(root, 'package-lock.json')));
  return hash.digest('hex');
}

if (process.argv[1]?.endsWith('build.mjs')) {
  await setup();
  await build({ force: process.argv.includes('--force') });
}
