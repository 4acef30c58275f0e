/**
 * `npm run generate`: writes everything that is made from the code and committed: schemas, a page for each step type and action, API reports, licences.
 * `--check` writes nothing and fails when one of them is not what the code says.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { build } from './build.mjs';
import { actionPage } from './lib/action-page.mjs';
import { apiReports } from './lib/api-report.mjs';
import { entryOf, LATE } from './lib/core-bundle.mjs';
import { loadSource } from './lib/load-source.mjs';
import { notices } from './lib/notices.mjs';
import { root } from './lib/run.mjs';
import { stepPage } from './lib/step-page.mjs';

const PACKAGES = [
  { folder: 'packages/core', entries: ['index', 'plugin', 'testing', 'reporters'], sources: ['src/index.ts', 'src/cli/bin.ts'], libraries: LATE.map(entryOf) },
  { folder: 'packages/plugin-voice', entries: ['index'], sources: ['src/index.ts'] },
];
/** Nothing else lies in these folders. */
const OWNED = ['schemas', 'docs/steps', 'docs/actions', ...PACKAGES.map(({ folder }) => `${folder}/api`)];

const check = process.argv.includes('--check');
const files = new Map([...(await fromLiterals()), ...(await fromPackages())]);
const stale = [...files].filter(([name, text]) => !existsSync(join(root, name)) || readFileSync(join(root, name), 'utf8') !== text);
const left = OWNED.flatMap(below).filter((name) => !files.has(name));
if (check) report();
else write();

async function fromLiterals() {
  const { scenarios, result, events, steps, actions } = await loadSource('scripts/lib/generated.ts');
  const json = (value) => `${JSON.stringify(value, null, 2)}\n`;
  return [
    ['schemas/scenarios.schema.json', json(scenarios)],
    ['schemas/result.schema.json', json(result)],
    ...Object.entries(events).map(([name, schema]) => [`schemas/events/v1/${name}.json`, json(schema)]),
    ...steps.map(({ type, plugin }) => [`docs/steps/${type.use}.md`, stepPage(type, plugin)]),
    ...actions.map(({ type, plugin }) => [`docs/actions/${type.use}.md`, actionPage(type, plugin)]),
  ];
}

async function fromPackages() {
  await build();
  const made = [...apiReports(PACKAGES)];
  for (const { folder, sources, libraries = [] } of PACKAGES) {
    made.push([`${folder}/LICENSE`, readFileSync(join(root, 'LICENSE'), 'utf8')]);
    const text = await notices(folder, [...sources, ...libraries]);
    if (text !== undefined) made.push([`${folder}/THIRD-PARTY-NOTICES.md`, text]);
  }
  return made;
}

function below(folder) {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? below(`${folder}/${entry.name}`) : [`${folder}/${entry.name}`]));
}

function report() {
  for (const [name] of stale) process.stdout.write(`stale: ${name}\n`);
  for (const name of left) process.stdout.write(`no longer made: ${name}\n`);
  if (stale.length + left.length > 0) process.stdout.write('run: npm run generate\n');
  process.exitCode = stale.length + left.length > 0 ? 1 : 0;
}

function write() {
  for (const [name, text] of stale) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
    process.stdout.write(`wrote ${name}\n`);
  }
  for (const name of left) {
    rmSync(join(root, name));
    process.stdout.write(`removed ${name}\n`);
  }
}
