import type { Sample } from './metric.js';

/** All samples of a run, by metric. */
export interface MetricStore {
  record(sample: Sample): void;
  /**
   * The samples of a metric whose labels have, for every label of `where`, one of the given values. The label `tag` stands for the tags of the
   * sample's scenario, which `tagsOf` knows.
   */
  select(metric: string, where: { readonly [label: string]: readonly string[] }, tagsOf?: (scenario: string) => readonly string[]): readonly Sample[];
  names(): readonly string[];
}

/** An empty store. */
export function createMetricStore(): MetricStore {
  const samples = new Map<string, Sample[]>();
  return {
    record(sample) {
      const known = samples.get(sample.metric);
      if (known === undefined) samples.set(sample.metric, [sample]);
      else known.push(sample);
    },
    select(metric, where, tagsOf = () => []) {
      const all = samples.get(metric) ?? [];
      const conditions = Object.entries(where);
      if (conditions.length === 0) return all;
      return all.filter(({ labels }) =>
        conditions.every(([label, wanted]) => {
          if (label === 'tag') return tagsOf(String(labels['scenario'])).some((tag) => wanted.includes(tag));
          const value = labels[label];
          return value !== undefined && wanted.includes(String(value));
        }),
      );
    },
    names: () => [...samples.keys()],
  };
}
