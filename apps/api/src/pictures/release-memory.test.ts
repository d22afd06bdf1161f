import { expect, test } from 'vitest';
import { releaseMemory } from './release-memory.ts';

test('large pixels are gone at once, as memory that counts', () => {
  const before = process.memoryUsage().arrayBuffers;
  for (let image = 0; image < 20; image += 1) {
    const pixels = new Uint8Array(50e6).fill(1);
    releaseMemory(pixels);
    expect(pixels.length).toBe(0);
  }
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(50e6);
});

test('small ones, and those that share their memory, stay', () => {
  const [small, shared] = [new Uint8Array(1000), new Uint8Array(2e6)];
  for (const pixels of [small, shared.subarray(1e6)]) releaseMemory(pixels);
  expect([small.length, shared.length]).toEqual([1000, 2e6]);
});
