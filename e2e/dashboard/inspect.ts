/** @file Inspect: an own image, a test image, a model that is not there, a file that is no image. */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Scene } from '../support/scene.ts';

export const inspectPages = (scene: Scene) =>
  describe('Inspect', () => {
    it('inspects an image and shows its heatmap', async () => {
      const { page } = scene.dashboard;
      const file = await scene.platform.saveAnomalousImage('sample');
      await scene.dashboard.open('/inspect');
      await page.locator('input[type=file]').setInputFiles(file);
      await page.getByRole('img', { name: /Image score .* threshold/ }).waitFor();
      await page
        .getByRole('img', { name: /heatmap/i })
        .first()
        .waitFor();
      await scene.dashboard.expectSound();
    });

    it('inspects a test image by one click, and again when the category changes', async () => {
      const { page } = scene.dashboard;
      await scene.dashboard.open('/inspect?model=sample-retrieval');
      const score = page.getByRole('img', { name: /Image score .* threshold/ });
      await page
        .getByRole('region', { name: /try a test image/i })
        .getByRole('button')
        .first()
        .click();
      await score.or(page.getByRole('heading', { name: /which category/i })).waitFor();
      // Nothing is chosen again: the image stays, and the answer follows the choice.
      const categories = page.getByLabel('Category', { exact: true });
      for (const category of ['capsule', 'badge']) {
        await categories.selectOption(category);
        await page.getByText(`${category}, as you chose`).waitFor();
        expect(new URL(page.url()).searchParams.get('category')).toBe(category);
        expect(await page.getByText(`category=${category}`).count()).toBe(1);
      }
      await page.getByText(/× the threshold$/).waitFor();
      await page.getByText(/held-out normal image/).waitFor();
      await page.getByText(/Inside the white line/).waitFor();
      await page.getByRole('button', { name: 'Original' }).click();
      await page.getByRole('img', { name: /as it is$/ }).waitFor();
      const right = page.getByRole('button', { name: 'right', exact: true });
      await right.click();
      await right.and(page.locator('[aria-pressed=true]')).waitFor();
      await scene.dashboard.expectSound();
    });

    it('shows what was inspected, judges it, and checks its drift', async () => {
      const { page } = scene.dashboard;
      await scene.dashboard.open(`/models/${scene.run.model}/1/monitoring`);
      await page.getByRole('img', { name: /over time, with the threshold/ }).waitFor();
      const verdicts = page.getByRole('region', { name: 'Operators’ verdicts by category' });
      await verdicts.getByText('0 of 1').or(verdicts.getByText('1 of 1')).first().waitFor();
      await page.getByRole('button', { name: 'Check now' }).click();
      const drift = page.getByRole('region', { name: 'Drift by category and feature' });
      await drift.getByText('not enough images yet').first().waitFor();
      await scene.dashboard.expectSound();
      const categories = page.getByRole('navigation', { name: 'Category of the inspections' });
      await categories.getByRole('link', { name: 'badge' }).click();
      await page.getByText('Image scores of badge as they are').waitFor();
      await scene.dashboard.expectSound();
    });

    it('never inspects with another model or version than the address names', async () => {
      const { page } = scene.dashboard;
      await scene.dashboard.open('/inspect?model=nothing');
      await page.getByText('There is no model “nothing”').waitFor();
      await scene.dashboard.expectSound();
      await page.getByRole('main').getByRole('link', { name: 'sample-retrieval' }).click();
      await page.locator('input[type=file]').waitFor({ state: 'attached' });
      await scene.dashboard.open('/inspect?model=sample-retrieval&version=99');
      await page.getByText('sample-retrieval has no version 99.').waitFor();
      expect(await page.locator('input[type=file]').count()).toBe(0);
      await page.getByRole('link', { name: 'Inspect with v1' }).click();
      await page.locator('input[type=file]').waitFor({ state: 'attached' });
      await scene.dashboard.open('/inspect?model=theirs');
      await page.getByText(/theirs has imported results only/).waitFor();
    });

    it('has many images inspected by a job, and offers the results', async () => {
      const { page } = scene.dashboard;
      await scene.dashboard.open('/inspect/batches?model=sample-retrieval');
      await page.getByText('There is none yet.').waitFor();
      await scene.dashboard.expectSound();
      await page.getByLabel('Category', { exact: true }).selectOption('badge');
      await page.getByLabel('Split', { exact: true }).selectOption('val');
      await page.getByRole('button', { name: 'Inspect the images' }).click();
      await page.getByText('The batch did not start').waitFor();
      await page.getByLabel('Split', { exact: true }).selectOption('test');
      await page.getByRole('button', { name: 'Inspect the images' }).click();
      await page.getByText('Started. You can leave this page.').waitFor();
      const batches = page.getByRole('region', { name: 'Latest batches' });
      await batches.getByText('succeeded').waitFor();
      await batches.getByText(/inspected: \d+ anomalous, \d+ normal/).waitFor();
      const download = page.waitForEvent('download');
      await batches.getByRole('link', { name: 'CSV' }).click();
      expect((await download).suggestedFilename()).toMatch(/^batch-\w{8}\.csv$/);
      await scene.dashboard.expectSound();
    });

    it('says what is wrong with a file that is no image', async () => {
      const { page } = scene.dashboard;
      const file = join(scene.platform.home, 'note.png');
      writeFileSync(file, 'not an image');
      await scene.dashboard.open('/inspect');
      await page.locator('input[type=file]').setInputFiles(file);
      await page
        .getByText(/not inspected/i)
        .first()
        .waitFor();
    });
  });
