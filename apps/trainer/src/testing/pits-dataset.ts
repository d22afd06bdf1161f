/** @file Large plates of fine grain, of which the anomalous ones have a few dark pits of three pixels; without chance. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bitmap } from './striped-dataset.ts';

const WIDTH = 768;
const HEIGHT = 512;
const PIT_PX = 3;

/** BMP files in MVTec layout: one category, `plate`. */
export async function writePits(folder: string): Promise<void> {
  const write = async (name: string, count: number, seed: number, pits: number) => {
    await mkdir(join(folder, 'plate', name), { recursive: true });
    for (let i = 0; i < count; i++)
      await writeFile(join(folder, 'plate', name, `${i}.bmp`), plate(seed + i, pits));
  };
  await write('train/good', 4, 1, 0);
  await write('test/good', 3, 101, 0);
  await write('test/pit', 3, 201, 2);
}

/** RGB of a plate, `[HEIGHT, WIDTH, 3]` as a BMP. */
function plate(seed: number, pits: number): Buffer {
  const random = uniform(seed);
  const pixels = Buffer.alloc(WIDTH * HEIGHT * 3);
  const phase = 7 * random();
  for (let i = 0; i < WIDTH * HEIGHT; i++) {
    const [x, y] = [i % WIDTH, Math.floor(i / WIDTH)];
    const shade = 130 + 25 * Math.sin(x / 90 + phase) * Math.cos(y / 70) + 24 * (random() - 0.5);
    pixels.fill(Math.round(shade), 3 * i, 3 * i + 3);
  }
  for (let pit = 0; pit < pits; pit++) {
    const [left, top] = [WIDTH, HEIGHT].map((side) => Math.floor(random() * (side - PIT_PX)));
    for (let y = 0; y < PIT_PX; y++) {
      const start = 3 * (((top as number) + y) * WIDTH + (left as number));
      pixels.fill(25, start, start + 3 * PIT_PX);
    }
  }
  return bitmap(WIDTH, HEIGHT, pixels);
}

/** Numbers from 0 to below 1 (mulberry32). */
function uniform(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
