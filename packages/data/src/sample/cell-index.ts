/** @file Finds what lies at a place of a scene without looking at everything in it. */

const CELL = 8;

export interface Box {
  readonly fromU: number;
  readonly fromV: number;
  readonly toU: number;
  readonly toV: number;
}

/** @returns The items whose box reaches into the cell of a place, in their order, or a few more. */
export function createCellIndex<Item>(
  items: readonly Item[],
  boxOf: (item: Item) => Box,
): (u: number, v: number) => readonly Item[] {
  const cells = new Map<number, Item[]>();
  for (const item of items) {
    const { fromU, fromV, toU, toV } = boxOf(item);
    for (let i = cellOf(fromU); i <= cellOf(toU); i++) {
      for (let j = cellOf(fromV); j <= cellOf(toV); j++) {
        const there = cells.get(keyOf(i, j));
        if (there === undefined) cells.set(keyOf(i, j), [item]);
        else there.push(item);
      }
    }
  }
  return (u, v) => cells.get(keyOf(cellOf(u), cellOf(v))) ?? [];
}

function cellOf(place: number): number {
  return Math.floor(place / CELL);
}

function keyOf(i: number, j: number): number {
  return 1000 * i + j;
}
