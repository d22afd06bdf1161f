/**
 * @file Squared distances of an image's patches to the nearest patch of each of some stored images. N images, P patches of a level, D
 * numbers of a patch, M stored images, K of them compared with.
 */
import { NORM_ROWS } from '@plumbline/contracts';
import {
  add,
  concat,
  div,
  min,
  pad,
  relu,
  reshape,
  slice,
  square,
  sum,
  type Tensor,
  tensor,
} from '@tensorflow/tfjs-core';
import { gatherHalves, type HalfTable, matMulEach, pickRows } from '../../trace/index.ts';
import type { Projection } from '../principal-components.ts';
import { type ComparedLevel, LARGEST_PRODUCT, type PatchRange, patchBlocks } from './plan.ts';
import { NORM_UNIT } from './stored-patches.ts';

export interface BankLevel {
  readonly projection: Projection | null;
  /** `[M, D + 2, P]`, or with scales `[M, D + 3, P]`: see `stored-patches.ts`. */
  readonly patches: HalfTable;
}

/** Patches of an image as they meet stored ones. */
export interface OwnPatches {
  /** f32 `[N, Q, D + 2]`: with constants for the norms of stored patches. With scales one more: the norm that these meet. */
  readonly values: Tensor;
  /** f32 `[N, Q, 1]`: ‖x‖², to be added; null with scales, where it is in the product. */
  readonly norms: Tensor | null;
}

export interface ComparedPatches {
  readonly level: ComparedLevel;
  readonly own: OwnPatches;
  readonly stored: BankLevel;
  /** Whether distances are by the scales of the stored patches where there are any. */
  readonly isScaled: boolean;
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

/** @param own f32 `[N, P, D]`. */
export function ownPatches(own: Tensor, { patches }: BankLevel): OwnPatches {
  const [, , d = 1] = own.shape;
  const norms = sum(square(own), -1, true); // [N, P, 1]
  const before = (rows: number, after: number): [number, number][] => [
    [0, 0],
    [0, 0],
    [rows, after],
  ];
  if (patches.shape[1] === d + NORM_ROWS)
    return { values: pad(own, before(0, NORM_ROWS), NORM_UNIT), norms };
  const rest = pad(norms, before(NORM_ROWS, 0), NORM_UNIT); // [N, P, 3]
  return { values: concat([own, rest], 2), norms: null };
}

/** Some of the patches. @param places int32 `[N, Q]`. */
export function pickPatches({ values, norms }: OwnPatches, places: Tensor): OwnPatches {
  return {
    values: pickRows(values, places),
    norms: norms === null ? null : pickRows(norms, places),
  };
}

/**
 * min over the patches of a stored image of w·‖x − m‖² = w·‖x‖² + w·(‖m‖² − 2·x·m), as matrix products in which w·‖m‖²
 * meets constants after x, and w meets ‖x‖². Without scales w is 1, and ‖x‖² is added afterwards.
 * @param compared All patches of the level, or some where a match may be anywhere.
 * @returns f32 `[N, K, Q]`, at least 0.
 */
export function leastSquared(
  { own, stored, level, isScaled }: ComparedPatches,
  images: ChosenImages,
): Tensor {
  const [n = 1, q = 1, rows = 1] = own.values.shape;
  const values = reshape(own.values, [n, 1, q, rows]);
  const blocks = patchBlocks(level, q);
  const [{ own: mine, theirs }] = blocks as [PatchBlock];
  const atOnce = imagesAtOnce(mine.size * theirs.size);
  const parts: Tensor[] = [];
  for (let start = 0; start < images.count; start += atOnce) {
    const some = someOf(images, { start, size: Math.min(atOnce, images.count - start) });
    const columns = gatherHalves(stored.patches, some.indices); // [N, count, rows, P]
    const compared = isScaled || own.norms !== null ? columns : withoutScales(columns);
    const least = joined(
      blocks.map((block) => min(blockProducts(values, compared, block), 3)), // [N, count, own]
      2,
    );
    const { penalties } = some;
    parts.push(penalties === null ? least : add(least, reshape(penalties, [n, some.count, 1])));
  }
  const least = joined(parts, 1);
  return relu(own.norms === null ? least : add(least, reshape(own.norms, [n, 1, q])));
}

/** An even number where it is more than one: engines give each of two threads whole products. */
function imagesAtOnce(product: number): number {
  const most = Math.floor(LARGEST_PRODUCT / product);
  return Math.max(1, most - (most % 2));
}

/** @param columns f32 `[N, count, D + 3, P]`. @returns The same as if all scales were 1. */
function withoutScales(columns: Tensor): Tensor {
  const [n = 1, count = 1, rows = 1, p = 1] = columns.shape;
  return div(columns, slice(columns, [0, 0, rows - 1, 0], [n, count, 1, p]));
}

function joined(parts: readonly Tensor[], axis: number): Tensor {
  return parts.length === 1 ? (parts[0] as Tensor) : concat([...parts], axis);
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
