/**
 * @file A dataset of the size of a published one, from the sample generator's scenes, in MVTec layout. The generator has
 * six categories; further ones are the same scenes with their colors exchanged and on their side, each image drawn anew.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { badge } from '../../packages/data/src/sample/badge.ts';
import { capsule } from '../../packages/data/src/sample/capsule.ts';
import { fabric } from '../../packages/data/src/sample/fabric.ts';
import { mesh } from '../../packages/data/src/sample/mesh.ts';
import { renderSample } from '../../packages/data/src/sample/render-sample.ts';
import { type SampleCategory, SIDE } from '../../packages/data/src/sample/scene.ts';
import { screw } from '../../packages/data/src/sample/screw.ts';
import { wood } from '../../packages/data/src/sample/wood.ts';

const SCENES: readonly SampleCategory[] = [badge, capsule, fabric, mesh, screw, wood];
/** Order of the channels of each further set of categories; the first is as drawn. */
const PALETTES = [
  [0, 1, 2],
  [2, 0, 1],
  [1, 2, 0],
  [2, 1, 0],
  [0, 2, 1],
  [1, 0, 2],
] as const;
/** Share of the test images that is normal, about that of MVTec AD. */
const NORMAL_SHARE = 0.28;

export interface MadeDatasetSize {
  readonly categories: number;
  readonly train: number;
  readonly test: number;
}

export interface MadeImage {
  readonly category: number;
  readonly folder: string;
  readonly stem: string;
  readonly defectType: string | null;
}

/** Every image of a dataset of this size, category by category. */
export function planImages({ categories, train, test }: MadeDatasetSize): MadeImage[] {
  return Array.from({ length: categories }, (_, category) => {
    const of = (total: number) =>
      Math.floor(((category + 1) * total) / categories) -
      Math.floor((category * total) / categories);
    const several = (count: number, folder: string, defectType: string | null) =>
      Array.from({ length: count }, (__, index) => ({
        ...{ category, folder, defectType },
        stem: String(index).padStart(4, '0'),
      }));
    const normal = Math.round(NORMAL_SHARE * of(test));
    const { defectTypes } = sceneOf(category);
    return [
      ...several(of(train), 'train/good', null),
      ...several(normal, 'test/good', null),
      ...defectTypes.flatMap((type, index) => {
        const left = of(test) - normal;
        const share = (upTo: number) => Math.floor((upTo * left) / defectTypes.length);
        return several(share(index + 1) - share(index), `test/${type}`, type);
      }),
    ];
  }).flat();
}

export async function makeDataset(directory: string, size: MadeDatasetSize): Promise<void> {
  for (const { category, folder, stem, defectType } of planImages(size)) {
    const name = categoryName(category);
    const { image, mask } = renderSample(sceneOf(category), defectType, [name, folder, stem]);
    const round = Math.floor(category / SCENES.length);
    const root = join(directory, name);
    const place = (path: string, pixels: Uint8Array, channels: 1 | 3) =>
      writePng(join(root, path), round % 2 === 0 ? pixels : onItsSide(pixels, channels), channels);
    await place(join(folder, `${stem}.png`), recolored(image, round), 3);
    if (mask !== null)
      await place(join('ground_truth', defectType ?? '', `${stem}_mask.png`), mask, 1);
  }
}

function sceneOf(category: number): SampleCategory {
  return SCENES[category % SCENES.length] as SampleCategory;
}

function categoryName(category: number): string {
  const round = Math.floor(category / SCENES.length);
  return `${sceneOf(category).name}${round === 0 ? '' : `-${round + 1}`}`;
}

function recolored(rgb: Uint8Array, round: number): Uint8Array {
  const palette = PALETTES[round % PALETTES.length] ?? PALETTES[0];
  return rgb.map((_, i) => rgb[i - (i % 3) + (palette[i % 3] ?? 0)] ?? 0);
}

/** Rows as columns. */
function onItsSide(pixels: Uint8Array, channels: number): Uint8Array {
  return pixels.map((_, i) => {
    const [pixel, channel] = [Math.floor(i / channels), i % channels];
    const [y, x] = [Math.floor(pixel / SIDE), pixel % SIDE];
    return pixels[(x * SIDE + y) * channels + channel] ?? 0;
  });
}

async function writePng(path: string, pixels: Uint8Array, channels: 1 | 3): Promise<void> {
  const image = sharp(pixels, { raw: { width: SIDE, height: SIDE, channels } });
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, await image.png({ compressionLevel: 6 }).toBuffer());
}
