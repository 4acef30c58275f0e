import type { ErrorCode } from '../errors/index.js';
import { formatValue } from '../metrics/format.js';
import type { Metric, MetricKind } from '../metrics/metric.js';
import type { Aggregate, Comparison, Objective } from '../model/slo.js';
import { suggestion } from '../text/index.js';
import { toMetricUnit, UNIT_WORDS, unitsFor } from './units.js';

/** What is wrong with an objective, with its place in the text. */
export interface ObjectiveProblem {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint?: string;
  readonly offset: number;
  readonly length: number;
}

/** The aggregates that each kind of metric supports; percentiles count as `pN`. */
const AGGREGATES: { readonly [K in MetricKind]: readonly string[] } = {
  distribution: ['pN', 'median', 'mean', 'min', 'max', 'stddev', 'count', 'sum', 'last'],
  rate: ['rate', 'count', 'sum'],
  ratio: ['ratio', 'count', 'sum'],
  counter: ['sum', 'count', 'last', 'max'],
  gauge: ['last', 'min', 'max', 'mean', 'median', 'pN', 'count'],
};

const WORDS = ['mean', 'min', 'max', 'median', 'rate', 'ratio', 'count', 'sum', 'last', 'stddev'] as const;
const COMPARISONS: { readonly [written: string]: Comparison } = { '<': '<', '<=': '<=', '≤': '<=', '>': '>', '>=': '>=', '≥': '>=', '=': '=' };

/**
 * Parses and checks an objective against the declared metrics.
 *
 * ```bnf
 * objective  ::= aggregate "(" metric ")" comparison value [ unit ]
 * aggregate  ::= "mean" | "min" | "max" | "median" | "rate" | "ratio" | "count" | "sum" | "last" | "stddev" | "p" number   ; 0 < number < 100
 * metric     ::= name { "." name }
 * comparison ::= "<" | "<=" | ">" | ">=" | "=" | "≤" | "≥"
 * value      ::= [ "-" ] digits [ "." digits ]
 * unit       ::= "ms" | "s" | "m" | "h" | "%" | "B" | "kB" | "MB" | "GB" | "Wh" | "dB" | "count" | "°C" | "C"
 * ```
 */
export function parseObjective(text: string, metrics: ReadonlyMap<string, Metric>): { readonly objective: Objective | undefined; readonly problems: readonly ObjectiveProblem[] } {
  const match = /^(\s*)([A-Za-z]+[\d.]*)(\s*\(\s*)([^()\s]*)(\s*\)\s*)([<>=!≤≥]+)(\s*)(-?\d+(?:\.\d+)?)(\s*)(\S*)\s*$/u.exec(text);
  if (match === null) return { objective: undefined, problems: [{ code: 'REALOPS_OBJECTIVE_INVALID', message: `the objective cannot be read: ${text}`, hint: 'write AGG(METRIC) OP VALUE[UNIT], e.g. p95(voice.final) < 800ms, ratio(voice.wer) <= 11%, rate(tool.success) >= 95%', offset: 0, length: text.length }] };
  const [, lead = '', aggregateText = '', open = '', metricName = '', close = '', operator = '', gap = '', number = '', , unitText = ''] = match;
  const at = { aggregate: lead.length, metric: lead.length + aggregateText.length + open.length, operator: lead.length + aggregateText.length + open.length + metricName.length + close.length };
  const valueAt = at.operator + operator.length + gap.length;
  const problems: ObjectiveProblem[] = [];
  const add = (code: ErrorCode, message: string, offset: number, length: number, hint?: string): void => void problems.push({ code, message, offset, length: Math.max(1, length), ...(hint === undefined ? {} : { hint }) });

  const aggregate = parseAggregate(aggregateText);
  const metric = metrics.get(metricName);
  const comparison = COMPARISONS[operator];
  if (aggregate === undefined) add('REALOPS_OBJECTIVE_INVALID', `"${aggregateText}" is not an aggregate`, at.aggregate, aggregateText.length, suggestion(aggregateText, [...WORDS, 'p50', 'p90', 'p95', 'p99'], 'aggregates'));
  if (metric === undefined) add('REALOPS_METRIC_UNKNOWN', `nothing declares the metric "${metricName}"`, at.metric, metricName.length, suggestion(metricName, metrics.keys(), 'metrics'));
  if (comparison === undefined) add('REALOPS_OBJECTIVE_INVALID', `"${operator}" is not a comparison`, at.operator, operator.length, operator === '==' ? 'write a single =' : operator === '=<' ? 'write <=' : operator === '=>' ? 'write >=' : 'one of < <= > >= =');
  if (aggregate !== undefined && metric !== undefined && !AGGREGATES[metric.kind].includes(kindOf(aggregate))) {
    add('REALOPS_OBJECTIVE_INVALID', `${metric.name} is a ${metric.kind}, which has no ${aggregate}`, at.aggregate, aggregateText.length, `a ${metric.kind} has ${AGGREGATES[metric.kind].join(', ')}`);
  }
  const unit = aggregate === 'count' || (aggregate === 'sum' && (metric?.kind === 'rate' || metric?.kind === 'ratio')) ? 'count' : (metric?.unit ?? 'count');
  const written = unitText === '' ? undefined : unitText;
  const limit = metric === undefined ? undefined : toMetricUnit(Number(number), written, unit);
  if (metric !== undefined && limit === undefined) {
    const fitting = unitsFor(unit);
    const known = written !== undefined && UNIT_WORDS.includes(written);
    const message = written === undefined ? `${metric.name} is measured in ${unit}; the limit needs a unit` : known ? `${written} does not fit ${metric.name}, which is measured in ${unit}` : `"${written}" is not a unit`;
    add('REALOPS_OBJECTIVE_INVALID', message, valueAt, number.length + unitText.length, `write ${number}${fitting[0] ?? ''}; units here: ${fitting.join(', ')}`);
  }
  if (metric !== undefined && limit !== undefined && unit === 'ratio' && written === undefined && Math.abs(limit) > 1) add('REALOPS_OBJECTIVE_INVALID', `${metric.name} is a share of 1; ${number} would be ${number}00 %`, valueAt, number.length, `write ${number}%`);
  if (problems.length > 0 || aggregate === undefined || metric === undefined || comparison === undefined || limit === undefined) return { objective: undefined, problems };
  return { objective: { text: text.trim(), aggregate, metric: metricName, comparison, limit, unit, target: describeTarget(aggregate, comparison, limit, unit) }, problems };
}

function parseAggregate(text: string): Aggregate | undefined {
  const word = WORDS.find((each) => each === text);
  if (word !== undefined) return word;
  const percentile = /^p(\d{1,2}(?:\.\d+)?)$/.exec(text);
  const n = Number(percentile?.[1]);
  return percentile !== null && n > 0 && n < 100 ? `p${n}` : undefined;
}

function kindOf(aggregate: Aggregate): string {
  return /^p\d/.test(aggregate) ? 'pN' : aggregate;
}

const SIGNS: { readonly [C in Comparison]: string } = { '<': '<', '<=': '≤', '>': '>', '>=': '≥', '=': '=' };

function describeTarget(aggregate: Aggregate, comparison: Comparison, limit: number, unit: Objective['unit']): string {
  const bound = `${SIGNS[comparison]} ${formatValue(limit, unit)}`;
  return aggregate === 'rate' || aggregate === 'ratio' ? bound : `${aggregate} ${bound}`;
}
