import type { RowSource, Scenario } from '../model/suite.js';
import type { Infer } from '../schema/infer.js';
import { isJsonObject, type JsonObject } from '../text/index.js';
import type { Shape } from '../expression/index.js';
import { child, items, placeOf, sourceOf, type Node } from './draft.js';
import { scenarioSchema } from './envelope.js';
import { shapeOfValue, type Surroundings } from './environment.js';
import { firstNames, type Names } from './names.js';
import { readRows } from './rows.js';
import { loadSteps, type StepLoader } from './steps.js';

/** Compiles all scenarios of all files; every problem of every one is reported. `before` holds the names that preflight leaves. */
export async function loadScenarios(roots: readonly Node[], surroundings: Surroundings, before: Names, loader: StepLoader): Promise<readonly Scenario[]> {
  const scenarios: Scenario[] = [];
  const ids = new Map<string, Node>();
  for (const node of roots.flatMap((root) => items(child(root, 'scenarios')))) {
    const yaml = loader.draft.check(scenarioSchema, node);
    const first = yaml === undefined ? undefined : ids.get(yaml.id);
    if (yaml !== undefined && first !== undefined) loader.draft.report('REALOPS_ID_DUPLICATE', `the scenario id "${yaml.id}" is used twice`, child(node, 'id'), `it is taken in ${placeOf(first, node)}`);
    if (yaml !== undefined && yaml.id === 'preflight') loader.draft.report('REALOPS_VALUE_INVALID', 'a scenario may not be called "preflight"', child(node, 'id'), 'in reports, that is the name of the checks under preflight');
    if (yaml !== undefined) ids.set(yaml.id, child(node, 'id'));
    const scenario = await loadScenario(node, yaml, surroundings, before, loader);
    if (scenario !== undefined) scenarios.push(scenario);
  }
  return scenarios;
}

async function loadScenario(node: Node, yaml: Infer<typeof scenarioSchema> | undefined, surroundings: Surroundings, before: Names, loader: StepLoader): Promise<Scenario | undefined> {
  const dataNode = child(node, 'data');
  // A malformed scenario is still read step by step, with rows of unknown shape.
  const rows = dataNode.value === undefined || yaml === undefined ? undefined : await readRows(dataNode, loader.registry.functions, loader.draft);
  const rowShape: Shape = dataNode.value === undefined ? { kind: 'keys', keys: {}, none: 'this scenario has no data' } : rows === undefined || rows.length === 0 ? { kind: 'open' } : columnsOf(rows.map(({ values }) => values));
  const taken = new Set<string>();
  const names = firstNames(surroundings, rowShape, before);
  const setup = loadSteps(child(node, 'setup'), 'setup', names, taken, loader);
  const steps = loadSteps(child(node, 'steps'), 'step', setup.names, taken, loader);
  const closing = loadSteps(child(node, 'finally'), 'finally', steps.names, taken, loader);
  if (yaml === undefined) return undefined;
  return {
    id: yaml.id,
    title: yaml.title ?? yaml.id,
    tags: yaml.tags,
    source: sourceOf(node),
    exclusive: yaml.exclusive,
    data: rows === undefined ? undefined : rowSource(yaml.data, rows),
    setup: setup.steps,
    steps: steps.steps,
    finally: closing.steps,
  };
}

function rowSource(data: Infer<typeof scenarioSchema>['data'], rows: RowSource['rows']): RowSource {
  if (!isJsonObject(data)) return { rows, shuffle: false, limit: undefined, parallel: 1 };
  const { shuffle, limit, parallel } = data;
  return {
    rows,
    shuffle: typeof shuffle === 'boolean' || typeof shuffle === 'number' ? shuffle : false,
    limit: typeof limit === 'number' ? limit : undefined,
    parallel: typeof parallel === 'number' ? parallel : 1,
  };
}

/** The columns that any of the rows has, with the shape of the first value that is not null. */
function columnsOf(rows: readonly JsonObject[]): Shape {
  const keys: { [name: string]: Shape } = {};
  for (const row of rows.slice(0, 2_000)) {
    for (const [name, value] of Object.entries(row)) keys[name] = isJsonObject(value) ? { kind: 'open' } : (keys[name] ?? shapeOfValue(value));
  }
  return { kind: 'keys', keys };
}
