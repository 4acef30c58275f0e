import type { Sample } from '../metrics/metric.js';
import type { SloDefinition } from '../model/slo.js';

/** So many values of a label are named. */
const MOST_NAMED = 6;

/**
 * Why an SLO finds none of the samples that its metric has: the first label of `where` that none of them carries with a value asked for, with the values that they have.
 * Undefined when there are no samples at all, or only tags keep them out.
 */
export function whyNoneMatches({ where, objective }: SloDefinition, samples: readonly Sample[]): string | undefined {
  if (samples.length === 0) return undefined;
  const asked = Object.entries(where).filter(([label]) => label !== 'tag');
  for (const [label, wanted] of asked) {
    const values = new Set(samples.flatMap(({ labels }) => (Object.hasOwn(labels, label) ? [String(labels[label])] : [])));
    if (wanted.some((value) => values.has(value))) continue;
    const named = [...values].slice(0, MOST_NAMED).join(', ');
    const had = values.size === 0 ? 'none has that label' : `they have ${named}${values.size > MOST_NAMED ? ` and ${values.size - MOST_NAMED} more` : ''}`;
    return `no sample of ${objective.metric} has ${label} ${wanted.join(' or ')}; ${had}`;
  }
  return asked.length < 2 ? undefined : `no sample of ${objective.metric} has ${asked.map(([label, wanted]) => `${label} ${wanted.join(' or ')}`).join(' and ')} at once`;
}
