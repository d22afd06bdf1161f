/** @file Evaluates the exported graph on the test split. */
import type {
  EvaluationCheck,
  IgnoreMasks,
  MapSize,
  NearDuplicates,
  Sample,
} from '@plumbline/contracts';
import type { BlobStore } from '@plumbline/data';
import type { TrainingSplit } from '../fit/hold-out.ts';
import type { RunReporter } from '../progress/run-reporter.ts';
import {
  type EvaluatedSample,
  type EvaluationProgress,
  evaluateModel,
  type ModelEvaluation,
} from './evaluate-model.ts';
import { type ImageScorer, scoreImages } from './score-images.ts';
import { inBatches } from './test-order.ts';

export interface EvaluateExportOptions {
  readonly scorer: ImageScorer;
  readonly blobs: BlobStore;
  /** Every sample of the dataset version. */
  readonly samples: readonly Sample[];
  readonly split: TrainingSplit;
  readonly nearDuplicates: NearDuplicates;
  readonly mapSize: MapSize;
  readonly ignore: IgnoreMasks | null;
  /** Told what each test image's category would be found by; null with a single category. */
  readonly tally: { add(category: string, descriptor: Float32Array): void } | null;
  /** False: no image is scored, and every metric is undefined. */
  readonly isEvaluated: boolean;
  /** Beside those of the test split. */
  readonly furtherChecks: readonly EvaluationCheck[];
  readonly reporter: RunReporter;
  readonly signal: AbortSignal;
}

export function evaluateExport(options: EvaluateExportOptions): Promise<ModelEvaluation> {
  const { split, samples, isEvaluated, reporter } = options;
  const categories = new Set(
    samples.filter((sample) => sample.split === 'test').map((sample) => sample.category),
  ).size;
  return evaluateModel({
    ...options,
    isEvaluated,
    scores: (test) => talliedScores(options, test),
    fittedOn: [...split.fit, ...split.heldOut],
    onProgress: (done) =>
      reporter.progress(
        fractionOf(done, { categories, units: reporter.unitsOf('evaluate') ?? 0 }),
        `Evaluated ${done.images} of ${done.ofImages} test images.`,
      ),
  });
}

async function* talliedScores(
  { scorer, blobs, tally, mapSize, signal }: EvaluateExportOptions,
  test: readonly Sample[],
): AsyncGenerator<EvaluatedSample> {
  const samples = inBatches(test, mapSize);
  for await (const scored of scoreImages({ scorer, samples, blobs, signal })) {
    const { sample, categoryDescriptor } = scored;
    if (categoryDescriptor !== null) tally?.add(sample.category, categoryDescriptor);
    yield scored;
  }
}

/** The metrics of a category take as long as so many images: those that the plan has beyond the images that there are. */
function fractionOf(
  done: EvaluationProgress,
  of: { readonly categories: number; readonly units: number },
): number {
  const beyond = Math.max(0, of.units - done.ofImages);
  const units = done.images + (beyond * done.categories) / of.categories;
  return units / (done.ofImages + beyond);
}
