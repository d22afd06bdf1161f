/**
 * @file The part of a bank that some images are compared with: what a few images need takes a moment to load, where the whole
 * bank is hundreds of megabytes.
 */
import type { HalfTable } from '../../trace/index.ts';
import type { RetrievalPlan } from './plan.ts';
import type { PatchBank } from './score.ts';

/** Similarities are computed here otherwise than in the graph, which chooses among all that are as close as this. */
export const SIMILARITY_SLACK = 1e-4;
/** Of the bank: where more images than that are wanted, nearly all of it is. */
const FEW = 0.5;

export interface StoredImages {
  readonly bank: PatchBank;
  /** The image that each of the bank is. */
  readonly kept: Int32Array;
}

export interface Wanted {
  /** Their numbers. */
  readonly images: Int32Array;
  /** f32 `[all images, E]`. */
  readonly descriptors: Float32Array;
  /** Whether an image may not see another. */
  isExcluded(image: number, other: number): boolean;
}

/**
 * Those stored images that may be among the nearest ones of the images wanted, in their order; all of them where they are many,
 * or where an image may see too few.
 */
export function bankAround(
  plan: RetrievalPlan,
  stored: StoredImages,
  wanted: Wanted,
): StoredImages {
  const { bank, kept } = stored;
  if (wanted.images.length > FEW * bank.images) return stored;
  const slots = new Set<number>();
  for (const image of wanted.images) {
    const near = nearSlots(plan, stored, { ...wanted, image });
    if (near === null) return stored;
    for (const slot of near) slots.add(slot);
  }
  const chosen = Int32Array.from(slots).sort();
  return { bank: partOf(bank, chosen), kept: chosen.map((slot) => kept[slot] as number) };
}

/** Null where there are fewer than an image is compared with. */
function nearSlots(
  plan: RetrievalPlan,
  { bank, kept }: StoredImages,
  { image, descriptors, isExcluded }: Wanted & { readonly image: number },
): number[] | null {
  const allowed = Array.from(kept.keys()).filter(
    (slot) => !isExcluded(image, kept[slot] as number),
  );
  if (allowed.length < plan.images) return null;
  const size = plan.descriptorSize;
  const own = descriptors.subarray(image * size, (image + 1) * size);
  const similarities = Float64Array.from(allowed, (slot) =>
    similarity(own, bank.descriptors.subarray(slot * size, (slot + 1) * size)),
  );
  const least = similarities.toSorted().at(-plan.images) as number;
  return allowed.filter((_, at) => (similarities[at] as number) >= least - SIMILARITY_SLACK);
}

/** Sum of the levels' cosines. @param a f32 `[E]`. @param b f32 `[E]`. */
export function similarity(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let e = 0; e < a.length; e++) sum += (a[e] as number) * (b[e] as number);
  return sum;
}

/** @param slots Ascending. */
function partOf({ descriptors, levels, images }: PatchBank, slots: Int32Array): PatchBank {
  const size = descriptors.length / images;
  const own = new Float32Array(slots.length * size);
  for (const [at, slot] of slots.entries())
    own.set(descriptors.subarray(slot * size, (slot + 1) * size), at * size);
  return {
    ...{ images: slots.length, descriptors: own },
    levels: levels.map(({ projection, patches }) => ({
      ...{ projection, patches: rowsOf(patches, slots) },
    })),
  };
}

function rowsOf({ shape, halves }: HalfTable, rows: Int32Array): HalfTable {
  const [count = 1, ...rest] = shape;
  const size = halves.length / count;
  const own = new Uint16Array(rows.length * size);
  for (const [at, row] of rows.entries())
    own.set(halves.subarray(row * size, (row + 1) * size), at * size);
  return { shape: [rows.length, ...rest], halves: own };
}
