/** @file Runs: the form with its errors, the curve, cancelling, the walk from the data to a verdict, the result. */

import type { Run } from '@plumbline/contracts';
import { describe, expect, it } from 'vitest';
import { WAIT_MS } from '../support/dashboard.ts';
import type { Scene } from '../support/scene.ts';
import { walkToVerdict } from '../support/walk.ts';

export const runPages = (scene: Scene) =>
  describe('runs', () => {
    it('starts a run of RLR, shows its loss as it falls, and cancels it', async () => {
      const { page } = scene.dashboard;
      await scene.dashboard.open('/runs/new');
      await scene.dashboard.expectSound();
      await page.getByLabel('Method', { exact: true }).selectOption('rlr');
      await page.getByRole('radio', { name: /tiny/i }).check({ force: true });
      await page.getByText(/plumbline-128, as the first result on this dataset/).waitFor();
      await page.getByText('Settings of RLR').click();
      const start = page.getByRole('button', { name: 'Start training' });
      await page.getByLabel('Layers').fill('0');
      await start.click();
      expect(await page.getByLabel('Layers').evaluate((it) => it === document.activeElement)).toBe(
        true,
      );
      await page.getByLabel('Layers').fill('1');
      await page.getByLabel('Seed').fill('-3');
      await start.click();
      await page.getByText('Give a whole number from 0 to 2147483647.').waitFor();
      expect(page.url()).toContain('/runs/new');
      await page.getByLabel('Seed').fill('0');
      await page.getByLabel('Layers').fill('1');
      await start.click();
      await page.waitForURL(/\/runs\/[0-9a-f-]{36}$/);
      await page.locator('canvas').first().waitFor({ timeout: 240_000 });
      await page.getByRole('button', { name: /^cancel/i }).click();
      await page
        .getByRole('alertdialog')
        .or(page.getByRole('dialog'))
        .getByRole('button', { name: /cancel (the )?run/i })
        .click();
      const id = page.url().split('/').at(-1) ?? '';
      await expect
        .poll(async () => (await scene.platform.json<Run>('runs', 'show', id)).status, {
          timeout: WAIT_MS,
        })
        .toBe('cancelled');
      await page.getByText('cancelled', { exact: false }).first().waitFor();
    });

    it('goes from the data to a right verdict with a visible heatmap in at most five clicks', async () => {
      const walk = await walkToVerdict(scene.dashboard, scene.platform, 'sample');
      scene.runPath = walk.runPath;
      expect(walk.clicks).toBeLessThanOrEqual(5);
      expect(walk.verdict).toMatch(/^anomalous$/i);
      expect(walk.answer).toContain(`${walk.category}, found from the image`);
      // A region that stands out, and it lies on the defect.
      expect(walk.heatmap.coloredShare).toBeGreaterThan(0.001);
      expect(walk.heatmap.coloredShare).toBeLessThan(0.5);
      expect(walk.heatmap.coloredOnDefect).toBeGreaterThan(2 * walk.heatmap.coloredElsewhere);
      await scene.dashboard.expectSound();
    });

    it('ends a run with its result: metrics, six test images with heatmaps, warnings, what to do next', async () => {
      const { page } = scene.dashboard;
      await scene.dashboard.open(scene.runPath);
      const result = page.getByRole('region', { name: 'Result' });
      await result.getByText('Serves predictions').waitFor();
      expect(await result.innerText()).toMatch(/The first on the leaderboard of sample/);
      const images = page.getByRole('region', { name: 'Test images' });
      expect(await images.getByRole('listitem').count()).toBe(6);
      for (const image of await images.getByRole('img').all()) {
        await image.scrollIntoViewIfNeeded();
        await expect
          .poll(() => image.evaluate((one) => (one as HTMLImageElement).naturalWidth), {
            timeout: WAIT_MS,
          })
          .toBeGreaterThan(0);
      }
      // The images of the sample dataset are smaller than what the backbone sees.
      await page
        .getByRole('region', { name: 'Warnings' })
        .getByText(/fewer pixels/)
        .waitFor();
      await page
        .getByText(/Published .* version 1\. It is the model's first/)
        .first()
        .waitFor();
      await scene.dashboard.expectSound();
      scene.run = await scene.platform.json<Run>(
        'runs',
        'show',
        scene.runPath.split('/').at(-1) ?? '',
      );
    });
  });
