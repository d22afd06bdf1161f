/** @file A dataset that is made and trained in a moment, for specs that are about something else: plates, some with a spot. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';

const SIDE = 48;

/** One category in MVTec layout: 16 normal training images, 10 normal and 10 anomalous test images. */
export async function writeSmallDataset(folder: string): Promise<void> {
  const write = async (part: string, count: number, shift: number, hasSpot: boolean) => {
    const path = join(folder, 'plate', part);
    mkdirSync(path, { recursive: true });
    for (let i = 0; i < count; i++)
      writeFileSync(join(path, `${i}.png`), await plate(shift + i, hasSpot));
  };
  await write('train/good', 16, 0, false);
  await write('test/good', 10, 40, false);
  await write('test/spot', 10, 60, true);
}

function plate(shift: number, hasSpot: boolean): Promise<Buffer> {
  const pixels = Uint8Array.from({ length: SIDE * SIDE }, (_, i) => {
    const [x, y] = [i % SIDE, Math.floor(i / SIDE)];
    if (hasSpot && Math.hypot(x - 20, y - 24) < 7) return 250;
    return 120 + 50 * Math.sin((x + shift) / 3) + ((i * 31 + shift * 7) % 20);
  });
  return sharp(pixels, { raw: { width: SIDE, height: SIDE, channels: 1 } })
    .toColourspace('b-w')
    .png()
    .toBuffer();
}
