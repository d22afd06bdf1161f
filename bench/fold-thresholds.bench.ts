/**
 * @file Thresholds from cross-fitted scores, over seeds: how far they spread, and what they mean on the test split
 * (for information: nothing is chosen by it). Without database, bundle or pixel metrics, so a seed takes a minute.
 *
 *     npm run bench -- fold-thresholds --images ../shared/images --seeds 0,1,2,3 --categories cookie --train 24
 */
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { ImageResult, PresetName, Sample } from '@plumbline/contracts';
import { thresholdEffect } from '@plumbline/eval';
import { buildMapGraph, type FittedMethod } from '@plumbline/model';
import { createExecutor } from '@plumbline/runtime';
import { openFoldedMethod, openImages } from './folded-fit.ts';

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

const executor = await createExecutor();
const { samples: all, blobs } = await openImages(values.images, values.work);
const samples = chosenSamples(all);
const method = await openFoldedMethod({
  ...{ method: values.method, preset: values.preset as PresetName, backbone: values.backbone },
  ...{ work: values.work, blobs, executor },
});
const test = samples.filter((sample) => sample.split === 'test');
const testFeatures = await method.featuresOf(test);
const measured: MeasuredScores[] = [];
for (const seed of values.seeds.split(',').map(Number)) measured.push(await measure(seed));
if (values.scores !== undefined) await writeFile(values.scores, JSON.stringify(measured));
process.exit(0);

async function measure(seed: number): Promise<MeasuredScores> {
  const { fitted, folds, seconds, profile } = await method.fit(samples, seed);
  const images = await scoreTest(fitted);
  const effect = thresholdEffect(images, profile);
  console.log(`\nseed ${seed}: fitted with ${folds} folds in ${seconds.toFixed(1)} s`);
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

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
