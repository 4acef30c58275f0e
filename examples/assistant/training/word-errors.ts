/** Fewest word substitutions, deletions and insertions that turn the reference into what was heard. */
export function countWordErrors(reference: string, heard: string): number {
  const right = reference.split(' ').filter(Boolean);
  const got = heard.split(' ').filter(Boolean);
  let row = got.map((_, j) => j + 1);
  right.forEach((word, i) => {
    let diagonal = i;
    let left = i + 1;
    row = row.map((up, j) => {
      const here = Math.min(left + 1, up + 1, diagonal + (got[j] === word ? 0 : 1));
      diagonal = up;
      left = here;
      return here;
    });
  });
  return row.at(-1) ?? right.length;
}
