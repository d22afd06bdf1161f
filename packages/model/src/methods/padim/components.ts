/**
 * @file The channels of all feature taps as principal components of what varies in normal images: of the scatter around
 * the mean of each category at each position. P positions, C channels of all taps.
 */
import { COMPONENT_IMAGES, COMPONENTS_PART } from '@plumbline/contracts';
import type { Tensor } from '@tensorflow/tfjs-core';
import { matMul, sum } from '@tensorflow/tfjs-core';
import { loadProgram } from '../../eager/load-program.ts';
import { float32 } from '../../onnx/index.ts';
import { BATCH, type TensorProgram } from '../../trace/index.ts';
import { featureBatches } from '../feature-batches.ts';
import type { FitOptions } from '../method.ts';
import { type Projection, principalComponents } from '../principal-components.ts';
import { tokenInputs } from '../step-feeds.ts';
import { embedTokens, type PadimEmbedding } from './forward.ts';
import type { Groups } from './route.ts';
import { Work } from './work.ts';

const BATCH_SIZE = 8;

/** Bytes of finding them among C channels: what varies, sums of G groups, a batch as it is embedded. */
export function componentsBytes(
  {
    positions,
    from,
    to,
  }: { readonly positions: number; readonly from: number; readonly to: number },
  groups: number,
): number {
  const [scatter, sums] = [(8 + 4) * from ** 2 + 2 * 8 * from * to, 8 * groups * positions * from];
  // Of each image of a batch its embedding, here and there, and its products.
  return scatter + sums + 4 * BATCH_SIZE * (2 * positions * from + from ** 2);
}

/** @param plan With all channels. @param to Components that are kept. */
export async function findComponents(
  options: FitOptions,
  { plan, groups }: { readonly plan: PadimEmbedding; readonly groups: Groups },
  to: number,
): Promise<Projection> {
  const from = plan.size;
  const positions = plan.grid ** 2;
  const chosen = someOfEach(groups);
  const counts = new Float64Array(groups.names.length);
  const sums = groups.names.map(() => new Float64Array(positions * from));
  // A step for each image that is read, and one for each group whose mean is taken off.
  const steps = chosen.length + groups.names.length;
  const report = new Work(options, groups.names.length).in(COMPONENTS_PART);
  let done = 0;
  const scatter = new Float64Array(from * from);
  const session = await loadProgram(options.executor, productsProgram(plan));
  try {
    for await (const { images, tokens } of featureBatches(options, chosen, BATCH_SIZE)) {
      const feeds = plan.levels.map(({ grid, channels }, level) => [
        `tokens${level}`,
        float32([images.length, grid ** 2, channels], tokens[level] as Float32Array),
      ]);
      const result = await session.run(Object.fromEntries(feeds));
      addTo(scatter, result['products']?.data as Float32Array);
      const embedded = result['embedded']?.data as Float32Array;
      for (const [slot, image] of images.entries()) {
        const group = groups.of[image] as number;
        counts[group]! += 1;
        const size = positions * from;
        addTo(sums[group] as Float64Array, embedded.subarray(slot * size, (slot + 1) * size));
      }
      done += images.length;
      await report(done, steps, 0);
    }
  } finally {
    await session.release();
  }
  for (const [group, own] of sums.entries()) {
    takeMeans(scatter, own, counts[group] as number);
    await report(++done, steps, 0);
  }
  return principalComponents(scatter, { from, to });
}

/** Evenly among the images of each group, ascending. */
function someOfEach({ names, of }: Groups): Int32Array {
  const chosen = [...names.keys()].flatMap((group) => {
    const members = [...of.keys()].filter((image) => of[image] === group);
    const count = Math.min(members.length, COMPONENT_IMAGES);
    return Array.from(
      { length: count },
      (_, i) => members[Math.floor((i * members.length) / count)] as number,
    );
  });
  return Int32Array.from(chosen).sort();
}

/** Outputs `embedded` f32 `[N, P, C]` and `products` f32 `[C, C]`, Σx·xᵀ over all positions of all images. */
function productsProgram(plan: PadimEmbedding): TensorProgram {
  return {
    name: 'padim-components',
    inputs: tokenInputs(plan.levels, BATCH),
    batchPlaceholder: BATCH,
    body: (given) => {
      const tokens = plan.levels.map((_, level) => given[`tokens${level}`] as Tensor);
      const embedded = embedTokens(tokens, plan);
      return { embedded, products: sum(matMul(embedded, embedded, true), 0) };
    },
  };
}

function addTo(sums: Float64Array, values: Float32Array): void {
  for (const [i, value] of values.entries()) sums[i]! += value;
}

/** Takes n·μμᵀ of all positions from Σx·xᵀ. @param sums f64 `[P, C]`. @param count n. */
function takeMeans(scatter: Float64Array, sums: Float64Array, count: number): void {
  const size = Math.sqrt(scatter.length);
  for (let start = 0; start < sums.length; start += size)
    for (let row = 0; row < size; row++) {
      const value = sums[start + row]! / count;
      for (let column = 0; column < size; column++)
        scatter[row * size + column]! -= value * sums[start + column]!;
    }
}
