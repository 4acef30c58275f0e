import type { SourceRange } from '../errors/index.js';
import type { Unit } from '../metrics/metric.js';

/** The verdicts of an SLO. No data is never a pass. */
export type Verdict = 'pass' | 'fail' | 'inconclusive' | 'no-data' | 'error';

/** The aggregates of the objective grammar; `pN` is a percentile with N in (0, 100). */
export type Aggregate = 'mean' | 'min' | 'max' | 'median' | 'rate' | 'ratio' | 'count' | 'sum' | 'last' | 'stddev' | `p${number}`;

/** The comparison of an objective. */
export type Comparison = '<' | '<=' | '>' | '>=' | '=';

/** A parsed objective. `limit` is in `unit`, the unit of the metric (a ratio for per cent). */
export interface Objective {
  readonly text: string;
  readonly aggregate: Aggregate;
  readonly metric: string;
  readonly comparison: Comparison;
  readonly limit: number;
  readonly unit: Unit;
  /** The limit as people read it: `≤ 11 %`, `p95 < 800 ms`. */
  readonly target: string;
}

/** How an SLO is judged: by the point estimate, or only when the 95 % interval excludes the other side. */
export type Evidence = 'point' | 'proven';

/** A service level objective of a suite. */
export interface SloDefinition {
  readonly id: string;
  readonly title: string;
  readonly objective: Objective;
  /** Label values that a sample must have; a list means any of them. `scenario`, `step` and `tag` are labels too. */
  readonly where: { readonly [label: string]: readonly string[] };
  readonly severity: 'critical' | 'major' | 'minor';
  readonly minSamples: number;
  readonly evidence: Evidence;
  readonly source: SourceRange;
}

/** The verdict on one SLO with everything a reader needs to trust it. */
export interface JudgedSlo {
  readonly id: string;
  readonly title: string;
  readonly severity: 'critical' | 'major' | 'minor';
  readonly verdict: Verdict;
  readonly evidence: Evidence;
  /** True when the interval excludes the other side. */
  readonly proven: boolean;
  readonly objective: string;
  readonly metric: string;
  readonly aggregate: Aggregate;
  readonly comparison: Comparison;
  readonly limit: number;
  readonly unit: Unit;
  readonly target: string;
  /** The point estimate in `unit`; null when there is none (no data, or the rank falls on attempts without a value). */
  readonly value: number | null;
  /** How many samples were judged, those without a value included. For a ratio the number of pooled parts is in `whole`. */
  readonly samples: number;
  /** Pooled whole of a ratio (e.g. 412 reference words); null for other kinds. */
  readonly whole: number | null;
  /** Attempts that ended before there was a value; counted as over the limit. */
  readonly missing: number;
  /** Samples left out because the measurement itself was not valid (e.g. the sender was late). */
  readonly invalid: number;
  /** The 95 % interval in `unit`; null at a side means unbounded; null as a whole when there is none for this aggregate. */
  readonly interval: { readonly low: number | null; readonly high: number | null; readonly method: string } | null;
  /** How many samples a proof would take; null when proven or unknown. */
  readonly needed: number | null;
  /** One sentence that explains the verdict: `20 of the 59 samples it takes to prove it`. */
  readonly note: string | null;
  /** Counts of the sample values in equal bins between `from` and `to` (in `unit`), for drawing; null without values. */
  readonly distribution: { readonly from: number; readonly to: number; readonly counts: readonly number[] } | null;
}
