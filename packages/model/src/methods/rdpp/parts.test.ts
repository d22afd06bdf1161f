/** @file Parts of RD++ with numbers that are known: the noise, where it is laid, normalization, the contrast. */
import '@tensorflow/tfjs-backend-cpu';
import { readFileSync } from 'node:fs';
import { reshape, setBackend, type Tensor4D, tensor } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { instanceNorm } from '../../nn/instance-norm.ts';
import { RandomStream } from '../../nn/random.ts';
import { formula } from '../formula.ts';
import { contrastLoss } from './loss.ts';
import { addPatch } from './noisy-patches.ts';
import { fractalNoise, latticeOrder, simplexNoise } from './simplex-noise.ts';

const { noise } = JSON.parse(
  readFileSync(new URL('./fixtures/torch.json', import.meta.url), 'utf8'),
) as { noise: { order: number[]; places: [number, number, number][]; values: number[] } };

beforeAll(async () => {
  await setBackend('cpu');
});

describe('the noise', () => {
  it('is that of the OpenSimplex package, which leaves out lattice points of little weight', () => {
    const order = Uint8Array.from(noise.order);
    for (const [index, place] of noise.places.entries())
      expect(simplexNoise(order, ...place), String(place)).toBeCloseTo(noise.values[index]!, 4);
  });

  it('has another order for another seed, each number once', () => {
    const [one, other] = [1, 2].map((seed) => latticeOrder(RandomStream.from(seed, 'noise')));
    expect([...(one ?? [])].sort((a, b) => a - b)).toEqual(
      Array.from({ length: 256 }, (_, i) => i),
    );
    expect(one).not.toEqual(other);
  });

  it.each([64, 128])(
    'changes one rectangle of an image of %i px, in all colors, by its strength',
    (side) => {
      const field = fractalNoise(latticeOrder(RandomStream.from(3, 'noise')), side / 8);
      for (let draw = 0; draw < 3; draw++) {
        const image = new Float32Array(3 * side ** 2);
        addPatch(image, side, field, RandomStream.from(draw, 'patch'));
        const changed = [...image.entries()].filter(([, x]) => x !== 0).map(([i]) => i);
        const rows = new Set(changed.map((i) => Math.floor(i / side) % side));
        const columns = new Set(changed.map((i) => i % side));
        for (const places of [rows, columns]) {
          expect(places.size).toBeLessThan(side / 8);
          expect(places.size).toBeGreaterThanOrEqual(Math.min(10, side / 8 - 1));
          expect(Math.max(...places) - Math.min(...places)).toBe(places.size - 1);
        }
        expect(changed.length).toBeGreaterThan(2.9 * rows.size * columns.size);
        const first = Math.min(...rows) * side + Math.min(...columns);
        expect(image[first]).toBeCloseTo((0.2 / 0.229) * field[0]!, 5);
      }
    },
  );
});

describe('instance normalization', () => {
  it('gives each channel of each image mean 0 and variance 1', () => {
    const x = tensor(Float32Array.from(formula(2 * 36 * 3, 1), (v, i) => v * (1 + (i % 3)) + i));
    const normalized = instanceNorm(reshape(x, [2, 6, 6, 3]));
    const values = normalized.dataSync();
    for (let image = 0; image < 2; image++)
      for (let channel = 0; channel < 3; channel++) {
        const own = Array.from({ length: 36 }, (_, i) => values[(image * 36 + i) * 3 + channel]!);
        const mean = own.reduce((sum, v) => sum + v, 0) / 36;
        expect(mean).toBeCloseTo(0, 5);
        expect(own.reduce((sum, v) => sum + (v - mean) ** 2, 0) / 36).toBeCloseTo(1, 3);
      }
  });
});

describe('the contrast', () => {
  const vector = (...values: number[]) => tensor(values, [1, 1, 1, values.length]) as Tensor4D;

  it('is 0 up to a cosine of 0.5, and grows from there', () => {
    const loss = (cosine: number) =>
      contrastLoss(vector(1, 0), vector(cosine, Math.sqrt(1 - cosine ** 2))).dataSync()[0];
    expect(loss(-1)).toBe(0);
    expect(loss(0.49)).toBe(0);
    expect(loss(0.7)).toBeCloseTo(0.2, 5);
    expect(loss(1)).toBeCloseTo(0.5, 5);
  });
});
