/** @file What is chosen in the browser becomes a dataset, or part of one. */
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { DatasetDetail, DatasetVersion, SamplePage } from '@plumbline/contracts';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { WAIT_MS } from '../support/dashboard.ts';
import { dropFolder } from '../support/drop-folder.ts';
import type { Scene } from '../support/scene.ts';
import { writeSmallDataset } from '../support/small-dataset.ts';

export const uploads = (scene: Scene) =>
  describe('a folder from this computer', () => {
    it('is dragged in, sent as one file, checked and imported under its name', async () => {
      const { page } = scene.dashboard;
      const folder = join(scene.platform.home, 'Plates of März');
      await writeSmallDataset(folder, { normal: 142, spots: 141, odd: 1 });
      await scene.dashboard.open('/datasets');
      await page.getByRole('button', { name: 'Import a dataset' }).click();
      await dropFolder(page.getByText('Drop a folder or a .zip here'), folder);
      await page.getByText(/^Plates of März: 300 files, \d+(\.\d)? [kM]B$/).waitFor();
      await scene.dashboard.expectSound();
      await page.getByRole('button', { name: 'Upload and import' }).click();
      await page
        .getByText(/plates-of-m-rz is imported: 300 images/)
        .first()
        .waitFor();
      await expect
        .poll(() => scene.platform.get('/v1/datasets/plates-of-m-rz').catch(() => null), {
          timeout: WAIT_MS,
        })
        .toMatchObject({ images: 300, categories: 1 });
    });

    it('what no layout says is asked: which folder is what, and the import goes on', async () => {
      const { page } = scene.dashboard;
      const folder = join(scene.platform.home, 'Platten');
      await writeSmallDataset(folder);
      await rename(join(folder, 'plate/train/good'), join(folder, 'plate/Muster'));
      await rename(join(folder, 'plate/test/spot'), join(folder, 'plate/Fleck'));
      for (const left of ['train', 'test'])
        await rm(join(folder, 'plate', left), { recursive: true });
      await scene.dashboard.open('/datasets');
      await page.getByRole('button', { name: 'Import a dataset' }).click();
      await page.locator('input[webkitdirectory]').setInputFiles(folder);
      await page.getByRole('button', { name: 'Upload and import' }).click();
      await page.getByRole('button', { name: 'Say what each folder is' }).click();
      await page.getByLabel(/Muster$/).selectOption('train-normal');
      await page.getByLabel(/Fleck$/).selectOption('test-anomalous');
      await scene.dashboard.expectSound();
      await page.getByRole('button', { name: 'Import with this mapping' }).click();
      await page.getByText(/platten is imported: 26 images/).waitFor({ timeout: WAIT_MS });
    });

    it('a mask is drawn on one of its images, which the next version has', async () => {
      const { page } = scene.dashboard;
      const masked = () =>
        scene.platform.get<SamplePage>(
          '/v1/datasets/plates-of-m-rz/samples?label=anomalous&limit=1',
        );
      await scene.dashboard.open('/datasets/plates-of-m-rz?label=anomalous');
      await page.getByRole('button', { name: /test\/spot\/0\.png/ }).click();
      await page.getByRole('link', { name: 'Draw a mask' }).click();
      const area = page.getByRole('application', { name: 'Image to draw on' });
      await area.waitFor();
      await scene.dashboard.expectSound();
      const box = await area.locator('canvas').boundingBox();
      const { x = 0, y = 0, width = 0, height = 0 } = box ?? {};
      for (const [right, down] of [
        [0.25, 0.25],
        [0.5, 0.25],
        [0.5, 0.75],
        [0.25, 0.75],
        [0.25, 0.25],
      ] as const)
        await page.mouse.click(x + right * width, y + down * height);
      await page.getByText('288 pixels marked, 13 % of the image.').waitFor();
      // By keyboard: the cross starts in the middle, and moves by one pixel.
      await area.focus();
      for (const key of ['Space', 'ArrowRight', 'Space', 'ArrowDown', 'Space', 'Enter'])
        await page.keyboard.press(key === 'Space' || key === 'Enter' ? key : `Shift+${key}`);
      await page.getByText('289 pixels marked').waitFor();
      await page.keyboard.press('Control+z');
      await page.getByText('288 pixels marked').waitFor();
      await page.getByRole('button', { name: 'Make the next version' }).click();
      await page.getByRole('link', { name: 'Train on it' }).waitFor({ timeout: WAIT_MS });
      await scene.dashboard.expectSound();
      const [sample] = (await masked()).samples;
      expect(sample?.mask).toMatchObject({ width: 48, height: 48, format: 'png' });
      const { data } = await sharp(await scene.platform.blob(sample?.mask?.sha256 ?? ''))
        .extractChannel(0)
        .raw()
        .toBuffer({ resolveWithObject: true });
      expect(data.filter((value) => value === 255).length).toBe(288);
      expect(data[12 * 48 + 12]).toBe(255);
      expect(data[11 * 48 + 12]).toBe(0);
    });

    it('an ignore region is drawn for a category, by pointer or keyboard, and shown over its images', async () => {
      const { page } = scene.dashboard;
      const detail = () => scene.platform.get<DatasetDetail>('/v1/datasets/plates-of-m-rz');
      const category = (await detail()).report.categories[0]?.name ?? '';
      await scene.dashboard.open('/datasets/plates-of-m-rz');
      await page.getByRole('link', { name: `Ignore regions of ${category}` }).click();
      const area = page.getByRole('application', { name: 'Image to draw regions on' });
      await area.waitFor();
      const box = await area.locator('img').boundingBox();
      const { x = 0, y = 0, width = 0, height = 0 } = box ?? {};
      for (const [right, down] of [
        [0.25, 0.25],
        [0.5, 0.25],
        [0.5, 0.75],
        [0.25, 0.25],
      ] as const)
        await page.mouse.click(x + right * width, y + down * height);
      await page.getByText(/Region 1: 6\.\d % of the image/).waitFor();
      await area.focus();
      for (const key of ['Space', 'ArrowRight', 'Space', 'ArrowDown', 'Space', 'Enter'])
        await page.keyboard.press(key);
      await page.getByText('Region 2').waitFor();
      await page.keyboard.press('Control+z');
      await page.getByText('Region 2').waitFor({ state: 'detached' });
      await scene.dashboard.expectSound();
      await page.getByRole('button', { name: 'Make the next version' }).click();
      await page.getByRole('link', { name: 'Train on it' }).waitFor({ timeout: WAIT_MS });
      expect((await detail()).ignore).toMatchObject([{ category, polygons: [{ length: 3 }] }]);
      await scene.dashboard.open('/datasets/plates-of-m-rz?label=normal');
      await page.getByText(/6\.\d % of each image/).waitFor();
      // Each tile is hatched where nothing counts.
      expect(await page.locator('#images li svg polygon').count()).toBeGreaterThan(5);
      await page
        .getByRole('button', { name: /good\/0\.png/ })
        .first()
        .click();
      await page.getByText('what is hatched is ignored').waitFor();
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
