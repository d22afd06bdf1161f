/**
 * @file A dataset of 100,000 images on a platform of its own: how long pages of its samples take over HTTP, with and without
 * filters and however far back, and in Chromium when the first images are there and how many frames per second the gallery
 * draws while it is scrolled, without an emulated graphics card (`e2e/support/browser.ts`). The images are those of the sample dataset over and
 * over, so that few bytes have to be made.
 *
 *     npm run bench -- lists --json [--images 100000] [--requests 200]
 */
import { parseArgs } from 'node:util';
import { runSql } from '@plumbline/db/testing';
import { browserMissing } from '../e2e/support/browser.ts';
import { TestDashboard } from '../e2e/support/dashboard.ts';
import { TestPlatform } from '../e2e/support/platform.ts';
import { xorshift } from './random.ts';
import { report } from './report.ts';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    images: { type: 'string', default: '100000' },
    requests: { type: 'string', default: '200' },
  },
});
const DATASET = 'many';
const PAGE = 48;
const FILTERS = [
  '',
  'split=test',
  'label=anomalous',
  'category=badge',
  'split=train&category=badge',
];
const SCROLL_MS = 5000;
/** A turn of a mouse wheel, pixels, in every frame. */
const SCROLL_STEP = 120;

async function repeatSamples(databaseUrl: string, images: number): Promise<void> {
  const [row] = await runSql(databaseUrl, 'SELECT count(*) FROM "Sample"');
  const own = Number(row?.['count']);
  await runSql(
    databaseUrl,
    `INSERT INTO "Sample" ("datasetName", version, position, category, split, label, "defectType", "imageSha256", "maskSha256", data)
     SELECT "datasetName", version, position + n * $1, category, split, label, "defectType", "imageSha256", "maskSha256",
       jsonb_set(data, '{path}', to_jsonb(n || '/' || (data ->> 'path')))
     FROM "Sample", generate_series(1, $2::int) n WHERE position + n * $1 < $3`,
    [own, Math.ceil(images / own), images],
  );
  await runSql(databaseUrl, 'UPDATE "DatasetVersion" SET images = $1', [images]);
  await runSql(databaseUrl, 'VACUUM ANALYZE "Sample"');
}

/** Milliseconds of single requests, pages drawn at random. */
async function timePages(platform: TestPlatform, filter: string): Promise<number[]> {
  const path = (offset: number) =>
    `/v1/datasets/${DATASET}/samples?limit=${PAGE}&offset=${offset}&${filter}`;
  const next = xorshift(1);
  const { total } = await platform.get<{ total: number }>(path(0));
  const times: number[] = [];
  for (let i = 0; i < Number(values.requests); i++) {
    const start = performance.now();
    await platform.get(path(Math.floor(next() * total)));
    times.push(performance.now() - start);
  }
  return times.sort((a, b) => a - b);
}

const rounded = (value: number) => Math.round(value * 10) / 10;
const quantile = (sorted: readonly number[], share: number) =>
  rounded(sorted[Math.ceil(share * sorted.length) - 1] ?? Number.NaN);

/** In the page, as text: what the compiler adds to named functions is not there. */
const SCROLL = `new Promise((resolve) => {
  const frames = [];
  requestAnimationFrame(function next(now) {
    frames.push(now);
    window.scrollBy(0, ${SCROLL_STEP});
    if (now - frames[0] < ${SCROLL_MS}) requestAnimationFrame(next);
    else resolve(frames);
  });
})`;

/** Frames that Chromium draws while the page scrolls by itself, and the longest time between two of them. */
async function scroll({ page }: TestDashboard): Promise<{ perSecond: number; longestMs: number }> {
  const frames = await page.evaluate<number[]>(SCROLL);
  const gaps = frames.slice(1).map((at, i) => at - (frames[i] ?? at));
  const duration = (frames.at(-1) ?? 0) - (frames[0] ?? 0);
  return { perSecond: (1000 * gaps.length) / duration, longestMs: Math.max(...gaps) };
}

async function measureGallery(platform: TestPlatform): Promise<void> {
  if (browserMissing !== null) return report('gallery', { skipped: browserMissing });
  const dashboard = await TestDashboard.launch(platform);
  try {
    const { page } = dashboard;
    // Once unmeasured: thumbnails are made when they are first asked for.
    await dashboard.open(`/datasets/${DATASET}`);
    await page.locator('#images').scrollIntoViewIfNeeded();
    await page.locator('#images img').first().waitFor();
    // From elsewhere: another part of the same page would be there at once.
    await dashboard.open('/models');
    const start = performance.now();
    await dashboard.open(`/datasets/${DATASET}#images`);
    await page.waitForFunction(() => {
      const image = document.querySelector<HTMLImageElement>('#images li img');
      return image?.complete && image.naturalWidth > 0;
    });
    const firstImageMs = performance.now() - start;
    const { perSecond, longestMs } = await scroll(dashboard);
    const far = performance.now();
    await page.evaluate(() => window.scrollTo(0, document.body.scrollHeight / 2));
    await page.waitForFunction(() => {
      const images = Array.from(document.querySelectorAll<HTMLImageElement>('#images li img'));
      const inView = images.filter((one) => {
        const { top, bottom } = one.getBoundingClientRect();
        return bottom > 0 && top < window.innerHeight;
      });
      return inView.length > 0 && inView.every((one) => one.complete && one.naturalWidth > 0);
    });
    report('gallery', {
      firstImageMs: Math.round(firstImageMs),
      framesPerSecond: rounded(perSecond),
      longestFrameMs: Math.round(longestMs),
      imagesHalfwayMs: Math.round(performance.now() - far),
    });
  } finally {
    await dashboard.close();
  }
}

const platform = await TestPlatform.create();
try {
  await platform.json('up');
  await platform.json('datasets', 'import', '--sample', '--name', DATASET);
  await repeatSamples((await platform.record()).databaseUrl, Number(values.images));
  for (const filter of FILTERS) {
    const times = await timePages(platform, filter);
    report('pages', { filter, p50Ms: quantile(times, 0.5), p99Ms: quantile(times, 0.99) });
  }
  await measureGallery(platform);
} finally {
  await platform.remove();
}
process.exit(0);
