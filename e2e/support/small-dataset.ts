/** @file A dataset that is made and trained in a moment, for specs that are about something else: plates, some with a spot. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';

const SIDE = 48;

interface SmallDatasetSize {
  /** Normal test images; default 10. */
  readonly normal?: number;
  /** Anomalous ones; default 10. */
  readonly spots?: number;
  /** Images with a spot among the normal training images, `odd-0.png` and so on; default none. */
  readonly odd?: number;
}

/** One category in MVTec layout, with 16 normal training images. */
export async function writeSmallDataset(
  folder: string,
  { normal = 10, spots = 10, odd = 0 }: SmallDatasetSize = {},
): Promise<void> {
  const write = async (part: string, count: number, shift: number, prefix = '') => {
    const path = join(folder, 'plate', part);
    const hasSpot = part === 'test/spot' || prefix !== '';
    mkdirSync(path, { recursive: true });
    for (let i = 0; i < count; i++)
      writeFileSync(join(path, `${prefix}${i}.png`), await plate(shift + i, hasSpot));
  };
  await write('train/good', 16, 0);
  await write('train/good', odd, 20, 'odd-');
  await write('test/good', normal, 40);
  await write('test/spot', spots, 60);
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
