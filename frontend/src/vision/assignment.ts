/** Who is who: the pairing of two sets that costs least in all; the counterpart of fer_core/vision/assignment.py. */

/** Pair rows with columns so that the sum of costs is least, where to be left alone costs `most`; Infinity forbids a pair. */
export function assign(costs: readonly (readonly number[])[], most: number): [number, number][] {
  const rows = costs.length;
  const columns = costs[0]?.length ?? 0;
  if (!rows || !columns) return [];
  if (rows > columns) {
    const turned = costs[0].map((_, column) => costs.map((row) => row[column]));
    return assign(turned, most)
      .map(([column, row]): [number, number] => [row, column])
      .sort(([one], [other]) => one - other);
  }
  const owner = pair(costs.map((row) => row.map((cost) => Math.min(cost, most))));
  const pairs: [number, number][] = [];
  owner.forEach((row, column) => {
    if (row >= 0 && costs[row][column] < most) pairs.push([row, column]);
  });
  return pairs.sort(([one], [other]) => one - other);
}

/** Give each column's row, -1 for none: the Hungarian method with potentials, for no more rows than columns. */
function pair(costs: number[][]): number[] {
  const columns = costs[0].length;
  const owner = new Array<number>(columns + 1).fill(-1);
  const rowPrice = new Array<number>(costs.length).fill(0);
  const columnPrice = new Array<number>(columns + 1).fill(0);
  for (let row = 0; row < costs.length; row++) {
    owner[columns] = row; // the last column is a start that no row keeps
    let here = columns;
    const least = new Array<number>(columns).fill(Infinity);
    const cameFrom = new Array<number>(columns).fill(columns);
    const done = new Array<boolean>(columns + 1).fill(false);
    while (owner[here] >= 0) {
      done[here] = true;
      const from = owner[here];
      let following = -1;
      for (let column = 0; column < columns; column++) {
        if (done[column]) continue;
        const reduced = costs[from][column] - rowPrice[from] - columnPrice[column];
        if (reduced < least[column]) {
          least[column] = reduced;
          cameFrom[column] = here;
        }
        if (following < 0 || least[column] < least[following]) following = column;
      }
      const step = least[following];
      for (let column = 0; column <= columns; column++) {
        if (done[column]) {
          rowPrice[owner[column]] += step;
          columnPrice[column] -= step;
        } else if (column < columns) least[column] -= step;
      }
      here = following;
    }
    while (here !== columns) {
      owner[here] = owner[cameFrom[here]];
      here = cameFrom[here];
    }
  }
  return owner.slice(0, columns);
}
