/** @file What a method reads of a vision transformer or of a convolutional backbone, before anything is opened. */
import { describe, expect, it } from 'vitest';
import { findCatalogBackbone } from '../backbone-catalog.ts';
import { findEmbeddedBackbone } from '../embedded-backbones.ts';
import { planTraining } from '../training/plan-training.ts';
import { dinomaly } from './dinomaly/dinomaly.ts';
import { areAlike, mapNetwork } from './middle-maps.ts';

const plan = (preset: 'paper' | 'quick', backbone: string, given: object = {}) =>
  planTraining(
    { method: 'dinomaly', preset, decoder: false, ...given },
    findEmbeddedBackbone(backbone) ?? findCatalogBackbone(backbone),
  );

describe('maps of a backbone', () => {
  it('are the means of the first and the last four of eight middle blocks, at 28×28 patches', () => {
    const { levels } = plan('paper', 'vit_base_patch14_reg4_dinov2');
    expect(levels).toEqual([
      { tap: 'blocks.2-blocks.5', grid: 28, channels: 768 },
      { tap: 'blocks.6-blocks.9', grid: 28, channels: 768 },
    ]);
    const network = mapNetwork(dinomaly.presets.paper, levels ?? []);
    expect(network).toMatchObject({ channels: 768, heads: 12, layers: 8, maps: 2 });
  });

  it('are refused of a convolutional backbone as published, with the command that gets another', () => {
    for (const backbone of ['standard', 'resnet18'])
      expect(() => plan('paper', backbone)).toThrow(
        expect.objectContaining({
          field: 'backbone',
          fix: expect.stringContaining('plumb backbones fetch vit_base_patch14_reg4_dinov2'),
        }),
      );
    // Nobody has opened it yet.
    expect(plan('paper', '/a/file.safetensors').levels).toBeNull();
  });

  it('are its taps side by side in the variant', () => {
    const { levels } = plan('quick', 'standard');
    expect(areAlike(levels ?? [])).toBe(false);
    const network = mapNetwork(dinomaly.presets.quick, levels ?? []);
    expect(network).toMatchObject({ grid: 16, channels: 384, heads: 6, maps: 1 });
  });

  it('name what can’t be split', () => {
    const vit = 'vit_small_patch14_reg4_dinov2';
    expect(() => plan('paper', vit, { settings: { layers: 3 } })).toThrow(
      expect.objectContaining({ field: 'settings.layers' }),
    );
    expect(() => plan('paper', vit, { featureTaps: ['blocks.1', 'blocks.2', 'blocks.3'] })).toThrow(
      expect.objectContaining({ field: 'featureTaps' }),
    );
    for (const [settings, field] of [
      [{ groups: 3 }, 'featureTaps'],
      [{ whitening: true }, 'settings.whitening'],
    ] as const)
      expect(() => plan('paper', vit, { settings })).toThrow(expect.objectContaining({ field }));
    expect(plan('paper', vit, { settings: { whitening: true, firstTokens: 'drop' } })).toBeTruthy();
    // One map is not as published.
    expect(() => plan('paper', vit, { featureTaps: ['blocks.1'] })).toThrow(
      expect.objectContaining({ field: 'backbone' }),
    );
  });
});
