/**
 * The lines of a text that comes in pieces, split at `\n` alone: line splitters that also split at U+2028 would tear JSON strings apart.
 * A last line without `\n` is given too.
 */
export async function* splitLines(pieces: AsyncIterable<string> | Iterable<string>): AsyncGenerator<string, void, undefined> {
  let rest: string[] = [];
  for await (const piece of pieces) {
    let from = 0;
    for (let end = piece.indexOf('\n'); end >= 0; end = piece.indexOf('\n', from)) {
      const tail = piece.slice(from, end);
      yield rest.length === 0 ? tail : `${rest.join('')}${tail}`;
      rest = [];
      from = end + 1;
    }
    if (from < piece.length) rest.push(piece.slice(from));
  }
  if (rest.length > 0) yield rest.join('');
}
