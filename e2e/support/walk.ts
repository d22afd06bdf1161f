/** @file A newcomer's way through the dashboard, from a dataset that is in to the first verdict, with its clicks counted. */
import type { Locator } from 'playwright-core';
import type { TestDashboard } from './dashboard.ts';
import { lookAtHeatmap, type SeenHeatmap } from './heatmap.ts';
import type { TestPlatform } from './platform.ts';
import { testSamples } from './results.ts';

const TRAINING_MS = 540_000;

export interface Walk {
  readonly clicks: number;
  /** Address of the run that the form's defaults started. */
  readonly runPath: string;
  /** Of the anomalous image that was tried. */
  readonly category: string;
  /** The largest word of the answer. */
  readonly verdict: string;
  /** All of the answer. */
  readonly answer: string;
  readonly heatmap: SeenHeatmap;
}

/** Trains with the form's defaults and tries the first anomalous image that the page offers. */
export async function walkToVerdict(
  dashboard: TestDashboard,
  platform: TestPlatform,
  dataset: string,
): Promise<Walk> {
  const { page } = dashboard;
  let clicks = 0;
  const click = async (target: Locator) => {
    clicks++;
    await target.click();
  };
  await dashboard.open(`/datasets/${dataset}`);
  await click(page.getByRole('link', { name: 'Train on this dataset' }));
  await page.waitForURL(/\/runs\/new/);
  await click(page.getByRole('button', { name: 'Start training' }));
  await page.waitForURL(/\/runs\/[0-9a-f-]{36}$/);
  const runPath = new URL(page.url()).pathname;
  const tryAnImage = page.getByRole('link', { name: 'Try an image' });
  await tryAnImage.waitFor({ timeout: TRAINING_MS });
  await click(tryAnImage);
  await page.waitForURL(/\/inspect\?model=/);
  const anomalous = page
    .getByRole('region', { name: /try a test image/i })
    .getByRole('button')
    .filter({ hasNotText: 'normal' })
    .first();
  const [category = ''] = (await anomalous.innerText()).split('\n');
  await click(anomalous);
  const picture = page.getByRole('img', { name: /^Heatmap of .*\.png/ });
  await picture.waitFor();
  const [path] = (await picture.getAttribute('alt'))?.match(/\S+\.png/) ?? [];
  const sample = (await testSamples(platform, dataset)).find((one) => one.path === path);
  const source = (await picture.getAttribute('src')) ?? '';
  const heatmap = await lookAtHeatmap(
    Buffer.from(source.slice(source.indexOf(',') + 1), 'base64'),
    await platform.blob(sample?.mask?.sha256 ?? 'no mask'),
  );
  const answer = page.getByRole('region', { name: path ?? 'no path', exact: true });
  return {
    clicks,
    runPath,
    category,
    verdict: await answer.locator('strong').first().innerText(),
    answer: await answer.innerText(),
    heatmap,
  };
}
