/**
 * @file Thresholds from cross-fitted scores, over seeds: how far they spread, and what they mean on the test split
 * (for information: nothing is chosen by it). Without database, bundle or pixel metrics, so a seed takes a minute.
 *
 *     npm run bench -- fold-thresholds --images ../shared/images --seeds 0,1,2,3 --categories cookie --train 24
 */
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import {
  type ImageResult,
  isAveragePooled,
  type PresetName,
  type Sample,
  toLevels,
} from '@plumbline/contracts';
import { importDataset, openFolderBlobStore } from '@plumbline/data';
import { thresholdEffect } from '@plumbline/eval';
import {
  buildFeatureGraph,
  buildMapGraph,
  type FittedMethod,
  getMethod,
  NO_CHECKPOINTS,
  openBackbone,
  type TokensMethod,
} from '@plumbline/model';
import { createExecutor } from '@plumbline/runtime';
import { fitThresholds } from '../apps/trainer/src/training/evaluate/fit-thresholds.ts';
import { scoreFolds } from '../apps/trainer/src/training/evaluate/score-normal-images.ts';
import {
  type CachedFeatures,
  openFeatureCache,
} from '../apps/trainer/src/training/features/feature-cache.ts';
import { crossFit } from '../apps/trainer/src/training/fit/folds.ts';

const { values } = parseArgs({
  options: {
    images: { type: 'string', default: '../shared/images' },
    work: { type: 'string', default: join(tmpdir(), 'plumbline-fold-thresholds') },
    method: { type: 'string', default: 'patchcore' },
    backbone: { type: 'string', default: 'standard' },
    preset: { type: 'string', default: 'quick' },
    seeds: { type: 'string', default: '0,1,2,3' },
    /** Names, separated by commas; all when absent. */
    categories: { type: 'string' },
    /** At most so many normal training images of each category, the first by name. */
    train: { type: 'string', default: 'all' },
    /** Where to write all scores, so that rules can be compared on them: `bench -- threshold-rules`. */
    scores: { type: 'string' },
  },
});

/** As `--scores` writes it, one for each seed. */
export interface MeasuredScores {
  readonly seed: number;
  readonly heldOut: readonly (readonly [category: string, scores: readonly number[]])[];
  readonly test: readonly Pick<ImageResult, 'path' | 'category' | 'label' | 'imageScore'>[];
}

const CACHE_BYTES = 20e9;
const signal = new AbortController().signal;
const executor = await createExecutor();
const blobs = openFolderBlobStore(join(values.work, 'blobs'));
const { manifest } = await importDataset({
  source: resolve(values.images),
  blobs,
  signal,
  onProgress: () => {},
});
const samples = chosenSamples(manifest.samples);
const method = foldedMethod(values.method);
const { definition } = method;
const preset = values.preset as PresetName;
const needs = definition.needs(definition.resolve(preset));
const { imageSizePx } = needs.preprocessing;
const backbone = await openBackbone({
  backbone: existsSync(values.backbone) ? resolve(values.backbone) : values.backbone,
  strides: needs.input.strides,
  imageSizePx,
  executor,
});
const levels = toLevels(backbone.featureTaps, imageSizePx);
const featureGraph = buildFeatureGraph({
  backbone,
  preprocessing: needs.preprocessing,
  averagePool: isAveragePooled(needs),
});
const test = samples.filter((sample) => sample.split === 'test');
const testFeatures = await featuresOf(test);
const measured: MeasuredScores[] = [];
for (const seed of values.seeds.split(',').map(Number)) measured.push(await measure(seed));
if (values.scores !== undefined) await writeFile(values.scores, JSON.stringify(measured));
process.exit(0);

async function measure(seed: number): Promise<MeasuredScores> {
  const split = crossFit(samples, seed);
  const features = await featuresOf(split.fit);
  const start = performance.now();
  const fitted = await method.fit({
    preset,
    seed,
    levels,
    categories: new Set(features.categories).size,
    features,
    folds: split.folds ?? { count: 0, of: new Int32Array() },
    executor,
    checkpoints: NO_CHECKPOINTS,
    onProgress: () => {},
  });
  const seconds = (performance.now() - start) / 1000;
  const scores = await scoreFolds({
    split,
    fitted,
    imageSizePx,
    load: (graph) => executor.load(graph),
  });
  const profile = fitThresholds(scores, 'crossFit');
  const images = await scoreTest(fitted);
  const effect = thresholdEffect(images, profile);
  console.log(`\nseed ${seed}: fitted with ${split.folds?.count} folds in ${seconds.toFixed(1)} s`);
  console.table(
    Object.entries(effect.categories).map(([category, counts]) => ({
      category,
      threshold: round((profile.categories[category] ?? profile.pooled).imageThreshold),
      scores: profile.categories[category]?.heldOutScores.length ?? 0,
      'median score': round(median(profile.categories[category]?.heldOutScores ?? [])),
      'of test normal': round(
        median(
          images
            .filter((image) => image.category === category && image.label === 'normal')
            .map((image) => image.imageScore),
        ),
      ),
      missed: `${counts.missed} of ${counts.anomalous}`,
      'false alarms': `${counts.falseAlarms} of ${counts.normal}`,
    })),
  );
  console.log(
    `missed ${effect.total.missed} of ${effect.total.anomalous}, false alarms ${effect.total.falseAlarms} of ${effect.total.normal}`,
  );
  await features.close();
  return {
    seed,
    heldOut: Object.entries(profile.categories).map(([category, one]) => [
      category,
      one.heldOutScores,
    ]),
    test: images.map(({ path, category, label, imageScore }) => ({
      path,
      category,
      label,
      imageScore,
    })),
  };
}

/** The test images by the final fit. */
async function scoreTest(fitted: FittedMethod) {
  const patches = await executor.load(fitted.graph);
  const map = await executor.load(
    buildMapGraph({
      imageSizePx,
      map: fitted.map,
    }),
  );
  const images = [];
  for (const [index, sample] of test.entries()) {
    const feeds = levels.map(({ grid, channels }, level) => {
      const data = new Float32Array(grid ** 2 * channels);
      testFeatures.read(level, Int32Array.of(index), data);
      return [
        `tokens${level}`,
        { dtype: 'float32' as const, shape: [1, grid ** 2, channels], data },
      ];
    });
    const result = await map.run(await patches.run(Object.fromEntries(feeds)));
    images.push({ ...sample, imageScore: Number(result['image_score']?.data[0]) });
  }
  await patches.release();
  await map.release();
  return images;
}

function chosenSamples(all: readonly Sample[]): Sample[] {
  const names = values.categories?.split(',');
  const most = values.train === 'all' ? Number.POSITIVE_INFINITY : Number(values.train);
  const taken = new Map<string, number>();
  return [...all]
    .sort((a, b) => (a.path < b.path ? -1 : 1))
    .filter((sample) => {
      if (names !== undefined && !names.includes(sample.category)) return false;
      if (sample.split !== 'train') return true;
      const before = taken.get(sample.category) ?? 0;
      taken.set(sample.category, before + 1);
      return before < most;
    });
}

function featuresOf(of: readonly Sample[]): Promise<CachedFeatures> {
  return openFeatureCache({
    folder: join(values.work, 'features'),
    limitBytes: CACHE_BYTES,
    graph: featureGraph,
    provider: executor.provider,
    samples: of,
    levels,
    blobs,
    loadGraph: () => executor.load(featureGraph),
    onProgress: async () => {},
    signal,
  });
}

function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function foldedMethod(name: string): TokensMethod {
  const found = getMethod(name);
  if (found.reads !== 'tokens') throw new Error(`${name} has no folds.`);
  return found;
}
