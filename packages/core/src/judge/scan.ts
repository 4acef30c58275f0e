import { aggregateMeant } from './aggregates.js';

/** A piece of an objective with its place. */
export interface Token {
  readonly text: string;
  readonly offset: number;
}

/** The pieces of an objective in the form AGG(METRIC) OP VALUE[UNIT]; whether each means something is not yet known. */
export interface ObjectiveTokens {
  readonly aggregate: Token;
  readonly metric: Token;
  readonly comparison: Token;
  readonly value: Token;
  readonly unit: Token | undefined;
}

/** Why a text does not have the form of an objective. */
export interface FormProblem {
  readonly message: string;
  readonly hint: string;
  readonly offset: number;
  readonly length: number;
}

const FORM = 'write AGG(METRIC) OP VALUE[UNIT], e.g. p95(voice.final) < 800ms, ratio(voice.wer) <= 11%, rate(tool.success) >= 95%';
const NOTHING: Token = { text: '', offset: 0 };

/** Cuts an objective into its pieces, or says what is in the way and what to write. */
export function scanObjective(text: string): { readonly tokens: ObjectiveTokens; readonly problem: FormProblem | undefined } {
  const cursor = createCursor(text);
  const aggregate = cursor.take(/[A-Za-z_][\w.]*/y);
  const bracket = aggregate === undefined ? undefined : cursor.take(/\(/y);
  const metric = bracket === undefined ? undefined : cursor.take(/[^\s()<>=!≤≥]+/y);
  const closed = metric === undefined ? undefined : cursor.take(/\)/y);
  const comparison = closed === undefined ? undefined : cursor.take(/[<>=!≤≥~]+/y);
  const value = comparison === undefined ? undefined : cursor.take(/[+-]?(?:\d+(?:\.\d+)?|\.\d+)(?![.,_\d])/y);
  const unit = value === undefined ? undefined : cursor.take(/%|[A-Za-zµ°]+/y);
  const tokens: ObjectiveTokens = { aggregate: aggregate ?? NOTHING, metric: metric ?? NOTHING, comparison: comparison ?? NOTHING, value: value ?? NOTHING, unit };
  const rest = cursor.rest();
  if (value !== undefined && rest.text === '') return { tokens, problem: undefined };

  const problem = (message: string, hint: string): FormProblem => ({ message, hint, offset: rest.offset, length: Math.max(1, rest.text.length) });
  const got = rest.text === '' ? 'but it ends here' : `got "${rest.text}"`;
  if (value !== undefined) return { tokens, problem: problem(`nothing may follow the limit, got "${rest.text}"`, /^(and|or|&&|\|\||,|;)/.test(rest.text) ? 'one comparison is one objective: write two SLOs' : FORM) };
  if (comparison !== undefined) return { tokens, problem: problem(`the limit should be a number, ${got}`, hintForNumber(rest.text)) };
  if (closed !== undefined) return { tokens, problem: problem(`a comparison should follow, ${got}`, 'one of < <= > >= =') };
  if (metric !== undefined) return { tokens, problem: problem(`the bracket after ${metric.text} is not closed, ${got}`, FORM) };
  if (bracket !== undefined) return { tokens, problem: problem(`the name of a metric should stand between the brackets, ${got}`, FORM) };
  const whole = { offset: aggregate?.offset ?? rest.offset, length: Math.max(1, text.trim().length) };
  return { tokens, problem: { message: `the objective cannot be read: ${text.trim()}`, hint: hintForMetricFirst(aggregate?.text ?? '', rest.text) ?? FORM, ...whole } };
}

/** `voice.final.p95 < 800ms` and `voice_final_p95 < 800ms` have the aggregate last. */
function hintForMetricFirst(word: string, rest: string): string | undefined {
  const match = /^(.+)[._](p\d+(?:\.\d+)?|[A-Za-z]+)$/.exec(word);
  // `total` is far more often the end of a name (http.total) than a sum.
  const aggregate = match?.[2] === undefined || match[2].toLowerCase() === 'total' ? undefined : aggregateMeant(match[2]);
  return aggregate === undefined ? undefined : `the aggregate comes first: ${aggregate}(${match?.[1] ?? ''}) ${rest}`.trimEnd();
}

function hintForNumber(text: string): string {
  const comma = /^([+-]?\d+),(\d+)(?![,\d])/.exec(text);
  if (comma !== null) return comma[2]?.length === 3 ? `write ${comma[1] ?? ''}${comma[2]} or ${comma[1] ?? ''}.${comma[2]}` : `decimals follow a point: ${comma[1] ?? ''}.${comma[2] ?? ''}`;
  return 'digits with a point for decimals, then the unit, e.g. 800ms, 1.5s, 11%';
}

interface Cursor {
  /** What matches a sticky pattern after blanks, or nothing (and nothing is consumed). */
  take(pattern: RegExp): Token | undefined;
  rest(): Token;
}

function createCursor(text: string): Cursor {
  let at = 0;
  const skip = (): number => at + (/^\s*/.exec(text.slice(at))?.[0].length ?? 0);
  return {
    take(pattern) {
      const offset = skip();
      pattern.lastIndex = offset;
      const found = pattern.exec(text)?.[0];
      if (found === undefined) return undefined;
      at = offset + found.length;
      return { text: found, offset };
    },
    rest() {
      const offset = skip();
      return { text: text.slice(offset).trimEnd(), offset };
    },
  };
}
