/** @file What an image resembles is the same, to the last bit, whatever it is computed with: rounding would choose otherwise. */
import { createExecutor } from '@plumbline/runtime';
import { expect, it } from 'vitest';
import { RandomStream } from '../nn/random.ts';
import { BATCH, traceProgram } from '../trace/index.ts';
import {
  describedLevels,
  describeImages,
  descriptorSize,
  similaritiesTo,
} from './image-descriptor.ts';

const LEVELS = [
  { tap: 'fine', grid: 16, channels: 96 },
  { tap: 'coarse', grid: 8, channels: 160 },
] as const;
const STORED = 301;
const IMAGES = 8;

it('is the same of an image alone as in a batch', async () => {
  const levels = describedLevels(LEVELS);
  const size = descriptorSize(levels);
  const random = RandomStream.from(1, 'descriptors');
  const values = (count: number) =>
    Float32Array.from({ length: count }, () => random.nextWord() / 2 ** 32 - 0.4);
  const stored = values(STORED * size);
  const graph = traceProgram({
    name: 'similarities',
    inputs: Object.fromEntries(
      LEVELS.map(({ grid, channels }, level) => [
        `tokens${level}`,
        { shape: [BATCH, grid ** 2, channels] },
      ]),
    ),
    batchPlaceholder: BATCH,
    body: (given) => ({
      similarities: similaritiesTo(
        describeImages(
          LEVELS.map((_, level) => given[`tokens${level}`]!),
          levels,
        ),
        stored,
      ),
    }),
  });
  const session = await (await createExecutor({ threads: 2 })).load(graph);
  const tokens = LEVELS.map(({ grid, channels }) => values(IMAGES * grid ** 2 * channels));
  const similarities = async (first: number, count: number) => {
    const feeds = LEVELS.map(({ grid, channels }, level) => {
      const each = grid ** 2 * channels;
      const data = tokens[level]!.slice(first * each, (first + count) * each);
      return [
        `tokens${level}`,
        { dtype: 'float32' as const, shape: [count, grid ** 2, channels], data },
      ];
    });
    const { similarities } = await session.run(Object.fromEntries(feeds));
    return similarities?.data as Float32Array;
  };
  const together = await similarities(0, IMAGES);
  for (let image = 0; image < IMAGES; image++)
    expect(await similarities(image, 1)).toEqual(
      together.slice(image * STORED, (image + 1) * STORED),
    );
  await session.release();
});
