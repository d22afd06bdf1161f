/** @file The large sample dataset's plan, and the categories that only it has: exact masks, the same bytes each time. */
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { sha256Of } from '../store/sha256.ts';
import { filesBelow, makeTempFolder } from '../testing/dataset-files.ts';
import { board } from './board.ts';
import { casing } from './casing.ts';
import { gear } from './gear.ts';
import { generateSampleDataset } from './generate-sample-dataset.ts';
import { label } from './label.ts';
import { FINE, MAX_COVERAGE, renderSample } from './render-sample.ts';

const CATEGORIES = [board, casing, gear, label];

it('has 1,600 images and 600 masks; what fails leaves nothing behind', async () => {
  const temp = await makeTempFolder();
  const controller = new AbortController();
  const seen: number[] = [];
  const generating = generateSampleDataset({
    directory: join(temp.path, 'large'),
    ...{ seed: 0, size: 'large', signal: controller.signal },
    onProgress(files, total) {
      seen.push(total);
      if (files === 3) controller.abort();
    },
  });
  await expect(generating).rejects.toMatchObject({ code: 'CANCELLED' });
  expect(seen).toEqual([2200, 2200, 2200]);
  expect(await filesBelow(temp.path)).toEqual([]);
  await temp.remove();
});

it.each(CATEGORIES)('$name: the image changes within the mask of its defect alone', (category) => {
  for (const type of category.defectTypes) {
    const key = [0, category.name, type];
    const sound = renderSample(category, null, key, FINE).image;
    const { image, mask, side } = renderSample(category, type, key, FINE);
    expect([side, image.length, mask?.length]).toEqual([256, 256 ** 2 * 3, 256 ** 2]);
    let marked = 0;
    let changedOutside = 0;
    let changedInside = 0;
    for (const [i, value] of (mask ?? []).entries()) {
      const change = Math.max(
        ...[0, 1, 2].map((c) => Math.abs(Number(image[3 * i + c]) - Number(sound[3 * i + c]))),
      );
      marked += value > 0 ? 1 : 0;
      if (value === 0) changedOutside = Math.max(changedOutside, change);
      else changedInside = Math.max(changedInside, change);
    }
    expect(marked / side ** 2).toBeGreaterThanOrEqual(FINE.minCoverage);
    expect(marked / side ** 2).toBeLessThanOrEqual(MAX_COVERAGE);
    // 0.04 of the range, and rounding.
    expect(changedOutside, type).toBeLessThanOrEqual(11);
    expect(changedInside, type).toBeGreaterThan(11);
  }
});

it('draws the same pixels each time, which results are given for', () => {
  const digests = CATEGORIES.map((category) => {
    const { image } = renderSample(category, category.defectTypes[0] ?? null, [0, 'digest'], FINE);
    return [category.name, sha256Of(image).slice(0, 12)];
  });
  expect(Object.fromEntries(digests)).toEqual({
    board: '5aa2cfc9d394',
    casing: '22496a1589c2',
    gear: 'a57d423dbab7',
    label: 'b0613cf34c54',
  });
});
