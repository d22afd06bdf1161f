/**
 * @file Retrieval's patch scores: the squared distance of a patch to the nearest one of the K training images that the
 * whole image resembles most, each level by itself. N images, P patches of a level, C channels, M stored images, E
 * numbers of a descriptor.
 */

import { NORM_ROWS } from '@plumbline/contracts';
import {
  add,
  cast,
  concat,
  matMul,
  min,
  minimum,
  mul,
  pad,
  relu,
  reshape,
  slice,
  square,
  sub,
  sum,
  type Tensor,
  tensor,
  tile,
  topk,
} from '@tensorflow/tfjs-core';
import { BATCH, gatherHalves, type HalfTable, type TensorProgram } from '../../trace/index.ts';
import { describeImages, similaritiesTo } from '../image-descriptor.ts';
import { type Projection, projectPatches } from '../principal-components.ts';
import {
  type ComparedLevel,
  type RetrievalPlan,
  type RowBlock,
  rowBlocks,
  tokenInputs,
} from './plan.ts';
import { comparablePatches } from './scale.ts';

export interface PatchBank {
  /** M. */
  readonly images: number;
  /** f32 `[M, E]`. */
  readonly descriptors: Float32Array;
  readonly levels: readonly BankLevel[];
}

export interface BankLevel {
  readonly projection: Projection | null;
  /** `[M, D + 2, P]`: −2·m for each patch m, and ‖m‖² / `NORM_UNIT` in two rows. */
  readonly patches: HalfTable;
  /** `[M, 1, P]`: what squared distances to a patch are multiplied by; null: all by 1. */
  readonly scales: HalfTable | null;
}

/** A half ends at 65,504; squared norms of features that are not normalized do not. */
export const NORM_UNIT = 64;
/** What an image that may not be compared with another is taken to be away. */
export const EXCLUDED = 1e9;
/** Similarities are sums of cosines, so never below this. */
export const LEAST_SIMILARITY = -100;
/** Stored images compared in one product, where the products are small. */
const IMAGES_AT_ONCE = 8;

/**
 * The scoring graph: inputs `tokens0…` f32 `[N, P, C]`, outputs `scores0…` f32 `[N, P]`, one per level.
 * @param factors What the squared distances of each level are multiplied by.
 */
export function scoresProgram(
  plan: RetrievalPlan,
  bank: PatchBank,
  factors: readonly number[],
): TensorProgram {
  return {
    name: 'retrieval-scores',
    inputs: tokenInputs(plan),
    batchPlaceholder: BATCH,
    body: (given) => {
      const tokens = plan.levels.map((_, level) => given[`tokens${level}`] as Tensor);
      const nearest = nearestImages(describeImages(tokens, plan.levels), bank, {
        count: Math.min(plan.images, bank.images),
        excluded: null,
      });
      return Object.fromEntries(
        squaredDistances(tokens, plan, bank, nearest).map((distances, level) => [
          `scores${level}`,
          mul(distances, factors[level] as number),
        ]),
      );
    },
  };
}

/**
 * For scores without some images: inputs `tokens0…` f32 `[N, P, C]`, `descriptors` f32 `[N, E]` and `excluded` f32
 * `[N, M]`, 0 or `EXCLUDED` for stored images that an image may not see. Outputs `distances0…` f32 `[N, P]`, squared and
 * in no unit yet, and `nearest` f32 `[N, K]`, the stored images compared with, and `similarities` f32 `[N, K]` to them.
 */
export function leaveOutProgram(plan: RetrievalPlan, bank: PatchBank): TensorProgram {
  return {
    name: 'retrieval-leave-out',
    inputs: {
      ...tokenInputs(plan),
      descriptors: { shape: [BATCH, plan.descriptorSize] },
      excluded: { shape: [BATCH, bank.images] },
    },
    batchPlaceholder: BATCH,
    body: (given) => {
      const tokens = plan.levels.map((_, level) => given[`tokens${level}`] as Tensor);
      const nearest = nearestImages(given['descriptors'] as Tensor, bank, {
        count: Math.min(plan.images, bank.images),
        excluded: given['excluded'] as Tensor,
      });
      const distances = squaredDistances(tokens, plan, bank, nearest);
      return {
        ...Object.fromEntries(distances.map((values, level) => [`distances${level}`, values])),
        nearest: cast(nearest.indices, 'float32'),
        similarities: nearest.similarities,
      };
    },
  };
}

/** @returns For each level f32 `[N, P]`. */
function squaredDistances(
  tokens: readonly Tensor[],
  plan: RetrievalPlan,
  { levels }: PatchBank,
  nearest: NearestImages,
): Tensor[] {
  return plan.levels.map((level, index) => {
    const stored = levels[index] as BankLevel;
    const own = comparablePatches(tokens[index] as Tensor, plan.distance);
    const { projection } = stored;
    const kept = projection === null ? own : projectPatches(own, projection);
    return nearestSquared(kept, stored, { level, nearest });
  });
}

interface NearestImages {
  /** int32 `[N, K]`. */
  readonly indices: Tensor;
  /** f32 `[N, K]`: 0, or much where the image was excluded and is there for want of others. */
  readonly penalties: Tensor | null;
  /** f32 `[N, K]`: most similar first; far below 0 for one that was excluded. */
  readonly similarities: Tensor;
  /** K. */
  readonly count: number;
}

/** @param descriptors f32 `[N, E]`. */
function nearestImages(
  descriptors: Tensor,
  bank: PatchBank,
  { count, excluded }: { readonly count: number; readonly excluded: Tensor | null },
): NearestImages {
  const similarities = similaritiesTo(descriptors, bank.descriptors);
  const allowed = excluded === null ? similarities : sub(similarities, excluded);
  const { values, indices } = topk(allowed, count);
  return {
    indices,
    similarities: values,
    penalties: excluded === null ? null : relu(sub(LEAST_SIMILARITY, values)),
    count,
  };
}

/**
 * min over stored images and their patches of w·‖x − m‖² = w·‖x‖² + w·(‖m‖² − 2·x·m), as matrix products in which ‖m‖²
 * meets constants after x, and w meets ‖x‖². Without scales w is 1, and ‖x‖² is added afterwards.
 * @param own f32 `[N, P, D]`.
 * @returns f32 `[N, P]`, at least 0.
 */
function nearestSquared(
  own: Tensor,
  stored: BankLevel,
  { level, nearest }: { readonly level: ComparedLevel; readonly nearest: NearestImages },
): Tensor {
  const [n = 1, p = 1, c = 1] = own.shape;
  const blocks = rowBlocks(level);
  const atOnce = blocks.length > 1 ? Math.min(IMAGES_AT_ONCE, nearest.count) : 1;
  const units: [number, number][] = [
    [0, 0],
    [0, 0],
    [0, NORM_ROWS],
  ];
  const norms = sum(square(own), -1, true); // [N, P, 1]
  const padded = pad(own, units, NORM_UNIT);
  const isScaled = stored.scales !== null;
  const extended = reshape(isScaled ? concat([padded, norms], 2) : padded, [
    ...[n, 1, p],
    c + NORM_ROWS + (isScaled ? 1 : 0),
  ]);
  let least: Tensor | null = null;
  for (let first = 0; first < nearest.count; first += atOnce) {
    const count = Math.min(atOnce, nearest.count - first);
    const columns = columnsOf(stored, slice(nearest.indices, [0, first], [n, count]));
    const parts = blocks.map((block) => {
      const products = blockProducts(extended, columns, { level, block }); // [N, count, own, theirs]
      const least = min(products, 3); // [N, count, own]
      const penalties = nearest.penalties;
      return penalties === null
        ? least
        : add(least, reshape(slice(penalties, [0, first], [n, count]), [n, count, 1]));
    });
    const found = min(parts.length === 1 ? (parts[0] as Tensor) : concat(parts, 2), 1); // [N, P]
    least = least === null ? found : minimum(least, found);
  }
  return relu(isScaled ? (least as Tensor) : add(least as Tensor, reshape(norms, [n, p])));
}

/** @returns f32 `[N, count, D + 2, P]`; with scales all times w, and w itself as one more row. */
function columnsOf({ patches, scales }: BankLevel, images: Tensor): Tensor {
  const columns = gatherHalves(patches, images);
  if (scales === null) return columns;
  const weights = gatherHalves(scales, images);
  return concat([mul(columns, weights), weights], 2);
}

/**
 * @param own f32 `[N, 1, P, D + 2]`, or one more.
 * @param columns f32 `[N, count, D + 2, P]`, or one more.
 */
function blockProducts(
  own: Tensor,
  columns: Tensor,
  { level, block }: { readonly level: ComparedLevel; readonly block: RowBlock },
): Tensor {
  const { grid, reach } = level;
  const [n = 1, count = 1, rows = 1] = columns.shape;
  const of = ({ from, to }: RowBlock['own']) => ({ start: from * grid, size: (to - from) * grid });
  const [mine, theirs] = [of(block.own), of(block.theirs)];
  const isWhole = mine.size === grid ** 2;
  const left = isWhole ? own : slice(own, [0, 0, mine.start, 0], [n, 1, mine.size, rows]);
  const right =
    theirs.size === grid ** 2
      ? columns
      : slice(columns, [0, 0, 0, theirs.start], [n, count, rows, theirs.size]);
  // TensorFlow.js' CPU backend does not broadcast [N, 1] with [N, count] as it should.
  const products = matMul(count === 1 ? left : tile(left, [1, count, 1, 1]), right);
  if (reach === null) return products;
  return add(products, tensor(outOfReach(block, grid, reach), [mine.size, theirs.size]));
}

/** `[own, theirs]`: 0 for pairs within reach, `EXCLUDED` for others. */
function outOfReach({ own, theirs }: RowBlock, grid: number, reach: number): Float32Array {
  const [height, width] = [(own.to - own.from) * grid, (theirs.to - theirs.from) * grid];
  const mask = new Float32Array(height * width);
  for (let i = 0; i < height; i++) {
    const [y, x] = [own.from + Math.floor(i / grid), i % grid];
    for (let j = 0; j < width; j++) {
      const away = Math.max(
        Math.abs(theirs.from + Math.floor(j / grid) - y),
        Math.abs((j % grid) - x),
      );
      if (away > reach) mask[i * width + j] = EXCLUDED;
    }
  }
  return mask;
}
