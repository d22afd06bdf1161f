/** @file A small dataset: BMP files of stripes, the anomalous ones with a spot; `narrow` has ten training images, `wide` three. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const SIDE = 48;

export async function writeStripes(folder: string): Promise<void> {
  await writeCategory(join(folder, 'narrow'), 2, 10);
  await writeCategory(join(folder, 'wide'), 5, 3);
}

async function writeCategory(path: string, period: number, trainImages: number): Promise<void> {
  const write = async (folder: string, count: number, shift: number, spot: boolean) => {
    await mkdir(join(path, folder), { recursive: true });
    for (let i = 0; i < count; i++)
      await writeFile(join(path, folder, `${i}.bmp`), stripes(period, shift + i, spot));
  };
  await write('train/good', trainImages, 0, false);
  await write('test/good', 2, 50, false);
  await write('test/spot', 2, 60, true);
}

/** A 24-bit BMP. @param side of the image, pixels; a multiple of 4, as rows are not padded */
export function stripes(period: number, shift: number, spot: boolean, side = SIDE): Buffer {
  const pixels = Buffer.alloc(side * side * 3);
  for (let i = 0; i < pixels.length; i++) {
    const [x, y] = [Math.floor(i / 3) % side, Math.floor(i / 3 / side)];
    const inSpot = spot && Math.hypot(x - 20, y - 20) < 8;
    pixels[i] = inSpot ? 255 : 100 + 60 * Math.sin((x + shift) / period) + (i % 3) * 20;
  }
  return bitmap(side, side, pixels);
}

/** A 24-bit BMP. @param width A multiple of 4, as rows are not padded. @param pixels BGR, the last row first. */
export function bitmap(width: number, height: number, pixels: Buffer): Buffer {
  const header = Buffer.alloc(54);
  header.write('BM');
  header.writeUInt32LE(54 + pixels.length, 2);
  header.writeUInt32LE(54, 10);
  header.writeUInt32LE(40, 14);
  header.writeInt32LE(width, 18);
  header.writeInt32LE(height, 22);
  header.writeUInt16LE(1, 26);
  header.writeUInt16LE(24, 28);
  return Buffer.concat([header, pixels]);
}
