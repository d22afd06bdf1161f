/** @file Evaluates scores and maps on the test split, one category after the other: of the exported graph, or imported ones. */
import type {
  EvaluationCheck,
  EvaluationReport,
  ImageResult,
  NearDuplicates,
  Sample,
} from '@plumbline/contracts';
import { type BlobStore, decodeMask, type ResizedMask, resizeMask } from '@plumbline/data';
import { type Evaluation, Evaluator, evaluationReport } from '@plumbline/eval';
import { checkTestSplit } from '../check-test-split.ts';
import { type ImageScore, quantile } from './score-images.ts';
import { byCategoryAndPath, testOrder } from './test-order.ts';

export interface EvaluateModelOptions {
  /** Score and map of a test image; the time it took is null where nothing was run. */
  score(
    sample: Sample,
  ): Promise<
    Pick<ImageScore, 'imageScore' | 'anomalyMap'> & { readonly milliseconds: number | null }
  >;
  readonly blobs: BlobStore;
  /** Every sample of the dataset version. */
  readonly samples: readonly Sample[];
  /** Those that the method or the thresholds were fitted on; null where nobody here knows. */
  readonly fittedOn: readonly Sample[] | null;
  /** Of the import; null where it did not look for them. */
  readonly nearDuplicates: NearDuplicates | null;
  /** False: no image is scored, and every metric is undefined. Default true. */
  readonly isEvaluated?: boolean;
  /** Beside those of the test split. */
  readonly furtherChecks?: readonly EvaluationCheck[];
  /** Side of the anomaly map. */
  readonly sizePx: number;
  readonly signal: AbortSignal;
  onProgress(done: number, total: number): Promise<void>;
}

export interface ModelEvaluation {
  readonly evaluation: Evaluation;
  /** For the manifest. */
  readonly report: EvaluationReport;
  readonly images: readonly ImageResult[];
  /** Paths of the test images with a mask. */
  readonly masked: ReadonlySet<string>;
  readonly latencyMs: {
    readonly p50: number | null;
    readonly p95: number | null;
    readonly images: number;
  };
}

export async function evaluateModel(options: EvaluateModelOptions): Promise<ModelEvaluation> {
  const { blobs, sizePx, fittedOn, isEvaluated = true, furtherChecks = [] } = options;
  const checks = await checkTestSplit({ ...options, fittedOn: fittedOn ?? [] });
  const test = testOrder(
    options.samples.filter((sample) => sample.split === 'test' && isEvaluated),
    sizePx,
  );
  const evaluator = new Evaluator(
    { height: sizePx, width: sizePx },
    { categories: options.samples.map((sample) => sample.category) },
  );
  const images: ImageResult[] = [];
  const kept = { regions: 0, images: 0 };
  const latencies: number[] = [];
  let category: string | null = null;
  for (const [index, sample] of test.entries()) {
    options.signal.throwIfAborted();
    if (category !== null && category !== sample.category) evaluator.evaluateCategory(category);
    category = sample.category;
    const { imageScore, anomalyMap, milliseconds } = await options.score(sample);
    if (milliseconds !== null) latencies.push(milliseconds);
    const { path, label, defectType } = sample;
    const mask = await maskOf(blobs, sample, sizePx);
    if (mask !== null && mask.keptRegions > 0) {
      kept.regions += mask.keptRegions;
      kept.images += 1;
    }
    evaluator.add({
      path,
      category,
      label,
      imageScore,
      anomalyMap,
      mask: mask?.data ?? null,
    });
    images.push({ path, category, label, defectType, sha256: sample.image.sha256, imageScore });
    await options.onProgress(index + 1, test.length);
  }
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
    latencyMs: {
      p50: latencies.length === 0 ? null : quantile(latencies, 0.5),
      p95: latencies.length === 0 ? null : quantile(latencies, 0.95),
      images: latencies.length,
    },
  };
}

/** The mask at the map's size; a normal image has none and needs none. */
async function maskOf(
  blobs: BlobStore,
  sample: Sample,
  sizePx: number,
): Promise<ResizedMask | null> {
  if (sample.mask === null) return null;
  return resizeMask(
    await decodeMask(await blobs.read(sample.mask.sha256), sample.path, sample.maskRule),
    sizePx,
    sizePx,
  );
}
