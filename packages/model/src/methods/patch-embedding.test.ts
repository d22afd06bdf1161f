import '@tensorflow/tfjs-backend-cpu';
import { patchcore } from '@plumbline/contracts';
import { setBackend, tensor } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  adaptiveAveragePool,
  enlargeGrid,
  planEmbedding,
  unfoldNeighborhoods,
} from './patch-embedding.ts';
import { nearestSquared } from './patchcore/score.ts';

beforeAll(async () => {
  await setBackend('cpu');
});

const range = (length: number) => Float32Array.from({ length }, (_, i) => i);

describe('unfoldNeighborhoods', () => {
  it('puts the nine neighbors of a channel beside each other, zeros beyond the border', async () => {
    const features = tensor([1, 2, 3, 4], [1, 4, 1]); // a 2×2 grid
    const unfolded = unfoldNeighborhoods(features, 2);
    expect(unfolded.shape).toEqual([1, 4, 9]);
    const values = [...(await unfolded.data())];
    expect(values.slice(0, 9)).toEqual([0, 0, 0, 0, 1, 2, 0, 3, 4]);
    expect(values.slice(27)).toEqual([1, 2, 0, 3, 4, 0, 0, 0, 0]);
  });

  it('keeps channels and images apart', async () => {
    const unfolded = await unfoldNeighborhoods(tensor(range(24), [2, 4, 3]), 2).data();
    // The center is fifth of nine: image 1, position 0, channel 2 is number 12 + 2.
    expect(unfolded[(1 * 4 + 0) * 27 + 2 * 9 + 4]).toBe(14);
  });
});

describe('adaptiveAveragePool', () => {
  // Windows of torch.nn.functional.adaptive_avg_pool1d for 9 → 2: 0..4 and 4..8; for 5 → 3: 0..1, 1..3, 3..4.
  it.each([
    [9, 2, [2, 6]],
    [5, 3, [0.5, 2, 3.5]],
    [6, 3, [0.5, 2.5, 4.5]],
    [2, 4, [0, 0, 1, 1]],
    [4, 4, [0, 1, 2, 3]],
  ])('pools %i values to %i like PyTorch', async (length, out, expected) => {
    const pooled = adaptiveAveragePool(tensor(range(length), [1, 1, length]), out);
    expect(pooled.shape).toEqual([1, 1, out]);
    for (const [i, value] of [...(await pooled.data())].entries())
      expect(value).toBeCloseTo(expected[i]!, 6);
  });

  it('of an unfolded neighborhood to its channels is the 3×3 average', async () => {
    const features = tensor(range(9 * 4), [1, 9, 4]);
    const pooled = await adaptiveAveragePool(unfoldNeighborhoods(features, 3), 4).data();
    const center = [...pooled.slice(4 * 4, 5 * 4)];
    for (const [channel, value] of center.entries()) expect(value).toBeCloseTo(16 + channel, 5);
  });
});

describe('enlargeGrid', () => {
  it('is bilinear between pixel centers, rows and columns apart', async () => {
    const grid = tensor([0, 1, 10, 11], [1, 4, 1]);
    const large = [...(await enlargeGrid(grid, 2, 4).data())];
    const along = [0, 0.25, 0.75, 1];
    for (const [i, value] of large.entries())
      expect(value).toBeCloseTo(10 * along[Math.floor(i / 4)]! + along[i % 4]!, 5);
  });
});

describe('nearestSquared', () => {
  it('is the squared distance to the nearest row, computed by hand', async () => {
    const patches = tensor([1, 1, 6, 9], [1, 2, 2]);
    const bank = { rows: Float32Array.of(0, 0, 3, 4), center: Float32Array.of(1, 1) };
    // Less the center (0, 0) and (5, 8): 0, and min(25 + 64, 4 + 16).
    expect([...(await nearestSquared(patches, bank).data())]).toEqual([0, 20]);
  });

  it('is the mean over the nearest few, or over all there are, computed by hand', async () => {
    const patches = tensor([0, 0], [1, 1, 2]);
    const bank = { rows: Float32Array.of(3, 4, 1, 0, 0, 2), center: new Float32Array(2) };
    const meanOf = async (count: number) => [
      ...(await nearestSquared(patches, bank, count).data()),
    ];
    expect([await meanOf(1), await meanOf(2), await meanOf(3), await meanOf(9)]).toEqual([
      [1],
      [2.5],
      [10],
      [10],
    ]);
  });

  it('does not depend on the order of the rows or on how many pieces they make', async () => {
    const rows = Float32Array.from({ length: 5000 * 3 }, (_, i) => Math.sin(i * 12.9898) * 3);
    const center = new Float32Array(3);
    const patches = tensor(range(12).map(Math.cos), [2, 2, 3]);
    const scores = await nearestSquared(patches, { rows, center }).data();
    const three = await nearestSquared(patches, { rows, center }, 3).data();
    const values = await patches.data();
    for (const [patch, score] of [...scores].entries()) {
      const distances: number[] = [];
      for (let row = 0; row < 5000; row++) {
        let sum = 0;
        for (let i = 0; i < 3; i++) sum += (values[patch * 3 + i]! - rows[row * 3 + i]!) ** 2;
        distances.push(sum);
      }
      const [first = 0, second = 0, third = 0] = distances.sort((a, b) => a - b);
      expect(score).toBeCloseTo(first, 5);
      expect(three[patch]).toBeCloseTo((first + second + third) / 3, 5);
    }
  });
});

describe('planEmbedding', () => {
  it('pools as the preset says, never to more than there is', () => {
    const levels = [
      { tap: 'layer2', grid: 32, channels: 128 },
      { tap: 'layer3', grid: 16, channels: 256 },
    ];
    const paper = planEmbedding(levels, patchcore.presets.paper);
    expect(paper.levels.map((level) => level.pooled)).toEqual([1024, 1024]);
    expect([paper.grid, paper.size]).toEqual([32, 1024]);
    const quick = planEmbedding(levels, patchcore.presets.quick);
    expect([quick.unfold, quick.size]).toEqual([false, 384]);
    const small = planEmbedding([{ tap: 'a', grid: 4, channels: 10 }], patchcore.presets.paper);
    expect(small.size).toBe(90);
  });
});
