import type { Sample } from './metric.js';

/** The samples of a run, kept whole because percentiles are exact. */
export interface MetricStore {
  record(sample: Sample): void;
  /**
   * The samples of a metric whose labels have one of the wanted values, in the order they were recorded. Labels are compared as text, so `snr: '10'`
   * finds the number 10; a sample without the label does not match. With `tagsOf`, the label `tag` asks for a tag of the sample's scenario.
   */
  select(metric: string, where: { readonly [label: string]: readonly string[] }, tagsOf?: (scenario: string) => readonly string[]): readonly Sample[];
  /** The metrics that have samples, in order of their first. */
  names(): readonly string[];
}

/** A store without samples. Recording is a push; selecting walks the samples of the one metric once. */
export function createMetricStore(): MetricStore {
  const byMetric = new Map<string, Sample[]>();
  return {
    record(sample) {
      const samples = byMetric.get(sample.metric);
      if (samples === undefined) byMetric.set(sample.metric, [sample]);
      else samples.push(sample);
    },
    select(metric, where, tagsOf) {
      const samples = byMetric.get(metric) ?? [];
      const tests = Object.entries(where).map(([label, wanted]) => testOf(label, new Set(wanted), tagsOf));
      return samples.filter((sample) => tests.every((test) => test(sample)));
    },
    names: () => [...byMetric.keys()],
  };
}

function testOf(label: string, wanted: ReadonlySet<string>, tagsOf: ((scenario: string) => readonly string[]) | undefined): (sample: Sample) => boolean {
  if (label !== 'tag' || tagsOf === undefined) {
    return ({ labels }) => Object.hasOwn(labels, label) && wanted.has(String(labels[label]));
  }
  const known = new Map<string, boolean>();
  return ({ labels }) => {
    const scenario = String(labels['scenario'] ?? '');
    const seen = known.get(scenario);
    if (seen !== undefined) return seen;
    const matches = tagsOf(scenario).some((tag) => wanted.has(tag));
    known.set(scenario, matches);
    return matches;
  };
}
