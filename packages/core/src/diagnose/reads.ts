/** One name that rules read below `metrics`, taken apart. */
export interface MetricRead {
  readonly metric: string;
  /** The scenario of `in`; undefined for the whole run. */
  readonly scenario: string | undefined;
  /** The aggregate; undefined when the metric, or its `in`, is read as a whole. */
  readonly aggregate: string | undefined;
  /** Reads below `in`, or so much that `in` may be meant. */
  readonly inside: boolean;
}

/** The id that a name below `root` begins with, longest first since ids may hold dots, and what follows it; undefined when it names none of them. */
export function splitRead(read: string, root: string, ids: ReadonlySet<string>): { readonly id: string; readonly rest: string } | undefined {
  if (!read.startsWith(`${root}.`)) return undefined;
  const path = read.slice(root.length + 1);
  for (let end = path.length; end > 0; end = path.lastIndexOf('.', end - 1)) {
    const id = path.slice(0, end);
    if (ids.has(id)) return { id, rest: path.slice(end + 1) };
  }
  return undefined;
}

/** The metrics that a name reads: one that it names, or all below it (`metrics`, `metrics.voice`, `metrics.*`). None for names elsewhere. */
export function metricReads(read: string, metrics: ReadonlySet<string>): readonly MetricRead[] {
  if (read !== 'metrics' && !read.startsWith('metrics.')) return [];
  const named = splitRead(read, 'metrics', metrics);
  if (named === undefined) {
    const path = read.slice('metrics.'.length);
    return [...metrics].filter((metric) => path === '' || metric.startsWith(`${path}.`)).map((metric) => ({ metric, scenario: undefined, aggregate: undefined, inside: true }));
  }
  const { id: metric, rest } = named;
  if (rest === '' || rest === 'in') return [{ metric, scenario: undefined, aggregate: undefined, inside: true }];
  if (!rest.startsWith('in.')) return [{ metric, scenario: undefined, aggregate: rest, inside: false }];
  const inside = rest.slice('in.'.length);
  const dot = inside.lastIndexOf('.');
  return [{ metric, scenario: dot < 0 ? inside : inside.slice(0, dot), aggregate: dot < 0 ? undefined : inside.slice(dot + 1), inside: true }];
}

/** The ids of `slos` that a list of names mentions. */
export function slosRead(reads: readonly string[], ids: ReadonlySet<string>): ReadonlySet<string> {
  return new Set(reads.flatMap((read) => splitRead(read, 'slos', ids)?.id ?? []));
}
