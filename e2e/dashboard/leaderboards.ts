/** @file Leaderboards: several protocols, ranks, results of other models, and the formats they come in. */
import { describe, expect, it } from 'vitest';
import { testSamples, writeResults } from '../support/results.ts';
import type { Scene } from '../support/scene.ts';

export const leaderboardPages = (scene: Scene) =>
  describe('leaderboards', () => {
    it('says which results are on another board', async () => {
      const { page } = scene.dashboard;
      await scene.dashboard.open('/leaderboards');
      await scene.dashboard.expectSound();
      for (const protocol of ['plumbline-256', 'plumbline-128'])
        await page.getByRole('link', { name: `sample under ${protocol}` }).waitFor();
      await scene.dashboard.open('/leaderboards/sample');
      await page.getByRole('link', { name: /1 more version under plumbline-/ }).click();
      await page.waitForURL(/protocol=/);
      await page.getByText(/protocol plumbline-(128|256)\. Metrics/).waitFor();
      await scene.dashboard.open('/runs/new?dataset=sample');
      await page.getByRole('radio', { name: /tiny/i }).check({ force: true });
      await page.getByText(/plumbline-128, beside 1 version\. Not comparable with it: 1/).waitFor();
    });

    it('ranks it on the leaderboard', async () => {
      const { page } = scene.dashboard;
      await scene.dashboard.open('/leaderboards/sample');
      await scene.dashboard.expectSound();
      expect(await page.getByRole('row', { name: scene.run.model }).count()).toBeGreaterThan(0);
      expect(await page.getByText('AUPRO@0.30').count()).toBeGreaterThan(0);
    });

    it('imports the results of another model, once what is wrong with them is fixed', async () => {
      const { page } = scene.dashboard;
      const samples = await testSamples(scene.platform, 'sample');
      await scene.dashboard.open('/leaderboards/sample');
      await page.getByRole('link', { name: 'Import results' }).click();
      await page.getByRole('button', { name: 'Upload and evaluate' }).click();
      // Nothing was filled in: the first field at fault has the focus and says what it wants.
      const file = page.getByLabel('File of results');
      expect(await file.evaluate((input) => document.activeElement === input)).toBe(true);
      await page.getByText('Choose a file.').waitFor();
      await file.setInputFiles(await writeResults(scene.platform, samples.slice(1)));
      await page.getByLabel('Protocol').fill('plumbline-16');
      await page.getByLabel('Model name').fill('theirs');
      await page.keyboard.press('Enter');
      const alert = page.getByRole('main').getByRole('alert');
      await alert.waitFor();
      const missing = samples[0]?.path ?? '';
      expect(await alert.innerText()).toContain(`1 of the test images have no score: ${missing}.`);
      expect(await alert.innerText()).toContain('What to do: Score all test images');
      await scene.dashboard.expectSound();
      await file.setInputFiles(await writeResults(scene.platform, samples));
      await page.getByRole('button', { name: 'Upload and evaluate' }).click();
      const way = page.getByRole('link', { name: 'See its row on the leaderboard' });
      await way.waitFor();
      await way.click();
      const row = page.locator('tr:target');
      await row.waitFor();
      expect(await row.innerText()).toMatch(
        /theirs v1[\s\S]*external, evaluated here[\s\S]*100\.0/,
      );
    });

    it('shows the formats to the letter', async () => {
      const { page } = scene.dashboard;
      await scene.dashboard.open('/docs/data-formats#results-of-other-models');
      expect(await page.locator('#results-of-other-models').isVisible()).toBe(true);
      await scene.dashboard.expectSound();
    });
  });
