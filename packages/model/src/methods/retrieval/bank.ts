/** @file The bank: what is stored of the images that are kept. */
import type { HalfTable } from '../../trace/index.ts';
import type { FeatureBatch } from '../feature-batches.ts';
import type { FitOptions } from '../method.ts';
import { type Projection, projectPatch, unproject } from '../principal-components.ts';
import type { BankLevel } from './compare.ts';
import type { LevelScales } from './local-scale.ts';
import type { ComparedLevel, RetrievalPlan } from './plan.ts';
import { BATCH_SIZE, halfBatches } from './read-images.ts';
import { comparable } from './scale.ts';
import type { PatchBank } from './score.ts';
import { emptyTable, scaleStored, storedPatches, storePatches } from './stored-patches.ts';

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
    patches: emptyTable(kept.length, plan, level),
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
    levels: levels.map(({ patches, projection }) => ({ patches, projection })),
  };
}

/** One bank after the other; the projections are those of the first. */
export function joinBanks(first: PatchBank, second: PatchBank): PatchBank {
  const images = first.images + second.images;
  const descriptors = new Float32Array(first.descriptors.length + second.descriptors.length);
  descriptors.set(first.descriptors);
  descriptors.set(second.descriptors, first.descriptors.length);
  return {
    ...{ images, descriptors },
    levels: first.levels.map(({ patches, projection }, index) => {
      const added = (second.levels[index] as BankLevel).patches;
      return { projection, patches: joinTables(patches, added) };
    }),
  };
}

/** @param scales Of each level. @param first The stored image that is the first of theirs. */
export function scaleBank(bank: PatchBank, scales: readonly LevelScales[], first = 0): void {
  for (const [level, { patches }] of bank.levels.entries())
    scaleStored(patches, (scales[level] as LevelScales).scales, first);
}

/** The rows of one table after those of the other. */
function joinTables(first: HalfTable, second: HalfTable): HalfTable {
  const halves = new Uint16Array(first.halves.length + second.halves.length);
  halves.set(first.halves);
  halves.set(second.halves, first.halves.length);
  const [rows = 0, ...rest] = first.shape;
  return { shape: [rows + (second.shape[0] ?? 0), ...rest], halves };
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
  const count = level.grid ** 2;
  const values = new Float32Array(stored * count); // [D, P]
  const patch = new Float32Array(channels);
  const kept = projection === null ? patch : new Float32Array(stored);
  for (let p = 0; p < count; p++) {
    comparable(tokens.subarray(p * channels, (p + 1) * channels), plan.distance, patch);
    if (projection !== null) projectPatch(projection, patch, kept);
    for (let d = 0; d < stored; d++) values[d * count + p] = -2 * (kept[d] as number);
  }
  storePatches(patches, image, values);
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
    const tokens = plan.levels.map((level, index) =>
      tokensOfStored(bank.levels[index] as BankLevel, level, images),
    );
    yield { images, tokens };
  }
}

function tokensOfStored(
  { patches, projection }: BankLevel,
  { stored }: ComparedLevel,
  images: Int32Array,
): Float32Array {
  const each = Array.from(images, (image) => {
    const values = storedPatches(patches, image, stored);
    return projection === null ? values : unproject(projection, values);
  });
  const size = each[0]?.length ?? 0;
  const tokens = new Float32Array(size * each.length);
  for (const [slot, values] of each.entries()) tokens.set(values, slot * size);
  return tokens;
}
