/**
 * @file `npm run demo`: sets the checkout up, then does the main job through the same commands a user has: sample
 * dataset, training with two methods, the leaderboard, and an anomalous image asked about without naming its category.
 * `-- --exit` takes the platform down at the end, also when it is interrupted.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ROOT, setup } from './setup.mjs';

const DATASET = 'sample';
const BACKBONE = 'standard';
/** The quickest way to a good model, and the core method in its smallest preset at the same image size: both on one board. */
const TRAININGS = [
  { method: 'retrieval', preset: 'quick', title: 'retrieval', settings: [] },
  { method: 'rlr', preset: 'tiny', title: 'RLR', settings: ['imageSizePx=256'] },
];
const ASKED = `${DATASET}-retrieval`;
const PLUMB = join(ROOT, 'apps', 'cli', 'bin', 'plumb.mjs');
const OUTPUT = join(resolve(process.env.PLUMBLINE_HOME ?? join(ROOT, '.plumbline')), 'demo');
const exitAtEnd = process.argv.includes('--exit');
const startedAt = Date.now();
const interrupted = new AbortController();

function step(text) {
  console.log(`\n[${Math.round((Date.now() - startedAt) / 1000)} s] ${text}`);
}

/** Runs `plumb …` to its end; an interruption ends it. @returns What it printed, null where the user sees it. */
function run(args, { isShown = false, signal = interrupted.signal } = {}) {
  return new Promise((resolved, reject) => {
    const child = spawn(process.execPath, [PLUMB, ...args], {
      cwd: ROOT,
      stdio: ['ignore', isShown ? 'inherit' : 'pipe', 'inherit'],
      // In a group of its own it is out of the reach of Ctrl-C.
      ...(signal === null ? { detached: true } : { signal }),
    });
    let text = '';
    child.stdout?.setEncoding('utf8').on('data', (chunk) => {
      text += chunk;
    });
    child.on('error', reject);
    child.on('exit', (code) => {
      if (code === 0) resolved(isShown ? null : text);
      else reject(new Error(`"plumb ${args.join(' ')}" ended with code ${code}.`));
    });
  });
}

/** The JSON that a command gives. */
async function plumb(...args) {
  return JSON.parse(await run([...args, '--json']));
}

async function train({ method, preset, title, settings }) {
  step(`Training ${title} (${preset}, ${BACKBONE}) on normal images of all six categories …`);
  const options = ['--method', method, '--preset', preset, '--backbone', BACKBONE, '--seed', '0'];
  const set = settings.flatMap((setting) => ['--set', setting]);
  const trained = await plumb('train', '--dataset', DATASET, ...options, ...set, '--wait');
  console.log(`Published ${trained.model} version ${trained.modelVersion}.`);
  return trained;
}

/** The first anomalous test image of the dataset, as the platform holds it: no prediction has a say in which it is. */
async function anomalousImage(apiUrl) {
  const query = new URLSearchParams({ split: 'test', label: 'anomalous', limit: '1' });
  const page = await (await fetch(`${apiUrl}/v1/datasets/${DATASET}/samples?${query}`)).json();
  const sample = page.samples[0];
  const image = await fetch(`${apiUrl}/v1/blobs/${sample.image.sha256}`);
  const file = join(OUTPUT, 'anomalous.png');
  mkdirSync(OUTPUT, { recursive: true });
  writeFileSync(file, new Uint8Array(await image.arrayBuffer()));
  return { sample, file };
}

const percent = (share) => `${Math.round(share * 100)} %`;

async function predict(apiUrl) {
  const { sample, file } = await anomalousImage(apiUrl);
  const heatmap = join(OUTPUT, 'heatmap.png');
  const answer = await plumb('predict', file, '--model', ASKED, '--heatmap', heatmap);
  const { category, categoryConfidence, scoreRatio, predictedLabel, latencyMs } = answer;
  const sure = categoryConfidence === null ? '' : ` (${percent(categoryConfidence)} of the votes)`;
  console.log(`The first anomalous test image: ${sample.path}`);
  console.log(`Category, found from the image: ${category}${sure}`);
  console.log(
    `Verdict: ${predictedLabel}, score ratio ${scoreRatio?.toFixed(2)} (1 is the threshold)`,
  );
  console.log(`Answered by ${ASKED} version ${answer.modelVersion} in ${Math.round(latencyMs)} ms`);
  console.log(`Heatmap: ${answer.heatmap}`);
  if (category !== sample.category) console.log(`That is wrong: it is of ${sample.category}.`);
  if (predictedLabel !== 'anomalous') console.log('That is a miss: the image is anomalous.');
}

async function demo() {
  setup();
  step('Starting the platform …');
  // Not ended by an interruption either: "down" takes down what is up, not what is on its way.
  const { apiUrl, webUrl } = JSON.parse(await run(['up', '--json'], { signal: null }));
  interrupted.signal.throwIfAborted();
  const datasets = await plumb('datasets', 'list');
  if (datasets.some((dataset) => dataset.name === DATASET))
    step('The sample dataset is there already.');
  else {
    step('Making the sample dataset (six categories, from a seed) …');
    await plumb('datasets', 'import', '--sample', '--name', DATASET);
  }
  const trained = [];
  for (const training of TRAININGS) trained.push(await train(training));
  step('The leaderboard:');
  await run(['leaderboard', '--dataset', DATASET], { isShown: true });
  step('Promoting both, then asking about an anomalous image without naming its category …');
  for (const { model, modelVersion } of trained)
    await plumb('models', 'promote', model, String(modelVersion));
  await predict(apiUrl);
  console.log(`\nDashboard: ${webUrl}\nAPI and its documentation: ${apiUrl}/docs`);
  if (!exitAtEnd) console.log('The platform stays up; "npx plumb down" takes it down.');
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
  process.on(signal, () => interrupted.abort(new Error(`it was interrupted (${signal})`)));

try {
  await demo();
} catch (error) {
  const reason = interrupted.signal.aborted ? interrupted.signal.reason : error;
  console.error(`The demo failed: ${reason instanceof Error ? reason.message : reason}`);
  process.exitCode = 1;
} finally {
  // Not ended by an interruption: it is what leaves nothing running.
  if (exitAtEnd)
    await run(['down', '--json'], { signal: null }).catch((error) => console.error(error.message));
  step(exitAtEnd ? 'Done; nothing is left running.' : 'Done.');
}
