/** @file Sizes of the named architectures against those that timm and the papers publish. */
import { BACKBONE_CATALOG, tapsFor } from '@plumbline/contracts';
import { describe, expect, it } from 'vitest';
import { ARCHITECTURES, findArchitecture } from './architectures.ts';
import type { Network } from './network.ts';

const network = (name: string) => findArchitecture(name) as Network;

describe('findArchitecture', () => {
  // timm: create_model(…, features_only=True).feature_info.channels(), strides 2, 4, 8, 16, 32.
  it.each([
    ['tf_efficientnet_b0', [16, 24, 40, 112, 320]],
    ['tf_efficientnet_b1', [16, 24, 40, 112, 320]],
    ['tf_efficientnet_b2', [16, 24, 48, 120, 352]],
    ['tf_efficientnet_b3', [24, 32, 48, 136, 384]],
    ['tf_efficientnet_b4', [24, 32, 56, 160, 448]],
    ['tf_efficientnet_b5', [24, 40, 64, 176, 512]],
    ['tf_efficientnet_b6', [32, 40, 72, 200, 576]],
    ['tf_efficientnet_b7', [32, 48, 80, 224, 640]],
  ])('%s has %j channels at strides 2 to 32', (name, channels) => {
    const { taps, defaultTaps } = network(name);
    const last = [2, 4, 8, 16, 32].map((stride) => taps.findLast((tap) => tap.stride === stride));
    expect(last.map((tap) => tap?.channels)).toEqual(channels);
    expect(defaultTaps).toEqual(['blocks.2', 'blocks.4']);
  });

  it.each([
    ['resnet18', [64, 128, 256, 512]],
    ['resnet34', [64, 128, 256, 512]],
    ['resnet50', [256, 512, 1024, 2048]],
    ['wide_resnet50_2', [256, 512, 1024, 2048]],
  ])('%s has %j channels at strides 4 to 32', (name, channels) => {
    expect(network(name).taps).toEqual(
      channels.map((count, i) => ({ name: `layer${i + 1}`, channels: count, stride: 4 * 2 ** i })),
    );
    expect(network(name).defaultTaps).toEqual(['layer2', 'layer3']);
  });

  it.each([
    ['vit_small_patch14_dinov2', 12, 384, ['blocks.5', 'blocks.9']],
    ['vit_base_patch14_reg4_dinov2', 12, 768, ['blocks.5', 'blocks.9']],
    ['vit_large_patch14_reg4_dinov2', 24, 1024, ['blocks.11', 'blocks.19']],
  ])(
    '%s has %i blocks of %i channels, a patch standing for 16 pixels',
    (name, depth, dim, chosen) => {
      const { taps, defaultTaps } = network(name);
      expect(taps).toHaveLength(depth + 1);
      expect(taps.at(-2)).toEqual({ name: `blocks.${depth - 1}`, channels: dim, stride: 16 });
      expect(taps.at(-1)?.name).toBe('norm');
      expect(defaultTaps).toEqual(chosen);
    },
  );

  it.each(BACKBONE_CATALOG)('has the taps that the catalog says of $name', (entry) => {
    const { taps, defaultTaps } = network(entry.architecture);
    expect(entry.featureTaps).toEqual(taps);
    expect(entry.defaultTaps).toEqual(defaultTaps);
  });

  it('gives taps by stride, and by depth where there is one stride alone', () => {
    expect(tapsFor(network('tf_efficientnet_b6'), { strides: [4, 16] })).toEqual([
      'blocks.1',
      'blocks.4',
    ]);
    expect(tapsFor(network('vit_small_patch14_dinov2'), { strides: [4, 8, 16] })).toEqual([
      'blocks.5',
      'blocks.9',
    ]);
  });

  it('gives the middle blocks of a vision transformer where they are asked for', () => {
    const blocks = (name: string, count: number) =>
      tapsFor(network(name), {
        strides: [16],
        blocks: { count, groups: 2, firstTokens: 'keep' },
      }).map((tap) => Number(tap.replace('blocks.', '')));
    // Dinomaly’s target layers.
    expect(blocks('vit_small_patch14_reg4_dinov2', 8)).toEqual([2, 3, 4, 5, 6, 7, 8, 9]);
    expect(blocks('vit_base_patch14_reg4_dinov2', 8)).toEqual([2, 3, 4, 5, 6, 7, 8, 9]);
    expect(blocks('vit_large_patch14_reg4_dinov2', 8)).toEqual([4, 6, 8, 10, 12, 14, 16, 18]);
    expect(blocks('vit_small_patch14_reg4_dinov2', 12)).toEqual([...Array(12).keys()]);
    expect(blocks('vit_small_patch14_reg4_dinov2', 20)).toEqual([...Array(12).keys()]);
  });

  it('knows nothing else', () => {
    expect(ARCHITECTURES).toHaveLength(4 + 8 + 6);
    expect(findArchitecture('vgg16')).toBeNull();
  });
});
