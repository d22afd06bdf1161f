/** @file The bank: patches of the kept images as float16, each with its norm. */
import { HALF_TO_FLOAT, NORM_ROWS, toHalves } from '@plumbline/contracts';
import type { HalfTable } from '../../trace/index.ts';
import type { FeatureBatch } from '../feature-batches.ts';
import type { FitOptions } from '../method.ts';
import { type Projection, projectPatch, unproject } from '../principal-components.ts';
import { NORM_UNIT } from './compare.ts';
import type { ComparedLevel, RetrievalPlan } from './plan.ts';
import { BATCH_SIZE, halfBatches } from './read-images.ts';
import { comparable } from './scale.ts';
import type { PatchBank } from './score.ts';

export interface BankSource {
  /** f32 `[images, E]`, of all images. */
  readonly descriptors: Float32Array;
  /** Of each level. */
  readonly projections: readonly (Projection | null)[];
  /** Image indices, ascending. */
  readonly kept: Int32Array;
}

/** @param onProgress Awaited with the images done. */
export async function buildBank(
  options: Pick<FitOptions, 'features' | 'levels' | 'signal'>,
  plan: RetrievalPlan,
  { descriptors: all, projections, kept }: BankSource,
  onProgress: (done: number) => Promise<void>,
): Promise<PatchBank> {
  const size = plan.descriptorSize;
  const descriptors = new Float32Array(kept.length * size);
  for (const [slot, image] of kept.entries())
    descriptors.set(all.subarray(image * size, (image + 1) * size), slot * size);
  const levels = plan.levels.map((level, index) => ({
    ...{ plan, level, projection: projections[index] ?? null },
    patches: emptyTable(kept.length, level),
  }));
  let done = 0;
  for await (const { images, tokens } of halfBatches(options, kept)) {
    for (const [index, level] of levels.entries()) {
      const values = tokens[index] as Float32Array;
      const perImage = values.length / images.length;
      for (const slot of images.keys())
        storeImage(level, done + slot, values.subarray(slot * perImage, (slot + 1) * perImage));
    }
    done += images.length;
    await onProgress(done);
  }
  return {
    images: kept.length,
    descriptors,
    levels: levels.map(({ patches, projection }) => ({ patches, projection, scales: null })),
  };
}

/** One bank after the other, without scales; the projections are those of the first. */
export function joinBanks(first: PatchBank, second: PatchBank): PatchBank {
  const images = first.images + second.images;
  const descriptors = new Float32Array(first.descriptors.length + second.descriptors.length);
  descriptors.set(first.descriptors);
  descriptors.set(second.descriptors, first.descriptors.length);
  return {
    ...{ images, descriptors },
    levels: first.levels.map(({ patches, projection }, index) => {
      const added = (second.levels[index] as PatchBank['levels'][number]).patches;
      return { projection, patches: joinTables(patches, added), scales: null };
    }),
  };
}

/** The rows of one table after those of the other. */
export function joinTables(first: HalfTable, second: HalfTable): HalfTable {
  const halves = new Uint16Array(first.halves.length + second.halves.length);
  halves.set(first.halves);
  halves.set(second.halves, first.halves.length);
  const [rows = 0, ...rest] = first.shape;
  return { shape: [rows + (second.shape[0] ?? 0), ...rest], halves };
}

function emptyTable(images: number, { stored, grid }: ComparedLevel): HalfTable {
  const shape = [images, stored + NORM_ROWS, grid ** 2];
  return { shape, halves: new Uint16Array(shape.reduce((size, length) => size * length, 1)) };
}

interface StoredLevel {
  readonly plan: RetrievalPlan;
  readonly level: ComparedLevel;
  readonly projection: Projection | null;
  readonly patches: HalfTable;
}

/** @param tokens f32 `[P, C]`. */
function storeImage(
  { plan, level, projection, patches }: StoredLevel,
  image: number,
  tokens: Float32Array,
): void {
  const { channels, stored } = level;
  const [, rows = 0, count = 0] = patches.shape;
  const values = new Float32Array(stored * count); // [D, P]
  const patch = new Float32Array(channels);
  const kept = projection === null ? patch : new Float32Array(stored);
  for (let p = 0; p < count; p++) {
    comparable(tokens.subarray(p * channels, (p + 1) * channels), plan.distance, patch);
    if (projection !== null) projectPatch(projection, patch, kept);
    for (let d = 0; d < stored; d++) values[d * count + p] = -2 * (kept[d] as number);
  }
  const halves = toHalves(values);
  const start = image * rows * count;
  patches.halves.set(halves, start);
  patches.halves.set(normRows(halves, count), start + halves.length);
}

/** Images of the bank as they are stored, as they would be read. @param slots Of the bank. */
export async function* storedBatches(
  { signal }: Pick<FitOptions, 'signal'>,
  plan: RetrievalPlan,
  bank: PatchBank,
  slots: Int32Array,
): AsyncGenerator<FeatureBatch> {
  for (let start = 0; start < slots.length; start += BATCH_SIZE) {
    signal?.throwIfAborted();
    const images = slots.subarray(start, start + BATCH_SIZE);
    const tokens = plan.levels.map((_, level) => tokensOfStored(bank, level, images));
    yield { images, tokens };
  }
}

function tokensOfStored({ levels }: PatchBank, index: number, images: Int32Array): Float32Array {
  const level = levels[index] as PatchBank['levels'][number];
  const each = Array.from(images, (image) => {
    const patches = storedPatches(level.patches, image);
    return level.projection === null ? patches : unproject(level.projection, patches);
  });
  const size = each[0]?.length ?? 0;
  const tokens = new Float32Array(size * each.length);
  for (const [slot, values] of each.entries()) tokens.set(values, slot * size);
  return tokens;
}

/** The stored patches of an image as numbers: f32 `[P, D]`, what was compared when it was stored. */
function storedPatches({ shape, halves }: HalfTable, image: number): Float32Array {
  const [, rows = 0, count = 0] = shape;
  const stored = rows - NORM_ROWS;
  const values = new Float32Array(stored * count);
  const start = image * rows * count;
  for (let d = 0; d < stored; d++)
    for (let p = 0; p < count; p++)
      values[p * stored + d] =
        (HALF_TO_FLOAT[halves[start + d * count + p] as number] as number) / -2;
  return values;
}

/**
 * Of the patches as they are stored, not as they were.
 * @param halves `[D, P]`, −2·m.
 * @returns `[2, P]`: ‖m‖² in units of `NORM_UNIT`, and what that lost by becoming a half.
 */
function normRows(halves: Uint16Array, count: number): Uint16Array {
  const norms = new Float64Array(count);
  for (let at = 0; at < halves.length; at++)
    norms[at % count]! += ((HALF_TO_FLOAT[halves[at] as number] as number) / 2) ** 2 / NORM_UNIT;
  const high = toHalves(Float32Array.from(norms));
  const rest = norms.map((norm, p) => norm - (HALF_TO_FLOAT[high[p] as number] as number));
  const low = toHalves(Float32Array.from(rest, (value) => (Number.isFinite(value) ? value : 0)));
  return Uint16Array.of(...high, ...low);
}
