/**
 * `npm run bench -- NAME… [--OPTION VALUE]…`: one measurement, one JSON line with its numbers, their limits and whether they held; without a name, all of them.
 * The exit code is 1 when a limit was broken. The numbers mean something only on a machine that does nothing else.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { build } from './build.mjs';
import { root } from './lib/run.mjs';
import { setup } from './setup.mjs';

const all = readdirSync(join(root, 'scripts/bench')).filter((file) => file.endsWith('.mjs')).map((file) => file.slice(0, -4));
const { given, options } = readArguments(process.argv.slice(2));
const names = given.length > 0 ? given : all;
const unknown = names.filter((name) => !all.includes(name));
if (unknown.length > 0) {
  process.stderr.write(`there is no benchmark ${unknown.join(', ')}; there are ${all.join(', ')}\n`);
  process.exit(3);
}
await setup();
await build();
for (const name of names) {
  const bench = await import(`./bench/${name}.mjs`);
  const numbers = await bench.measure(options);
  const limits = typeof bench.limits === 'function' ? bench.limits(options) : bench.limits;
  const ok = Object.entries(limits).every(([key, { most = Infinity, least = -Infinity }]) => numbers[key] <= most && numbers[key] >= least);
  process.stdout.write(`${JSON.stringify({ bench: name, ok, ...numbers, limits })}\n`);
  if (!ok) process.exitCode = 1;
}
process.exit();

/** Names, and options with their values: `voice --streams 500`. */
function readArguments(words) {
  const given = [];
  const options = {};
  for (let at = 0; at < words.length; at += 1) {
    if (!words[at].startsWith('--')) given.push(words[at]);
    else options[words[at].slice(2)] = words[(at += 1)];
  }
  return { given, options };
}
