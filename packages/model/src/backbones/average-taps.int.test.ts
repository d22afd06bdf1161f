/** @file A vision transformer whose blocks are averaged, by the real runtime. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BlockTaps, FIRST_TOKENS } from '@plumbline/contracts';
import { createExecutor } from '@plumbline/runtime';
import { expect, it } from 'vitest';
import { probeImages, runOnce } from './measure-taps.ts';
import { openBackbone } from './open-backbone.ts';
import { writeSafetensors } from './safetensors.ts';
import { inventWeights } from './testing/invent-weights.ts';
import { type VitDescription, vit } from './vit-graph.ts';

const tiny: VitDescription = {
  ...{ dim: 64, depth: 4, heads: 1, hidden: 64, patchPx: 14 },
  ...{ registers: 4, positions: 5, hasClassPosition: false },
};
const BLOCKS = [0, 1, 2, 3].map((block) => `blocks.${block}`);

it('gives the means of its groups of blocks, and of what stands before the patches', async () => {
  const executor = await createExecutor({ threads: 1 });
  const folder = await mkdtemp(join(tmpdir(), 'plumbline-blocks-'));
  const path = join(folder, 'blocks.safetensors');
  await writeFile(path, writeSafetensors(inventWeights(vit(tiny), BLOCKS)));
  const valuesOf = async (blocks?: BlockTaps, featureTaps?: readonly string[]) => {
    const input = { strides: [16], ...(blocks === undefined ? {} : { blocks }) };
    const options = { backbone: path, input, executor, imageSizePx: 48 };
    const opened = await openBackbone({ ...options, ...(featureTaps ? { featureTaps } : {}) });
    const values = await runOnce(opened.model, { input: probeImages(48) }, executor);
    return { opened, of: (name: string) => values[name]?.data as Float32Array, values };
  };
  const apart = await valuesOf(undefined, BLOCKS);
  const { opened, of, values } = await valuesOf({ count: 4, groups: 2, firstTokens: 'keep' });
  expect(opened.featureTaps).toEqual([
    { name: 'blocks.0-blocks.1', channels: 64, stride: 16 },
    { name: 'blocks.2-blocks.3', channels: 64, stride: 16 },
    { name: FIRST_TOKENS, channels: 5 * 64, stride: 48 },
  ]);
  expect(values['blocks.0-blocks.1']?.shape).toEqual([2, 64, 3, 3]);
  expect(values[FIRST_TOKENS]?.shape).toEqual([2, 5 * 64, 1, 1]);
  for (const [a, b] of [
    [0, 1],
    [2, 3],
  ] as const)
    for (const [i, value] of of(`blocks.${a}-blocks.${b}`).entries()) {
      const mean = (apart.of(`blocks.${a}`)[i]! + apart.of(`blocks.${b}`)[i]!) / 2;
      expect(Math.abs(value - mean)).toBeLessThan(1e-6 * (1 + Math.abs(mean)));
    }
  // Recentered patches are those less the class token, the first of those before the patches.
  const only = { count: 1, groups: 1 };
  const kept = await valuesOf({ ...only, firstTokens: 'keep' }, ['blocks.2']);
  const centered = await valuesOf({ ...only, firstTokens: 'recenter' }, ['blocks.2']);
  for (const [i, value] of centered.of('blocks.2').entries()) {
    const [image, channel] = [Math.floor(i / (9 * 64)), Math.floor(i / 9) % 64];
    const classToken = kept.of(FIRST_TOKENS)[image * 5 * 64 + channel]!;
    expect(value).toBeCloseTo(kept.of('blocks.2')[i]! - classToken, 4);
  }
  await expect(
    valuesOf({ count: 4, groups: 2, firstTokens: 'drop' }, BLOCKS.slice(0, 3)),
  ).rejects.toMatchObject({ field: 'featureTaps', message: expect.stringContaining('2 groups') });
  await rm(folder, { recursive: true, force: true });
});
