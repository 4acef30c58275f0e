/** A spelling of another language: where it stands, and what JSONata writes instead. */
export interface ForeignSpelling {
  readonly offset: number;
  readonly length: number;
  readonly message: string;
  readonly hint: string;
}

interface Spelling {
  readonly pattern: RegExp;
  readonly explain: (match: RegExpExecArray) => readonly [message: string, hint: string];
}

const FACTORS: { readonly [unit: string]: number } = { ms: 1, s: 1_000, m: 60_000, min: 60_000, h: 3_600_000 };

/** In the order in which they are told; the first that is found explains why a text is no JSONata. */
const SPELLINGS: readonly Spelling[] = [
  { pattern: /!==/, explain: () => ['"!==" is not JSONata', 'write != for "not equal"'] },
  { pattern: /={2,3}/, explain: ([sign]) => [`"${sign}" is not JSONata`, 'write = for "equal"'] },
  { pattern: /<>/, explain: () => ['"<>" is not JSONata', 'write != for "not equal"'] },
  { pattern: /=>|=</, explain: ([sign]) => [`"${sign}" is not JSONata`, `write ${sign === '=>' ? '>=' : '<='} to compare`] },
  { pattern: /&&/, explain: () => ['"&&" is not JSONata', 'write and'] },
  { pattern: /\|\|/, explain: () => ['"||" is not JSONata', 'write or'] },
  {
    pattern: /(?<![\w.$])(\d+(?:\.\d+)?)\s?(ms|min|s|m|h)\b/,
    explain: ([text, value, unit]) => [`"${text}" has a unit, and numbers in expressions have none`, `write ${round(Number(value) * (FACTORS[unit ?? 'ms'] ?? 1))}; durations are in ms (units belong into objective)`],
  },
  { pattern: /(?<![\w.$])(\d+(?:\.\d+)?)\s?%(?!\s*(?!(?:and|or)\b)[\w(.$])/, explain: ([text, value]) => [`"${text}" is not a number here`, `write ${round(Number(value) / 100)}; a share is a number from 0 to 1 (% belongs into objective)`] },
  { pattern: /(?<=^|[\s(,[])!\s*(?=[\w$(])/, explain: () => ['"!" is not JSONata', 'write $not(…)'] },
  { pattern: /(?<=^|[\s(,[])not\s+(?=[\w$(])/, explain: () => ['"not" is no operator of JSONata', 'write $not(…)'] },
];

/** The first spelling of another language in a text that is no JSONata; undefined when it shows none. Texts in quotes are not looked at. */
export function foreignSpelling(text: string): ForeignSpelling | undefined {
  const code = text.replaceAll(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`/g, (quoted) => `"${'_'.repeat(Math.max(0, quoted.length - 2))}"`);
  for (const { pattern, explain } of SPELLINGS) {
    const match = pattern.exec(code);
    if (match === null) continue;
    const [message, hint] = explain(match);
    return { offset: match.index, length: Math.max(1, match[0].trimEnd().length), message, hint };
  }
  return undefined;
}

function round(value: number): number {
  return Number(value.toPrecision(12));
}
