/**
 * @file The search for RLR's presets: trains configurations on a folder of images and evaluates each level's map, their
 * mean and their means weighted by held-out normal images (`levelWeights`) on its test split, without a
 * platform. Levels that were trained before on the same images under the same settings, of that level, are read back from the work folder.
 *
 *     npm run bench -- rlr-search --images ../shared/images --backbone compact --preset quick --set steps.16=600
 *
 * It compares presets on test images, as development data: no production code does.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import {
  gridSide,
  isAveragePooled,
  type PresetName,
  rlr,
  rlrLevelPreset,
  type Sample,
} from '@plumbline/contracts';
import {
  type BlobStore,
  decodeMask,
  importDataset,
  openFolderBlobStore,
  resizeMask,
} from '@plumbline/data';
import { Evaluator } from '@plumbline/eval';
import {
  buildFeatureGraph,
  type FeatureLevel,
  getMethod,
  NO_CHECKPOINTS,
  openBackbone,
} from '@plumbline/model';
import { createExecutor } from '@plumbline/runtime';
import { readSettings } from '../apps/cli/src/read-settings.ts';
import {
  gaussianSmooth,
  upsampleBilinear,
} from '../apps/trainer/src/training/export/plain-maps.ts';
import {
  type CachedFeatures,
  openFeatureCache,
} from '../apps/trainer/src/training/features/feature-cache.ts';
import { holdOut } from '../apps/trainer/src/training/fit/hold-out.ts';
import { weightsFromMeans } from '../packages/model/src/methods/rlr/level-weights.ts';

const { values } = parseArgs({
  options: {
    images: { type: 'string', default: '../shared/images' },
    work: { type: 'string', default: join(tmpdir(), 'plumbline-rlr-search') },
    backbone: { type: 'string', default: 'compact' },
    preset: { type: 'string', default: 'quick' },
    seed: { type: 'string', default: '0' },
    set: { type: 'string', multiple: true, default: [] },
    /** Side of the maps that are evaluated; the image score's smoothing shrinks with it. */
    map: { type: 'string', default: '128' },
    /** Train on this level's tap alone. */
    tap: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
});
/** Room for the features of both splits. */
const CACHE_BYTES = 20e9;
const seed = Number(values.seed);
const mapSize = Number(values.map);
const preset = values.preset as PresetName;
const method = getMethod('rlr');
const { definition } = method;
const settings = readSettings(values.set, definition.fields);
const resolved = rlr.resolve(preset, settings);
const needs = rlr.needs(resolved);
const sizePx = needs.preprocessing.imageSizePx;
const signal = new AbortController().signal;
const executor = await createExecutor();
const blobs: BlobStore = openFolderBlobStore(join(values.work, 'blobs'));
const { manifest } = await importDataset({
  source: resolve(values.images),
  blobs,
  signal,
  onProgress: () => {},
});
const backbone = await openBackbone({
  backbone: existsSync(values.backbone) ? resolve(values.backbone) : values.backbone,
  executor,
});
const levels: FeatureLevel[] = backbone.featureTaps.map((tap) => ({
  tap: tap.name,
  channels: tap.channels,
  grid: gridSide(tap, sizePx),
}));
const featureGraph = buildFeatureGraph({
  backbone,
  preprocessing: needs.preprocessing,
  averagePool: false,
});
const test = manifest.samples
  .filter((sample) => sample.split === 'test')
  .sort((a, b) => a.path.localeCompare(b.path));
const split = holdOut(manifest.samples, seed);
const features = await featuresOf(split.fit);
const heldOutFeatures = await featuresOf(split.heldOut);
const testFeatures = await featuresOf(test);

const chosen = [...levels.entries()].filter(
  ([, level]) => values.tap === undefined || level.tap === values.tap,
);
const scores: { tap: string; grid: number; values: Float32Array; heldOutMean: number }[] = [];
for (const [index, level] of chosen) scores.push(await levelScores(index, level));
const rows = scores.map((score) => ({ name: score.tap, scores: [score] }));
if (scores.length > 1) {
  rows.push({ name: 'mean', scores });
  const means = scores.map((score) => score.heldOutMean);
  for (const kind of ['heldOutRoot', 'heldOut'] as const) {
    const weights = weightsFromMeans(means, kind);
    rows.push({
      name: `${kind} ${weights.map((weight) => weight.toFixed(2)).join(' ')}`,
      scores: scores.map((score, level) => ({
        ...score,
        values: score.values.map((value) => value * (weights[level] as number)),
      })),
    });
  }
}
for (const row of rows) await evaluate(row.name, row.scores);
process.exit(0);

function featuresOf(samples: readonly Sample[]): Promise<CachedFeatures> {
  return openFeatureCache({
    folder: join(values.work, 'features'),
    limitBytes: CACHE_BYTES,
    graph: featureGraph,
    averagePool: isAveragePooled(needs),
    provider: executor.provider,
    samples,
    levels,
    blobs,
    loadGraph: () => executor.load(featureGraph),
    onProgress: async () => {},
    signal,
  });
}

/** Trains one level and scores the test images with it, f32 `[images, grid²]`, and the held-out normal ones. */
async function levelScores(index: number, level: FeatureLevel) {
  const identity = JSON.stringify([
    backbone.sha256,
    [...split.fit, ...split.heldOut, ...test].map(({ image }) => image.sha256),
    level,
    { ...resolved, levels: rlrLevelPreset(resolved, level.grid) },
    seed,
    'with held-out mean',
  ]);
  const folder = join(values.work, 'scores');
  mkdirSync(folder, { recursive: true });
  const file = join(folder, createHash('sha256').update(identity).digest('hex').slice(0, 24));
  if (existsSync(file)) {
    const bytes = readFileSync(file);
    const saved = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
    return { ...level, values: saved.subarray(0, -1), heldOutMean: saved.at(-1) as number };
  }
  const before = process.cpuUsage();
  const started = performance.now();
  let last = '';
  const fitted = await method.fit({
    preset,
    seed,
    settings,
    levels: [level],
    categories: new Set(features.categories).size,
    features: {
      ...features,
      count: features.count,
      categories: features.categories,
      read: (_, images, out) => features.read(index, images, out),
    },
    executor,
    checkpoints: NO_CHECKPOINTS,
    onProgress: ({ step, steps, loss }) => {
      last = `${step} steps, loss ${loss?.toFixed(4)}`;
      if (step % 50 === 0 || step === steps) process.stderr.write(`${level.tap} ${last}\n`);
    },
  });
  const used = process.cpuUsage(before);
  process.stderr.write(
    `${level.tap}: ${last}, ${((used.user + used.system) / 1e6).toFixed(0)} s of CPU, ${((performance.now() - started) / 1000).toFixed(0)} s\n`,
  );
  const session = await executor.load(fitted.graph);
  const size = level.grid ** 2;
  const tokens = new Float32Array(size * level.channels);
  const scoresOf = async (images: CachedFeatures): Promise<Float32Array> => {
    const out = new Float32Array(images.count * size);
    for (let image = 0; image < images.count; image++) {
      images.read(index, Int32Array.of(image), tokens);
      const shape = [1, size, level.channels];
      const result = await session.run({ tokens0: { dtype: 'float32', shape, data: tokens } });
      out.set(result['scores0']?.data as Float32Array, image * size);
    }
    return out;
  };
  const out = await scoresOf(testFeatures);
  const heldOut = await scoresOf(heldOutFeatures);
  const heldOutMean = heldOut.reduce((sum, value) => sum + value, 0) / heldOut.length;
  writeFileSync(file, joined(out, heldOutMean));
  return { ...level, values: out, heldOutMean };
}

/** The values with one more at the end. */
function joined(values: Float32Array, last: number): Float32Array {
  const all = new Float32Array(values.length + 1);
  all.set(values);
  all[values.length] = last;
  return all;
}

async function evaluate(name: string, parts: { grid: number; values: Float32Array }[]) {
  const evaluator = new Evaluator({ height: mapSize, width: mapSize });
  for (const [image, sample] of test.entries()) {
    const map = new Float64Array(mapSize ** 2);
    for (const { grid, values: all } of parts) {
      const patch = all.subarray(image * grid ** 2, (image + 1) * grid ** 2);
      for (const [i, value] of upsampleBilinear(patch, grid, mapSize, true).entries())
        map[i]! += value / parts.length;
    }
    const smooth = gaussianSmooth(map, { height: mapSize, width: mapSize }, (4 * mapSize) / sizePx);
    evaluator.add({
      path: sample.path,
      category: sample.category,
      label: sample.label,
      imageScore: smooth.reduce((largest, value) => Math.max(largest, value), 0),
      anomalyMap: Float32Array.from(map),
      mask:
        sample.mask === null
          ? null
          : resizeMask(
              await decodeMask(await blobs.read(sample.mask.sha256), sample.path, sample.maskRule),
              mapSize,
              mapSize,
            ).data,
    });
    if (test[image + 1]?.category !== sample.category) evaluator.evaluateCategory(sample.category);
  }
  const { mean, categories } = evaluator.evaluate();
  const shown = (value: number | null) => (value === null ? '-' : value.toFixed(4));
  const hardest = Object.entries(categories)
    .sort(([, a], [, b]) => (a.imageAuroc ?? 1) - (b.imageAuroc ?? 1))
    .map(
      ([category, metrics]) =>
        `${category} ${shown(metrics.imageAuroc)}/${shown(metrics.pixelAuroc)}`,
    );
  process.stdout.write(
    `${name}: image ${shown(mean.imageAuroc)} pixel ${shown(mean.pixelAuroc)} aupro ${shown(mean.aupro30)} | ${hardest.join('  ')}\n`,
  );
}
