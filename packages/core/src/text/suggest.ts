/**
 * The candidate that a misspelt word most likely meant, or undefined when none is near: Damerau-Levenshtein distance
 * (optimal string alignment) of at most a third of the longer word, at most 1 when the first
 * letters differ, ties to the earlier candidate; else the only candidate that begins with the word. Case is ignored.
 */
export function suggest(word: string, candidates: Iterable<string>): string | undefined {
  const all = [...candidates];
  let best: string | undefined;
  let bestDistance = Infinity;
  for (const candidate of all) {
    // Few mistype the first letter, and words that merely end alike are no help.
    const limit = word[0]?.toLowerCase() === candidate[0]?.toLowerCase() ? Math.max(1, Math.floor(Math.max(word.length, candidate.length) / 3)) : 1;
    if (Math.abs(word.length - candidate.length) > limit) continue;
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (distance <= limit && distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  const longer = word.length < 3 ? [] : all.filter((candidate) => candidate.toLowerCase().startsWith(word.toLowerCase()));
  return best ?? (longer.length === 1 ? longer[0] : undefined);
}

/** The most names that a list of what there is shows. */
const LONGEST_LIST = 24;

/** `did you mean "x"?` when something is near, else the list of what there is. */
export function suggestion(word: string, candidates: Iterable<string>, what: string): string {
  const all = [...candidates];
  const near = suggest(word, all);
  const shown = all.length > LONGEST_LIST ? `${all.slice(0, LONGEST_LIST).join(', ')}, … (${all.length})` : all.join(', ');
  const list = all.length === 0 ? `${what}: none` : `${what}: ${shown}`;
  return near === undefined ? list : `did you mean "${near}"? ${list[0]?.toUpperCase() ?? ''}${list.slice(1)}`;
}

function editDistance(a: string, b: string): number {
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const current = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let value = Math.min((previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1, (previous[j - 1] ?? 0) + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) value = Math.min(value, (beforePrevious[j - 2] ?? 0) + 1);
      current.push(value);
    }
    beforePrevious = previous;
    previous = current;
  }
  return previous[b.length] ?? 0;
}
