/** @file Evaluates scores and maps on the test split, one category after the other: of the exported graph, or imported ones. */
import {
  type EvaluationCheck,
  type EvaluationReport,
  type IgnoreMasks,
  type ImageResult,
  ignoredMaskOf,
  type MapSize,
  type NearDuplicates,
  type Sample,
} from '@plumbline/contracts';
import { type BlobStore, decodeMask, type ResizedMask, resizeMask } from '@plumbline/data';
import { type Evaluation, Evaluator, evaluationReport } from '@plumbline/eval';
import { checkTestSplit } from '../check-test-split.ts';
import { byCategoryAndPath, testOrder } from './test-order.ts';

export interface EvaluateModelOptions {
  /** Scores and maps of the test images it is given: one category after the other, within one in any order. */
  scores(test: readonly Sample[]): AsyncIterable<EvaluatedSample>;
  readonly blobs: BlobStore;
  /** Every sample of the dataset version. */
  readonly samples: readonly Sample[];
  /** Those that the method or the thresholds were fitted on; null where nobody here knows. */
  readonly fittedOn: readonly Sample[] | null;
  /** Of the dataset version. */
  readonly nearDuplicates: NearDuplicates;
  /** False: no image is scored, and every metric is undefined. Default true. */
  readonly isEvaluated?: boolean;
  /** Beside those of the test split. */
  readonly furtherChecks?: readonly EvaluationCheck[];
  /** Of the anomaly map. */
  readonly mapSize: MapSize;
  /** Of the dataset version, left out of pixel metrics. */
  readonly ignore: IgnoreMasks | null;
  readonly signal: AbortSignal;
  onProgress(done: EvaluationProgress): Promise<void>;
}

export interface EvaluatedSample {
  readonly sample: Sample;
  readonly imageScore: number;
  /** f32 `[height, width]`, row-major. */
  readonly anomalyMap: Float32Array;
}

export interface EvaluationProgress {
  readonly images: number;
  readonly ofImages: number;
  /** Whose metrics are there. */
  readonly categories: number;
}

export interface ModelEvaluation {
  readonly evaluation: Evaluation;
  /** For the manifest. */
  readonly report: EvaluationReport;
  /** By category and path. */
  readonly images: readonly ImageResult[];
  /** Paths of the test images with a mask. */
  readonly masked: ReadonlySet<string>;
}

export async function evaluateModel(options: EvaluateModelOptions): Promise<ModelEvaluation> {
  const { mapSize, fittedOn, isEvaluated = true, furtherChecks = [] } = options;
  const checks = checkTestSplit({ ...options, fittedOn: fittedOn ?? [] });
  const test = testOrder(isEvaluated ? testSamples(options.samples) : [], mapSize);
  const { evaluator, images, kept } = await scoreTest(options, test);
  const evaluation = evaluator.evaluate();
  return {
    evaluation,
    report: {
      ...evaluationReport(evaluation, [
        ...checks.filter((check) => fittedOn !== null || check.name !== 'test-image-in-training'),
        ...furtherChecks,
      ]),
      ...(kept.regions === 0 ? {} : { keptRegions: kept }),
    },
    images: images.sort(byCategoryAndPath),
    masked: new Set(test.filter((sample) => sample.mask !== null).map((sample) => sample.path)),
  };
}

export function testSamples(samples: readonly Sample[]): Sample[] {
  return samples.filter((sample) => sample.split === 'test').sort(byCategoryAndPath);
}

async function scoreTest(options: EvaluateModelOptions, test: readonly Sample[]) {
  const { blobs, mapSize, ignore, signal, onProgress } = options;
  const evaluator = new Evaluator(mapSize, {
    categories: options.samples.map((sample) => sample.category),
  });
  const images: ImageResult[] = [];
  const kept = { regions: 0, images: 0 };
  let category: string | null = null;
  let categories = 0;
  const tell = () => onProgress({ images: images.length, ofImages: test.length, categories });
  const endCategory = async () => {
    if (category === null) return;
    evaluator.evaluateCategory(category);
    categories += 1;
    await tell();
  };
  for await (const { sample, imageScore, anomalyMap } of options.scores(test)) {
    signal.throwIfAborted();
    if (category !== sample.category) await endCategory();
    category = sample.category;
    const { path, label, defectType } = sample;
    const mask = await maskOf(blobs, sample, mapSize);
    if (mask !== null && mask.keptRegions > 0) {
      kept.regions += mask.keptRegions;
      kept.images += 1;
    }
    const ignored = ignoredMaskOf(ignore, category);
    evaluator.add({
      ...{ path, category, label, imageScore, anomalyMap, ignored },
      mask: mask?.data ?? null,
    });
    images.push({ path, category, label, defectType, sha256: sample.image.sha256, imageScore });
    await tell();
  }
  await endCategory();
  return { evaluator, images, kept };
}

/** The mask at the map's size; a normal image has none and needs none. */
async function maskOf(
  blobs: BlobStore,
  sample: Sample,
  { height, width }: MapSize,
): Promise<ResizedMask | null> {
  if (sample.mask === null) return null;
  return resizeMask(
    await decodeMask(await blobs.read(sample.mask.sha256), sample.path, sample.maskRule),
    width,
    height,
  );
}
