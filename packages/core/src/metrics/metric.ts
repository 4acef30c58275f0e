/** What a metric counts; the kind decides which aggregates an objective may use. */
export type MetricKind = 'distribution' | 'rate' | 'ratio' | 'counter' | 'gauge';

/** The units of metrics. `ratio` is a share of 1 and is shown in per cent. */
export type Unit = 'ms' | 's' | 'ratio' | 'count' | 'bytes' | 'dB' | 'Wh' | 'celsius';

/** Labels of a measurement, e.g. `{ snr: '10', noise: 'cafe' }`. The engine adds `scenario`, `step` and `row` on its own. */
export interface Labels {
  readonly [name: string]: string | number | boolean;
}

/** The declaration of a metric. A metric that nothing declared cannot be measured or judged. */
export interface Metric {
  /** `area.thing`, e.g. `voice.final`. */
  readonly name: string;
  readonly kind: MetricKind;
  readonly unit: Unit;
  /** One sentence: what it measures, from where to where. */
  readonly description: string;
  /**
   * What an attempt that ended in an error or timeout without this metric means for it. `count`: a rate records "no", a distribution records a
   * sample without a value, which counts as worse than any limit. `skip` (default): nothing is recorded.
   */
  readonly whenFailed?: 'count' | 'skip';
  /**
   * The labels that samples may carry beside those the engine adds; `[]` when there are none. With them, an SLO whose `where` names another label is refused
   * at load; without them any label is taken.
   */
  readonly labels?: readonly string[];
  /** Those of the labels that say how it went and not what it was tried under, such as `final: missing`: breakdowns by condition take such samples together with the others. */
  readonly outcomes?: readonly string[];
}

/** The labels that every sample has (`tag` by way of its scenario). */
export const ENGINE_LABELS = ['scenario', 'step', 'row', 'tag'] as const;

/** One value of a metric: a number, yes/no for a rate, or part over whole for a ratio. */
export type MetricValue = number | boolean | { readonly part: number; readonly whole: number };

/** One measurement as the judge reads it. */
export interface Sample {
  readonly metric: string;
  /** A number; for a rate 1 or 0; for a ratio the part. Null when the attempt failed before there was a value. */
  readonly value: number | null;
  /** The whole of a ratio (e.g. reference words); absent for other kinds. */
  readonly whole?: number;
  /** Why this sample must not be used for a verdict (e.g. the sender was late); absent for a valid one. */
  readonly invalid?: string;
  readonly labels: Labels;
}
