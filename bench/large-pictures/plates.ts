/**
 * @file Pictures of 3000×2000 of brushed plates, of which the anomalous ones have two faint pits of 8 pixels: well visible at
 * full size, less than a pixel in 256×256. BMP files in MVTec layout, with masks; the same on every machine.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { bitmap } from '../../apps/trainer/src/testing/striped-dataset.ts';
import { standardNormal, xorshift } from '../random.ts';

const WIDTH = 3000;
const HEIGHT = 2000;
const PIT_PX = 8;
const PITS = 2;
/** Grey levels: of the brush's lines, of every pixel by itself, and by how much a pit is darker. */
const BRUSH = 11;
const GRAIN = 4;
const PIT_DEPTH = 34;
/** How much of a line's deviation is left in the next pixel: lines of some 200 pixels. */
const ALONG = 0.995;

export const PLATES = { train: 16, normal: 12, pitted: 12 } as const;

/** @returns the test pictures, in the order normal, pitted */
export async function writePlates(folder: string): Promise<string[]> {
  const images = [
    ...several('train/good', PLATES.train, 0),
    ...several('test/good', PLATES.normal, 0),
    ...several('test/pit', PLATES.pitted, PITS),
  ].map((image, index) => ({ ...image, seed: 1 + index }));
  for (const { directory, stem, seed, pits } of images) {
    const { picture, places } = plate(seed, pits);
    write(join(folder, 'plate', directory), `${stem}.bmp`, picture);
    if (pits > 0)
      write(join(folder, 'plate/ground_truth/pit'), `${stem}_mask.png`, await maskOf(places));
  }
  return images
    .filter(({ directory }) => directory.startsWith('test'))
    .map(({ directory, stem }) => join(folder, 'plate', directory, `${stem}.bmp`));
}

interface Place {
  readonly left: number;
  readonly top: number;
}

const several = (directory: string, count: number, pits: number) =>
  Array.from({ length: count }, (_, i) => ({ directory, stem: String(i).padStart(3, '0'), pits }));

function write(directory: string, name: string, bytes: Uint8Array): void {
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, name), bytes);
}

function plate(seed: number, pits: number): { picture: Buffer; places: Place[] } {
  const random = xorshift(seed * 0x9e3779b1);
  const normal = standardNormal(random);
  const places = Array.from({ length: pits }, () => ({
    left: Math.floor(random() * (WIDTH - PIT_PX)),
    top: Math.floor(random() * (HEIGHT - PIT_PX)),
  }));
  const pixels = Buffer.alloc(3 * WIDTH * HEIGHT);
  const fresh = Math.sqrt(1 - ALONG * ALONG);
  for (let y = 0; y < HEIGHT; y++) {
    let line = normal();
    for (let x = 0; x < WIDTH; x++) {
      line = ALONG * line + fresh * normal();
      const inPit = places.some(({ left, top }) => inside(x - left) && inside(y - top));
      const shade = 140 + BRUSH * line + GRAIN * normal() - (inPit ? PIT_DEPTH : 0);
      // BMP has the last row first.
      const at = 3 * ((HEIGHT - 1 - y) * WIDTH + x);
      pixels.fill(Math.max(0, Math.min(255, Math.round(shade))), at, at + 3);
    }
  }
  return { picture: bitmap(WIDTH, HEIGHT, pixels), places };
}

const inside = (offset: number) => offset >= 0 && offset < PIT_PX;

function maskOf(places: readonly Place[]): Promise<Buffer> {
  const pixels = Buffer.alloc(WIDTH * HEIGHT);
  for (const { left, top } of places)
    for (let y = top; y < top + PIT_PX; y++)
      pixels.fill(255, y * WIDTH + left, y * WIDTH + left + PIT_PX);
  return sharp(pixels, { raw: { width: WIDTH, height: HEIGHT, channels: 1 } })
    .png()
    .toBuffer();
}
