import { expect, it } from 'vitest';
import { streamsOf } from '../training/streams.ts';
import { byCategory, chooseImages, drawnBatches } from './training-images.ts';

it('takes one image of each category in turn when there are too many', () => {
  const categories = ['a', 'a', 'a', 'a', 'b', 'c', 'c'];
  expect([...chooseImages(categories, 5)]).toEqual([0, 1, 4, 5, 6]);
  expect([...chooseImages(categories, 100)]).toEqual([0, 1, 2, 3, 4, 5, 6]);
  expect([...chooseImages([], 5)]).toEqual([]);
});

it('draws categories alike, whatever their size, and the same for the same seed and step', () => {
  const categories = [...Array.from({ length: 90 }, () => 'many'), 'few', 'few'];
  const members = byCategory(categories.keys(), (image) => categories[image] as string);
  expect(members.map((images) => images.length)).toEqual([90, 2]);
  const draw = (step: number, seed = 3) => [
    ...drawnBatches(members, 8, streamsOf(seed, 'decoder')).images(step),
  ];
  const drawn = Array.from({ length: 200 }, (_, step) => draw(step)).flat();
  const few = drawn.filter((image) => categories[image] === 'few').length;
  // 1600 draws of one half: 5 standard deviations are 100.
  expect(Math.abs(few - 800)).toBeLessThan(100);
  expect(draw(7)).toEqual(draw(7));
  expect(draw(7)).not.toEqual(draw(8));
  expect(draw(7)).not.toEqual(draw(7, 4));
});
