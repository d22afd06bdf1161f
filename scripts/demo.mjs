/**
 * @file `npm run demo`: sets the checkout up, then does the main job through the same commands a user has: sample
 * dataset, training, promotion, a prediction over HTTP, the leaderboard. `-- --exit` takes the platform down at the end.
 */
import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ROOT, setup } from './setup.mjs';

const DATASET = 'sample';
const MODEL = 'sample-rlr';
const PLUMB = join(ROOT, 'apps', 'cli', 'bin', 'plumb.mjs');
const exitAtEnd = process.argv.includes('--exit');
const startedAt = Date.now();

function step(text) {
  console.log(`\n[${Math.round((Date.now() - startedAt) / 1000)} s] ${text}`);
}

/** Runs `plumb …`, its progress shown; gives its JSON. */
function plumb(...args) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [PLUMB, ...args, '--json'], {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (chunk) => {
      text += chunk;
    });
    child.on('error', reject);
    child.on('exit', (code) => {
      if (code === 0) resolve(JSON.parse(text));
      else reject(new Error(`"plumb ${args.join(' ')}" ended with code ${code}.`));
    });
  });
}

/** The same, its text shown to the user. */
function show(...args) {
  const { status } = spawnSync(process.execPath, [PLUMB, ...args], { cwd: ROOT, stdio: 'inherit' });
  if (status !== 0) throw new Error(`"plumb ${args.join(' ')}" ended with code ${status}.`);
}

/** An anomalous test image, as the platform holds it. */
async function anomalousImage(apiUrl) {
  const query = new URLSearchParams({ split: 'test', label: 'anomalous', limit: '1' });
  const page = await (await fetch(`${apiUrl}/v1/datasets/${DATASET}/samples?${query}`)).json();
  const sample = page.samples[0];
  const image = await fetch(`${apiUrl}/v1/blobs/${sample.image.sha256}`);
  return { sample, bytes: await image.arrayBuffer() };
}

async function predict(apiUrl) {
  const { sample, bytes } = await anomalousImage(apiUrl);
  const address = `${apiUrl}/v1/models/${MODEL}/predict?category=${sample.category}`;
  const response = await fetch(address, {
    method: 'POST',
    headers: { 'content-type': 'image/png' },
    body: bytes,
  });
  const prediction = await response.json();
  if (!response.ok) throw new Error(prediction.error.message);
  console.log(`POST ${address} (${sample.path})`);
  const { imageScore, threshold, predictedLabel, modelVersion, latencyMs } = prediction;
  console.log({ imageScore, threshold, predictedLabel, modelVersion, latencyMs });
}

async function demo() {
  setup();
  step('Starting the platform …');
  const { apiUrl, webUrl } = await plumb('up');
  const datasets = await plumb('datasets', 'list');
  if (datasets.some((dataset) => dataset.name === DATASET))
    step('The sample dataset is there already.');
  else {
    step('Making the sample dataset (six categories, from a seed) …');
    await plumb('datasets', 'import', '--sample', '--name', DATASET);
  }
  step(
    'Training RLR on normal images of all six categories, then evaluating and exporting to ONNX …',
  );
  const run = await plumb(
    'train',
    '--dataset',
    DATASET,
    '--method',
    'rlr',
    '--backbone',
    'compact',
    '--preset',
    'tiny',
    '--seed',
    '0',
    '--wait',
  );
  step(
    `Promoting ${run.model} version ${run.modelVersion}, then asking it about an image over HTTP …`,
  );
  await plumb('models', 'promote', run.model, String(run.modelVersion));
  await predict(apiUrl);
  step('The leaderboard:');
  show('leaderboard', '--dataset', DATASET);
  console.log(`\nDashboard: ${webUrl}\nAPI and its documentation: ${apiUrl}/docs`);
  if (!exitAtEnd) console.log('The platform stays up; "npx plumb down" takes it down.');
}

try {
  await demo();
} catch (error) {
  console.error(`The demo failed: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
} finally {
  if (exitAtEnd) await plumb('down').catch((error) => console.error(error.message));
  step('Done.');
}
