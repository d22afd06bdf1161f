/** @file What changes make of ignore regions: set, taken away, brought along, and what is refused. */
import type { CategoryRegions, DatasetChange, IgnorePolygon, Sample } from '@plumbline/contracts';
import { expect, it } from 'vitest';
import { editRegions } from './edit-regions.ts';

const samplesOf = (...categories: string[]) =>
  categories.map((category) => ({ category }) as Sample);

function box(width: number): IgnorePolygon {
  return [
    [0, 0],
    [width, 0],
    [width, 1],
    [0, 1],
  ];
}

const set = (category: string, ...polygons: IgnorePolygon[]): DatasetChange => ({
  ...{ kind: 'setIgnore', category, polygons },
});
const NUT: CategoryRegions = { category: 'nut', polygons: [box(0.2)] };

function edited(changes: DatasetChange[], after = ['bolt', 'nut'], ignore?: CategoryRegions[]) {
  const before = { formatVersion: 1, layout: 'mvtec', samples: samplesOf('bolt', 'nut') } as const;
  const manifest = { ...before, samples: [...before.samples], ...(ignore ? { ignore } : {}) };
  const from = { samples: samplesOf('nut', 'pin'), ignore: [NUT, { ...NUT, category: 'pin' }] };
  const added = new Map(
    changes.flatMap((one) => (one.kind === 'add' ? [[one, from] as const] : [])),
  );
  return editRegions(manifest, changes, added, samplesOf(...after));
}

it('sets those of a category in place of its others, in order of category', () => {
  const bolt = { category: 'bolt', polygons: [box(0.1)] };
  expect(edited([set('bolt', box(0.1))], undefined, [NUT])).toEqual([bolt, NUT]);
  expect(edited([set('nut', box(0.3))], undefined, [NUT])).toEqual([
    { category: 'nut', polygons: [box(0.3)] },
  ]);
  expect(edited([set('nut')], undefined, [NUT])).toBeUndefined();
});

it('they go with the last image, and come with images of a category that is new', () => {
  expect(edited([], ['bolt'], [NUT])).toBeUndefined();
  const add: DatasetChange = { kind: 'add', from: 'more' };
  expect(edited([add], ['bolt', 'nut', 'pin'])).toEqual([{ ...NUT, category: 'pin' }]);
});

it.each<[string, DatasetChange, RegExp]>([
  ['a category that is not there', set('bolts', box(0.1)), /no category "bolts"/],
  ['what covers no pixel', set('bolt', box(0.2), box(0.001)), /region 2 of bolt covers no pixel/],
  ['what leaves too little', set('bolt', box(0.95)), /cover 95 % of the image/],
])('refuses %s', (_, change, message) => {
  expect(() => edited([change])).toThrow(message);
});
