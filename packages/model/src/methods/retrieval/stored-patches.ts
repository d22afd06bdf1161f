/**
 * @file How the patches of images are stored, as float16: `[M, D + 2, P]`, for each patch m the numbers −2·m, and ‖m‖² / `NORM_UNIT` as
 * two numbers, the second what the first leaves. With local scales `[M, D + 3, P]`: all of these times w, what squared
 * distances to the patch are multiplied by, and w itself; so that graphs need not multiply. M stored images, P patches of
 * a level, D numbers of a patch.
 */
import { HALF_TO_FLOAT, NORM_ROWS, toHalves } from '@plumbline/contracts';
import type { HalfTable } from '../../trace/index.ts';
import type { ComparedLevel, RetrievalPlan } from './plan.ts';

/** A half ends at 65,504; squared norms of features that are not normalized do not. */
export const NORM_UNIT = 64;
/** As a half. */
const ONE = 0x3c00;

/** Rows of a stored image. */
export function storedRows({ localScale }: RetrievalPlan, { stored }: ComparedLevel): number {
  return stored + NORM_ROWS + (localScale > 0 ? 1 : 0);
}

export function emptyTable(images: number, plan: RetrievalPlan, level: ComparedLevel): HalfTable {
  const shape = [images, storedRows(plan, level), level.grid ** 2];
  return { shape, halves: new Uint16Array(shape.reduce((size, length) => size * length, 1)) };
}

/** Stores an image, with scales of 1 where the table has any. @param products f32 `[D, P]`: −2·m. */
export function storePatches(table: HalfTable, image: number, products: Float32Array): void {
  const halves = imageOf(table, image);
  halves.set(toHalves(products));
  const scales = scalesOf(table, halves, products.length);
  scales?.fill(ONE);
  storeNorms(halves, products.length, { scales, patches: table.shape[2] ?? 0 });
}

/**
 * Gives stored images other scales, in place: a bank may be hundreds of megabytes.
 * @param table With scales. @param given `[images, 1, P]`. @param first The stored image that is the first of them.
 */
export function scaleStored(table: HalfTable, given: HalfTable, first: number): void {
  const [, rows = 0, patches = 0] = table.shape;
  const size = (rows - NORM_ROWS - 1) * patches;
  const products = new Float32Array(size);
  for (let image = 0; image < (given.shape[0] ?? 0); image++) {
    const halves = imageOf(table, first + image);
    const scales = halves.subarray(-patches);
    const now = imageOf(given, image);
    const factors = Float64Array.from(now, (half, p) => number(half) / number(scales[p]));
    for (let at = 0; at < size; at++)
      products[at] = number(halves[at]) * (factors[at % patches] as number);
    halves.set(toHalves(products));
    scales.set(now);
    storeNorms(halves, size, { scales, patches });
  }
}

/** A table without scales together with these. @param scales `[M, 1, P]`. */
export function withScaleRows(plain: HalfTable, scales: HalfTable): HalfTable {
  const [images = 0, rows = 0, patches = 0] = plain.shape;
  const shape = [images, rows + 1, patches];
  const table = { shape, halves: new Uint16Array(images * (rows + 1) * patches).fill(ONE) };
  for (let image = 0; image < images; image++) imageOf(table, image).set(imageOf(plain, image));
  scaleStored(table, scales, 0);
  return table;
}

/** The patches of a stored image: f32 `[P, D]`, what others are compared with. */
export function storedPatches(table: HalfTable, image: number, stored: number): Float32Array {
  const patches = table.shape[2] ?? 0;
  const halves = imageOf(table, image);
  const scales = scalesOf(table, halves, stored * patches);
  const values = new Float32Array(stored * patches);
  for (let p = 0; p < patches; p++) {
    const factor = -2 * number(scales?.[p] ?? ONE);
    for (let d = 0; d < stored; d++)
      values[p * stored + d] = number(halves[d * patches + p]) / factor;
  }
  return values;
}

function imageOf({ shape, halves }: HalfTable, image: number): Uint16Array {
  const size = halves.length / (shape[0] ?? 1);
  return halves.subarray(image * size, (image + 1) * size);
}

/** @param size D · P. @returns `[P]`, or null where the table has none. */
function scalesOf({ shape }: HalfTable, halves: Uint16Array, size: number): Uint16Array | null {
  const patches = shape[2] ?? 0;
  return halves.length === size + NORM_ROWS * patches ? null : halves.subarray(-patches);
}

/**
 * Of the patches as they are stored, not as they were: of the numbers −2·w·m it is their sum of squares over 4·w.
 * @param halves Of an image. @param size D · P.
 */
function storeNorms(
  halves: Uint16Array,
  size: number,
  { scales, patches }: { readonly scales: Uint16Array | null; readonly patches: number },
): void {
  const norms = new Float64Array(patches);
  for (let at = 0; at < size; at++)
    norms[at % patches]! += (number(halves[at]) / 2) ** 2 / NORM_UNIT;
  if (scales !== null) for (const [p, scale] of scales.entries()) norms[p]! /= number(scale);
  const high = toHalves(Float32Array.from(norms));
  const rest = norms.map((norm, p) => norm - number(high[p]));
  const low = toHalves(Float32Array.from(rest, (value) => (Number.isFinite(value) ? value : 0)));
  halves.set(high, size);
  halves.set(low, size + patches);
}

function number(half: number | undefined): number {
  return HALF_TO_FLOAT[half ?? 0] as number;
}
