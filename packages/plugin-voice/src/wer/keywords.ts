/** Errors over what there was to get right. */
export interface Share {
  readonly part: number;
  readonly whole: number;
}

/**
 * How often keywords (of one or several words) were missed or made up, over how often they are in the reference: Σ |in the reference − in the hypothesis| over
 * the keywords. Both texts and the keywords are normalised alike beforehand; overlapping places count each.
 */
export function keywordErrors(reference: string, hypothesis: string, keywords: readonly string[]): Share {
  let [part, whole] = [0, 0];
  for (const keyword of new Set(keywords.filter((each) => each !== ''))) {
    const [wanted, heard] = [placesOf(keyword, reference), placesOf(keyword, hypothesis)];
    part += Math.abs(wanted - heard);
    whole += wanted;
  }
  return { part, whole };
}

/** The same for everything with a digit in it: numbers, amounts and clock times, as the normaliser writes them. */
export function numberErrors(reference: string, hypothesis: string): Share {
  const numbers = (text: string): readonly string[] => text.split(' ').filter((word) => /\p{Nd}/u.test(word));
  return keywordErrors(reference, hypothesis, [...numbers(reference), ...numbers(hypothesis)]);
}

function placesOf(keyword: string, text: string): number {
  const [wanted, words] = [keyword.split(' '), text.split(' ')];
  return words.filter((_, start) => wanted.every((word, index) => words[start + index] === word)).length;
}
