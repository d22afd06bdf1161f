import { expect, it } from 'vitest';
import { findCardMemory, parseNvidiaSmi } from './card-memory.ts';

it('reads what nvidia-smi says, and takes nothing for a card that does not say', () => {
  const text = 'NVIDIA H100 80GB HBM3, 81559, 80995\nNVIDIA GB10, [N/A], [N/A]\n\n';
  expect(parseNvidiaSmi(text)).toEqual([
    { name: 'NVIDIA H100 80GB HBM3', totalBytes: 81559 * 2 ** 20, freeBytes: 80995 * 2 ** 20 },
  ]);
  expect(parseNvidiaSmi('No devices were found\n')).toEqual([]);
});

it('says nothing where there is no card, and never more than there is', async () => {
  const found = await findCardMemory();
  if (found !== null) expect(found.freeBytes).toBeLessThanOrEqual(found.totalBytes);
  else expect(found).toBeNull();
});
