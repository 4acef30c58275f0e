import { ENGINE_LABELS, type Metric } from '../metrics/metric.js';
import type { StepType } from '../model/step-type.js';
import { preview } from '../text/index.js';
import { child, entries, type Draft, type Node } from './draft.js';

/** The labels that the suite itself gives to the samples of a metric, by metric. */
export type GivenLabels = Map<string, Set<string>>;

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/**
 * Takes up the labels that a step gives to its samples (a parameter with `holds: 'labels'`), so that SLOs may name them. Their names must be written out, be
 * names, and not be those of the engine or of every metric of the step.
 */
export function takeLabels(type: Pick<StepType, 'with'> & Partial<Pick<StepType, 'metrics'>>, node: Node, draft: Draft, given: GivenLabels): void {
  const parameters = Object.entries(type.with.properties).filter(([, schema]) => schema.holds === 'labels');
  for (const [name] of parameters) {
    const labels = child(node, name);
    if (typeof labels.value === 'string') draft.report('REALOPS_WITH_INVALID', `the names of labels must stand in the suite, got ${preview(labels.value, 60)}`, labels, "write them out, since SLOs name them: labels: { timeout: '${{ item }}' }");
    for (const [label, at] of entries(labels)) takeLabel(label, at, type.metrics ?? [], draft, given);
  }
}

function takeLabel(label: string, node: Node, metrics: readonly Metric[], draft: Draft, given: GivenLabels): void {
  const refuse = (why: string, hint: string): void => draft.report('REALOPS_WITH_INVALID', `the label ${preview(label)} ${why}`, node, hint, 'key');
  if (!NAME.test(label)) return refuse('is not a name', 'names of labels are letters, digits and _, e.g. timeout');
  if (ENGINE_LABELS.some((each) => each === label)) return refuse('is one that every sample has', 'choose another name');
  if (metrics.length > 0 && metrics.every(({ labels }) => labels?.includes(label) === true)) return refuse('is set by the step itself', 'choose another name');
  for (const { name } of metrics) {
    const known = given.get(name) ?? new Set<string>();
    given.set(name, known.add(label));
  }
}

/** The metrics of a suite with the labels that it gives them itself. */
export function withGivenLabels(metrics: ReadonlyMap<string, Metric>, given: GivenLabels): ReadonlyMap<string, Metric> {
  return new Map([...metrics].map(([name, metric]) => {
    const more = given.get(name);
    return [name, more === undefined || metric.labels === undefined ? metric : { ...metric, labels: [...new Set([...metric.labels, ...more])] }] as const;
  }));
}
