/** @file Computes the features of images as float16, a batch at a time, and decodes the next batch meanwhile. */
import { type GraphSession, imageFeed, type Sample, toHalves } from '@plumbline/contracts';
import { type ImageBatchesOptions, imageBatches } from './image-batches.ts';

export interface ComputeFeaturesOptions extends ImageBatchesOptions {
  /** One for each level of the graph. */
  readonly levels: readonly unknown[];
  readonly session: GraphSession;
}

export interface ComputedBatch {
  readonly samples: readonly Sample[];
  /** Of each level `[samples.length · views, grid², channels]`. */
  readonly halves: readonly Uint16Array[];
}

export async function* computeFeatures(
  options: ComputeFeaturesOptions,
): AsyncGenerator<ComputedBatch> {
  for await (const { images, samples } of imageBatches(options)) {
    const result = await options.session.run(imageFeed(images));
    const halves = options.levels.map((_, level) => halvesOf(result[`tokens${level}`]?.data));
    yield { samples, halves };
  }
}

function halvesOf(values: unknown): Uint16Array {
  if (values instanceof Uint16Array) return values;
  if (values instanceof Float32Array) return toHalves(values);
  throw new Error('The feature graph has no output for a level');
}

/** Bytes of one image of a batch at a level. @param images Of the batch. */
export function imageOf(halves: Uint16Array, slot: number, images: number): Uint8Array {
  const size = halves.length / images;
  return new Uint8Array(halves.buffer, halves.byteOffset + 2 * slot * size, 2 * size);
}
