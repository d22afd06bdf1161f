import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { makeDataset, planImages } from './made-dataset.ts';

const MVTEC = { categories: 15, train: 3600, test: 1700 };

describe('planImages', () => {
  it('has as many categories and images as asked for, spread evenly', () => {
    const images = planImages(MVTEC);
    const train = images.filter(({ folder }) => folder === 'train/good');
    expect([train.length, images.length - train.length]).toEqual([3600, 1700]);
    for (let category = 0; category < 15; category++) {
      const own = images.filter((image) => image.category === category);
      expect(own.filter(({ folder }) => folder === 'train/good')).toHaveLength(240);
      expect(new Set(own.map(({ folder }) => folder)).size).toBe(5);
    }
  });
});

describe('makeDataset', () => {
  const root = mkdtempSync(join(tmpdir(), 'plumbline-made-'));
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  it('writes categories that differ, with a mask for every defect', async () => {
    await makeDataset(root, { categories: 8, train: 8, test: 40 });
    expect(readdirSync(root).sort()).toEqual([
      ...['badge', 'badge-2', 'capsule', 'capsule-2', 'fabric', 'mesh', 'screw', 'wood'],
    ]);
    const files = readdirSync(root, { recursive: true }).map(String);
    const masks = files.filter((file) => file.endsWith('_mask.png'));
    const anomalous = files.filter((file) => /test\/(?!good).*\.png$/.test(file));
    expect(masks).toHaveLength(anomalous.length);
    const bytes = files
      .filter((file) => file.endsWith('.png'))
      .filter((file) => !masks.includes(file))
      .map((file) => readFileSync(join(root, file)).toString('base64'));
    expect(new Set(bytes).size).toBe(bytes.length);
  });
});
