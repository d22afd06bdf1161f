/**
 * @file `npm run pictures`: makes the pictures of the documentation, `docs/pictures/*.webp`, from a platform in a
 * temporary home: sample dataset, PaDiM and retrieval; then the result of a run in Chromium, light and dark, and the
 * heatmap of the first anomalous test image of every category. No prediction has a say in which images those are.
 */
import { mkdirSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { register } from 'tsx/esm/api';
import { ROOT, setup } from './setup.mjs';

const OUTPUT = join(ROOT, 'docs', 'pictures');
const DATASET = 'sample';
const METHODS = ['retrieval', 'padim'];
const WIDTH = 1440;
/** Above and below what is shown of a page. */
const MARGIN = 24;
const LARGEST_BYTES = 200_000;
async function train(platform) {
  await platform.json('up');
  console.log('Importing the sample dataset …');
  await platform.json('datasets', 'import', '--sample', '--name', DATASET);
  for (const method of METHODS) {
    console.log(`Training ${method} …`);
    const options = ['--method', method, '--preset', 'quick', '--seed', '0'];
    await platform.json('train', '--dataset', DATASET, ...options, '--wait');
  }
}

/** @param picture pixels in any format that sharp reads */
async function write(name, picture) {
  const file = join(OUTPUT, `${name}.webp`);
  await sharp(picture).webp({ quality: 82, effort: 6 }).toFile(file);
  const { size } = statSync(file);
  console.log(`${file}  ${Math.round(size / 1000)} kB`);
  if (size > LARGEST_BYTES) throw new Error(`${file} is larger than ${LARGEST_BYTES} bytes.`);
}

/** The result of the run of retrieval, beside the best of the others on its leaderboard. */
async function photographResult(platform, page) {
  const runs = await platform.json('runs', 'list');
  const run = runs.find(({ method }) => method === METHODS[0]);
  const { webUrl } = await platform.record();
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.goto(`${webUrl}/runs/${run.id}`);
    const result = page.getByRole('region', { name: 'Result' });
    await result.waitFor();
    // Heatmaps are drawn when they are asked for, so they come after the page.
    await page.waitForFunction(() =>
      [...document.images].every(({ complete, naturalWidth }) => complete && naturalWidth > 0),
    );
    const { y, height } = await result.boundingBox();
    const clip = { x: 0, y: y - MARGIN, width: WIDTH, height: height + 2 * MARGIN };
    await write(`result-${colorScheme}`, await page.screenshot({ fullPage: true, clip }));
  }
}

async function answerOf(url, init) {
  const response = await fetch(url, init);
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${await response.text()}`);
  return response;
}

/** Image and heatmap of the first anomalous test image of every category, a column each. */
async function drawHeatmaps(apiUrl) {
  const query = new URLSearchParams({ split: 'test', label: 'anomalous', limit: '200' });
  const page = await answerOf(`${apiUrl}/v1/datasets/${DATASET}/samples?${query}`);
  const { samples } = await page.json();
  const categories = [...new Set(samples.map((sample) => sample.category))];
  const [gap, columns] = [8, categories.length];
  const side = Math.floor((WIDTH - gap * (columns - 1)) / columns);
  const tiles = [];
  for (const [column, category] of categories.entries()) {
    const { image } = samples.find((sample) => sample.category === category);
    const blob = await (await answerOf(`${apiUrl}/v1/blobs/${image.sha256}`)).arrayBuffer();
    const predict = `${apiUrl}/v1/models/${DATASET}-retrieval/predict?heatmap=true`;
    const request = { method: 'POST', headers: { 'content-type': 'image/png' }, body: blob };
    const { heatmap, predictedLabel } = await (await answerOf(predict, request)).json();
    console.log(`${category}: ${predictedLabel}`);
    for (const [row, picture] of [Buffer.from(blob), Buffer.from(heatmap, 'base64')].entries())
      tiles.push({
        input: await sharp(picture).resize(side, side, { fit: 'fill' }).png().toBuffer(),
        left: column * (side + gap),
        top: row * (side + gap),
      });
  }
  const size = { width: columns * (side + gap) - gap, height: 2 * side + gap };
  const background = { r: 0, g: 0, b: 0, alpha: 0 };
  const canvas = sharp({ create: { ...size, channels: 4, background } });
  await write('heatmaps', await canvas.composite(tiles).png().toBuffer());
}

setup();
register();
const { TestPlatform } = await import('../e2e/support/platform.ts');
const { browserMissing, launchBrowser } = await import('../e2e/support/browser.ts');
if (browserMissing !== null) throw new Error(`A browser ${browserMissing}.`);
mkdirSync(OUTPUT, { recursive: true });
const platform = await TestPlatform.create();
try {
  await train(platform);
  await drawHeatmaps((await platform.record()).apiUrl);
  const browser = await launchBrowser();
  const page = await browser.newPage({ viewport: { width: WIDTH, height: 900 } });
  await photographResult(platform, page).finally(() => browser.close());
} finally {
  await platform.remove();
}
console.log(`Made ${readdirSync(OUTPUT).length} pictures.`);
