import type { EventExpectation } from '../events/event.js';
import { plainJson, plainLine } from '../text/plain.js';
import { displayWidth } from '../text/width.js';

/** An expectation that did not hold, value beside value. */
export interface Difference {
  readonly expected: string;
  readonly got: string;
  /** Columns from the start of `got` to the first sign that differs; null when there is nothing to point at. */
  readonly at: number | null;
}

/**
 * What was expected and what came. When a name is compared with a literal text, both are shown as JSON under each other so that the place where
 * they part can be marked.
 */
export function differenceOf({ expression, got }: EventExpectation, limit = 400): Difference {
  const compared = /^\s*([\w.]+)\s*=\s*("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')\s*$/.exec(expression);
  const [, name, literal] = compared ?? [];
  const value = name === undefined ? undefined : got[name];
  if (name !== undefined && literal !== undefined && typeof value === 'string') {
    const expected = `${name} = ${plainJson(literal.slice(1, -1).replaceAll(/\\(["'])/g, '$1'), limit)}`;
    const came = `${name} = ${plainJson(value, limit)}`;
    return { expected, got: came, at: firstDifference(expected, came) };
  }
  const values = Object.entries(got).map(([key, each]) => `${plainLine(key)} = ${plainJson(each, limit)}`);
  return { expected: plainLine(expression), got: values.join(' · ') || 'nothing to compare', at: null };
}

function firstDifference(a: string, b: string): number | null {
  const [left, right] = [[...a], [...b]];
  const index = right.findIndex((sign, at) => sign !== left[at]);
  if (index < 0) return left.length === right.length ? null : displayWidth(b);
  return displayWidth(right.slice(0, index).join(''));
}
