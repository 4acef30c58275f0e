/** A building block of a spoken number. `given` is a number that was written in digits. */
interface Atom {
  readonly kind: 'unit' | 'teen' | 'ten' | 'hundred' | 'thousand' | 'given';
  readonly value: number;
}

const UNITS: readonly (readonly [string, number])[] = [['noll', 0], ['en', 1], ['ett', 1], ['två', 2], ['tre', 3], ['fyra', 4], ['fem', 5], ['sex', 6], ['sju', 7], ['åtta', 8], ['nio', 9]];
const TEENS: readonly (readonly [string, number])[] = [
  ['tio', 10], ['elva', 11], ['tolv', 12], ['tretton', 13], ['fjorton', 14], ['femton', 15], ['sexton', 16], ['sjutton', 17], ['arton', 18], ['aderton', 18], ['nitton', 19],
];
const TENS: readonly (readonly [string, number])[] = [
  ['tjugo', 20], ['trettio', 30], ['fyrtio', 40], ['förtio', 40], ['femtio', 50], ['sextio', 60], ['sjuttio', 70], ['åttio', 80], ['nittio', 90],
  ['tretti', 30], ['fyrti', 40], ['förti', 40], ['femti', 50], ['sexti', 60], ['sjutti', 70], ['åtti', 80], ['nitti', 90],
];

const ATOMS = new Map<string, Atom>([
  ...UNITS.map(([word, value]) => [word, { kind: 'unit', value }] as const),
  ...TEENS.map(([word, value]) => [word, { kind: 'teen', value }] as const),
  ...TENS.map(([word, value]) => [word, { kind: 'ten', value }] as const),
  ['hundra', { kind: 'hundred', value: 100 }],
  ['tusen', { kind: 'thousand', value: 1000 }],
]);

const LONGEST_FIRST = [...ATOMS.keys()].sort((a, b) => b.length - a.length);
/** `ettusen` is the accepted spelling of ett + tusen. */
const PARTS = new RegExp(`et(?=tusen)|${LONGEST_FIRST.join('|')}`, 'uy');

/** The building blocks of one word in lower case, or undefined when it is not a number from 0 to 999 999 said in Swedish. */
function atomsOfWord(word: string): readonly Atom[] | undefined {
  const atoms: Atom[] = [];
  PARTS.lastIndex = 0;
  while (PARTS.lastIndex < word.length) {
    const part = PARTS.exec(word)?.[0];
    const atom = part === undefined ? undefined : ATOMS.get(part === 'et' ? 'ett' : part);
    if (atom === undefined) return undefined;
    atoms.push(atom);
  }
  return valueOf(atoms) === undefined ? undefined : atoms;
}

/** Whether a word in lower case is a number word on its own (articles `en` and `ett` included). */
export function isNumberWord(word: string): boolean {
  return atomsOfWord(word) !== undefined;
}

/** The most words a number below a million is said in: ett hundra tjugo ett tusen två hundra tjugo ett. */
export const LONGEST = 9;

/**
 * The longest number said by the first of these words (lower case; digits as they are), with how many words it took; undefined when they do not begin one.
 * A number never ends inside a word, and `en` after a hundred or a thousand is an article, not a one.
 */
export function readNumber(words: readonly string[]): { readonly value: number; readonly words: number } | undefined {
  const atoms: (readonly Atom[])[] = [];
  for (const word of words.slice(0, LONGEST)) {
    const found = /^[1-9]\d{0,2}$/u.test(word) ? [{ kind: 'given', value: Number(word) } as const] : atomsOfWord(word);
    if (found === undefined || (word === 'en' && atoms.length > 0 && atoms.at(-1)?.at(-1)?.kind !== 'ten')) break;
    atoms.push(found);
  }
  for (let count = atoms.length; count > 0; count -= 1) {
    const value = valueOf(atoms.slice(0, count).flat());
    if (value !== undefined) return { value, words: count };
  }
  return undefined;
}

/** The value of a whole sequence of building blocks, or undefined when it is not one number. */
function valueOf(atoms: readonly Atom[]): number | undefined {
  const at = atoms.findIndex(({ kind }) => kind === 'thousand');
  if (at < 0) return belowThousand(atoms, false);
  const thousands = at === 0 ? 1 : belowThousand(atoms.slice(0, at), true);
  const rest = at === atoms.length - 1 ? 0 : belowThousand(atoms.slice(at + 1), false);
  if (thousands === undefined || rest === undefined || thousands === 0 || thousands >= 1000 || (rest === 0 && at < atoms.length - 1)) return undefined;
  return thousands * 1000 + rest;
}

/** Also nineteen hundred and the like, which stay below two thousand. A number in digits stands alone or before its scale word. */
function belowThousand(atoms: readonly Atom[], scaled: boolean): number | undefined {
  const at = atoms.findIndex(({ kind }) => kind === 'hundred');
  if (at < 0) return belowHundred(atoms) ?? (atoms.length === 1 && atoms[0]?.kind === 'given' && scaled ? atoms[0].value : undefined);
  const [factor] = atoms;
  if (at > 1 || factor === undefined) return undefined;
  const hundreds = at === 0 ? 1 : factor.kind !== 'ten' && factor.value < 20 ? factor.value : 0;
  const rest = at === atoms.length - 1 ? 0 : belowHundred(atoms.slice(at + 1));
  return hundreds === 0 || rest === undefined || (rest === 0 && at < atoms.length - 1) ? undefined : hundreds * 100 + rest;
}

function belowHundred([first, second, ...more]: readonly Atom[]): number | undefined {
  if (first === undefined || more.length > 0) return undefined;
  if (second === undefined) return first.kind === 'unit' || first.kind === 'teen' || first.kind === 'ten' ? first.value : undefined;
  return first.kind === 'ten' && second.kind === 'unit' && second.value > 0 ? first.value + second.value : undefined;
}

const ORDINALS = [
  'första', 'andra', 'tredje', 'fjärde', 'femte', 'sjätte', 'sjunde', 'åttonde', 'nionde', 'tionde', 'elfte', 'tolfte', 'trettonde', 'fjortonde', 'femtonde',
  'sextonde', 'sjuttonde', 'artonde', 'nittonde', 'tjugonde',
];

/** The ordinal of 1 to 31 in one word, or undefined. */
export function ordinalWord(number: number): string | undefined {
  if (number <= 20) return ORDINALS[number - 1];
  if (number === 30) return 'trettionde';
  const unit = ORDINALS[(number % 10) - 1];
  return number > 31 || unit === undefined ? undefined : `${number < 30 ? 'tjugo' : 'trettio'}${unit}`;
}
