/** @file Category banks in the plane, for tests of what looks categories up. */
import type { DescriptorBank } from '../category-bank.ts';

type Points = readonly (readonly [number, number])[];

/** Points by category. */
export function bankOf(points: Readonly<Record<string, Points>>): DescriptorBank {
  const entries = Object.entries(points).flatMap(([name, own]) => own.map((at) => ({ name, at })));
  const names = Object.keys(points);
  return {
    names,
    categories: Int32Array.from(entries, ({ name }) => names.indexOf(name)),
    descriptors: Float32Array.from(entries.flatMap(({ at }) => at)),
    size: 2,
  };
}

/** Six points, at most 0.14 from there. */
export function cluster(x: number, y: number): Points {
  return [
    [x, y],
    [x + 0.1, y],
    [x, y + 0.1],
    [x - 0.1, y],
    [x, y - 0.1],
    [x + 0.1, y + 0.1],
  ];
}
