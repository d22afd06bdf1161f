/** @file The backbone in the precision that a run asks for: in int8 once a few training images have told its ranges. */
import {
  type Calibration,
  DomainError,
  type Executor,
  type Preprocessing,
  type Sample,
  type StartTrainingInput,
} from '@plumbline/contracts';
import {
  type Backbone,
  calibrateBackbone,
  halveBackbone,
  quantizeBackbone,
} from '@plumbline/model';
import type { OpenedExtension } from '../extend/open-extension.ts';
import type { RunReporter } from '../progress/run-reporter.ts';
import { spread } from '../spread.ts';
import { type BlobReader, feedOf } from './read-image.ts';

/** More change the ranges little: each looks at some million values. */
const IMAGES = 64;

export interface AtPrecisionOptions extends CalibrateOptions {
  readonly input: Pick<StartTrainingInput, 'precision'>;
  /** It goes on with the ranges of its parent, whose features are in the bank. */
  readonly extension: OpenedExtension | null;
  readonly reporter: Pick<RunReporter, 'log' | 'progress'>;
}

interface CalibrateOptions {
  /** In float32. */
  readonly backbone: Backbone;
  readonly preprocessing: Preprocessing;
  readonly executor: Executor;
  /** That the method is fitted to. */
  readonly samples: readonly Sample[];
  readonly blobs: BlobReader;
  readonly signal: AbortSignal;
}

/** @throws DomainError UNSUPPORTED for int8 on a graphics card: onnxruntime has operators on integers for processors. */
export function assertOnProcessor(
  { precision }: Pick<StartTrainingInput, 'precision'>,
  { provider }: Pick<Executor, 'provider'>,
): void {
  if (precision !== 'int8' || provider === 'cpu') return;
  throw new DomainError(
    'UNSUPPORTED',
    `int8 is computed on processors, and this trainer computes on ${provider}.`,
    {
      field: 'precision',
      fix: 'Choose precision float32, or start the trainer with PLUMBLINE_EXECUTOR=cpu.',
    },
  );
}

/** @throws DomainError UNSUPPORTED for a backbone that can't be had in it. */
export async function atPrecision(options: AtPrecisionOptions): Promise<Backbone> {
  const { input, extension, backbone, reporter } = options;
  if (extension !== null) {
    const { calibration, precision } = extension.parent.manifest.backbone;
    if (precision === 'float16') return halveBackbone(backbone);
    return calibration === undefined ? backbone : quantizeBackbone(backbone, calibration);
  }
  if (input.precision === 'float16') return halveBackbone(backbone);
  if (input.precision !== 'int8') return backbone;
  const calibration = await calibrateOn(options, (done, total) =>
    reporter.progress(
      done / total,
      `Measured the backbone's ranges on ${done} of ${total} images.`,
    ),
  );
  const { images } = calibration;
  await reporter.log(
    `The backbone computes in int8, its ranges measured on ${images.length} images.`,
  );
  return quantizeBackbone(backbone, calibration);
}

/** Evenly spread over the images that the method is fitted to, which follow from dataset and seed. */
export async function calibrateOn(
  { backbone, preprocessing, executor, samples, blobs, signal }: CalibrateOptions,
  onProgress: (done: number, total: number) => Promise<void>,
): Promise<Calibration> {
  const chosen = spread(samples, IMAGES);
  const measuring = await calibrateBackbone({ backbone, preprocessing, executor });
  try {
    for (const [index, sample] of chosen.entries()) {
      signal.throwIfAborted();
      await measuring.add(await feedOf(blobs, sample));
      await onProgress(index + 1, chosen.length);
    }
    return { images: chosen.map(({ path }) => path), ranges: measuring.ranges() };
  } finally {
    await measuring.release();
  }
}
