/** @file Seeds of one configuration have one key. */

import { startTrainingInput } from '@plumbline/contracts';
import { describe, expect, it } from 'vitest';
import { testManifest } from '../testing/test-manifest.ts';
import { configurationKey, describeOverrides } from './configuration-of.ts';

function keyOf(config: Record<string, unknown>, seed = 0, change = {}): string {
  const manifest = testManifest({
    model: 'parts-rlr',
    run: 'run',
    dataset: 'parts',
    datasetVersion: 'v1',
    datasetHash: 'hash',
    files: [],
    imageAuroc: 0.9,
  });
  return configurationKey({ manifest: { ...manifest, seed, config, ...change } });
}

describe('configurationKey', () => {
  const preset = { layers: 2, levels: { 16: { width: 256 } } };

  it('is the same for another seed, whatever number of steps its held-out images leave', () => {
    const first = keyOf({ preset, levels: [{ tap: 'layer3', steps: 660 }] });
    expect(keyOf({ preset, levels: [{ tap: 'layer3', steps: 640 }] }, 1)).toBe(first);
  });

  it('is another for another setting, however deep', () => {
    const other = { ...preset, levels: { 16: { width: 128 } } };
    expect(keyOf({ preset: other })).not.toBe(keyOf({ preset }));
    expect(keyOf({ preset: { ...preset, maxSteps: 10 } })).not.toBe(keyOf({ preset }));
  });

  it('is the same as before a setting was there, while it is as it was then', () => {
    const keyOfPatchCore = (resolved: object) =>
      keyOf({ preset: resolved }, 0, { method: 'patchcore' });
    const before = keyOfPatchCore({ bankMax: 9 });
    expect(keyOfPatchCore({ bankMax: 9, neighbors: 1 })).toBe(before);
    expect(keyOfPatchCore({ bankMax: 9, neighbors: 2 })).not.toBe(before);
  });

  it('is the same for a bank of before fewer channels could be kept', () => {
    const keyOfRetrieval = (resolved: object) =>
      keyOf({ preset: resolved }, 0, { method: 'retrieval' });
    expect(keyOfRetrieval({ images: 8, channels: null })).toBe(keyOfRetrieval({ images: 8 }));
    expect(keyOfRetrieval({ images: 8, channels: 64 })).not.toBe(keyOfRetrieval({ images: 8 }));
  });

  it('is another in int8, whatever was measured for it, and in float32 what it always was', () => {
    const backbone = { name: 'compact', sha256: '0'.repeat(64), featureTaps: ['layer2'] };
    const keyIn = (more: object) => keyOf({ preset }, 0, { backbone: { ...backbone, ...more } });
    expect(keyIn({})).toBe('07054b37');
    const measured = (least: number) => ({
      calibration: { images: ['a.png'], ranges: { input: [least, 1] } },
    });
    expect(keyIn(measured(-1))).not.toBe(keyIn({}));
    expect(keyIn(measured(-2))).toBe(keyIn(measured(-1)));
  });

  it('takes the whole configuration where there are no resolved settings', () => {
    expect(keyOf({ width: 1 })).not.toBe(keyOf({ width: 2 }));
  });
});

describe('describeOverrides', () => {
  it('names what was set beyond the preset, however it is stored', () => {
    const run = { dataset: 'parts', method: 'rlr', backbone: 'compact', seed: 3, maxSteps: 20 };
    const words = (change: object) =>
      describeOverrides(startTrainingInput.parse({ ...run, ...change }));
    const settings = { layers: 3, widths: { 16: 64 }, blocks: ['mca'] };
    expect(words({ settings })).toBe('maxSteps 20, layers 3, widths.16 64, blocks ["mca"]');
    expect(words({ rlr: settings })).toBe(words({ settings }));
    expect(describeOverrides(startTrainingInput.parse({ dataset: 'parts' }))).toBeNull();
  });
});
