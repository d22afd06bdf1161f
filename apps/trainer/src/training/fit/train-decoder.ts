/** @file Trains the decoder of a run that asks for one, on the features in the cache. */
import { DomainError, METHODS, methodDefinition, type Sample } from '@plumbline/contracts';
import {
  buildResizeGraph,
  chooseImages,
  DECODER,
  decoderConfig,
  type FeatureSource,
  type FittedDecoder,
  type FittedMethod,
  fitDecoder,
  type Method,
} from '@plumbline/model';
import { feedOf } from '../features/read-image.ts';
import type { TrainingContext } from '../training-context.ts';
import type { CheckpointFile } from './checkpoint-file.ts';

/** A decoder with the reconstructions that it is meant for. */
export interface TrainedDecoder extends Pick<FittedDecoder, 'graph' | 'steps' | 'loss'> {
  readonly reconstructions: Uint8Array;
  readonly imageSizePx: number;
  readonly images: number;
  readonly trainSeconds: number;
}

const RECONSTRUCTING = METHODS.filter((name) => methodDefinition(name).reconstructs);

/** @throws DomainError INVALID_INPUT when the method has nothing that a decoder could show. */
export function requireReconstructions(method: Method): void {
  if (method.definition.reconstructs) return;
  throw new DomainError(
    'INVALID_INPUT',
    `${method.definition.title} reconstructs no features, so a decoder has nothing to show.`,
    {
      field: 'decoder',
      fix: `Train without the decoder, or choose a method that reconstructs (${RECONSTRUCTING.join(', ')}).`,
    },
  );
}

export interface DecoderTraining {
  readonly features: FeatureSource;
  /** The images of `features`, in the same order. */
  readonly samples: readonly Sample[];
  readonly fitted: FittedMethod;
  readonly checkpoints: CheckpointFile;
}

export async function trainDecoder(
  context: TrainingContext,
  { features, samples, fitted, checkpoints }: DecoderTraining,
): Promise<TrainedDecoder> {
  const { levels, executor, input, reporter, signal } = context;
  if (fitted.reconstructions === undefined)
    throw new Error(`${context.method.definition.title} promised reconstructions and has none.`);
  const { imageSizePx } = decoderConfig(levels);
  const images = chooseImages(
    samples.map(({ category }) => category),
    DECODER.maxImages,
  );
  await reporter.log(
    `Training the decoder on ${images.length} normal images, ${imageSizePx} pixels a side.`,
  );
  const reconstructions = fitted.reconstructions();
  const chosen = Array.from(images, (image) => samples[image] as Sample);
  const decoder = await fitDecoder({
    levels,
    features,
    reconstructions,
    images,
    pixels: await readPictures(context, chosen, imageSizePx),
    executor,
    seed: input.seed,
    maxSteps: input.maxSteps,
    checkpoints,
    log: (text) => reporter.log(text),
    signal,
    onProgress: async ({ step, steps, loss }) => {
      reporter.addLoss({ level: 'decoder', step, loss });
      reporter.part('decoder');
      await reporter.progress(step / steps, `Training the decoder: step ${step} of ${steps}.`);
    },
  });
  return {
    graph: decoder.graph,
    steps: decoder.steps,
    loss: decoder.loss,
    reconstructions,
    imageSizePx,
    images: images.length,
    trainSeconds: checkpoints.seconds,
  };
}

/** @returns uint8 `[samples.length, size, size, 3]`. */
async function readPictures(
  { blobs, serving, signal }: TrainingContext,
  samples: readonly Sample[],
  size: number,
): Promise<Uint8Array> {
  const session = await serving.load(buildResizeGraph(size));
  const pixels = new Uint8Array(samples.length * size * size * 3);
  try {
    for (const [index, sample] of samples.entries()) {
      signal.throwIfAborted();
      const { picture } = await session.run(await feedOf(blobs, sample));
      pixels.set(picture?.data as Uint8Array, index * size * size * 3);
    }
    return pixels;
  } finally {
    await session.release();
  }
}
