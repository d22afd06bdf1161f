/** @file What is chosen in the browser becomes a dataset, or part of one. */
import { join } from 'node:path';
import type { DatasetVersion } from '@plumbline/contracts';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { WAIT_MS } from '../support/dashboard.ts';
import type { Scene } from '../support/scene.ts';
import { writeSmallDataset } from '../support/small-dataset.ts';

export const uploads = (scene: Scene) =>
  describe('a folder from this computer', () => {
    it('is chosen, sent as one file, checked and imported under its name', async () => {
      const { page } = scene.dashboard;
      const folder = join(scene.platform.home, 'Plates of März');
      await writeSmallDataset(folder);
      await scene.dashboard.open('/datasets');
      await page.getByRole('button', { name: 'Import a dataset' }).click();
      await page.locator('input[webkitdirectory]').setInputFiles(folder);
      await page.getByText(/^Plates of März: 36 files, \d+(\.\d)? kB$/).waitFor();
      await scene.dashboard.expectSound();
      await page.getByRole('button', { name: 'Upload and import' }).click();
      await expect
        .poll(() => scene.platform.get('/v1/datasets/plates-of-m-rz').catch(() => null), {
          timeout: WAIT_MS,
        })
        .toMatchObject({ images: 36, categories: 1 });
    });

    it('a false alarm becomes a training image of the next version, on which one trains', async () => {
      const { page } = scene.dashboard;
      const file = join(scene.platform.home, 'alarm.png');
      await sharp(await scene.platform.saveAnomalousImage('sample'))
        .flip()
        .toFile(file);
      await scene.dashboard.open('/inspect?model=sample-retrieval');
      await page.locator('input[type=file]').setInputFiles(file);
      await page.getByRole('button', { name: 'It is normal: add it to sample' }).click();
      const train = page.getByRole('link', { name: 'Train on it' });
      await train.waitFor({ timeout: WAIT_MS });
      await scene.dashboard.expectSound();
      const [latest] = await scene.platform.get<DatasetVersion[]>('/v1/datasets/sample/versions');
      expect(latest).toMatchObject({ sameTestSet: true, edit: { note: 'False alarm: alarm.png' } });
      expect(await train.getAttribute('href')).toBe('/runs/new?dataset=sample');
    });
  });
