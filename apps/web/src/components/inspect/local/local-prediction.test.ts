import type { BundleManifest, ThresholdProfileVersion } from '@plumbline/contracts';
import { describe, expect, it } from 'vitest';
import { type JudgingBundle, localPrediction } from './local-prediction.ts';
import { pictureKind } from './picture-kind.ts';

const cut = (imageThreshold: number) => ({
  imageThreshold,
  pixelThreshold: 2,
  heldOutScores: [1, 3],
});

function bundleOf(categories: readonly string[]): JudgingBundle {
  const profile = {
    rule: 'test',
    falseAlarmTarget: 0.01,
    pooled: cut(9),
    categories: Object.fromEntries(categories.map((name, index) => [name, cut(2 + index)])),
  };
  const categoryBank = { neighbors: 1, sureFrom: 0.6 };
  return {
    target: { model: 'parts', version: 3 },
    manifest: { categories: {}, thresholds: profile, categoryBank } as unknown as BundleManifest,
    thresholds: { version: 2, profile } as unknown as ThresholdProfileVersion,
    bank: {
      names: categories,
      categories: Int32Array.from(categories, (_, index) => index),
      descriptors: Float32Array.from(categories, (_, index) => index),
      size: 1,
    },
  };
}

const outputs = { imageScore: 2.5, categoryDescriptor: Float32Array.of(0.9) };

describe('localPrediction', () => {
  it('finds the category by the bank and judges by its thresholds', () => {
    expect(localPrediction(bundleOf(['bolt', 'nut']), outputs, undefined)).toMatchObject({
      ...{ model: 'parts', modelVersion: 3, category: 'nut', categorySource: 'found' },
      ...{ threshold: 3, predictedLabel: 'normal', thresholdProfile: 2, falseAlarmRate: 0.5 },
    });
  });

  it('takes the category that is named, or the pooled threshold', () => {
    const both = bundleOf(['bolt', 'nut']);
    expect(localPrediction(both, outputs, 'bolt')).toMatchObject({
      ...{ categorySource: 'given', threshold: 2, predictedLabel: 'anomalous' },
    });
    expect(localPrediction(both, outputs, 'pooled')).toMatchObject({
      category: null,
      threshold: 9,
    });
    expect(() => localPrediction(both, outputs, 'gear')).toThrow('no category “gear”');
  });

  it('asks for the category where nothing finds it, unless there is only one', () => {
    const both = { ...bundleOf(['bolt', 'nut']), bank: null };
    expect(() => localPrediction(both, outputs, undefined)).toThrow('does not find the category');
    const one = { ...bundleOf(['bolt']), bank: null };
    expect(localPrediction(one, outputs, undefined).category).toBe('bolt');
  });
});

it('judges no image where training had images of more than 8 bits, which browsers do not keep', () => {
  const bundle = bundleOf(['bolt', 'nut']);
  const ranges = [{ category: 'nut', range: { low: 0, high: 4095 } }];
  const manifest = { ...bundle.manifest, categories: { bolt: {}, nut: {} }, ranges };
  const deep = { ...bundle, manifest: manifest as unknown as BundleManifest };
  expect(() => localPrediction(deep, outputs, undefined)).toThrow(/8 bits.*nut 0..4095/);
  expect(localPrediction(deep, outputs, 'bolt').category).toBe('bolt');
});

describe('pictureKind', () => {
  it('tells what a browser would decode to other pixels than the server', () => {
    const png = (depth: number) => {
      const header = new Uint8Array(64);
      header.set([0x89, 0x50, 0x4e, 0x47]);
      header[24] = depth;
      return header;
    };
    expect(pictureKind(png(8))).toBe('other');
    expect(pictureKind(png(16))).toBe('deep-png');
    expect(pictureKind(Uint8Array.of(0x49, 0x49, 0x2a, 0))).toBe('tiff');
    expect(pictureKind(Uint8Array.of(0x4d, 0x4d, 0, 0x2a))).toBe('tiff');
    expect(pictureKind(new Uint8Array())).toBe('other');
  });
});
