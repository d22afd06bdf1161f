/** @file The bank: patches of the kept images as float16, each with its norm. */
import { halfToFloat, NORM_ROWS, toHalves } from '@plumbline/contracts';
import { featureBatches } from '../feature-batches.ts';
import type { FitOptions } from '../method.ts';
import type { ComparedLevel, RetrievalPlan } from './plan.ts';
import { BATCH_SIZE } from './read-images.ts';
import { comparable, type LevelScale } from './scale.ts';
import type { BankLevel, PatchBank } from './score.ts';
import type { Survey } from './survey.ts';

/** @param kept Image indices, ascending. @param onProgress Awaited with the images done. */
export async function buildBank(
  options: FitOptions,
  plan: RetrievalPlan,
  { survey, kept }: { readonly survey: Survey; readonly kept: Int32Array },
  onProgress: (done: number) => Promise<void>,
): Promise<PatchBank> {
  const size = plan.descriptorSize;
  const descriptors = new Float32Array(kept.length * size);
  for (const [slot, image] of kept.entries())
    descriptors.set(survey.descriptors.subarray(image * size, (image + 1) * size), slot * size);
  const levels = plan.levels.map((level, index) =>
    emptyLevel(kept.length, level, survey.scales[index] as LevelScale),
  );
  let done = 0;
  for await (const { images, tokens } of featureBatches(options, kept, BATCH_SIZE)) {
    for (const [index, level] of levels.entries()) {
      const values = tokens[index] as Float32Array;
      const perImage = values.length / images.length;
      for (const slot of images.keys())
        storeImage(level, done + slot, values.subarray(slot * perImage, (slot + 1) * perImage));
    }
    done += images.length;
    await onProgress(done);
  }
  return { images: kept.length, descriptors, levels };
}

function emptyLevel(images: number, level: ComparedLevel, scale: LevelScale): BankLevel {
  const shape = [images, level.channels + NORM_ROWS, level.grid ** 2];
  return {
    scale,
    patches: { shape, halves: new Uint16Array(shape.reduce((size, length) => size * length, 1)) },
  };
}

/** All halves as numbers: a look-up is faster than the conversion. */
const HALF_TO_FLOAT = Float32Array.from({ length: 65536 }, (_, half) => halfToFloat(half));

/** @param tokens f32 `[P, C]`. */
function storeImage({ scale, patches }: BankLevel, image: number, tokens: Float32Array): void {
  const [, rows = 0, count = 0] = patches.shape;
  const channels = rows - NORM_ROWS;
  const values = new Float32Array(channels * count); // [C, P]
  const patch = new Float32Array(channels);
  for (let p = 0; p < count; p++) {
    comparable(tokens.subarray(p * channels, (p + 1) * channels), scale, patch);
    for (let c = 0; c < channels; c++) values[c * count + p] = -2 * (patch[c] as number);
  }
  const halves = toHalves(values);
  const start = image * rows * count;
  patches.halves.set(halves, start);
  patches.halves.set(normRows(halves, count), start + halves.length);
}

/**
 * Of the patches as they are stored, not as they were.
 * @param halves `[C, P]`, −2·m.
 * @returns `[2, P]`: ‖m‖², and what that lost by becoming a half.
 */
function normRows(halves: Uint16Array, count: number): Uint16Array {
  const norms = new Float64Array(count);
  for (let at = 0; at < halves.length; at++)
    norms[at % count]! += ((HALF_TO_FLOAT[halves[at] as number] as number) / 2) ** 2;
  const high = toHalves(Float32Array.from(norms));
  const rest = norms.map((norm, p) => norm - (HALF_TO_FLOAT[high[p] as number] as number));
  const low = toHalves(Float32Array.from(rest, (value) => (Number.isFinite(value) ? value : 0)));
  return Uint16Array.of(...high, ...low);
}
