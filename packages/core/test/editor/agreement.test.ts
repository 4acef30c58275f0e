import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv, type ValidateFunction } from 'ajv';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseYaml } from '../../src/yaml/index.js';
import { BROKEN, brokenSuites, checkSuite } from '../broken/support.js';

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));
/** Problems that a schema can see: of keys and of the form of values. The other codes are about names, files, expressions and what only the whole suite shows. */
const FORMAL: ReadonlySet<string> = new Set(['REALOPS_KEY_UNKNOWN', 'REALOPS_VALUE_INVALID', 'REALOPS_WITH_INVALID', 'REALOPS_STEP_UNKNOWN', 'REALOPS_ACTION_UNKNOWN', 'REALOPS_NOTIFIER_UNKNOWN', 'REALOPS_KNOB_INVALID', 'REALOPS_METRIC_INVALID', 'REALOPS_CRON_INVALID']);
/** Problems that a schema has to see. */
const VISIBLE: ReadonlySet<string> = new Set(['REALOPS_KEY_UNKNOWN', 'REALOPS_STEP_UNKNOWN', 'REALOPS_ACTION_UNKNOWN', 'REALOPS_NOTIFIER_UNKNOWN']);
/** Groups that are no matter of the schema: what is not YAML, what stands in other files, and plugins, whose parts the committed schema does not know. */
const OTHER_GROUPS: ReadonlySet<string> = new Set(['yaml', 'plugin', 'include', 'data']);

let validate: ValidateFunction;
beforeAll(() => {
  const schema = JSON.parse(readFileSync(join(ROOT, 'schemas/scenarios.schema.json'), 'utf8')) as object;
  // As editors do: draft 7, without the strictness that is for authors of schemas.
  validate = new Ajv({ strict: false, allErrors: false, logger: false }).compile(schema);
});

function accepts(file: string): boolean {
  return validate(parseYaml(file, readFileSync(file, 'utf8')).value);
}

async function codesOf(suite: string): Promise<readonly string[]> {
  const { text } = await checkSuite(join(BROKEN, suite), 'json');
  const { problems } = JSON.parse(text) as { readonly problems: readonly { readonly code: string }[] };
  return problems.map(({ code }) => code);
}

const examples = ['examples/first-check', 'examples/alice', 'examples/embed-in-vitest'].flatMap((folder) => readdirSync(join(ROOT, folder)).filter((name) => name.endsWith('.yaml')).map((name) => `${folder}/${name}`));
/** Suites about step types of plugins: the one brings its own, the other forgets to name the plugin of one that the schema of this repository knows. */
const WITH_PLUGINS: ReadonlySet<string> = new Set(['step/production-refused.yaml', 'step/use-of-a-plugin.yaml']);
const broken = brokenSuites().filter((suite) => !OTHER_GROUPS.has(suite.split('/')[0] ?? '') && !WITH_PLUGINS.has(suite));

describe('the schema for editors', () => {
  it.each(examples)('accepts %s', (example) => {
    expect(accepts(join(ROOT, example)), JSON.stringify(validate.errors)).toBe(true);
  });

  it('is asked about most of the broken suites', () => {
    expect(broken.length).toBeGreaterThan(250);
  });

  it('refuses no broken suite whose form is right: what it underlines, the loader refuses too', async () => {
    const refused = await Promise.all(broken.map(async (suite) => ((await codesOf(suite)).some((code) => FORMAL.has(code)) || accepts(join(BROKEN, suite)) ? [] : [suite])));
    expect(refused.flat()).toEqual([]);
  });

  it('refuses every misspelt key, and every step type, action and notifier that there is not', async () => {
    const missed = await Promise.all(broken.map(async (suite) => ((await codesOf(suite)).some((code) => VISIBLE.has(code)) && accepts(join(BROKEN, suite)) ? [suite] : [])));
    expect(missed.flat()).toEqual([]);
  });
});
