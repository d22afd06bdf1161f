/** @file Masks and pictures that would be lost or misplaced in silence: kinds of defects by color, turned images, transparency. */
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  makeImage,
  makeMask,
  makeTempFolder,
  type TempFolder,
  type Tree,
} from '../testing/dataset-files.ts';
import {
  columns,
  HEIGHT,
  importWith as importMasks,
  MASK,
  marked as markedIn,
  WIDTH,
  warningsOf,
} from '../testing/import-masks.ts';
import { errorOf } from '../testing/refusal-of.ts';
import type { ImportedDataset } from './import-dataset.ts';

let temp: TempFolder;
beforeEach(async () => {
  temp = await makeTempFolder();
});
afterEach(() => temp.remove());

const importWith = (changes: Tree) => importMasks(temp.path, changes);
const marked = (imported: ImportedDataset) => markedIn(temp.path, imported);

/** Two-dimensional: `color` of each pixel, three numbers. */
function paint(color: (x: number, y: number) => readonly number[]): Promise<Buffer> {
  const data = new Uint8Array(WIDTH * HEIGHT * 3);
  for (let i = 0; i < WIDTH * HEIGHT; i++) data.set(color(i % WIDTH, Math.floor(i / WIDTH)), 3 * i);
  return sharp(data, { raw: { width: WIDTH, height: HEIGHT, channels: 3 } })
    .png({ palette: true })
    .toBuffer();
}

describe('a color or level for each kind of defect', () => {
  const kindAt = (x: number, y: number) => (x < 4 && y < 4 ? 1 : x >= 8 && x < 12 && y < 4 ? 2 : 0);

  it.each([
    [
      'dark ones on black, as palettes of VOC have',
      [
        [0, 0, 0],
        [64, 0, 0],
        [128, 0, 0],
      ],
    ],
    [
      'on white',
      [
        [255, 255, 255],
        [255, 0, 0],
        [0, 0, 255],
      ],
    ],
    [
      'on a color as bright as theirs',
      [
        [0, 200, 0],
        [200, 0, 0],
        [0, 0, 200],
      ],
    ],
    [
      'gray levels far apart',
      [
        [0, 0, 0],
        [60, 60, 60],
        [255, 255, 255],
      ],
    ],
  ])('%s: all of them are marked', async (_, colors) => {
    const result = await importWith({ [MASK]: await paint((x, y) => colors[kindAt(x, y)] ?? []) });
    expect(await marked(result)).toHaveLength(32);
    expect(warningsOf(result)[0]).toContain('MASKS_CUT');
  });

  it('two colors without black: the one that most of the mask has is its ground', async () => {
    const colors = [
      [255, 255, 0],
      [0, 255, 255],
    ];
    const result = await importWith({
      [MASK]: await paint((x, y) => colors[Number(kindAt(x, y) > 0)] ?? []),
    });
    expect(await marked(result)).toHaveLength(32);
    expect(warningsOf(result)[0]).toContain('read as its ground');
    expect(
      result.manifest.samples.find(({ maskRule }) => maskRule !== undefined)?.maskRule,
    ).toEqual({ above: 0, inverted: false, ground: 0xffff00 });
  });

  it('edges of a smoothed mask are still cut at the middle', async () => {
    const result = await importWith({ [MASK]: await columns([255, 255, 255, 255, 255, 128, 64]) });
    expect(await marked(result)).toHaveLength(6 * HEIGHT);
  });
});

describe('what would be lost or misplaced in silence', () => {
  const square = async (options: { orientation?: number; shade?: number }) => {
    const image = sharp(await makeImage(options.shade ?? 7, { width: 16, height: 16 }));
    return (
      options.orientation === undefined
        ? image
        : image.withMetadata({ orientation: options.orientation })
    )
      .jpeg()
      .toBuffer();
  };

  it('a mask beside a turned square image', async () => {
    const changes = {
      'bolt/test/scratch/0.png': await square({ orientation: 6 }),
      [MASK]: await makeMask(20, 16, 16),
    };
    const error = await errorOf(importWith(changes));
    expect(error).toMatchObject({ file: MASK, code: 'INVALID_INPUT' });
    expect(error.message).toContain('turned by its EXIF orientation (6)');
    changes['bolt/test/scratch/0.png'] = await square({ orientation: 1 });
    await importWith(changes);
  });

  it('a mask of the sensor’s size beside an image on its side', async () => {
    const turned = await sharp(await makeImage(7))
      .withMetadata({ orientation: 8 })
      .jpeg()
      .toBuffer();
    const error = await errorOf(importWith({ 'bolt/test/scratch/0.png': turned }));
    expect(error.message).toContain('once it is turned');
    expect(error.fix).toContain('upright');
    await importWith({ 'bolt/test/scratch/0.png': turned, [MASK]: await makeMask(20, 16, 24) });
  });

  const withAlpha = async (alpha: (index: number) => number, gray: (index: number) => number) =>
    sharp(
      Uint8Array.from({ length: WIDTH * HEIGHT * 4 }, (_, i) =>
        i % 4 === 3 ? alpha(i >> 2) : gray(i >> 2),
      ),
      { raw: { width: WIDTH, height: HEIGHT, channels: 4 } },
    )
      .png()
      .toBuffer();

  it('a picture saved with an alpha of 0', async () => {
    const error = await errorOf(
      importWith({
        'bolt/train/good/0.png': await withAlpha(
          () => 0,
          (i) => i % 251,
        ),
      }),
    );
    expect(error).toMatchObject({ file: 'bolt/train/good/0.png' });
    expect(error.message).toContain('transparent throughout');
    const result = await importWith({
      'bolt/train/good/0.png': await withAlpha(
        (i) => (i < 9 ? 0 : 255),
        (i) => i % 251,
      ),
    });
    expect(warningsOf(result)[0]).toContain('TRANSPARENT: bolt: 1 image with transparent pixels');
  });

  it('a mask that marks by transparency alone', async () => {
    const error = await errorOf(
      importWith({
        [MASK]: await withAlpha(
          (i) => (i < 20 ? 255 : 0),
          () => 0,
        ),
      }),
    );
    expect(error.message).toContain('by transparency alone');
    expect(
      await marked(
        await importWith({
          [MASK]: await withAlpha(
            (i) => (i < 20 ? 255 : 0),
            () => 255,
          ),
        }),
      ),
    ).toHaveLength(20);
  });
});
