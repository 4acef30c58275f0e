import { resolve } from 'node:path';
import { defineCommand, RealopsError, type Output } from '@alice/realops/plugin';
import { comparePaired, differenceInterval, FEWEST_UTTERANCES } from '../stats/permutation.js';
import { recordedUtterances, type Utterance } from '../stats/recorded.js';
import type { Share } from '../wer/keywords.js';

/** A difference that comes about by chance less often than this is none. */
const ALPHA = 0.05;

/** `realops voice compare`: whether one recogniser makes fewer errors than another on the same utterances. */
export const compare = defineCommand({
  name: 'compare',
  description: 'Holds two runs (or two scenarios) against each other utterance by utterance: is the difference of their error rates more than chance?',
  with: {
    type: 'object',
    properties: {
      first: { type: 'string', minLength: 1, description: 'A run folder, or its log.jsonl.' },
      second: { type: 'string', minLength: 1, description: 'Another one, over the same utterances; the same one with --other.' },
      metric: { type: 'string', default: 'voice.wer', description: 'The errors: a ratio metric.' },
      scenario: { type: 'string', minLength: 1, description: 'Only this scenario.' },
      other: { type: 'string', minLength: 1, description: 'The scenario of the second run that --scenario is held against, row by row.' },
      gate: { type: 'boolean', default: false, description: 'Exit with 1 when the second is worse by more than chance.' },
      json: { type: 'boolean', default: false, description: 'Print one JSON object.' },
    },
    required: ['first', 'second'],
  },
  positionals: ['first', 'second'],
  examples: ['realops voice compare runs/20261120_0900 runs/latest', 'realops voice compare runs/latest runs/latest --scenario asr_clean --other asr_cafe', 'realops voice compare runs/baseline runs/latest --gate'],
  async run({ first, second, metric, scenario, other = scenario, gate, json }, { cwd, out, random }) {
    const [a, b] = [await of(resolve(cwd, first), metric, scenario), await of(resolve(cwd, second), metric, other)];
    const pairs = paired(a, b, scenario !== other);
    if (pairs.length < FEWEST_UTTERANCES) {
      throw new RealopsError('REALOPS_INPUT_INVALID', `${pairs.length} utterances are in both (${a.length} in the first, ${b.length} in the second); with fewer than ${FEWEST_UTTERANCES} nothing can be told from chance`, { hint: 'run both over the same rows of data' });
    }
    const [left, right] = [pairs.map(([one]) => one), pairs.map(([, two]) => two)];
    const { difference, p, rounds } = comparePaired(right, left, random);
    const interval = differenceInterval(right, left, random);
    const result = { metric, utterances: pairs.length, leftOut: a.length + b.length - 2 * pairs.length, first: pooled(left), second: pooled(right), difference, interval, p, rounds, verdict: p > ALPHA ? 'no difference proven' : difference < 0 ? 'second is better' : 'second is worse' } as const;
    if (json) out.write(`${JSON.stringify(result, null, 2)}\n`);
    else show(result, scenario === other ? [first, second] : [`${first} ${String(scenario)}`, `${second} ${String(other)}`], out);
    return gate && result.verdict === 'second is worse' ? 1 : 0;
  },
});

async function of(path: string, metric: string, scenario: string | undefined): Promise<readonly Utterance[]> {
  const all = await recordedUtterances(path, metric);
  const wanted = all.filter((each) => scenario === undefined || each.scenario === scenario);
  if (wanted.length > 0) return wanted;
  throw new RealopsError('REALOPS_VALUE_INVALID', `${path} holds no ${metric}${scenario === undefined ? '' : ` of the scenario ${scenario}`}`, { hint: `its scenarios with it: ${[...new Set(all.map((each) => each.scenario))].join(', ') || 'none'}` });
}

/** The same utterance on both sides: the same place in the suite, and the same number of words. */
function paired(first: readonly Utterance[], second: readonly Utterance[], isAcross: boolean): readonly (readonly [Share, Share])[] {
  const keyOf = ({ scenario, key, whole }: Utterance): string => JSON.stringify([isAcross ? '' : scenario, key, whole]);
  const others = new Map(second.map((each) => [keyOf(each), each]));
  return first.flatMap((each): (readonly [Share, Share])[] => {
    const other = others.get(keyOf(each));
    return other === undefined ? [] : [[each, other]];
  });
}

interface Pooled {
  readonly errors: number;
  readonly words: number;
  readonly rate: number;
}

function pooled(list: readonly Share[]): Pooled {
  const [errors, words] = [list.reduce((sum, { part }) => sum + part, 0), list.reduce((sum, { whole }) => sum + whole, 0)];
  return { errors, words, rate: words === 0 ? 0 : errors / words };
}

interface Result {
  readonly metric: string;
  readonly utterances: number;
  readonly leftOut: number;
  readonly first: Pooled;
  readonly second: Pooled;
  readonly difference: number;
  readonly interval: { readonly low: number; readonly high: number };
  readonly p: number;
  readonly rounds: number;
  readonly verdict: string;
}

function show({ metric, utterances, leftOut, first, second, difference, interval, p, rounds, verdict }: Result, names: readonly [string, string], out: Output): void {
  const percent = (rate: number): string => `${(rate * 100).toFixed(2)} %`;
  const points = (rate: number): string => `${rate < 0 ? '−' : '+'}${Math.abs(rate * 100).toFixed(2)}`;
  const width = Math.max(...names.map((name) => name.length), 'difference'.length) + 2;
  const side = (name: string, { errors, words, rate }: Pooled): string => `  ${name.padEnd(width)}${percent(rate).padStart(9)}   ${errors} of ${words}`;
  out.write([
    `${metric} over ${utterances} utterances that are in both${leftOut === 0 ? '' : `; ${leftOut} that are in one alone are left out`}`,
    side(names[0], first), side(names[1], second),
    `  ${'difference'.padEnd(width)}${points(difference).padStart(9)}   points, 95 % interval ${points(interval.low)} to ${points(interval.high)} (bootstrap over utterances)`,
    `  ${verdict}: p = ${p < 0.001 ? '< 0.001' : p.toFixed(3)} (paired permutation test, ${rounds} rounds)`, '',
  ].join('\n').replace('p = <', 'p <'));
}
