/** @file A small dataset: `bolt` with two normal and two anomalous test images, `nut` with a normal one alone. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import sharp from 'sharp';

const NORMAL = ['bolt/test/good/0.png', 'bolt/test/good/1.png', 'nut/test/good/0.png'];

/** @param side of the images, pixels; the masks mark their upper four rows */
export async function writeParts(folder: string, side: number): Promise<void> {
  const training = ['bolt', 'nut'].flatMap((name) =>
    [0, 1].map((i) => `${name}/train/good/${i}.png`),
  );
  const anomalous = [0, 1].map((i) => `bolt/test/scratch/${i}.png`);
  for (const [index, path] of [...training, ...NORMAL, ...anomalous].entries())
    await write(join(folder, path), new Uint8Array(side * side).fill(20 + 20 * index), side);
  const mask = new Uint8Array(side * side).fill(255, 0, 4 * side);
  for (const i of [0, 1])
    await write(join(folder, `bolt/ground_truth/scratch/${i}_mask.png`), mask, side);
}

async function write(path: string, pixels: Uint8Array, side: number): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, await grayPng(pixels, side, side));
}

/** One-channel 8-bit PNG of `side` × `side` pixels, each drawn as a square so that the picture has `to` × `to`. */
export function grayPng(pixels: Uint8Array, side: number, to: number): Promise<Buffer> {
  return sharp(pixels, { raw: { width: side, height: side, channels: 1 } })
    .resize(to, to, { kernel: 'nearest' })
    .toColourspace('b-w')
    .png()
    .toBuffer();
}
