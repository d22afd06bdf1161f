/** @file Imports of a category with masks of their own, and what evaluation would see of them. */
import { join } from 'node:path';
import type { DatasetImportOptions } from '@plumbline/contracts';
import sharp from 'sharp';
import { decodeMask } from '../images/mask.ts';
import { type ImportedDataset, importDataset } from '../import/import-dataset.ts';
import { openFolderBlobStore } from '../store/blob-store.ts';
import { makeCategory, type Tree, writeFolder } from './dataset-files.ts';

/** Of images and masks, pixels. */
export const WIDTH = 24;
export const HEIGHT = 16;
/** Of test/scratch/0.png. */
export const MASK = 'bolt/ground_truth/scratch/0_mask.png';

const grayPixels = (data: Uint8Array) =>
  sharp(data, { raw: { width: WIDTH, height: HEIGHT, channels: 1 } }).toColourspace('b-w');

/** Each pixel by its index. */
export const maskOf = (level: (index: number) => number): Promise<Buffer> =>
  grayPixels(Uint8Array.from({ length: WIDTH * HEIGHT }, (_, i) => level(i)))
    .png()
    .toBuffer();

/** Levels of the first columns, and 0. */
export const columns = (levels: readonly number[]): Promise<Buffer> =>
  maskOf((i) => levels[i % WIDTH] ?? 0);

export async function importWith(
  folder: string,
  changes: Tree,
  options: DatasetImportOptions = {},
): Promise<ImportedDataset> {
  const source = await writeFolder(join(folder, `set-${Math.random()}`), {
    ...(await makeCategory('bolt')),
    ...changes,
  });
  return importDataset({ source, blobs: openFolderBlobStore(join(folder, 'blobs')), ...options });
}

/** Pixels that the mask of test/scratch/0.png marks, as evaluation sees it. */
export async function marked(folder: string, { manifest }: ImportedDataset): Promise<number[]> {
  const sample = manifest.samples.find(({ path }) => path === 'bolt/test/scratch/0.png');
  if (!sample?.mask) throw new Error('no mask');
  const bytes = await openFolderBlobStore(join(folder, 'blobs')).read(sample.mask.sha256);
  const { data } = await decodeMask(bytes, sample.path, sample.maskRule);
  return [...data.keys()].filter((index) => data[index] === 1);
}

export const warningsOf = ({ report }: ImportedDataset): string[] =>
  report.warnings.map(({ code, message }) => `${code}: ${message}`);
