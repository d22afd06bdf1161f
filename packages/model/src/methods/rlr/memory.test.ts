import { expect, it } from 'vitest';
import { planLevels, resolvePreset } from './config.ts';
import { fitBytes, requireMemory } from './memory.ts';

function gigabytes(name: 'paper' | 'quick', grid: number, settings = {}): number {
  const levels = [{ tap: 't', grid, channels: 72 }];
  const [plan] = planLevels(resolvePreset(name, settings), levels, { images: 100, categories: 5 });
  return fitBytes(plan!) / 1e9;
}

it('grows with batch, grid and depth', () => {
  const base = gigabytes('paper', 32);
  expect(gigabytes('paper', 32, { batchSize: 8 })).toBeGreaterThan(1.5 * base);
  expect(gigabytes('paper', 32, { layers: 8 })).toBeGreaterThan(1.5 * base);
  expect(gigabytes('paper', 64)).toBeGreaterThan(8 * base);
  expect(gigabytes('quick', 16)).toBeLessThan(base);
});

it('refuses what the memory cannot hold, with advice', () => {
  const levels = [{ tap: 'layer1', grid: 64, channels: 72 }];
  const plans = planLevels(resolvePreset('paper'), levels, { images: 100, categories: 5 });
  expect(() => requireMemory(plans, {})).not.toThrow();
  expect(() => requireMemory(plans, { memoryBytes: 500e9 })).not.toThrow();
  const refused = () => requireMemory(plans, { memoryBytes: 4e9, memoryOf: 'the card' });
  expect(refused).toThrow(
    /layer1 \(64×64\) would need about \d+\.\d GB .* the card has 4\.0 GB free/,
  );
  expect(refused).toThrow(expect.objectContaining({ fix: expect.stringMatching(/batchSize/) }));
});
