/** @file Which images count as the worst. */
import type { ImageResult } from '@plumbline/contracts';
import { expect, test } from 'vitest';
import { chooseWorst } from './worst-images.ts';

function image(path: string, label: ImageResult['label'], imageScore: number): ImageResult {
  const [category = ''] = path.split('/');
  return { path, category, label, defectType: null, sha256: '0'.repeat(64), imageScore };
}

test('the share of images of the other label on the wrong side, ties one half, within a category', () => {
  const { misses, falseAlarms } = chooseWorst([
    image('a/n1', 'normal', 1),
    image('a/n2', 'normal', 5),
    image('a/x1', 'anomalous', 1),
    image('a/x2', 'anomalous', 3),
    image('a/x3', 'anomalous', 9),
    // Lower than all of the above, but a category of its own.
    image('b/n1', 'normal', 0),
    image('b/x1', 'anomalous', 0.1),
  ]);
  // n1 ties with x1: (1/2 + 1)/2 = 3/4; only n2 scores higher than x2: 1/2.
  expect(misses.map(({ path, confusedWith }) => [path, confusedWith])).toEqual([
    ['a/x1', 3 / 4],
    ['a/x2', 1 / 2],
  ]);
  // n2 scores higher than x1 and x2 of three: 2/3; n1 ties with x1: 1/6.
  expect(falseAlarms.map(({ path, confusedWith }) => [path, confusedWith])).toEqual([
    ['a/n2', 2 / 3],
    ['a/n1', 1 / 6],
  ]);
});

test('a category of one label has none, and a list has at most nine', () => {
  const normal = Array.from({ length: 20 }, (_, i) => image(`a/${i}`, 'normal', i));
  expect(chooseWorst(normal)).toEqual({ misses: [], falseAlarms: [] });
  expect(chooseWorst([...normal, image('a/x', 'anomalous', -1)]).falseAlarms).toHaveLength(9);
});
