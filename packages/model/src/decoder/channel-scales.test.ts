import { expect, it } from 'vitest';
import { ChannelSums } from './channel-scales.ts';
import { decoderConfig } from './config.ts';

it('is mean and deviation of each channel over all batches; a constant channel keeps its scale', () => {
  const sums = new ChannelSums(2);
  sums.add(Float32Array.of(1, 5, 2, 5)); // rows (1, 5) and (2, 5)
  sums.add(Float32Array.of(6, 5));
  const { mean, deviation } = sums.scale();
  expect([...mean]).toEqual([3, 5]);
  // ((1 − 3)² + (2 − 3)² + (6 − 3)²) / 3 = 14/3
  expect(deviation[0]).toBeCloseTo(Math.sqrt(14 / 3), 5);
  expect(deviation[1]).toBe(1);
});

it('decodes to four pixels a cell of the finest grid, 128 at most', () => {
  const levels = (...grids: number[]) => grids.map((grid) => ({ grid, channels: 4 }));
  expect(decoderConfig(levels(16, 8))).toMatchObject({ grid: 16, imageSizePx: 64 });
  expect(decoderConfig(levels(16, 32))).toMatchObject({ grid: 32, imageSizePx: 128 });
  expect(decoderConfig(levels(64, 32, 16))).toMatchObject({ grid: 32, imageSizePx: 128 });
});
