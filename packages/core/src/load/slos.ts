import { compileExpression } from '../expression/index.js';
import { parseObjective } from '../judge/objective.js';
import { ENGINE_LABELS, type Metric } from '../metrics/metric.js';
import type { SloDefinition } from '../model/slo.js';
import type { StepType } from '../model/step-type.js';
import type { Scenario, UserMetric } from '../model/suite.js';
import { shapeOf } from '../schema/index.js';
import { suggestion } from '../text/index.js';
import { child, entries, items, sourceOf, within, type Draft, type Node } from './draft.js';
import { metricSchema, sloSchema } from './envelope.js';
import type { Registry } from './registry.js';

/** A metric of the suite's own before its `from` step is known. */
interface DeclaredMetric {
  readonly metric: Metric;
  readonly node: Node;
  readonly from: string | undefined;
}

/** The metrics that the suite declares itself; a name that a plugin declares already is refused. */
export function declareMetrics(roots: readonly Node[], registry: Registry, draft: Draft): readonly DeclaredMetric[] {
  const declared: DeclaredMetric[] = [];
  for (const [name, node] of roots.flatMap((root) => entries(child(root, 'metrics')))) {
    const yaml = draft.check(metricSchema, node);
    if (yaml === undefined) continue;
    if (registry.metrics.has(name) || declared.some(({ metric }) => metric.name === name)) {
      draft.report('REALOPS_ID_DUPLICATE', `the metric "${name}" is already declared`, node, registry.metrics.has(name) ? 'a plugin declares it; choose another name' : 'choose another name', 'key');
      continue;
    }
    if ((yaml.from === undefined) !== (yaml.value === undefined)) draft.report('REALOPS_METRIC_INVALID', `metrics.${name} needs both from and value, or neither`, node, 'from names the steps, value computes the number from their output; without both, measure fills the metric');
    const unit = yaml.unit ?? (yaml.kind === 'rate' || yaml.kind === 'ratio' ? 'ratio' : 'count');
    declared.push({ metric: { name, kind: yaml.kind, unit, labels: [], description: yaml.description ?? `${name}, declared by the suite` }, node, from: yaml.from });
  }
  return declared;
}

/** Compiles the values of metrics computed from outputs, once the steps are known. */
export function loadUserMetrics(declared: readonly DeclaredMetric[], ids: ReadonlyMap<string, StepType | undefined>, registry: Registry, draft: Draft): readonly UserMetric[] {
  return declared.flatMap(({ metric, node, from }) => {
    const value = child(node, 'value');
    if (from === undefined || typeof value.value !== 'string') return [];
    if (!ids.has(from)) {
      draft.report('REALOPS_VALUE_INVALID', `metrics.${metric.name} reads the output of "${from}", but no step has that id`, child(node, 'from'), suggestion(from, ids.keys(), 'step ids'));
      return [];
    }
    const type = ids.get(from);
    const { expression, problems } = compileExpression(value.value, {
      functions: registry.functions,
      ...(type === undefined ? {} : { shape: shapeOf(type.output) }),
      locate: (offset, length) => within(value, offset, length),
    });
    for (const problem of problems) draft.add(problem);
    return expression === undefined || problems.length > 0 ? [] : [{ metric, from, value: expression }];
  });
}

/** Parses the objectives of all files and checks what they name. */
export function loadSlos(roots: readonly Node[], metrics: ReadonlyMap<string, Metric>, scenarios: ReadonlySet<string>, tags: ReadonlySet<string>, draft: Draft): readonly SloDefinition[] {
  const slos: SloDefinition[] = [];
  for (const node of roots.flatMap((root) => items(child(root, 'slos')))) {
    const yaml = draft.check(sloSchema, node);
    const text = child(node, 'objective');
    const parsed = typeof text.value === 'string' ? parseObjective(text.value, metrics) : undefined;
    for (const { code, message, hint, offset, length } of parsed?.problems ?? []) {
      draft.add({ code, message, source: within(text, offset, length), ...(hint === undefined ? {} : { hint }) });
    }
    if (yaml === undefined || parsed?.objective === undefined) continue;
    if (slos.some(({ id }) => id === yaml.id)) draft.report('REALOPS_ID_DUPLICATE', `the SLO id "${yaml.id}" is used twice`, child(node, 'id'), 'give each SLO an id of its own');
    const where = Object.fromEntries(Object.entries(yaml.where).map(([label, value]) => [label, Array.isArray(value) ? value.map(String) : [String(value)]]));
    checkLabels(Object.keys(where), metrics.get(parsed.objective.metric), node, draft);
    checkLabel('scenario', where, scenarios, node, draft);
    checkLabel('tag', where, tags, node, draft);
    slos.push({ id: yaml.id, title: yaml.title ?? yaml.id, objective: parsed.objective, where, severity: yaml.severity, minSamples: yaml.minSamples, evidence: yaml.evidence, source: sourceOf(node) });
  }
  return slos;
}

/** A label that no sample of the metric can have would leave the SLO without data. */
function checkLabels(given: readonly string[], metric: Metric | undefined, node: Node, draft: Draft): void {
  if (metric?.labels === undefined) return;
  const known: readonly string[] = [...ENGINE_LABELS, ...metric.labels];
  for (const label of given) {
    if (!known.includes(label)) draft.report('REALOPS_VALUE_INVALID', `${metric.name} has no label "${label}"`, child(node, 'where', label), suggestion(label, known, 'labels'), 'key');
  }
}

function checkLabel(label: 'scenario' | 'tag', where: SloDefinition['where'], known: ReadonlySet<string>, node: Node, draft: Draft): void {
  for (const value of where[label] ?? []) {
    if (!known.has(value)) draft.report('REALOPS_VALUE_INVALID', `no scenario has the ${label === 'scenario' ? 'id' : 'tag'} "${value}"`, child(node, 'where', label), suggestion(value, known, label === 'scenario' ? 'scenarios' : 'tags'));
  }
}

/** The ids and tags of scenarios. */
export function idsAndTags(roots: readonly Node[], scenarios: readonly Scenario[]): { readonly ids: ReadonlySet<string>; readonly tags: ReadonlySet<string> } {
  const ids = roots.flatMap((root) => items(child(root, 'scenarios')).flatMap((node) => (typeof child(node, 'id').value === 'string' ? [String(child(node, 'id').value)] : [])));
  return { ids: new Set(ids), tags: new Set(scenarios.flatMap(({ tags }) => tags)) };
}
