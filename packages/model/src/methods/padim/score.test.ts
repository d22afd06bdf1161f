import '@tensorflow/tfjs-backend-cpu';
import { setBackend, tensor } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { embedPosition, embedTokens, type PadimEmbedding, planEmbedding } from './forward.ts';
import { mahalanobisSquared } from './score.ts';

beforeAll(async () => {
  await setBackend('cpu');
});

describe('mahalanobisSquared', () => {
  it('equals the quadratic form computed by hand', async () => {
    const embedding = tensor([3, 4], [1, 1, 2]);
    const mean = tensor([1, 1], [1, 2]);
    // W·Wᵀ = [[2, 0], [0, 1]]: 2·2² + 1·3² = 17.
    const whitening = tensor([Math.SQRT2, 0, 0, 1], [1, 2, 2]);
    const [distance] = await mahalanobisSquared(embedding, mean, whitening).data();
    expect(distance).toBeCloseTo(17, 5);
  });

  it('is the squared Euclidean distance when the covariance is the identity', async () => {
    const embedding = tensor([1, 2, 0, 0, 5, 5, 1, 1], [2, 2, 2]);
    const mean = tensor([1, 0, 0, 1], [2, 2]);
    const identity = tensor([1, 0, 0, 1, 1, 0, 0, 1], [2, 2, 2]);
    const distance = mahalanobisSquared(embedding, mean, identity);
    expect(distance.shape).toEqual([2, 2]);
    expect([...(await distance.data())]).toEqual([4, 1, 41, 1]);
  });

  it('rejects Gaussians of another grid', () => {
    const [embedding, mean] = [tensor([3, 4], [1, 1, 2]), tensor([1, 1], [1, 2])];
    expect(() => mahalanobisSquared(embedding, mean, tensor([1, 0, 0, 1], [1, 4]))).toThrow(
      /whitening/,
    );
  });
});

describe('planEmbedding', () => {
  const levels = [
    { tap: 'fine', grid: 4, channels: 5 },
    { tap: 'coarse', grid: 2, channels: 7 },
  ];

  const planned = (channels: number, seed: number, grid: 'finest' | 'coarsest' = 'finest') =>
    planEmbedding(levels, { channels, seed, grid });

  it('keeps a random subset of all channels, the same for the same seed', () => {
    const kept = (seed: number) => planned(6, seed).levels.map((level) => [...level.kept]);
    expect(kept(3).flat()).toHaveLength(6);
    expect(kept(3)).toEqual(kept(3));
    expect(new Set([0, 1, 2, 3, 4, 5].map((seed) => String(kept(seed)))).size).toBeGreaterThan(1);
    expect(planned(100, 0).size).toBe(12);
  });

  it('copies each coarse position to all fine ones that it covers', () => {
    const [fine, coarse] = planned(12, 0).levels;
    expect(fine!.sources.flatMap((places) => [...places])).toEqual([...Array(16).keys()]);
    expect(coarse!.sources.flatMap((places) => [...places])).toEqual([
      0, 0, 1, 1, 0, 0, 1, 1, 2, 2, 3, 3, 2, 2, 3, 3,
    ]);
  });

  it('averages the fine positions that a coarse one covers', () => {
    const { grid, levels } = planned(12, 0, 'coarsest');
    expect(grid).toBe(2);
    expect(levels[0]!.sources.map((places) => [...places])).toEqual([
      [0, 1, 4, 5],
      [2, 3, 6, 7],
      [8, 9, 12, 13],
      [10, 11, 14, 15],
    ]);
    expect(levels[1]!.sources.map((places) => [...places])).toEqual([[0], [1], [2], [3]]);
  });

  it.each(['finest', 'coarsest'] as const)(
    'embeds the same by tensors and by plain code, on the %s grid',
    async (grid) => {
      const matrix = Float32Array.from({ length: 24 }, (_, i) => Math.sin(i));
      for (const projection of [null, { from: 6, to: 4, matrix }]) await compare(grid, projection);
    },
  );

  async function compare(grid: 'finest' | 'coarsest', projection: PadimEmbedding['projection']) {
    const plan = { ...planned(6, 1, grid), projection };
    const tokens = levels.map((level, i) =>
      Float32Array.from({ length: 2 * level.grid ** 2 * level.channels }, (_, k) => 1000 * i + k),
    );
    const tensors = levels.map((level, i) =>
      tensor(tokens[i]!, [2, level.grid ** 2, level.channels]),
    );
    const all = await embedTokens(tensors, plan).data();
    const size = projection?.to ?? 6;
    const out = new Float64Array(size);
    for (const image of [0, 1]) {
      for (let position = 0; position < plan.grid ** 2; position++) {
        embedPosition(tokens, plan, { image, position }, out);
        const start = (image * plan.grid ** 2 + position) * size;
        for (const [d, value] of out.entries()) expect(all[start + d]).toBeCloseTo(value, 2);
      }
    }
  }
});
