/** @file What holds for every page: a narrow window in the dark, and an address without a page. */
import { describe, expect, it } from 'vitest';
import type { Scene } from '../support/scene.ts';

export const everyPage = (scene: Scene) =>
  describe('every page', () => {
    it('works at 390 px in the dark', async () => {
      const { page } = scene.dashboard;
      await page.setViewportSize({ width: 390, height: 844 });
      await page.emulateMedia({ colorScheme: 'dark' });
      for (const path of [
        '/',
        '/datasets/sample',
        '/runs',
        scene.runPath,
        `/models/${scene.run.model}`,
        `/models/${scene.run.model}/1/report`,
        `/models/${scene.run.model}/1/monitoring`,
        '/leaderboards',
        '/leaderboards/sample',
        '/leaderboards/sample/import',
        '/published-results',
        '/inspect',
        '/inspect/batches',
        '/access',
        '/access/people',
        '/access/audit',
      ]) {
        await scene.dashboard.open(path);
        await scene.dashboard.expectSound();
      }
      await page.setViewportSize({ width: 1440, height: 900 });
    });

    it('says that a page is not there', async () => {
      const { page } = scene.dashboard;
      await page.goto(`${scene.dashboard.url}/datasets/none`);
      await page.getByRole('heading', { level: 1 }).waitFor();
      expect(await page.getByRole('main').innerText()).toMatch(/not|no /i);
    });
  });
