import { getMethod } from '@plumbline/model';
import { expect, it } from 'vitest';
import { describeMemory, memoryFor, openFitMemory } from './fit-memory.ts';

const card = { name: 'Small Card', totalBytes: 8e9, freeBytes: 2e9 };
const rlr = getMethod('rlr').definition.memory;

it("asks the card for the memory of a training step, and the machine for what is the machine's", async () => {
  const onCard = await openFitMemory(rlr, 'cuda', async () => card);
  expect(memoryFor(onCard)).toEqual({
    ...{ memoryBytes: 2e9, memoryOf: 'the graphics card (Small Card)' },
  });
  expect(describeMemory(onCard)).toBe('The graphics card (Small Card) has 2.0 GB of 8.0 GB free.');
  for (const [of, provider] of [
    [rlr, 'cpu'],
    [getMethod('patchcore').definition.memory, 'cuda'],
  ] as const) {
    const onMachine = await openFitMemory(of, provider, async () => card);
    expect(memoryFor(onMachine).memoryOf).toBeUndefined();
    expect(memoryFor(onMachine).memoryBytes).toBeGreaterThan(0);
    expect(describeMemory(onMachine)).toBeNull();
  }
});

it('limits nothing where the card says nothing, and says so', async () => {
  const unknown = await openFitMemory(rlr, 'webgpu', async () => null);
  expect(memoryFor(unknown)).toEqual({});
  expect(describeMemory(unknown)).toMatch(/is not known here/);
});

it('refuses a fit that the card has no room for, whatever the machine has', async () => {
  const memory = memoryFor(await openFitMemory(rlr, 'cuda', async () => card));
  const planned = {
    ...memory,
    preset: 'paper' as const,
    settings: { batchSize: 64 },
    images: 100,
    categories: 2,
    levels: [{ tap: 'layer1', grid: 32, channels: 72 }],
  };
  const method = getMethod('rlr');
  if (method.reads !== 'tokens') throw new Error('RLR reads tokens');
  expect(() => method.assertMemory(planned)).toThrow(
    expect.objectContaining({
      message: expect.stringMatching(/the graphics card \(Small Card\) has 2\.0 GB free/),
      fix: expect.stringMatching(/lower batchSize/),
    }),
  );
});
