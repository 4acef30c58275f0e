import { isNumberWord } from './number-words.js';
import { isNumber } from './numbers.js';
import { token, wordOf, type Token } from './tokens.js';

/** What there is half of. Without one of these `1/2` may be a day in February. */
const COMMON = new Set(['sekund', 'sekunder', 'minut', 'minuter', 'minuters', 'timme', 'timma', 'timmar', 'timmes', 'dag', 'dagar', 'vecka', 'veckor', 'månad', 'månader', 'liter', 'deciliter', 'meter', 'kilometer', 'centimeter', 'mil', 'kopp', 'koppar', 'tesked', 'matsked', 'procent', 'grad', 'grader']);
const NEUTER = new Set(['dygn', 'år', 'kilo', 'hekto', 'varv', 'steg', 'glas']);

/**
 * `1/2` before a unit as it is said: `en halv minut`, `5 och en halv minut`, `ett halvt dygn`; an article or an `och` that stands before it is not put twice.
 */
export function halvesToWords(tokens: readonly Token[]): readonly Token[] {
  const out: Token[] = [];
  for (let index = 0; index < tokens.length; index += 1) {
    const each = tokens[index];
    if (each === undefined) break;
    const unit = wordOf(tokens[index + 3]);
    if (!isHalf(tokens, index) || !(COMMON.has(unit) || NEUTER.has(unit))) {
      out.push(each);
      continue;
    }
    const previous = out.at(-1);
    const before = wordOf(previous);
    const [article, half] = NEUTER.has(unit) ? ['ett', 'halvt'] : ['en', 'halv'];
    const hasArticle = before === 'en' || before === 'ett';
    const counts = !hasArticle && (isNumber(previous) || isNumberWord(before));
    out.push(...[...(counts ? ['och'] : []), ...(hasArticle ? [] : [article]), half].map((word) => token('word', word)));
    index += 2;
  }
  return out;
}

/** Whether `1/2` stands here, and not as a part of something longer. */
function isHalf(tokens: readonly Token[], index: number): boolean {
  const [before, one, stroke, two] = [tokens[index - 1], tokens[index], tokens[index + 1], tokens[index + 2]];
  const isAlone = one?.glued !== true || before?.kind !== 'mark';
  return one?.kind === 'integer' && one.text === '1' && isAlone && stroke?.text === '/' && stroke.glued && two?.kind === 'integer' && two.text === '2' && two.glued;
}
