import { normaliseClock } from './clock.js';
import { halvesToWords } from './halves.js';
import { isNumberWord } from './number-words.js';
import { isNumber, normaliseNumbers } from './numbers.js';
import { tokenise, untokenise, wordOf, type Token } from './tokens.js';

/** Changes whenever a text may come out differently; word error rates are comparable only under one version. */
export const SWEDISH_NORMALISER_VERSION = '2';

/** The stages of {@link normaliseSwedish}; all on unless switched off. White space is always reduced to single spaces. */
export interface SwedishNormaliserOptions {
  /** Compose characters (Unicode NFC). å, ä, ö and é stay what they are. */
  readonly unicode?: boolean;
  /** Lower case, by Unicode's own rules. */
  readonly case?: boolean;
  /** Punctuation and symbols to spaces, except inside numbers and times; hyphens and apostrophes inside words are taken out. */
  readonly punctuation?: boolean;
  /** Sounds of hesitation removed: eh, öh, ehm, hm, mm, äh. */
  readonly fillers?: boolean;
  /** `i dag`, `i morgon`, `i kväll` and their family, `halv timme` and `tre kvart` as one word. */
  readonly joins?: boolean;
  /** Numbers from 0 to 999 999, decimals, halves of units, per cent, degrees, ordinals of days to one form. */
  readonly numbers?: boolean;
  /** Clock times to H:MM. Times said in words need `numbers` as well. */
  readonly clock?: boolean;
}

/** Rewriting ends when a pass changes nothing; every rule shortens the text or makes it more canonical, so a few passes do. */
const MOST_PASSES = 12;

/**
 * A Swedish transcript in the form that word errors are counted on, so that what was heard counts and how it is written does not.
 * Idempotent. What sounds different stays different: numbers are never rounded, `en` is not 1, 10:00 is not 22:00.
 *
 * @example
 * normaliseSwedish('Hej Alice! Möte kl. 10, imorgon?'); // 'hej alice möte 10:00 imorgon'
 * normaliseSwedish('hej alice, möte klockan tio i morgon'); // 'hej alice möte 10:00 imorgon'
 */
export function normaliseSwedish(text: string, options: SwedishNormaliserOptions = {}): string {
  let current = text;
  for (let pass = 0; pass < MOST_PASSES; pass += 1) {
    const next = rewrite(current, options);
    if (next === current) break;
    current = next;
  }
  return current;
}

function rewrite(text: string, options: SwedishNormaliserOptions): string {
  const on = (stage: keyof SwedishNormaliserOptions): boolean => options[stage] !== false;
  const compose = (value: string): string => (on('unicode') ? value.normalize('NFC') : value);
  const cased = on('case') ? compose(compose(text).toLowerCase()) : compose(text);
  const whole = on('numbers') && on('punctuation') ? cased.replaceAll('½', ' 1/2 ') : cased;
  let tokens = tokenise(whole, on('punctuation'));
  if (on('fillers')) tokens = withoutFillers(tokens);
  if (on('joins')) tokens = joined(tokens);
  if (on('numbers')) tokens = halvesToWords(tokens);
  if (on('numbers')) tokens = normaliseNumbers(on('punctuation') ? withoutMarks(tokens, /^[-‐‑−–+%°]$/u) : tokens);
  if (on('punctuation')) tokens = withoutMarks(tokens);
  if (on('clock')) tokens = normaliseClock(tokens);
  return untokenise(tokens);
}

/** Takes marks out and leaves a gap in their place; `keep` spares some for a later stage. */
function withoutMarks(tokens: readonly Token[], keep?: RegExp): readonly Token[] {
  const goes = (each: Token | undefined): boolean => each?.kind === 'mark' && keep?.test(each.text) !== true;
  return tokens.flatMap((each, index) => (goes(each) ? [] : [each.glued && goes(tokens[index - 1]) ? { ...each, glued: false } : each]));
}

const FILLER = /^(?:e+h+m*|ö+h+m*|ä+h+m*|h+m+|m{2,})$/u;

/** After a number `mm` is millimetres. */
function withoutFillers(tokens: readonly Token[]): readonly Token[] {
  const out: Token[] = [];
  for (const each of tokens) {
    const word = wordOf(each);
    const measured = word === 'mm' && (isNumber(out.at(-1)) || isNumberWord(wordOf(out.at(-1))));
    if (!FILLER.test(word) || measured) out.push(each);
  }
  return out;
}

/** What is written as one word with the one before it, or apart from it, as people like. */
const AFTER: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ['i', new Set(['dag', 'morgon', 'kväll', 'går', 'natt', 'morse', 'fjol', 'förrgår', 'övermorgon', 'eftermiddag', 'år'])],
  ['halv', new Set(['timme', 'timma', 'timmes'])],
  ['tre', new Set(['kvart', 'kvarts'])],
]);

function joined(tokens: readonly Token[]): readonly Token[] {
  const out: Token[] = [];
  for (const each of tokens) {
    const previous = out.at(-1);
    if (previous !== undefined && AFTER.get(wordOf(previous))?.has(wordOf(each)) === true && !each.glued) out.splice(-1, 1, { ...previous, text: previous.text + each.text });
    else out.push(each);
  }
  return out;
}
