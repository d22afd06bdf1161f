/** @file Which images are chosen, and that what waits is bounded: what has no room is dropped, counted and said once. */
import { keepingSchema } from '@plumbline/contracts';
import { expect, test } from 'vitest';
import { choosesImage } from './chooses-image.ts';
import { ImageKeeper } from './image-keeper.ts';

const normal = { predictedLabel: 'normal', uncertain: false, scoreRatio: 0.5 } as const;

test('an image is chosen by its label, its distance from the threshold, or its turn', () => {
  const close = keepingSchema.parse({ keep: 'anomalousOrClose', closeFrom: 0.6 });
  expect(choosesImage(close, normal, 0)).toBe(false);
  expect(choosesImage(close, { ...normal, scoreRatio: 0.6 }, 0)).toBe(true);
  expect(choosesImage(close, { ...normal, uncertain: true }, 0)).toBe(true);
  expect(choosesImage(close, { ...normal, scoreRatio: null }, 0)).toBe(false);
  expect(choosesImage(close, { ...normal, scoreRatio: null, predictedLabel: 'anomalous' }, 0)).toBe(
    true,
  );
  const third = keepingSchema.parse({ keep: 'everyNth', every: 3 });
  const turns = [0, 1, 2, 3, 4, 5, 6].filter((seen) => choosesImage(third, normal, seen));
  expect(turns).toEqual([0, 3, 6]);
  expect(choosesImage(keepingSchema.parse({}), normal, 0)).toBe(false);
});

test('a disk that does not answer costs images, not memory', async () => {
  const said: string[] = [];
  const keeper = new ImageKeeper({
    database: {} as never,
    blobs: { stage: () => Promise.reject(new Error('no space left')) } as never,
    capacityBytes: 250,
    warn: (message) => said.push(message),
  });
  for (let index = 0; index < 5; index++)
    keeper.offer(keepingSchema.parse({ keep: 'all' }), normal, {
      ...{ inspection: crypto.randomUUID(), at: new Date(), model: 'm', modelVersion: 1 },
      ...{ range: undefined, file: new Uint8Array(100) },
    });
  expect(keeper.counts).toEqual({ kept: 0, waiting: 2, dropped: 3 });
  await keeper.flush();
  expect(keeper.counts).toEqual({ kept: 0, waiting: 0, dropped: 5 });
  expect(said).toHaveLength(1);
});
