/** @file What made-up defects are like: how large, where, of what. */
import { describe, expect, it } from 'vitest';
import { RandomStream } from '../../nn/random.ts';
import { perlinNoise, turned } from './perlin.ts';
import { recolored } from './recolor.ts';
import { DRAEM_DEFECTS, defectFeeds, defectMask, withDefect } from './synthesis.ts';
import { drawnTexture, shuffledLines, shuffledTexture } from './textures.ts';

const SIDE = 64;

describe('perlinNoise', () => {
  it('is 0 at the corners of its cells, and has both signs', () => {
    const noise = perlinNoise(RandomStream.from(1, 'noise'), SIDE, 4, 8);
    for (let row = 0; row < SIDE; row += 16)
      for (let column = 0; column < SIDE; column += 8)
        expect(noise[row * SIDE + column]).toBeCloseTo(0, 12);
    expect(Math.max(...noise)).toBeGreaterThan(0.4);
    expect(Math.min(...noise)).toBeLessThan(-0.4);
    expect(Math.max(...noise.map(Math.abs))).toBeLessThan(1);
  });

  it('is what its gradients say between them', () => {
    const random = RandomStream.from(1, 'noise');
    const noise = perlinNoise(random, 4, 1, 1);
    const again = RandomStream.from(1, 'noise');
    const angles = [0, 1, 2, 3].map(() => 2 * Math.PI * again.nextUniform());
    // In the middle every corner counts for a quarter; it lies half a side down and right of the first.
    const ramps = [
      [0.5, 0.5],
      [0.5, -0.5],
      [-0.5, 0.5],
      [-0.5, -0.5],
    ].map(
      ([y = 0, x = 0], corner) => y * Math.cos(angles[corner]!) + x * Math.sin(angles[corner]!),
    );
    expect(noise[2 * 4 + 2]).toBeCloseTo((Math.SQRT2 * ramps.reduce((a, b) => a + b)) / 4, 6);
  });
});

describe('turned', () => {
  it('moves a corner by a quarter, and leaves nothing behind', () => {
    const picture = new Float32Array(16);
    picture[0] = 1;
    const quarter = turned(picture, 4, 1, 90);
    expect([...quarter].map((x) => Math.round(x * 1e6) / 1e6 + 0)).toEqual([
      0,
      0,
      0,
      1,
      ...Array(12).fill(0),
    ]);
    expect(turned(picture, 4, 1, 0)).toEqual(picture);
  });
});

describe('defects', () => {
  it('cover 2 to 20 % of the image on average', () => {
    const random = RandomStream.from(1, 'masks');
    const shares = Array.from({ length: 200 }, () => {
      const mask = defectMask(random, SIDE);
      return mask.reduce((sum, x) => sum + x) / mask.length;
    });
    const mean = shares.reduce((sum, x) => sum + x) / shares.length;
    expect(mean).toBeGreaterThan(0.02);
    expect(mean).toBeLessThan(0.2);
  });

  it('change the image where the mask says, and nowhere else, in half of the images', () => {
    const random = RandomStream.from(1, 'defects');
    const image = new Float32Array(3 * SIDE ** 2).fill(0.5);
    const white = new Float32Array(3 * SIDE ** 2).fill(1);
    let damagedImages = 0;
    for (let draw = 0; draw < 100; draw++) {
      const { damaged, mask } = withDefect(image, random, SIDE, {
        texture: () => white,
        rule: DRAEM_DEFECTS,
      });
      for (const [i, value] of damaged.entries())
        if ((value !== 0.5) !== (mask[Math.floor(i / 3)] === 1)) throw new Error(`${draw} ${i}`);
      if (mask.includes(1)) damagedImages++;
    }
    expect(damagedImages).toBeGreaterThan(30);
    expect(damagedImages).toBeLessThan(60);
  });

  it.each([
    ['mixed', DRAEM_DEFECTS],
    ['drawn', DRAEM_DEFECTS],
    ['images', DRAEM_DEFECTS],
    ['mixed', { ...DRAEM_DEFECTS, cut: 'itself' }],
    ['images', { ...DRAEM_DEFECTS, cut: 'itself' }],
  ] as const)('of %s textures by %j are the same for the same step', async (textures, rule) => {
    const images = {
      count: 5,
      read: async (wanted: Int32Array, out: Float32Array) => {
        for (const [slot, image] of wanted.entries())
          out.fill(image / 5, slot * 3 * SIDE ** 2, (slot + 1) * 3 * SIDE ** 2);
      },
    };
    const feed = defectFeeds({ images, batchSize: 4, side: SIDE, textures, rule });
    const draw = (step: number) => ({
      ...{ step, images: Int32Array.of(0, 1, 2, 3) },
      random: (purpose: string) => RandomStream.from(step, purpose),
    });
    const copy = async (step: number) => structuredClone(await feed(draw(step)));
    const first = await copy(0);
    expect(await copy(1)).not.toEqual(first);
    expect(await copy(0)).toEqual(first);
    for (const { data } of Object.values(first))
      for (const value of data as Float32Array)
        if (!(value >= 0 && value <= 1)) throw new Error(`${value}`);
  });
});

describe('textures', () => {
  it('are colors that differ within and between them', () => {
    const random = RandomStream.from(1, 'textures');
    const means = Array.from({ length: 40 }, () => {
      const texture = recolored(drawnTexture(random, SIDE), random, SIDE);
      expect(texture.every((value) => value >= 0 && value <= 1)).toBe(true);
      return texture.reduce((sum, x) => sum + x) / texture.length;
    });
    expect(Math.max(...means) - Math.min(...means)).toBeGreaterThan(0.3);
  });

  it('of an image itself are its strips: whole columns, those of even place first, and whole rows', () => {
    const places = Float32Array.from({ length: 3 * SIDE ** 2 }, (_, i) => Math.floor(i / 3));
    const shuffled = shuffledLines(RandomStream.from(1, 'lines'), SIDE, places);
    const strip = (place: number) => place / (SIDE / 8);
    const columns = Array.from({ length: 8 }, (_, to) =>
      strip(shuffled[(3 * to * SIDE) / 8]! % SIDE),
    );
    const rows = Array.from({ length: 8 }, (_, to) =>
      strip(Math.floor(shuffled[(3 * to * SIDE ** 2) / 8]! / SIDE)),
    );
    expect(columns.slice(0, 4).sort()).toEqual([0, 2, 4, 6]);
    expect(columns.slice(4).sort()).toEqual([1, 3, 5, 7]);
    expect([...rows].sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(shuffled.toSorted()).toEqual(places.toSorted());
  });

  it('of images have the same pixels in another order', () => {
    const image = Float32Array.from({ length: 3 * SIDE ** 2 }, (_, i) => i);
    const shuffled = shuffledTexture(RandomStream.from(1, 'parts'), SIDE, image);
    expect(shuffled).not.toEqual(image);
    expect(shuffled.toSorted()).toEqual(image);
  });
});
