import type { ErrorCode } from '../errors/index.js';
import { formatExact } from '../metrics/format.js';
import type { Metric, Unit } from '../metrics/metric.js';
import type { Aggregate, Comparison, Objective } from '../model/slo.js';
import { suggestion } from '../text/index.js';
import { aggregateMeant, aggregateOf, hintForAggregate, otherAggregates, unitOf } from './aggregates.js';
import { scanObjective, type Token } from './scan.js';
import { toMetricUnit, unitMeant, UNIT_WORDS, unitsFor } from './units.js';

/** What is wrong with an objective, with its place in the text. */
export interface ObjectiveProblem {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint?: string;
  readonly offset: number;
  readonly length: number;
}

/** An objective, or everything that is wrong with its text. */
export interface ParsedObjective {
  readonly objective: Objective | undefined;
  readonly problems: readonly ObjectiveProblem[];
}

const COMPARISONS: { readonly [written: string]: Comparison } = { '<': '<', '<=': '<=', '≤': '<=', '>': '>', '>=': '>=', '≥': '>=', '=': '=' };
const SIGNS: { readonly [C in Comparison]: string } = { '<': '<', '<=': '≤', '>': '>', '>=': '≥', '=': '=' };
const COMPARISON_HINTS: { readonly [written: string]: string } = {
  '==': 'write =', '===': 'write =', '=<': 'write <=', '=>': 'write >=', '!=': 'an objective says what should hold: write = or a bound', '<>': 'an objective says what should hold: write = or a bound',
};

/**
 * Parses and checks an objective against the declared metrics.
 *
 * ```bnf
 * objective  ::= aggregate "(" metric ")" comparison value [ unit ]
 * aggregate  ::= "mean" | "min" | "max" | "median" | "rate" | "ratio" | "count" | "sum" | "last" | "stddev" | "p" number   ; 0 < number < 100
 * metric     ::= name { "." name }
 * comparison ::= "<" | "<=" | ">" | ">=" | "=" | "≤" | "≥"
 * value      ::= [ "+" | "-" ] digits [ "." digits ]
 * unit       ::= "ms" | "s" | "m" | "h" | "%" | "B" | "kB" | "MB" | "GB" | "KiB" | "MiB" | "GiB" | "Wh" | "dB" | "count" | "°C" | "C"
 * ```
 *
 * The limit of the objective is in the metric's own unit. Times and memory need a unit; a share is written `11%` or `0.11`.
 */
export function parseObjective(text: string, metrics: ReadonlyMap<string, Metric>): ParsedObjective {
  const { tokens, problem } = scanObjective(text);
  if (problem !== undefined) return { objective: undefined, problems: [{ code: 'REALOPS_OBJECTIVE_INVALID', ...problem }] };

  const problems: ObjectiveProblem[] = [];
  const report: Report = (at, message, hint, code = 'REALOPS_OBJECTIVE_INVALID') => {
    problems.push({ code, message, offset: at.offset, length: Math.max(1, at.text.length), ...(hint === undefined ? {} : { hint }) });
  };
  const aggregate = aggregateOf(tokens.aggregate.text);
  if (aggregate === undefined) report(tokens.aggregate, `"${tokens.aggregate.text}" is not an aggregate`, hintForAggregate(tokens.aggregate.text));
  const comparison = Object.hasOwn(COMPARISONS, tokens.comparison.text) ? COMPARISONS[tokens.comparison.text] : undefined;
  if (comparison === undefined) report(tokens.comparison, `"${tokens.comparison.text}" is not a comparison`, COMPARISON_HINTS[tokens.comparison.text] ?? 'one of < <= > >= =');
  const metric = metrics.get(tokens.metric.text);
  if (metric === undefined) report(tokens.metric, `nothing declares the metric "${tokens.metric.text}"`, suggestion(tokens.metric.text, metrics.keys(), 'metrics'), 'REALOPS_METRIC_UNKNOWN');
  if (metric === undefined) return { objective: undefined, problems };

  const legal = aggregate === undefined ? undefined : otherAggregates(metric, aggregate);
  if (legal !== undefined) report(tokens.aggregate, `${metric.name} is a ${metric.kind}, which has no ${aggregate ?? ''}`, `a ${metric.kind} has ${legal.join(', ')}`);
  const unit = unitOf(aggregate ?? aggregateMeant(tokens.aggregate.text), metric);
  // With an aggregate that the metric has not, what is said about the unit would be beside the point.
  const limit = legal === undefined ? limitOf(tokens.value, tokens.unit, unit, metric, aggregate, report) : undefined;
  if (problems.length > 0 || aggregate === undefined || comparison === undefined || limit === undefined) return { objective: undefined, problems };
  return { objective: { text: text.trim(), aggregate, metric: metric.name, comparison, limit, unit, target: describeTarget(aggregate, comparison, limit, unit) }, problems };
}

type Report = (at: Token, message: string, hint?: string, code?: ErrorCode) => void;

function limitOf(value: Token, written: Token | undefined, unit: Unit, metric: Metric, aggregate: Aggregate | undefined, report: Report): number | undefined {
  const place: Token = written === undefined ? value : { offset: value.offset, text: ' '.repeat(written.offset + written.text.length - value.offset) };
  const limit = toMetricUnit(value.text, written?.text, unit);
  if (limit === undefined) {
    const fitting = unitsFor(unit);
    const list = `units here: ${fitting.join(', ')}`;
    if (written === undefined) report(place, `${metric.name} is measured in ${unit}; the limit needs a unit`, `write ${value.text}${fitting[0] ?? ''}; ${list}`);
    else if (UNIT_WORDS.includes(written.text)) report(place, `${written.text} does not fit ${aggregate === 'count' || unit !== metric.unit ? `${aggregate ?? 'the aggregate'}(${metric.name})` : metric.name}, which is measured in ${unit}`, list);
    else {
      const meant = unitMeant(written.text);
      report(place, `"${written.text}" is not a unit`, meant !== undefined && fitting.includes(meant) ? `write ${value.text}${meant}; ${list}` : list);
    }
    return undefined;
  }
  if (unit === 'ratio' && written === undefined && Math.abs(limit) > 1) {
    report(place, `${metric.name} is a share of 1; ${value.text} would be ${formatExact(limit, 'ratio')}`, `write ${value.text}%`);
    return undefined;
  }
  if (aggregate === 'rate' && (limit < 0 || limit > 1)) {
    report(place, `a rate lies between 0 % and 100 %, ${formatExact(limit, 'ratio')} does not`);
    return undefined;
  }
  return limit;
}

/** The limit as people read it: `≤ 11 %`, `p95 < 800 ms`. A rate or ratio needs no aggregate, since it has no other. */
function describeTarget(aggregate: Aggregate, comparison: Comparison, limit: number, unit: Unit): string {
  const bound = `${SIGNS[comparison]} ${formatExact(limit, unit)}`;
  return aggregate === 'rate' || aggregate === 'ratio' ? bound : `${aggregate} ${bound}`;
}
