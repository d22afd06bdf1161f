/** @file The pool of patches that PatchCore's memory bank is chosen from: a bounded number of each category, with their images. */
import { loadProgram, type ProgramSession } from '../../eager/load-program.ts';
import { RandomStream } from '../../nn/random.ts';
import { float32 } from '../../onnx/index.ts';
import { featureBatches } from '../feature-batches.ts';
import type { FitOptions } from '../method.ts';
import { embeddingProgram, type PatchEmbedding } from '../patch-embedding.ts';
import { Reservoir } from './reservoir.ts';

const BATCH_SIZE = 8;

export interface PatchPool {
  /** f32 `[patches, D]`. */
  readonly rows: Float32Array;
  /** `[patches]`: the image that each comes from. */
  readonly images: Int32Array;
  /** Patches by category. */
  readonly categories: Readonly<Record<string, { readonly seen: number; readonly kept: number }>>;
}

/** Bytes that sampling takes at its peak: a batch with its intermediate values, and the reservoirs with their join. */
export function samplingBytes(patches: number, { grid, size, unfold }: PatchEmbedding): number {
  return 4 * (BATCH_SIZE * grid ** 2 * size * (unfold ? 20 : 6) + 2 * patches * size);
}

/**
 * One reservoir a category, by name: the label balances what is kept and is not seen afterwards.
 * @param capacity Patches of each category.
 */
export async function samplePatches(
  options: FitOptions,
  plan: PatchEmbedding,
  capacity: number,
  onProgress: (done: number) => Promise<void>,
): Promise<PatchPool> {
  const { features } = options;
  const categories = [...new Set(features.categories)].sort();
  const reservoirs = new Map(
    categories.map((category) => {
      const random = RandomStream.from(options.seed, `patchcore/reservoir/${category}`);
      return [category, new Reservoir(capacity, plan.size, random)];
    }),
  );
  const session = await loadProgram(options.executor, embeddingProgram(plan));
  try {
    const every = Int32Array.from(features.categories.keys());
    let done = 0;
    for await (const { images, tokens } of featureBatches(options, every, BATCH_SIZE)) {
      const patches = await embedImages(session, plan, tokens);
      const perImage = plan.grid ** 2 * plan.size;
      for (const [slot, image] of images.entries()) {
        const reservoir = reservoirs.get(features.categories[image] as string) as Reservoir;
        for (let at = 0; at < perImage; at += plan.size)
          reservoir.offer(patches, slot * perImage + at, image);
      }
      done += images.length;
      await onProgress(done);
    }
  } finally {
    await session.release();
  }
  const all = [...reservoirs.values()];
  return {
    rows: joinRows(all.map((one) => one.rows)),
    images: Int32Array.from(all.flatMap((one) => [...one.sources])),
    categories: Object.fromEntries(
      [...reservoirs].map(([category, { seen, kept }]) => [category, { seen, kept }]),
    ),
  };
}

/** @returns f32 `[images, P, D]`. */
async function embedImages(
  session: ProgramSession,
  plan: PatchEmbedding,
  tokens: readonly Float32Array[],
): Promise<Float32Array> {
  const feeds = plan.levels.map(({ grid, channels }, index) => {
    const values = tokens[index] as Float32Array;
    const images = values.length / (grid ** 2 * channels);
    return [`tokens${index}`, float32([images, grid ** 2, channels], values)];
  });
  const { embedding } = await session.run(Object.fromEntries(feeds));
  return embedding?.data as Float32Array;
}

function joinRows(parts: readonly Float32Array[]): Float32Array {
  const joined = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}
