/** @file Dataset folders with one thing wrong, and what a platform keeps of datasets. */
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import type { TestPlatform } from './platform.ts';

export interface BadDataset {
  readonly name: string;
  /** The file that an import has to name. */
  readonly file: string;
  /** Spoils a sound folder. */
  spoil(folder: string): Promise<void>;
}

const jpeg = async () =>
  sharp(await png(32, 32, 3))
    .jpeg()
    .toBuffer();

export const BAD_DATASETS: readonly BadDataset[] = [
  bad('truncated', 'nut/train/good/1.png', async () => (await png(64, 64, 7)).subarray(0, 60)),
  bad('text', 'nut/train/good/3.png', async () => 'hello'),
  bad('mask-size', 'nut/ground_truth/crack/1_mask.png', () => png(16, 16, 255)),
  bad('mask-alone', 'nut/ground_truth/crack/2_mask.png', () => png(32, 32, 255)),
  { ...bad('same-name', 'nut/test/crack/1.jpg', jpeg), file: 'nut/test/crack/1' },
];

/** @param content What is put at `file`. */
function bad(name: string, file: string, content: () => Promise<string | Uint8Array>): BadDataset {
  return {
    name,
    file,
    spoil: async (folder) => writeFileSync(join(folder, file), await content()),
  };
}

/** A sound dataset of one category. */
export async function writeSoundDataset(folder: string): Promise<void> {
  for (const part of ['train/good', 'test/good', 'test/crack', 'ground_truth/crack'])
    mkdirSync(join(folder, 'nut', part), { recursive: true });
  const images: [string, number][] = [
    ['train/good/1', 20],
    ['train/good/2', 40],
    ['test/good/1', 90],
    ['test/crack/1', 120],
    ['ground_truth/crack/1_mask', 255],
  ];
  for (const [path, value] of images)
    writeFileSync(join(folder, 'nut', `${path}.png`), await png(32, 32, value));
}

function png(width: number, height: number, value: number): Promise<Buffer> {
  const background = { r: value, g: value, b: value };
  return sharp({ create: { width, height, channels: 3, background } })
    .png()
    .toBuffer();
}

/** Hash of everything that a platform keeps of datasets. */
export async function keptState(platform: TestPlatform): Promise<string> {
  const blobs = readdirSync(join(platform.home, 'blobs'), { recursive: true }).map(String).sort();
  const work = readdirSync(join(platform.home, 'work')).filter((name) =>
    name.startsWith('import-'),
  );
  const datasets = await platform.get('/v1/datasets');
  return createHash('sha256')
    .update(JSON.stringify([blobs, work, datasets]))
    .digest('hex');
}
