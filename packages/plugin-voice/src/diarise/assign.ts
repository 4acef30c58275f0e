/**
 * The one-to-one assignment of rows to columns with the greatest sum: for each row its column, or -1 where there are more rows than columns. The Hungarian
 * method with potentials (Kuhn 1955, Munkres 1957), O(n³).
 */
export function assign(gains: readonly (readonly number[])[]): readonly number[] {
  const rows = gains.length;
  const columns = gains[0]?.length ?? 0;
  const n = Math.max(rows, columns);
  const most = Math.max(0, ...gains.flat());
  // Costs are what is lost against the greatest gain; what is missing to a square costs as much as a gain of nothing.
  const cost = (row: number, column: number): number => most - (gains[row - 1]?.[column - 1] ?? 0);
  const [u, v] = [new Float64Array(n + 1), new Float64Array(n + 1)];
  const rowOf = new Int32Array(n + 1);
  const way = new Int32Array(n + 1);
  for (let row = 1; row <= n; row += 1) {
    rowOf[0] = row;
    let column = 0;
    const least = new Float64Array(n + 1).fill(Infinity);
    const used = new Uint8Array(n + 1);
    do {
      used[column] = 1;
      const from = rowOf[column] ?? 0;
      let [delta, next] = [Infinity, 0];
      for (let each = 1; each <= n; each += 1) {
        if (used[each] === 1) continue;
        const reduced = cost(from, each) - (u[from] ?? 0) - (v[each] ?? 0);
        if (reduced < (least[each] ?? 0)) {
          least[each] = reduced;
          way[each] = column;
        }
        if ((least[each] ?? 0) < delta) [delta, next] = [least[each] ?? 0, each];
      }
      for (let each = 0; each <= n; each += 1) {
        if (used[each] === 1) {
          const held = rowOf[each] ?? 0;
          u[held] = (u[held] ?? 0) + delta;
          v[each] = (v[each] ?? 0) - delta;
        } else least[each] = (least[each] ?? 0) - delta;
      }
      column = next;
    } while (rowOf[column] !== 0);
    for (; column !== 0; column = way[column] ?? 0) rowOf[column] = rowOf[way[column] ?? 0] ?? 0;
  }
  const columnOf = new Array<number>(rows).fill(-1);
  for (let column = 1; column <= columns; column += 1) {
    const row = rowOf[column] ?? 0;
    if (row >= 1 && row <= rows) columnOf[row - 1] = column - 1;
  }
  return columnOf;
}
