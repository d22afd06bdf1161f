/** @file Preprocessing in the runtime against what Pillow made of the same images. */
import { readFileSync } from 'node:fs';
import { type Executor, IMAGENET_COLORS } from '@plumbline/contracts';
import { createExecutor } from '@plumbline/runtime';
import { beforeAll, describe, expect, it } from 'vitest';
import { GraphBuilder } from '../onnx/graph-builder.ts';
import { addPreprocessing } from './preprocessing.ts';

const [WIDTH, HEIGHT] = [37, 29];

/** The image that `fixtures/pillow-bicubic.json` was made from. */
const IMAGE = Uint8Array.from({ length: HEIGHT * WIDTH * 3 }, (_, i) => {
  const [x, y, c] = [Math.floor(i / 3) % WIDTH, Math.floor(i / 3 / WIDTH), i % 3];
  return x * x * 7 + y * 13 + c * 50 + ((x * y) % 11) * 20;
});

interface Fixture {
  readonly sizes: Readonly<Record<string, number[]>>;
}
const pillow = JSON.parse(
  readFileSync(new URL('./fixtures/pillow-bicubic.json', import.meta.url), 'utf8'),
) as Fixture;

let executor: Executor;
beforeAll(async () => {
  executor = await createExecutor({ threads: 1 });
});

/** Preprocesses and takes the normalization back: values 0..255, `[N, 3, S, S]`. */
async function preprocess(
  data: Uint8Array,
  shape: number[],
  size: number,
  colors = IMAGENET_COLORS,
): Promise<number[]> {
  const builder = new GraphBuilder('preprocessing');
  const image = builder.input('image', 'uint8', ['N', 'H', 'W', 3]);
  builder.node(
    'Identity',
    [addPreprocessing(builder, image, { imageSizePx: size, ...colors })],
    {},
    ['y'],
  );
  builder.output('y', 'float32', ['N', 3, size, size]);
  const session = await executor.load(builder.build());
  const { y } = await session.run({ image: { dtype: 'uint8', shape, data } });
  await session.release();
  expect(y?.shape).toEqual([shape[0], 3, size, size]);
  return Array.from(y?.data as Float32Array, (value, i) => {
    const c = Math.floor(i / size ** 2) % 3;
    return 255 * (value * colors.std[c]! + colors.mean[c]!);
  });
}

describe('addPreprocessing', () => {
  it.each([24, 48])(
    'resizes a 37×29 image to %i like Pillow, each of a batch alike',
    async (size) => {
      const expected = pillow.sizes[size] as number[];
      const batch = new Uint8Array(3 * IMAGE.length);
      for (let i = 0; i < 3; i++)
        batch.set(i === 1 ? IMAGE.map((v) => 255 - v) : IMAGE, i * IMAGE.length);
      const values = await preprocess(batch, [3, HEIGHT, WIDTH, 3], size);
      let different = 0;
      for (let i = 0; i < expected.length; i++) {
        const [pixel, c] = [Math.floor(i / 3), i % 3];
        for (const image of [0, 2]) {
          const value = values[(image * 3 + c) * size ** 2 + pixel]!;
          expect(Math.abs(value - expected[i]!)).toBeLessThan(1.001);
          if (Math.abs(value - expected[i]!) > 0.001) different++;
        }
      }
      // Fixed-point rounding of exact halves may differ in single values.
      expect(different / expected.length).toBeLessThan(0.002);
    },
  );

  it('takes the means and deviations that it is given', async () => {
    const image = IMAGE.subarray(0, 12 * 12 * 3);
    const colors = { mean: [0.5, 0.1, 0.9], std: [0.5, 1, 2] } as const;
    const values = await preprocess(image, [1, 12, 12, 3], 12, colors);
    for (const [i, value] of image.entries())
      expect(values[(i % 3) * 144 + Math.floor(i / 3)]).toBeCloseTo(value, 3);
  });

  it('leaves an image of the right size as it is', async () => {
    const image = IMAGE.subarray(0, 12 * 12 * 3);
    const values = await preprocess(image, [1, 12, 12, 3], 12);
    for (const [i, value] of image.entries()) {
      expect(values[(i % 3) * 144 + Math.floor(i / 3)]).toBeCloseTo(value, 3);
    }
  });
});
