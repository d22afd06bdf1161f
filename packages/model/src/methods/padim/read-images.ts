/** @file What images have at every position, batch after batch. */
import { featureBatches } from '../feature-batches.ts';
import type { FitOptions } from '../method.ts';
import { embedPosition, type PadimEmbedding } from './forward.ts';
import type { Report } from './work.ts';

/** Images read at once: the sums of a position are then in the processor's cache for all of them. */
const BATCH_SIZE = 16;

export interface ReadImages {
  readonly plan: PadimEmbedding;
  readonly images: Int32Array;
  readonly report: Report;
  /** Awaited for each batch, with how many images came before it. */
  readonly onBatch?: (tokens: readonly Float32Array[], before: number) => Promise<void>;
}

/** @param visit Is given the embedding of an image at a position, f64 `[D]`, valid until the next. */
export async function eachEmbedding(
  options: FitOptions,
  { plan, images, report, onBatch }: ReadImages,
  visit: (at: { readonly image: number; readonly position: number }, x: Float64Array) => void,
): Promise<void> {
  const x = new Float64Array(plan.size);
  let done = 0;
  for await (const { images: batch, tokens } of featureBatches(options, images, BATCH_SIZE)) {
    for (let position = 0; position < plan.grid ** 2; position++)
      for (const [slot, image] of batch.entries()) {
        embedPosition(tokens, plan, { image: slot, position }, x);
        visit({ image, position }, x);
      }
    await onBatch?.(tokens, done);
    done += batch.length;
    await report(done, images.length, images.length);
  }
}
