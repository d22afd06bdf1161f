/**
 * @file Squared distances of an image's patches to the nearest patch of each of some stored images. N images, P patches of a level, D
 * numbers of a patch, M stored images, K of them compared with.
 */
import { NORM_ROWS } from '@plumbline/contracts';
import {
  add,
  concat,
  min,
  mul,
  pad,
  relu,
  reshape,
  slice,
  square,
  sum,
  type Tensor,
  tensor,
} from '@tensorflow/tfjs-core';
import { gatherHalves, type HalfTable, matMulEach } from '../../trace/index.ts';
import type { Projection } from '../principal-components.ts';
import { type ComparedLevel, LARGEST_PRODUCT, type PatchRange, patchBlocks } from './plan.ts';

export interface BankLevel {
  readonly projection: Projection | null;
  /** `[M, D + 2, P]`: −2·m for each patch m, and ‖m‖² / `NORM_UNIT` in two rows. */
  readonly patches: HalfTable;
  /** `[M, 1, P]`: what squared distances to a patch are multiplied by; null: all by 1. */
  readonly scales: HalfTable | null;
}

/** Stored images that each of N images is compared with. */
export interface ChosenImages {
  /** int32 `[N, K]`. */
  readonly indices: Tensor;
  /** f32 `[N, K]`: 0, or much where the image was excluded and is there for want of others. */
  readonly penalties: Tensor | null;
  /** K. */
  readonly count: number;
}

/** A half ends at 65,504; squared norms of features that are not normalized do not. */
export const NORM_UNIT = 64;
/** What an image that may not be compared with another is taken to be away. */
export const EXCLUDED = 1e9;

export function someOf(
  { indices, penalties }: ChosenImages,
  { start, size }: PatchRange,
): ChosenImages {
  const [n = 1] = indices.shape;
  const part = (values: Tensor) => slice(values, [0, start], [n, size]);
  return {
    indices: part(indices),
    penalties: penalties === null ? null : part(penalties),
    count: size,
  };
}

/**
 * min over the patches of a stored image of w·‖x − m‖² = w·‖x‖² + w·(‖m‖² − 2·x·m), as matrix products in which ‖m‖²
 * meets constants after x, and w meets ‖x‖². Without scales w is 1, and ‖x‖² is added afterwards.
 * @param own f32 `[N, Q, D]`: all patches of the level, or some where a match may be anywhere.
 * @returns f32 `[N, K, Q]`, at least 0.
 */
export function leastSquared(
  own: Tensor,
  stored: BankLevel,
  { level, images }: { readonly level: ComparedLevel; readonly images: ChosenImages },
): Tensor {
  const [n = 1, q = 1, d = 1] = own.shape;
  const units: [number, number][] = [
    [0, 0],
    [0, 0],
    [0, NORM_ROWS],
  ];
  const norms = sum(square(own), -1, true); // [N, Q, 1]
  const padded = pad(own, units, NORM_UNIT);
  const isScaled = stored.scales !== null;
  const extended = reshape(isScaled ? concat([padded, norms], 2) : padded, [
    ...[n, 1, q],
    d + NORM_ROWS + (isScaled ? 1 : 0),
  ]);
  const blocks = patchBlocks(level, q);
  const [{ own: rows, theirs }] = blocks as [PatchBlock];
  const atOnce = Math.max(1, Math.floor(LARGEST_PRODUCT / (rows.size * theirs.size)));
  const parts: Tensor[] = [];
  for (let start = 0; start < images.count; start += atOnce) {
    const some = someOf(images, { start, size: Math.min(atOnce, images.count - start) });
    const columns = columnsOf(stored, some.indices);
    const least = joined(
      blocks.map((block) => min(blockProducts(extended, columns, block), 3)), // [N, count, own]
      2,
    );
    const { penalties } = some;
    parts.push(penalties === null ? least : add(least, reshape(penalties, [n, some.count, 1])));
  }
  const least = joined(parts, 1);
  return relu(isScaled ? least : add(least, reshape(norms, [n, 1, q])));
}

function joined(parts: readonly Tensor[], axis: number): Tensor {
  return parts.length === 1 ? (parts[0] as Tensor) : concat([...parts], axis);
}

/** @returns f32 `[N, count, D + 2, P]`; with scales all times w, and w itself as one more row. */
function columnsOf({ patches, scales }: BankLevel, images: Tensor): Tensor {
  const columns = gatherHalves(patches, images);
  if (scales === null) return columns;
  const weights = gatherHalves(scales, images);
  return concat([mul(columns, weights), weights], 2);
}

type PatchBlock = ReturnType<typeof patchBlocks>[number];

/**
 * @param own f32 `[N, 1, Q, D + 2]`, or one more.
 * @param columns f32 `[N, count, D + 2, P]`, or one more.
 */
function blockProducts(
  own: Tensor,
  columns: Tensor,
  { own: mine, theirs, mask }: PatchBlock,
): Tensor {
  const [n = 1, count = 1, rows = 1, p = 1] = columns.shape;
  const left =
    mine.size === own.shape[2] ? own : slice(own, [0, 0, mine.start, 0], [n, 1, mine.size, rows]);
  const right =
    theirs.size === p
      ? columns
      : slice(columns, [0, 0, 0, theirs.start], [n, count, rows, theirs.size]);
  const products = matMulEach(left, right);
  return mask === null ? products : add(products, tensor(mask(EXCLUDED), [mine.size, theirs.size]));
}
