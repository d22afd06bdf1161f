/** @file Writes the sample dataset: procedural categories with exact masks, the same bytes for the same size and seed. */
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { SampleSize } from '@plumbline/contracts';
import sharp, { type PngOptions } from 'sharp';
import { throwIfCancelled } from '../run-bounded.ts';
import { badge } from './badge.ts';
import { board } from './board.ts';
import { capsule } from './capsule.ts';
import { casing } from './casing.ts';
import { fabric } from './fabric.ts';
import { gear } from './gear.ts';
import { label } from './label.ts';
import { mesh } from './mesh.ts';
import {
  COARSE,
  FINE,
  type RenderedSample,
  type Resolution,
  renderSample,
} from './render-sample.ts';
import type { SampleCategory } from './scene.ts';
import { screw } from './screw.ts';
import { wood } from './wood.ts';

interface SamplePlan {
  readonly categories: readonly SampleCategory[];
  /** Images per category; the anomalous ones are shared out among its defect types. */
  readonly train: number;
  readonly testNormal: number;
  readonly testAnomalous: number;
  readonly resolution: Resolution;
  /** Fixed: the bytes, and with them the dataset's hash, must not depend on defaults. */
  readonly png: PngOptions;
}

const FIRST_SIX = [badge, capsule, fabric, mesh, screw, wood];
const PLANS: Readonly<Record<SampleSize, SamplePlan>> = {
  small: {
    categories: FIRST_SIX,
    ...{ train: 24, testNormal: 8, testAnomalous: 15 },
    resolution: COARSE,
    png: { compressionLevel: 9, adaptiveFiltering: false, palette: false },
  },
  large: {
    categories: [...FIRST_SIX, board, casing, gear, label],
    ...{ train: 60, testNormal: 40, testAnomalous: 60 },
    resolution: FINE,
    png: { compressionLevel: 3, adaptiveFiltering: true, palette: false },
  },
};

export interface SampleDatasetOptions {
  /** Must not exist: it appears when the dataset is whole, with one folder per category, in MVTec layout. */
  readonly directory: string;
  readonly seed: number;
  /** Default `small`: 6 categories of 47 images of 128 pixels; `large` has 10 of 160 of 256 pixels. */
  readonly size?: SampleSize | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Images and masks written so far and in all. */
  onProgress?(written: number, total: number): void;
}

interface PlannedSample {
  readonly category: SampleCategory;
  readonly defectType: string | null;
  /** Folder within the category, with its split. */
  readonly folder: string;
  readonly stem: string;
}

/** @throws DomainError CANCELLED; whatever fails, nothing is left behind. */
export async function generateSampleDataset(options: SampleDatasetOptions): Promise<void> {
  const { directory, size = 'small' } = options;
  const partial = `${directory}.partial`;
  await rm(partial, { recursive: true, force: true });
  try {
    await writeSamples(partial, PLANS[size], options);
    await rename(partial, directory);
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
}

async function writeSamples(
  directory: string,
  plan: SamplePlan,
  { seed, signal, onProgress }: SampleDatasetOptions,
): Promise<void> {
  const planned = plan.categories.flatMap((category) => planCategory(category, plan));
  const filesOf = (samples: readonly PlannedSample[]): number =>
    samples.length + samples.filter(({ defectType }) => defectType !== null).length;
  // While one image is drawn, the one before it is compressed on another core.
  let writing = Promise.resolve();
  try {
    for (const [index, sample] of planned.entries()) {
      throwIfCancelled(signal);
      const { category, defectType, folder, stem } = sample;
      const key = [seed, category.name, folder, stem];
      const rendered = renderSample(category, defectType, key, plan.resolution);
      await writing;
      writing = writeSample(join(directory, category.name), sample, rendered, plan);
      onProgress?.(filesOf(planned.slice(0, index + 1)), filesOf(planned));
    }
  } finally {
    await writing;
  }
}

function planCategory(category: SampleCategory, plan: SamplePlan): PlannedSample[] {
  const several = (count: number, folder: string, defectType: string | null): PlannedSample[] =>
    Array.from({ length: count }, (_, index) => ({
      category,
      defectType,
      folder,
      stem: String(index).padStart(3, '0'),
    }));
  const { defectTypes } = category;
  return [
    ...several(plan.train, 'train/good', null),
    ...several(plan.testNormal, 'test/good', null),
    ...defectTypes.flatMap((type) =>
      several(plan.testAnomalous / defectTypes.length, `test/${type}`, type),
    ),
  ];
}

async function writeSample(
  root: string,
  { folder, defectType, stem }: PlannedSample,
  { image, mask, side }: RenderedSample,
  { png }: SamplePlan,
): Promise<void> {
  const write = (path: string, pixels: Uint8Array, channels: 1 | 3): Promise<void> =>
    writePng(path, { pixels, side, channels, png });
  await write(join(root, folder, `${stem}.png`), image, 3);
  if (mask !== null && defectType !== null)
    await write(join(root, 'ground_truth', defectType, `${stem}_mask.png`), mask, 1);
}

interface Png {
  readonly pixels: Uint8Array;
  readonly side: number;
  readonly channels: 1 | 3;
  readonly png: PngOptions;
}

async function writePng(path: string, { pixels, side, channels, png }: Png): Promise<void> {
  const image = sharp(pixels, { raw: { width: side, height: side, channels } });
  const bytes = await image
    .toColourspace(channels === 1 ? 'b-w' : 'srgb')
    .png(png)
    .toBuffer();
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, bytes);
}
