/** @file A folder that is chosen in the browser becomes a dataset. */
import { join } from 'node:path';
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
  });
