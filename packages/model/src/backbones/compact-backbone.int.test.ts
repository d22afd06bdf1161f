/** @file The embedded backbone, run for real, against the values that training measured. */
import { existsSync, readFileSync } from 'node:fs';
import { createExecutor } from '@plumbline/runtime';
import { describe, expect, it } from 'vitest';
import { float32 } from '../onnx/tensor.ts';
import { openCompactBackbone } from './compact-backbone.ts';
import { openBackbone } from './open-backbone.ts';
import { readSafetensors } from './safetensors.ts';

const CHECK = new URL('../../../../../shared/backbones/compact-check.safetensors', import.meta.url);

describe('openCompactBackbone', () => {
  it('has layer2 and layer3 as default taps and the grids that their strides say', async () => {
    const backbone = await openCompactBackbone();
    expect(backbone.featureTaps).toEqual([
      { name: 'layer2', channels: 64, stride: 8 },
      { name: 'layer3', channels: 128, stride: 16 },
    ]);
    const executor = await createExecutor({ threads: 1 });
    const session = await executor.load(backbone.model);
    expect(session.outputNames).toEqual(['layer2', 'layer3']);
    const { layer2, layer3 } = await session.run({
      input: float32([3, 3, 64, 96], new Float32Array(3 * 3 * 64 * 96).fill(0.3)),
    });
    expect(layer2?.shape).toEqual([3, 64, 8, 12]);
    expect(layer3?.shape).toEqual([3, 128, 4, 6]);
    await session.release();
  });

  it('has nothing after the deepest tap, and the same hash', async () => {
    const executor = await createExecutor({ threads: 1 });
    const one = await openBackbone({ backbone: 'compact', featureTaps: ['layer1'], executor });
    const all = await openCompactBackbone();
    expect(one.featureTaps).toEqual([{ name: 'layer1', channels: 32, stride: 4 }]);
    expect(one.model.length).toBeLessThan(all.model.length / 5);
    expect(one.sha256).toBe(all.sha256);
  });

  it.each([[['layer4']], [[]], [['layer2', 'layer2']]])('refuses the taps %j', async (taps) => {
    await expect(openCompactBackbone(taps)).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      field: 'featureTaps',
      fix: expect.stringContaining('layer2 (64 channels, stride 8)'),
    });
  });

  it.skipIf(!existsSync(CHECK))('computes the taps of the float32 weights', async () => {
    const { tensors } = readSafetensors(readFileSync(CHECK), 'compact-check.safetensors');
    const x = tensors.get('input.x');
    const taps = ['layer1', 'layer2', 'layer3'];
    const backbone = await openCompactBackbone(taps);
    const executor = await createExecutor({ threads: 1 });
    const session = await executor.load(backbone.model);
    const values = await session.run({
      input: float32(x?.shape ?? [], x?.data as Float32Array),
    });
    for (const tap of taps) {
      const expected = tensors.get(`output.${tap}`)?.data as Float32Array;
      const actual = values[tap]?.data as Float32Array;
      expect(actual.length).toBe(expected.length);
      let error = 0;
      let power = 0;
      let largest = 0;
      let peak = 0;
      for (let i = 0; i < expected.length; i++) {
        error += (actual[i]! - expected[i]!) ** 2;
        power += expected[i]! ** 2;
        largest = Math.max(largest, Math.abs(actual[i]! - expected[i]!));
        peak = Math.max(peak, Math.abs(expected[i]!));
      }
      console.info(`${tap}: rms ${Math.sqrt(error / power)}, max/max ${largest / peak}`);
      // The weights were rounded to 11 bits: 2⁻¹² each, about 5e-4 after ten layers.
      expect(Math.sqrt(error / power)).toBeLessThan(2e-3);
      expect(largest / peak).toBeLessThan(3e-3);
    }
    await session.release();
  });
});
