import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Run } from '@plumbline/contracts';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { browserMissing, launchBrowser } from './support/browser.ts';
import { TestPlatform } from './support/platform.ts';
import { testSamples, writeResults } from './support/results.ts';

const WAIT_MS = 90_000;
let platform: TestPlatform;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let webUrl: string;
const problems: string[] = [];

async function open(path: string): Promise<void> {
  await page.goto(`${webUrl}${path}`, { waitUntil: 'load' });
  await page.locator('h1').first().waitFor({ timeout: WAIT_MS });
}

/** The page has one heading, fits its width, and axe finds nothing. */
async function expectSound(): Promise<void> {
  expect(await page.locator('h1').count()).toBe(1);
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(overflow, `${page.url()} is wider than the window`).toBeLessThanOrEqual(0);
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(
    violations.map((violation) => `${page.url()} ${violation.id}: ${violation.nodes[0]?.html}`),
  ).toEqual([]);
}

describe.skipIf(browserMissing !== null)(
  `the dashboard in Chromium${browserMissing === null ? '' : ` (${browserMissing})`}`,
  () => {
    beforeAll(async () => {
      platform = await TestPlatform.create();
      await platform.json('up');
      webUrl = (await platform.record()).webUrl ?? '';
      browser = await launchBrowser();
      context = await browser.newContext({
        viewport: { width: 1440, height: 900 },
        reducedMotion: 'reduce',
      });
      page = await context.newPage();
      page.setDefaultTimeout(WAIT_MS);
      page.on('pageerror', (error) => problems.push(`${page.url()}: ${error.message}`));
      page.on('request', (request) => {
        const { protocol, hostname } = new URL(request.url());
        if (protocol.startsWith('http') && hostname !== '127.0.0.1')
          problems.push(`asks ${hostname}`);
      });
    });

    afterAll(async () => {
      await browser?.close();
      await platform?.remove();
    });

    afterEach(() => {
      expect(problems.splice(0)).toEqual([]);
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

    it('starts a run and cancels it', async () => {
      await open('/runs/new');
      await expectSound();
      await page.getByRole('radio', { name: /tiny/i }).check({ force: true });
      await page.getByText('Settings of RLR').click();
      const start = page.getByRole('button', { name: 'Start training' });
      await page.getByLabel('Layers').fill('0');
      expect(await start.isDisabled()).toBe(true);
      await page.getByLabel('Layers').fill('1');
      await start.click();
      await page.waitForURL(/\/runs\/[0-9a-f-]{36}$/);
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

    it('follows a run to its end, live', async () => {
      const run = await platform.json<Run>(
        'train',
        '--dataset',
        'sample',
        '--preset',
        'tiny',
        '--max-steps',
        '15',
      );
      await open(`/runs/${run.id}`);
      await page
        .getByText(/Published sample-rlr version 1/)
        .first()
        .waitFor({ timeout: 240_000 });
      expect(await page.locator('canvas').count()).toBeGreaterThan(0);
      await expectSound();
    });

    it('promotes the version, and shows it with its test images', async () => {
      await open('/models');
      await expectSound();
      await open('/models/sample-rlr');
      await page
        .getByRole('button', { name: /^promote/i })
        .first()
        .click();
      const dialog = page.getByRole('alertdialog').or(page.getByRole('dialog'));
      if (await dialog.count()) await dialog.getByRole('button', { name: /promote/i }).click();
      await expect
        .poll(
          async () =>
            (await platform.json<{ promotedVersion: number | null }[]>('models', 'list'))[0]
              ?.promotedVersion,
          { timeout: WAIT_MS },
        )
        .toBe(1);
      await expectSound();
    });

    it('reports on it: curves, each with its table, histogram, checks and model card', async () => {
      await open('/models/sample-rlr/1/report');
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
      const answer = await page.request.get(`${webUrl}${await card.getAttribute('href')}`);
      expect(await answer.text()).toMatch(/^# sample-rlr\n/);
      await expectSound();
    });

    it('ranks it on the leaderboard', async () => {
      await open('/leaderboards/sample');
      await expectSound();
      expect(await page.getByRole('row', { name: /sample-rlr/ }).count()).toBeGreaterThan(0);
      expect(await page.getByText('AUPRO@0.30').count()).toBeGreaterThan(0);
    });

    it('imports the results of another model, once what is wrong with them is mended', async () => {
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
        '/models/sample-rlr',
        '/models/sample-rlr/1/report',
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
      await page.goto(`${webUrl}/datasets/none`);
      await page.getByRole('heading', { level: 1 }).waitFor();
      expect(await page.getByRole('main').innerText()).toMatch(/not|no /i);
    });
  },
);
