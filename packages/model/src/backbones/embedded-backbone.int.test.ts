/** @file The embedded backbones, run for real, against the values that training measured. */
import { existsSync, readFileSync } from 'node:fs';
import { EMBEDDED_BACKBONE_FACTS, EMBEDDED_BACKBONES } from '@plumbline/contracts';
import { createExecutor } from '@plumbline/runtime';
import { describe, expect, it } from 'vitest';
import { float32 } from '../onnx/tensor.ts';
import { openEmbeddedBackbone } from './embedded-backbone.ts';
import { openBackbone } from './open-backbone.ts';
import { readSafetensors } from './safetensors.ts';

const CHECKS = {
  standard: shared('standard-1-check.safetensors'),
  compact: shared('compact-2-check.safetensors'),
};

function shared(name: string): URL {
  return new URL(`../../../../../shared/backbones/${name}`, import.meta.url);
}

describe.each(EMBEDDED_BACKBONES)('openEmbeddedBackbone: %s', (name) => {
  const facts = EMBEDDED_BACKBONE_FACTS[name];

  it('is the file that the contracts describe, with its taps and parameters', async () => {
    const taps = ['layer1', 'layer2', 'layer3'];
    const backbone = await openEmbeddedBackbone(name, taps);
    expect(backbone.sha256).toBe(facts.sha256);
    expect(backbone.featureTaps).toEqual(facts.featureTaps);
    const bytes = readFileSync(
      new URL(
        `../../assets/${name === 'standard' ? 'standard-1' : 'compact-2'}.safetensors`,
        import.meta.url,
      ),
    );
    expect(bytes.length).toBe(facts.bytes);
    const { tensors } = readSafetensors(bytes, name);
    const counts = [...tensors].map(([tensor, { shape }]) =>
      tensor.includes('running_') ? 0 : shape.reduce((product, side) => product * side, 1),
    );
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(facts.parameters);
  });

  it('has layer2 and layer3 as default taps and the grids that their strides say', async () => {
    const backbone = await openEmbeddedBackbone(name);
    const [, fine, coarse] = facts.featureTaps;
    expect(backbone.featureTaps).toEqual([fine, coarse]);
    expect(backbone.featureTaps.map((tap) => tap.name)).toEqual(facts.defaultTaps);
    const executor = await createExecutor({ threads: 1 });
    const session = await executor.load(backbone.model);
    expect(session.outputNames).toEqual(['layer2', 'layer3']);
    const { layer2, layer3 } = await session.run({
      input: float32([3, 3, 64, 96], new Float32Array(3 * 3 * 64 * 96).fill(0.3)),
    });
    expect(layer2?.shape).toEqual([3, fine?.channels, 8, 12]);
    expect(layer3?.shape).toEqual([3, coarse?.channels, 4, 6]);
    await session.release();
  });

  it('has nothing after the deepest tap, and the same hash', async () => {
    const executor = await createExecutor({ threads: 1 });
    const one = await openBackbone({ backbone: name, featureTaps: ['layer1'], executor });
    const all = await openEmbeddedBackbone(name);
    expect(one.featureTaps).toEqual([facts.featureTaps[0]]);
    expect(one.model.length).toBeLessThan(all.model.length / 5);
    expect(one.sha256).toBe(all.sha256);
  });

  it.each([[['layer4']], [[]], [['layer2', 'layer2']]])('refuses the taps %j', async (taps) => {
    await expect(openEmbeddedBackbone(name, taps)).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      field: 'featureTaps',
      fix: expect.stringContaining(`layer2 (${facts.featureTaps[1]?.channels} channels, stride 8)`),
    });
  });

  it.skipIf(!existsSync(CHECKS[name]))('computes the taps that were measured', async () => {
    const { tensors } = readSafetensors(readFileSync(CHECKS[name]), `${name}, check`);
    const x = tensors.get('input.x');
    const taps = ['layer1', 'layer2', 'layer3'];
    const backbone = await openEmbeddedBackbone(name, taps);
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
      console.info(`${name} ${tap}: rms ${Math.sqrt(error / power)}, max/max ${largest / peak}`);
      expect(Math.sqrt(error / power)).toBeLessThan(1e-5);
      expect(largest / peak).toBeLessThan(1e-5);
    }
    await session.release();
  });
});
