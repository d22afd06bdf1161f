/**
 * @file Thresholds over seeds, of methods that score every normal training image by a fit without it and of those that hold
 * some out: how far they spread, and what they mean on the test split (for information: nothing is chosen by it). Without
 * database, bundle or pixel metrics, so a seed of a method that is not trained takes a minute.
 *
 *     npm run bench -- fold-thresholds --images ../shared/images --seeds 0,1,2,3 --categories cookie --train 24
 *     npm run bench -- fold-thresholds --images ../shared/images --seeds 0,1,2,3 --test cookie --methods retrieval,patchcore,padim
 *     npm run bench -- fold-thresholds --images ../shared/images --seeds 0,1,2,3 --categories cookie --train 24 --methods fastflow --preset tiny --refits 4
 */
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { ImageResult, PresetName, Sample } from '@plumbline/contracts';
import { thresholdEffect } from '@plumbline/eval';
import { buildMapGraph, type FittedMethod } from '@plumbline/model';
import { createExecutor } from '@plumbline/runtime';
import type { CachedFeatures } from '../apps/trainer/src/training/features/feature-cache.ts';
import { openFoldedMethod, openImages } from './folded-fit.ts';

const { values } = parseArgs({
  options: {
    images: { type: 'string', default: '../shared/images' },
    work: { type: 'string', default: join(tmpdir(), 'plumbline-fold-thresholds') },
    /** Names of methods that are fitted to features, separated by commas. */
    methods: { type: 'string', default: 'retrieval,patchcore,padim' },
    backbone: { type: 'string', default: 'standard' },
    preset: { type: 'string', default: 'quick' },
    seeds: { type: 'string', default: '0,1,2,3' },
    /** Names, separated by commas; all when absent. */
    categories: { type: 'string' },
    /** Of these, those whose test images are scored; all when absent. */
    test: { type: 'string' },
    /** At most so many normal training images of each category, the first by name. */
    train: { type: 'string', default: 'all' },
    /** Of a method that holds images out: instead, each is scored by one of so many further fits. */
    refits: { type: 'string', default: '0' },
    /** Where to write all scores, so that rules can be compared on them: `bench -- threshold-rules`. */
    scores: { type: 'string' },
  },
});

/** As `--scores` writes it, one for each method and seed. */
export interface MeasuredScores {
  readonly method: string;
  readonly seed: number;
  readonly heldOut: readonly (readonly [category: string, scores: readonly number[]])[];
  readonly test: readonly Pick<ImageResult, 'path' | 'category' | 'label' | 'imageScore'>[];
}

const executor = await createExecutor();
const { samples: all, blobs } = await openImages(values.images, values.work);
const samples = chosenSamples(all);
const test = samples.filter(
  ({ split, category }) => split === 'test' && (values.test?.split(',').includes(category) ?? true),
);
const measured: Measured[] = [];
for (const name of values.methods.split(',')) {
  const method = await openFoldedMethod({
    ...{ method: name, preset: values.preset as PresetName, backbone: values.backbone },
    ...{ work: values.work, blobs, executor },
  });
  const testFeatures = await method.featuresOf(test);
  for (const seed of values.seeds.split(',').map(Number))
    measured.push(await measure({ name, method, testFeatures }, seed));
  await testFeatures.close();
}
printSpread();
if (values.scores !== undefined)
  await writeFile(values.scores, JSON.stringify(measured.map(({ scores }) => scores)));
process.exit(0);

interface Opened {
  readonly name: string;
  readonly method: Awaited<ReturnType<typeof openFoldedMethod>>;
  readonly testFeatures: CachedFeatures;
}

interface Measured {
  readonly scores: MeasuredScores;
  readonly categories: readonly MeasuredCategory[];
}

interface MeasuredCategory {
  readonly category: string;
  readonly threshold: number;
  readonly missed: number;
  readonly falseAlarms: number;
}

async function measure(opened: Opened, seed: number): Promise<Measured> {
  const { name, method } = opened;
  const { fitted, folds, seconds, profile } = await method.fit(
    samples,
    seed,
    Number(values.refits),
  );
  const images = await scoreTest(fitted, opened);
  const effect = thresholdEffect(images, profile);
  const how = folds === 0 ? 'held-out images' : `${folds} folds`;
  console.log(`\n${name}, seed ${seed}: fitted with ${how} in ${seconds.toFixed(1)} s`);
  const categories = Object.entries(effect.categories).map(([category, counts]) => ({
    ...{ category, missed: counts.missed, falseAlarms: counts.falseAlarms },
    threshold: (profile.categories[category] ?? profile.pooled).imageThreshold,
  }));
  console.table(
    categories.map(({ category, threshold }) => {
      const scores = profile.categories[category]?.heldOutScores ?? [];
      const counts = effect.categories[category];
      return {
        category,
        threshold: round(threshold),
        scores: scores.length,
        'median score': round(median(scores)),
        'of test normal': round(
          median(
            images
              .filter((image) => image.category === category && image.label === 'normal')
              .map((image) => image.imageScore),
          ),
        ),
        missed: `${counts?.missed} of ${counts?.anomalous}`,
        'false alarms': `${counts?.falseAlarms} of ${counts?.normal}`,
      };
    }),
  );
  console.log(
    `missed ${effect.total.missed} of ${effect.total.anomalous}, false alarms ${effect.total.falseAlarms} of ${effect.total.normal}`,
  );
  const scores = {
    ...{ method: name, seed },
    heldOut: Object.entries(profile.categories).map(
      ([category, one]) => [category, one.heldOutScores] as const,
    ),
    test: images.map(({ path, category, label, imageScore }) => ({
      ...{ path, category, label, imageScore },
    })),
  };
  return { scores, categories };
}

/** Of each method and category: its thresholds, the highest over the lowest, and what they mean, seed by seed. */
function printSpread(): void {
  const rows = values.methods.split(',').flatMap((method) => {
    const own = measured.filter(({ scores }) => scores.method === method);
    const names = own[0]?.categories.map(({ category }) => category) ?? [];
    return names.map((category) => {
      const seeds = own.flatMap(({ categories }) =>
        categories.filter((one) => one.category === category),
      );
      const thresholds = seeds.map(({ threshold }) => threshold);
      return {
        ...{ method, category },
        thresholds: thresholds.map(round).join(', '),
        'highest / lowest': (Math.max(...thresholds) / Math.min(...thresholds)).toFixed(2),
        missed: seeds.map(({ missed }) => missed).join(', '),
        'false alarms': seeds.map(({ falseAlarms }) => falseAlarms).join(', '),
      };
    });
  });
  console.table(rows);
}

/** The test images by the final fit. */
async function scoreTest(fitted: FittedMethod, { method, testFeatures }: Opened) {
  const patches = await executor.load(fitted.graph);
  const map = await executor.load(
    buildMapGraph({
      imageSizePx: method.imageSizePx,
      map: fitted.map,
    }),
  );
  const images = [];
  for (const [index, sample] of test.entries()) {
    const feeds = method.levels.map(({ grid, channels }, level) => {
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

function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;
}

/** Three significant digits: methods have scales of their own. */
function round(value: number): number {
  return Number(value.toPrecision(3));
}
