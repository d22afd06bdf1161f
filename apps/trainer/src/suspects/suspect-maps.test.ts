/** @file Maps of suspects: made small, in the order of the list, each with the cut of those that were scored alike. */
import type { Sample, Suspect } from '@plumbline/contracts';
import { expect, it } from 'vitest';
import type { NormalScore } from '../training/evaluate/fit-thresholds.ts';
import type { ScoredSample } from '../training/evaluate/score-images.ts';
import { shrunk, suspectMaps } from './suspect-maps.ts';

it('takes the mean of each square, whatever the size', () => {
  expect([...shrunk(Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8, 0, 0, 0, 0, 0, 4, 0, 0), 2)]).toEqual([
    3.5, 5.5, 1, 0,
  ]);
  expect([...shrunk(Float32Array.of(1, 2, 7, 3, 4, 9, 5, 6, 8), 2)]).toEqual([2.5, 8, 5.5, 8]);
  expect([...shrunk(Float32Array.of(1, 2, 3, 4), 3)]).toEqual([1, 2, 3, 4]);
});

const imageOf = (path: string, sha256: string) => ({
  ...{ path, sha256, category: path.slice(0, path.indexOf('/')) },
});
const suspect = (path: string, sha256: string, isLearned = false): Suspect => ({
  ...{ ...imageOf(path, sha256), isLearned, imageScore: 2, robustCut: 1, deviations: 5 },
});
const scored = (path: string, sha256: string, value: number): ScoredSample => ({
  sample: { path, image: { sha256 } } as Sample,
  ...{ imageScore: 2, anomalyMap: new Float32Array(4).fill(value), categoryDescriptor: null },
});
const maxima = (category: string, ...values: number[]): NormalScore[] =>
  values.map((mapMaximum, i) => ({
    ...{ ...imageOf(`${category}/${i}`, `${i}`), imageScore: 1, mapMaximum },
  }));

it('follows the list, and colors what was learned from by its own', async () => {
  const all = [
    scored('nut/0', 'c', 3),
    scored('bolt/0', 'a', 1),
    scored('nut/1', 'd', 9),
    // The same picture in another category.
    scored('nut/2', 'a', 2),
  ];
  const asked: string[] = [];
  const maps = await suspectMaps({
    listed: [suspect('bolt/0', 'a'), suspect('nut/2', 'a'), suspect('nut/0', 'c', true)],
    scoresOf: ({ isLearned }) =>
      isLearned ? maxima('nut', 5, 5) : [...maxima('bolt', 7, 7), ...maxima('nut', 8, 8)],
    async *mapsOf(isWanted) {
      for (const one of all)
        if (isWanted(one.sample)) {
          asked.push(one.sample.path);
          yield one;
        }
    },
  });
  expect(asked).toEqual(['nut/0', 'bolt/0', 'nut/2']);
  expect(maps.map(({ sha256, threshold, values }) => [sha256, threshold, ...values])).toEqual([
    ['a', 7, 1, 1, 1, 1],
    ['a', 8, 2, 2, 2, 2],
    ['c', 5, 3, 3, 3, 3],
  ]);
});
