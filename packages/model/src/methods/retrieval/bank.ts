/** @file The bank: patches of the kept images as float16, each with its norm. */
import { floatToHalf, halfToFloat, NORM_ROWS } from '@plumbline/contracts';
import type { FitOptions } from '../method.ts';
import type { ComparedLevel, RetrievalPlan } from './plan.ts';
import { batchesOf, tokensOf } from './read-images.ts';
import type { LevelScale } from './scale.ts';
import { comparable } from './scale.ts';
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
  for (const images of batchesOf(kept)) {
    const tokens = tokensOf(options, plan, images);
    for (const [index, level] of levels.entries()) {
      const values = tokens[`tokens${index}`]?.data as Float32Array;
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

/** @param tokens f32 `[P, C]`. */
function storeImage({ scale, patches }: BankLevel, image: number, tokens: Float32Array): void {
  const [, rows = 0, count = 0] = patches.shape;
  const channels = rows - NORM_ROWS;
  const start = image * rows * count;
  const patch = new Float32Array(channels);
  for (let p = 0; p < count; p++) {
    comparable(tokens.subarray(p * channels, (p + 1) * channels), scale, patch);
    let norm = 0;
    for (let c = 0; c < channels; c++) {
      const half = floatToHalf(-2 * (patch[c] as number));
      patches.halves[start + c * count + p] = half;
      norm += (halfToFloat(half) / 2) ** 2;
    }
    const high = floatToHalf(norm);
    const rest = norm - halfToFloat(high);
    patches.halves[start + channels * count + p] = high;
    patches.halves[start + (channels + 1) * count + p] = floatToHalf(
      Number.isFinite(rest) ? rest : 0,
    );
  }
}
