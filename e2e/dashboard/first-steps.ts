/** @file What an empty platform shows, and how the sample dataset comes. */
import type { DatasetDetail } from '@plumbline/contracts';
import { describe, expect, it } from 'vitest';
import { WAIT_MS } from '../support/dashboard.ts';
import type { Scene } from '../support/scene.ts';

export const firstSteps = (scene: Scene) =>
  describe('an empty platform', () => {
    it('shows an empty platform what to do first', async () => {
      for (const path of ['/', '/datasets', '/runs', '/models', '/leaderboards', '/inspect']) {
        await scene.dashboard.open(path);
        await scene.dashboard.expectSound();
      }
    });

    it('makes the sample dataset', async () => {
      const { page } = scene.dashboard;
      await scene.dashboard.open('/');
      await page.getByRole('button', { name: /sample dataset/i }).click();
      await expect
        .poll(async () => (await scene.platform.json<unknown[]>('datasets', 'list')).length, {
          timeout: WAIT_MS,
        })
        .toBe(1);
      await scene.dashboard.open('/datasets/sample');
      await scene.dashboard.expectSound();
      expect(await page.getByRole('row', { name: /capsule/ }).count()).toBeGreaterThan(0);
      expect(await page.locator('img').count()).toBeGreaterThan(5);
      const { images } = await scene.platform.get<DatasetDetail>('/v1/datasets/sample');
      await page.keyboard.press('End');
      await page.locator(`li[aria-posinset="${images}"] img`).waitFor();
    });
  });
