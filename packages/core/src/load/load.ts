import { RealopsError, sortProblems, type ErrorCode, type Problem } from '../errors/index.js';
import type { Shape } from '../expression/index.js';
import type { Suite } from '../model/suite.js';
import type { Plugin } from '../model/plugin.js';
import { isJsonObject, preview, suggest } from '../text/index.js';
import { child, createDraft, entries, items, type Draft, type Node } from './draft.js';
import { suiteSchema } from './envelope.js';
import { readSurroundings, type Env } from './environment.js';
import { readSuiteFiles } from './files.js';
import { withGivenLabels } from './labels.js';
import { firstNames, fixedRoots } from './names.js';
import { loadRemediation } from './remediation.js';
import { loadOutlets } from './outlets.js';
import { importPlugin } from './plugins.js';
import { createRegistry, type Registry } from './registry.js';
import { loadScenarios } from './scenarios.js';
import { declareMetrics, idsAndTags, loadSlos, loadUserMetrics } from './slos.js';
import { loadSteps, type StepLoader } from './steps.js';

/** What a load is given from outside. */
export interface LoadContext {
  /** Plugins that are there without being named: the built-in ones first. */
  readonly plugins: readonly Plugin[];
  readonly env: Env;
}

/**
 * Reads, checks and compiles a suite. All thinking about text happens here: nothing of it is left for the run, and nothing touches the network.
 * @throws RealopsError REALOPS_LOAD_FAILED with every problem found, sorted by place.
 */
export async function loadSuite(files: readonly string[], context: LoadContext): Promise<Suite> {
  const draft = createDraft();
  const roots = await readSuiteFiles(files, draft);
  const main = roots[0];
  const suite = main === undefined ? undefined : await compile(main, roots, context, draft);
  if (suite === undefined || draft.problems.length > 0) {
    const problems = sortProblems(withoutConsequences(draft.problems));
    const [first] = problems;
    throw new RealopsError('REALOPS_LOAD_FAILED', `the suite has ${problems.length === 1 ? 'a problem' : `${problems.length} problems`}${first === undefined ? '' : `: ${first.message}`}`, { problems });
  }
  return suite;
}

/** What is missing together with a plugin. */
const BROUGHT_BY_PLUGINS: ReadonlySet<ErrorCode> = new Set(['REALOPS_STEP_UNKNOWN', 'REALOPS_METRIC_UNKNOWN', 'REALOPS_ACTION_UNKNOWN', 'REALOPS_NOTIFIER_UNKNOWN']);

/** Where a plugin is missing, so is what it brings; only the cause is told. */
function withoutConsequences(problems: readonly Problem[]): readonly Problem[] {
  if (!problems.some(({ code }) => code === 'REALOPS_PLUGIN_INVALID')) return problems;
  return problems.filter(({ code }) => !BROUGHT_BY_PLUGINS.has(code));
}

async function compile(main: Node, roots: readonly Node[], context: LoadContext, draft: Draft): Promise<Suite> {
  for (const root of roots) checkFile(root, root === main, draft);
  const registry = await loadRegistry(roots, context, draft);
  const surroundings = await readSurroundings(roots, context.env, registry.functions, draft);
  const declared = declareMetrics(roots, registry, draft);
  const metrics = new Map([...registry.metrics, ...declared.map(({ metric }) => [metric.name, metric] as const)]);
  const loader: StepLoader = { registry, functions: registry.functions, targets: surroundings.targets, missingTargets: surroundings.missingTargets, draft, environment: surroundings.environment, metrics, labels: new Map(), ids: new Map() };
  const preflightIds = new Set<string>();
  let names = firstNames(surroundings, { kind: 'keys', keys: {}, none: 'preflight has no rows' }, undefined);
  const preflight = roots.flatMap((root) => {
    const loaded = loadSteps(child(root, 'preflight'), 'preflight', names, preflightIds, loader);
    names = loaded.names;
    return loaded.steps;
  });
  const scenarios = await loadScenarios(roots, surroundings, names, loader);
  const userMetrics = loadUserMetrics(declared, loader.ids, registry, draft);
  const { ids, tags } = idsAndTags(roots, scenarios);
  const measured = withGivenLabels(metrics, loader.labels);
  const slos = loadSlos(roots, measured, ids, tags, draft);
  const outlets = await loadOutlets(roots, registry, surroundings, draft);
  const preflightShape: Shape = { kind: 'keys', keys: names.steps, none: 'the suite has no preflight steps' };
  const remediation = await loadRemediation({ ...loader, roots, slos, scenarios: ids, preflight: preflightShape, fixed: fixedRoots(surroundings) });
  return { ...surroundings, file: main.document.file, files: roots.map(({ document }) => document.file), preflight, scenarios, steps: registry.steps, functions: registry.functions, metrics: measured, userMetrics, slos, ...outlets, reporterTypes: registry.reporters, ...remediation };
}

function checkFile(root: Node, isMain: boolean, draft: Draft): void {
  if (root.value === undefined || root.value === null) return draft.report('REALOPS_VALUE_INVALID', 'the file is empty', root, 'a suite begins with version: 1 and suite: NAME');
  if (!isJsonObject(root.value)) return draft.report('REALOPS_VALUE_INVALID', `a suite is an object with keys, got ${preview(root.value, 60)}`, root, 'it begins with version: 1 and suite: NAME');
  draft.check(suiteSchema, root, 'exempt');
  if (!isMain) {
    for (const key of ['suite', 'environment']) if (child(root, key).value !== undefined) draft.report('REALOPS_VALUE_INVALID', `${key} belongs into the first file only`, child(root, key), 'leave it out here', 'key');
    return;
  }
  // What a misspelt key was meant to give is not missing.
  const sections = Object.keys(suiteSchema.properties);
  const meant = new Set(entries(root).map(([key]) => (sections.includes(key) ? key : suggest(key, sections))));
  if (!meant.has('version')) draft.report('REALOPS_VALUE_INVALID', 'the suite does not say its version', root, 'write version: 1');
  if (!meant.has('suite')) draft.report('REALOPS_VALUE_INVALID', 'the suite has no name', root, 'write suite: my-assistant');
  const scenarios = child(root, 'scenarios');
  const none = scenarios.value === undefined ? !meant.has('scenarios') : Array.isArray(scenarios.value) && scenarios.value.length === 0;
  if (none && !meant.has('include')) draft.report('REALOPS_VALUE_INVALID', 'the suite has no scenarios', scenarios, 'write scenarios: [{ id: hello, steps: [{ use: http.request, with: { url: api } }] }]');
}

async function loadRegistry(roots: readonly Node[], context: LoadContext, draft: Draft): Promise<Registry> {
  const plugins: Plugin[] = [...context.plugins];
  const nodes = new Map<Plugin, Node>();
  for (const node of roots.flatMap((root) => items(child(root, 'plugins')))) {
    if (typeof node.value !== 'string') continue;
    const given = plugins.find(({ name }) => name === node.value);
    const plugin = given ?? (await importPlugin(node, node.value, draft));
    if (plugin === undefined) continue;
    nodes.set(plugin, node);
    if (!plugins.includes(plugin)) plugins.push(plugin);
  }
  return createRegistry(plugins, (plugin, code, message, hint) => {
    const node = nodes.get(plugin);
    if (node === undefined) draft.add({ code, message, ...(hint === undefined ? {} : { hint }) });
    else draft.report(code, message, node, hint);
  });
}
