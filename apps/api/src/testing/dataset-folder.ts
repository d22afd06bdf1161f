/** @file A small dataset in the MVTec layout: one category, eight images to train with, four to test with. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { grayPng, spotMaskPng } from './pictures.ts';

/** @param shift makes the images, and so the hashes, differ from those of other datasets */
export async function writeDatasetFolder(directory: string, shift = 0): Promise<void> {
  const write = async (folder: string, file: string, bytes: Uint8Array) => {
    await mkdir(join(directory, folder), { recursive: true });
    await writeFile(join(directory, folder, file), bytes);
  };
  for (let i = 0; i < 8; i++)
    await write('part/train/good', `00${i}.png`, await grayPng(40 + shift + i));
  for (let i = 0; i < 2; i++) {
    await write('part/test/good', `00${i}.png`, await grayPng(50 + shift + i));
    await write('part/test/spot', `00${i}.png`, await grayPng(40 + shift + i, { spot: 250 }));
    await write('part/ground_truth/spot', `00${i}_mask.png`, await spotMaskPng());
  }
}
