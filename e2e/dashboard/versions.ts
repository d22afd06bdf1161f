/** @file The next versions of a dataset that was dragged in: relabeled, looked through, trained again, and compared. */
import type { DatasetVersion, Run, SamplePage } from '@plumbline/contracts';
import { describe, expect, it } from 'vitest';
import { WAIT_MS } from '../support/dashboard.ts';
import type { Scene } from '../support/scene.ts';

const NAME = 'plates-of-m-rz';
const ODD = 'plate/train/good/odd-0.png';

export const versions = (scene: Scene) =>
  describe('the next versions of a dataset', () => {
    it('an image is opened with its mask over it, and one is labeled anew', async () => {
      const { page } = scene.dashboard;
      await scene.dashboard.open(`/datasets/${NAME}?label=anomalous`);
      await page.getByRole('button', { name: /test\/spot\/0\.png/ }).click();
      const overlay = page.locator('[style*="mask-image"]');
      await overlay.waitFor();
      await scene.dashboard.expectSound();
      await page.getByRole('button', { name: 'Mask over the image' }).click();
      expect(await overlay.count()).toBe(0);
      await scene.dashboard.open(`/datasets/${NAME}?label=anomalous`);
      await page.getByRole('button', { name: /test\/spot\/1\.png/ }).click();
      await page.getByLabel('In the next version').selectOption('anomalous');
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('Defect type').fill('bright spot');
      await dialog.getByRole('button', { name: 'Make the next version' }).click();
      await page.getByRole('link', { name: 'Train on it' }).waitFor({ timeout: WAIT_MS });
      const relabeled = await scene.platform.get<SamplePage>(
        `/v1/datasets/${NAME}/samples?defectType=bright%20spot`,
      );
      expect(relabeled.total).toBe(1);
    });

    it('the training images are looked through, and the one that does not belong is excluded', async () => {
      const { page } = scene.dashboard;
      await scene.dashboard.open(`/runs/new?dataset=${NAME}`);
      await page.getByText(/have not been looked through/).waitFor();
      await page.getByRole('link', { name: 'Look through them' }).click();
      await page.waitForURL(/#suspects$/);
      const card = page.getByRole('region', { name: 'Training images that may not belong' });
      await card.getByRole('button', { name: 'Look through the training images' }).click();
      await card.getByRole('button', { name: 'Cancel the search' }).click();
      await card.getByText('The search was cancelled.').waitFor({ timeout: WAIT_MS });
      await card.getByRole('button', { name: 'Look through the training images' }).click();
      await card
        .getByText(/17 normal training images were compared.* 1 stands out/)
        .waitFor({ timeout: WAIT_MS });
      const where = card.getByRole('img', { name: `Where ${ODD} differs` });
      await where.waitFor();
      const isDrawn = () =>
        where.evaluate((it) => it instanceof HTMLImageElement && it.naturalWidth);
      await expect.poll(isDrawn).toBeGreaterThan(0);
      await scene.dashboard.expectSound();
      const before = await scene.platform.json<Run>(
        'train',
        ...['--dataset', NAME, '--preset', 'tiny', '--wait'],
      );
      expect(before.modelVersion).toBe(1);
      await scene.dashboard.open(`/runs/new?dataset=${NAME}`);
      await page.getByText(/1 stands out, 1 of them undecided/).waitFor();
      await scene.dashboard.expectSound();
      await page.getByRole('link', { name: 'Decide on them' }).click();
      await card.getByLabel('What becomes of odd-0.png').selectOption('exclude');
      await card.getByRole('button', { name: 'Make the next version' }).click();
      await card.getByRole('link', { name: 'Train on it' }).click({ timeout: WAIT_MS });
      await page.waitForURL(/\/runs\/new/);
      await page.getByText(/of version \d were compared.* and it was decided on/).waitFor();
      const [latest] = await scene.platform.get<DatasetVersion[]>(`/v1/datasets/${NAME}/versions`);
      expect(latest).toMatchObject({ images: 299, edit: { note: 'Suspects looked through' } });
    });

    it('and trained again, the two are compared on the same test images', async () => {
      const { page } = scene.dashboard;
      await page.getByRole('radio', { name: /tiny/i }).check({ force: true });
      await page.getByRole('button', { name: 'Start training' }).click();
      await page.waitForURL(/\/runs\/[0-9a-f-]{36}$/);
      await page.getByRole('link', { name: 'Try an image' }).waitFor({ timeout: 240_000 });
      await page.getByText('Training images that stand out').waitFor();
      await scene.dashboard.open(`/leaderboards/${NAME}`);
      await page
        .getByRole('link', { name: /^Compare/ })
        .first()
        .click();
      await page.waitForURL(/\/compare/);
      await page.getByRole('button', { name: 'Compare' }).click();
      await page.waitForURL(/a=.*&b=/);
      await page.getByRole('heading', { level: 1 }).waitFor();
      const compared = await page.getByRole('main').innerText();
      expect(compared).toContain(`${NAME}-retrieval v1`);
      expect(compared).toContain(`${NAME}-retrieval v2`);
      expect(compared).toMatch(/283/);
      await scene.dashboard.expectSound();
    });
  });
