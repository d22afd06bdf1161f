import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ModelSummary, Run } from '@plumbline/contracts';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { browserMissing } from './support/browser.ts';
import { TestDashboard, WAIT_MS } from './support/dashboard.ts';
import { TestPlatform } from './support/platform.ts';
import { testSamples, writeResults } from './support/results.ts';
import { walkToVerdict } from './support/walk.ts';

let platform: TestPlatform;
let dashboard: TestDashboard;
let page: Page;
/** Of the run that the walk starts with the form's defaults. */
let runPath: string;
let run: Run;

const open = (path: string) => dashboard.open(path);
const expectSound = () => dashboard.expectSound();

async function promotedVersion(): Promise<number | null | undefined> {
  const models = await platform.json<ModelSummary[]>('models', 'list');
  return models.find((one) => one.name === run.model)?.promotedVersion;
}

describe.skipIf(browserMissing !== null)(
  `the dashboard in Chromium${browserMissing === null ? '' : ` (${browserMissing})`}`,
  () => {
    beforeAll(async () => {
      platform = await TestPlatform.create();
      await platform.json('up');
      dashboard = await TestDashboard.launch(platform);
      page = dashboard.page;
    });

    afterAll(async () => {
      await dashboard?.close();
      await platform?.remove();
    });

    afterEach(() => {
      expect(dashboard.problems.splice(0)).toEqual([]);
    });

    it('shows an empty platform what to do first', async () => {
      for (const path of ['/', '/datasets', '/runs', '/models', '/leaderboards', '/inspect']) {
        await open(path);
        await expectSound();
      }
    });

    it('makes the sample dataset', async () => {
      await open('/');
      await page.getByRole('button', { name: /sample dataset/i }).click();
      await expect
        .poll(async () => (await platform.json<unknown[]>('datasets', 'list')).length, {
          timeout: WAIT_MS,
        })
        .toBe(1);
      await open('/datasets/sample');
      await expectSound();
      expect(await page.getByRole('row', { name: /capsule/ }).count()).toBeGreaterThan(0);
      expect(await page.locator('img').count()).toBeGreaterThan(5);
    });

    it('starts a run of RLR, shows its loss as it falls, and cancels it', async () => {
      await open('/runs/new');
      await expectSound();
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
        .poll(async () => (await platform.json<Run>('runs', 'show', id)).status, {
          timeout: WAIT_MS,
        })
        .toBe('cancelled');
      await page.getByText('cancelled', { exact: false }).first().waitFor();
    });

    it('goes from the data to a right verdict with a visible heatmap in at most five clicks', async () => {
      const walk = await walkToVerdict(dashboard, platform, 'sample');
      runPath = walk.runPath;
      expect(walk.clicks).toBeLessThanOrEqual(5);
      expect(walk.verdict).toMatch(/^anomalous$/i);
      expect(walk.answer).toContain(`${walk.category}, found from the image`);
      // A region that stands out, and it lies on the defect.
      expect(walk.heatmap.coloredShare).toBeGreaterThan(0.001);
      expect(walk.heatmap.coloredShare).toBeLessThan(0.5);
      expect(walk.heatmap.coloredOnDefect).toBeGreaterThan(2 * walk.heatmap.coloredElsewhere);
      await expectSound();
    });

    it('ends a run with its result: metrics, six test images with heatmaps, warnings, what to do next', async () => {
      await open(runPath);
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
      await expectSound();
      run = await platform.json<Run>('runs', 'show', runPath.split('/').at(-1) ?? '');
    });

    it('promotes another version with old against new in view, and takes it back', async () => {
      const small = await platform.json<Run>(
        'train',
        ...['--dataset', 'sample', '--method', 'patchcore', '--preset', 'tiny'],
        ...['--backbone', 'compact', '--model', run.model, '--wait'],
      );
      expect(small.modelVersion).toBe(2);
      await open('/models');
      await expectSound();
      await open(`/models/${run.model}`);
      await page.getByRole('button', { name: /^promote/i }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByRole('columnheader', { name: 'Serves now: v1' }).waitFor();
      await dialog.getByText(/can’t be compared: image size 128 × 128 px against 256/).waitFor();
      await expectSound();
      await dialog.getByRole('button', { name: 'Promote version 2' }).click();
      await dialog.getByText('Version 2 answers predictions now.').waitFor();
      expect(await promotedVersion()).toBe(2);
      await dialog.getByRole('button', { name: 'Undo: back to version 1' }).click();
      await dialog.getByText('Version 1 answers predictions again.').waitFor();
      expect(await promotedVersion()).toBe(1);
      await dialog.getByRole('button', { name: 'Done' }).click();
      const history = page.getByRole('region', { name: 'Promotions' });
      await history.getByText(/in place of version 2/).waitFor();
      await expectSound();
    });

    it('says which results are on another board', async () => {
      await open('/leaderboards');
      await expectSound();
      for (const protocol of ['plumbline-256', 'plumbline-128'])
        await page.getByRole('link', { name: `sample under ${protocol}` }).waitFor();
      await open('/leaderboards/sample');
      await page.getByRole('link', { name: /1 more version under plumbline-/ }).click();
      await page.waitForURL(/protocol=/);
      await page.getByText(/protocol plumbline-(128|256)\. Metrics/).waitFor();
      await open('/runs/new?dataset=sample');
      await page.getByRole('radio', { name: /tiny/i }).check({ force: true });
      await page.getByText(/plumbline-128, beside 1 version\. Not comparable with it: 1/).waitFor();
    });

    it('reports on it: curves, each with its table, histogram, checks and model card', async () => {
      await open(`/models/${run.model}/1/report`);
      for (const name of [/^ROC/, /^Precision and recall/, /^Per-region overlap/, /^Image scores/])
        expect(await page.getByRole('img', { name }).count(), String(name)).toBe(1);
      for (const summary of await page.getByText(/ as a table$/).all()) await summary.click();
      const table = page.getByRole('region', { name: /^ROC: / });
      expect(await table.getByRole('row').count()).toBe(14);
      expect(await page.getByRole('region', { name: 'Checks' }).getByRole('listitem').count()).toBe(
        4,
      );
      expect(await page.getByRole('img', { name: /^Heatmap of / }).count()).toBeGreaterThan(0);
      const card = page.getByRole('link', { name: 'Download card.md' });
      const answer = await page.request.get(`${dashboard.url}${await card.getAttribute('href')}`);
      expect(await answer.text()).toContain(`# ${run.model}\n`);
      await expectSound();
    });

    it('ranks it on the leaderboard', async () => {
      await open('/leaderboards/sample');
      await expectSound();
      expect(await page.getByRole('row', { name: run.model }).count()).toBeGreaterThan(0);
      expect(await page.getByText('AUPRO@0.30').count()).toBeGreaterThan(0);
    });

    it('imports the results of another model, once what is wrong with them is fixed', async () => {
      const samples = await testSamples(platform, 'sample');
      await open('/leaderboards/sample');
      await page.getByRole('link', { name: 'Import results' }).click();
      await page.getByRole('button', { name: 'Upload and evaluate' }).click();
      // Nothing was filled in: the first field at fault has the focus and says what it wants.
      const file = page.getByLabel('File of results');
      expect(await file.evaluate((input) => document.activeElement === input)).toBe(true);
      await page.getByText('Choose a file.').waitFor();
      await file.setInputFiles(await writeResults(platform, samples.slice(1)));
      await page.getByLabel('Protocol').fill('plumbline-16');
      await page.getByLabel('Model name').fill('theirs');
      await page.keyboard.press('Enter');
      const alert = page.getByRole('main').getByRole('alert');
      await alert.waitFor();
      const missing = samples[0]?.path ?? '';
      expect(await alert.innerText()).toContain(`1 of the test images have no score: ${missing}.`);
      expect(await alert.innerText()).toContain('What to do: Score all test images');
      await expectSound();
      await file.setInputFiles(await writeResults(platform, samples));
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
      await open('/docs/data-formats#results-of-other-models');
      expect(await page.locator('#results-of-other-models').isVisible()).toBe(true);
      await expectSound();
    });

    it('inspects an image and shows its heatmap', async () => {
      const file = await platform.saveAnomalousImage('sample');
      await open('/inspect');
      await page.locator('input[type=file]').setInputFiles(file);
      await page.getByRole('img', { name: /Image score .* threshold/ }).waitFor();
      await page
        .getByRole('img', { name: /heatmap/i })
        .first()
        .waitFor();
      await expectSound();
    });

    it('inspects a test image by one click, and again when the category changes', async () => {
      await open('/inspect?model=sample-patchcore');
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
      await expectSound();
    });

    it('never inspects with another model or version than the address names', async () => {
      await open('/inspect?model=nothing');
      await page.getByText('There is no model “nothing”').waitFor();
      await expectSound();
      await page.getByRole('main').getByRole('link', { name: 'sample-patchcore' }).click();
      await page.locator('input[type=file]').waitFor({ state: 'attached' });
      await open('/inspect?model=sample-patchcore&version=99');
      await page.getByText('sample-patchcore has no version 99.').waitFor();
      expect(await page.locator('input[type=file]').count()).toBe(0);
      await page.getByRole('link', { name: 'Inspect with v1' }).click();
      await page.locator('input[type=file]').waitFor({ state: 'attached' });
      await open('/inspect?model=theirs');
      await page.getByText(/theirs has imported results only/).waitFor();
    });

    it('says what is wrong with a file that is no image', async () => {
      const file = join(platform.home, 'note.png');
      writeFileSync(file, 'not an image');
      await open('/inspect');
      await page.locator('input[type=file]').setInputFiles(file);
      await page
        .getByText(/not inspected/i)
        .first()
        .waitFor();
    });

    it('works at 390 px in the dark', async () => {
      await page.setViewportSize({ width: 390, height: 844 });
      await page.emulateMedia({ colorScheme: 'dark' });
      for (const path of [
        '/',
        '/datasets/sample',
        '/runs',
        runPath,
        `/models/${run.model}`,
        `/models/${run.model}/1/report`,
        '/leaderboards',
        '/leaderboards/sample',
        '/leaderboards/sample/import',
        '/published-results',
        '/inspect',
      ]) {
        await open(path);
        await expectSound();
      }
      await page.setViewportSize({ width: 1440, height: 900 });
    });

    it('says that a page is not there', async () => {
      await page.goto(`${dashboard.url}/datasets/none`);
      await page.getByRole('heading', { level: 1 }).waitFor();
      expect(await page.getByRole('main').innerText()).toMatch(/not|no /i);
    });
  },
);
