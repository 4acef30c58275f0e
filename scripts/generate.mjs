/** Writes everything that is generated from the code and committed; `--check` only says what is stale. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { apiReport } from './lib/api-report.mjs';
import { loadSource } from './lib/load-source.mjs';
import { root } from './lib/run.mjs';
import { stepPage } from './lib/step-page.mjs';

const check = process.argv.includes('--check');
const source = await loadSource('scripts/lib/generated.ts');
const files = new Map();
const json = (value) => `${JSON.stringify(value, null, 2)}\n`;

files.set('schemas/scenarios.schema.json', json(source.scenarios));
files.set('schemas/result.schema.json', json(source.result));
for (const [name, schema] of Object.entries(source.events)) files.set(`schemas/events/v1/${name}.json`, json(schema));
for (const { type, plugin } of source.steps) files.set(`docs/steps/${type.use}.md`, stepPage(type, plugin));
files.set('packages/core/api/realops.api.md', apiReport('packages/core', ['src/index.ts', 'src/plugin.ts', 'src/testing.ts', 'src/reporters/index.ts']));
files.set('packages/plugin-voice/api/realops-plugin-voice.api.md', apiReport('packages/plugin-voice', ['src/index.ts']));

const stale = [...files].filter(([name, text]) => !existsSync(join(root, name)) || readFileSync(join(root, name), 'utf8') !== text);
if (check) {
  for (const [name] of stale) process.stdout.write(`stale: ${name}\n`);
  if (stale.length > 0) process.stdout.write('run: npm run generate\n');
  process.exit(stale.length === 0 ? 0 : 1);
}
for (const [name, text] of stale) {
  mkdirSync(dirname(join(root, name)), { recursive: true });
  writeFileSync(join(root, name), text);
  process.stdout.write(`wrote ${name}\n`);
}
