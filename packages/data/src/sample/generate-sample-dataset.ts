/** @file Writes the sample dataset: six procedural categories with exact masks, the same bytes for the same seed. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { throwIfCancelled } from '../run-bounded.ts';
import { badge } from './badge.ts';
import { capsule } from './capsule.ts';
import { fabric } from './fabric.ts';
import { mesh } from './mesh.ts';
import { renderSample } from './render-sample.ts';
import { type SampleCategory, SIDE } from './scene.ts';
import { screw } from './screw.ts';
import { wood } from './wood.ts';

const SAMPLE_CATEGORIES: readonly SampleCategory[] = [badge, capsule, fabric, mesh, screw, wood];
const TRAIN_IMAGES = 24;
const TEST_NORMAL_IMAGES = 8;
const IMAGES_PER_DEFECT = 5;

export interface SampleDatasetOptions {
  /** Made if absent; gets one folder per category, in MVTec layout. */
  readonly directory: string;
  readonly seed: number;
  readonly signal?: AbortSignal | undefined;
  /** Images written so far and in all. */
  onProgress?(written: number, total: number): void;
}

interface PlannedSample {
  readonly category: SampleCategory;
  readonly defectType: string | null;
  /** Folder within the category, with its split. */
  readonly folder: string;
  readonly stem: string;
}

export async function generateSampleDataset(options: SampleDatasetOptions): Promise<void> {
  const { directory, seed, signal } = options;
  const planned = SAMPLE_CATEGORIES.flatMap(planCategory);
  for (const [index, { category, defectType, folder, stem }] of planned.entries()) {
    throwIfCancelled(signal);
    const key = [seed, category.name, folder, stem];
    const { image, mask } = renderSample(category, defectType, key);
    const root = join(directory, category.name);
    await writePng(join(root, folder, `${stem}.png`), image, 3);
    if (mask !== null && defectType !== null) {
      await writePng(join(root, 'ground_truth', defectType, `${stem}_mask.png`), mask, 1);
    }
    options.onProgress?.(index + 1, planned.length);
  }
}

function planCategory(category: SampleCategory): PlannedSample[] {
  const several = (count: number, folder: string, defectType: string | null): PlannedSample[] =>
    Array.from({ length: count }, (_, index) => ({
      category,
      defectType,
      folder,
      stem: String(index).padStart(3, '0'),
    }));
  return [
    ...several(TRAIN_IMAGES, 'train/good', null),
    ...several(TEST_NORMAL_IMAGES, 'test/good', null),
    ...category.defectTypes.flatMap((type) => several(IMAGES_PER_DEFECT, `test/${type}`, type)),
  ];
}

async function writePng(path: string, pixels: Uint8Array, channels: 1 | 3): Promise<void> {
  const image = sharp(pixels, { raw: { width: SIDE, height: SIDE, channels } });
  // Fixed options: the bytes, and with them the dataset's hash, must not depend on defaults.
  const png = image
    .toColourspace(channels === 1 ? 'b-w' : 'srgb')
    .png({ compressionLevel: 9, adaptiveFiltering: false, palette: false });
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, await png.toBuffer());
}
