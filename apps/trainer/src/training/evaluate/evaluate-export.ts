/** @file Evaluates the exported graph on the test split. */
import type { EvaluationCheck, GraphSession, NearDuplicates, Sample } from '@plumbline/contracts';
import type { BlobStore } from '@plumbline/data';
import type { TrainingSplit } from '../fit/hold-out.ts';
import type { RunReporter } from '../progress/run-reporter.ts';
import { evaluateModel, type ModelEvaluation } from './evaluate-model.ts';
import { scoreImage } from './score-images.ts';

export interface EvaluateExportOptions {
  /** Of the exported graph. */
  readonly session: GraphSession;
  readonly blobs: BlobStore;
  /** Every sample of the dataset version. */
  readonly samples: readonly Sample[];
  readonly split: TrainingSplit;
  readonly nearDuplicates: NearDuplicates | null;
  readonly sizePx: number;
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
  const { session, blobs, split, tally, reporter } = options;
  return evaluateModel({
    score: async (sample) => {
      const scored = await scoreImage(session, blobs, sample);
      if (scored.categoryDescriptor !== null)
        tally?.add(sample.category, scored.categoryDescriptor);
      return scored;
    },
    ...options,
    fittedOn: [...split.fit, ...split.heldOut],
    onProgress: (done, total) =>
      reporter.progress(done / total, `Evaluated ${done} of ${total} test images.`),
  });
}
