import type { JudgedSlo } from '../model/slo.js';
import type { EventError, EventExpectation, EventSource } from './event.js';
import { anyJson, count, enumOf, integer, jsonObject, listOf, nullable, number, object, text, type SchemaNode } from './schema-nodes.js';

type Fields<T> = { readonly [K in keyof T]: SchemaNode };

/** {@link EventSource} */
export const sourceNode: SchemaNode = object({ file: text('Relative to the folder of the suite file'), line: integer(), column: integer() } satisfies Fields<EventSource>);

/** {@link EventError} */
export const errorNode: SchemaNode = object({ code: text(), message: text(), hint: nullable(text()) } satisfies Fields<EventError>);

/** {@link EventExpectation} */
export const expectationNode: SchemaNode = object({ expression: text(), held: { type: 'boolean' }, got: jsonObject() } satisfies Fields<EventExpectation>);

/** {@link JudgedSlo} */
export const sloNode: SchemaNode = object({
  id: text(),
  title: text(),
  severity: enumOf('critical', 'major', 'minor'),
  verdict: enumOf('pass', 'fail', 'inconclusive', 'no-data', 'error'),
  evidence: enumOf('point', 'proven'),
  proven: { type: 'boolean', description: 'The 95 % interval excludes the other side' },
  objective: text(),
  metric: text(),
  aggregate: text('mean, min, max, median, rate, ratio, count, sum, last, stddev or pN'),
  comparison: enumOf('<', '<=', '>', '>=', '='),
  limit: number('In the unit of the SLO'),
  unit: text('A share of 1 for ratio'),
  target: text('The limit as people read it'),
  value: nullable(number('The point estimate; null when there is none')),
  samples: integer('How many samples were judged, those without a value included'),
  whole: nullable(number('The pooled whole of a ratio')),
  missing: integer('Attempts that ended before there was a value'),
  invalid: integer('Samples left out because the measurement was not valid'),
  interval: nullable(object({ low: nullable(number()), high: nullable(number()), method: text() })),
  needed: nullable(integer('How many samples a proof would take')),
  note: nullable(text()),
  distribution: nullable(object({ from: number(), to: number(), counts: listOf(integer()) })),
} satisfies Fields<JudgedSlo>);

/** What a failed step sent or received. */
export const evidenceNode: SchemaNode = anyJson('Shortened and redacted');

/** Counts of things, all of them from 0. */
export function counts(...names: readonly string[]): SchemaNode {
  return object(Object.fromEntries(names.map((name) => [name, { type: 'integer', minimum: 0 }])));
}

/** Number of attempts, from 1. */
export const attemptsNode: SchemaNode = count();
