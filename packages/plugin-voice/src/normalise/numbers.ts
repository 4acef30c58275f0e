import { isNumberWord, LONGEST, ordinalWord, readNumber } from './number-words.js';
import { token, wordOf, type Token } from './tokens.js';

const MONTHS = new Set(['januari', 'februari', 'mars', 'april', 'maj', 'juni', 'juli', 'augusti', 'september', 'oktober', 'november', 'december']);
const UNITS = new Set(['procent', 'grader', 'grad']);

/**
 * Numbers in one form: words to digits (0 to 999 999), a decimal comma, per cent and degrees as words, ordinals as words, signs as words.
 * `en` and `ett` stay words unless they clearly count: before a unit or scale, in a decimal, or (`ett` alone) next to another single digit.
 */
export function normaliseNumbers(tokens: readonly Token[]): readonly Token[] {
  return joinParts(wordsToDigits(symbolsToWords(tokens)));
}

/** `%`, `°` and signs beside a number, and the abbreviation of kronor, as the words that are spoken. */
function symbolsToWords(tokens: readonly Token[]): readonly Token[] {
  return tokens.flatMap((each, index): readonly Token[] => {
    const previous = tokens[index - 1];
    const next = tokens[index + 1];
    if (each.text === '%' && isNumber(previous)) return [token('word', 'procent')];
    if (each.text === '°' && isNumber(previous)) return [token('word', 'grader')];
    if (wordOf(each) === 'c' && previous?.text === '°') return [];
    if (wordOf(each) === 'kr' && isNumber(previous)) return [token('word', 'kronor')];
    if (each.kind === 'mark' && !each.glued && next?.glued === true && isNumber(next)) {
      if (/^[-‐‑−–]$/u.test(each.text)) return [token('word', 'minus')];
      if (each.text === '+') return [token('word', 'plus')];
    }
    return [each.glued && /^[-‐‑−–+%°]$/u.test(previous?.text ?? '') ? { ...each, glued: false } : each];
  });
}

function wordsToDigits(tokens: readonly Token[]): readonly Token[] {
  const out: Token[] = [];
  for (let index = 0; index < tokens.length; ) {
    const each = tokens[index];
    if (each === undefined) break;
    const word = wordOf(each);
    const run = each.kind === 'word' || each.kind === 'integer' ? readNumber(numberRun(tokens, index)) : undefined;
    if (run === undefined || (run.words === 1 && (each.kind === 'integer' || ((word === 'en' || word === 'ett') && !counts(tokens, index, out.at(-1)))))) {
      out.push(each.kind === 'decimal' ? { ...each, text: each.text.replace('.', ',') } : each);
      index += 1;
      continue;
    }
    out.push({ kind: 'integer', text: String(run.value), glued: each.glued });
    index += run.words;
  }
  return out;
}

function numberRun(tokens: readonly Token[], from: number): readonly string[] {
  const words: string[] = [];
  for (let index = from; index < from + LONGEST; index += 1) {
    const each = tokens[index];
    if (each?.kind !== 'integer' && each?.kind !== 'word') break;
    words.push(each.text.toLowerCase());
  }
  return words;
}

/** Whether `en` or `ett` at this place is the number one. */
function counts(tokens: readonly Token[], index: number, previous: Token | undefined): boolean {
  const next = tokens[index + 1];
  const following = wordOf(next);
  if (UNITS.has(following)) return true;
  if (following === 'komma') return isNumber(tokens[index + 2]) || isNumberWord(wordOf(tokens[index + 2]));
  if (wordOf(tokens[index]) === 'en') return false;
  if (previous?.kind === 'integer' && previous.text.length === 1) return true;
  return next?.kind === 'integer' || (following !== 'en' && following !== 'ett' && isNumberWord(following));
}

/** Decimals said with `komma`, digits in groups of three that cannot be anything else, ordinals, and units in one form. */
function joinParts(tokens: readonly Token[]): readonly Token[] {
  const out: Token[] = [];
  for (let index = 0; index < tokens.length; index += 1) {
    const each = tokens[index];
    if (each === undefined) break;
    const previous = out.at(-1);
    if (wordOf(each) === 'komma' && previous?.kind === 'integer' && tokens[index + 1]?.kind === 'integer') {
      let digits = tokens[(index += 1)]?.text ?? '';
      while (/^0+$/u.test(digits) && tokens[index + 1]?.kind === 'integer') digits += tokens[(index += 1)]?.text ?? '';
      out.splice(-1, 1, { ...previous, kind: 'decimal', text: `${previous.text},${digits}` });
    } else if (each.kind === 'integer' && /^0\d\d$/u.test(each.text) && previous?.kind === 'integer' && /^[1-9]\d{0,2}$|^[1-9]\d*000$/u.test(previous.text) && !each.glued) {
      out.splice(-1, 1, { ...previous, text: previous.text + each.text });
    } else if (each.kind === 'ordinal') {
      const word = ordinalWord(Number.parseInt(each.text, 10));
      out.push(word === undefined ? each : { kind: 'word', text: word, glued: each.glued });
    } else if (MONTHS.has(wordOf(each)) && previous?.kind === 'integer' && ordinalWord(Number(previous.text)) !== undefined) {
      out.splice(-1, 1, { kind: 'word', text: ordinalWord(Number(previous.text)) ?? previous.text, glued: previous.glued }, each);
    } else if (wordOf(each) === 'grad' && isNumber(previous)) {
      out.push({ ...each, text: 'grader' });
    } else if (wordOf(each) !== 'celsius' || wordOf(previous) !== 'grader') {
      out.push(each);
    }
  }
  return out;
}

/** Whether a token is a number in digits. */
export function isNumber(piece: Token | undefined): boolean {
  return piece?.kind === 'integer' || piece?.kind === 'decimal';
}
