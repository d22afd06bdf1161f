/**
 * @file Textures that made-up defects are filled with, in place of the photographs (DTD) of the paper: drawn ones, and
 * other training images that are cut and shuffled. S pixels a side, colors 0 to 1.
 */
import type { RandomStream } from '../../nn/random.ts';
import { perlinNoise } from './perlin.ts';

/** A value from 0 to 1 for each pixel, f32 `[S, S]`. */
type Field = (random: RandomStream, side: number) => Float32Array;

const FIELDS: readonly Field[] = [cloudField, stripeField, checkField, cellField, speckleField];

/** How much of a texture is fine clouds. */
const ROUGHNESS = 0.3;

/** A field between two random colors, with clouds of other colors over it. @returns f32 `[S, S, 3]`. */
export function drawnTexture(random: RandomStream, side: number): Float32Array {
  const field = FIELDS[random.nextInteger(FIELDS.length)] as Field;
  const base = field(random, side);
  const colors = Float32Array.from({ length: 6 }, () => random.nextUniform());
  const rough = ROUGHNESS * random.nextUniform();
  const texture = new Float32Array(3 * side ** 2);
  for (let channel = 0; channel < 3; channel++) {
    const clouds = cloudField(random, side);
    const [from, to] = [colors[channel]!, colors[3 + channel]!];
    for (let i = 0; i < base.length; i++)
      texture[3 * i + channel] = (1 - rough) * (from + (to - from) * base[i]!) + rough * clouds[i]!;
  }
  return texture;
}

/** Parts of an image along a side. */
const PARTS = 8;

/** The parts of an image in random order. @param image f32 `[S, S, 3]`. @returns The same shape. */
export function shuffledTexture(
  random: RandomStream,
  side: number,
  image: Float32Array,
): Float32Array {
  const order = random.permutation(PARTS ** 2);
  const part = side / PARTS;
  const result = new Float32Array(image.length);
  for (const [to, from] of order.entries())
    for (let row = 0; row < part; row++) {
      const rowAt = (index: number) =>
        3 * ((Math.floor(index / PARTS) * part + row) * side + (index % PARTS) * part);
      result.set(image.subarray(rowAt(from), rowAt(from) + 3 * part), rowAt(to));
    }
  return result;
}

/**
 * Strips of an image in another order: its columns, first those of even place, then the others, each by chance; its rows by
 * chance. As released with DiffusionAD.
 * @param image f32 `[S, S, 3]`. @returns The same shape.
 */
export function shuffledLines(
  random: RandomStream,
  side: number,
  image: Float32Array,
): Float32Array {
  const half = () => [...random.permutation(PARTS / 2)];
  const columns = [...half().map((place) => 2 * place), ...half().map((place) => 2 * place + 1)];
  const rows = random.permutation(PARTS);
  const part = side / PARTS;
  const result = new Float32Array(image.length);
  for (let y = 0; y < side; y++) {
    const row = part * rows[Math.floor(y / part)]! + (y % part);
    for (const [to, from] of columns.entries()) {
      const start = 3 * (row * side + from * part);
      result.set(image.subarray(start, start + 3 * part), 3 * (y * side + to * part));
    }
  }
  return result;
}

/** Perlin noise of several sizes. */
function cloudField(random: RandomStream, side: number): Float32Array {
  const sum = new Float32Array(side ** 2).fill(0.5);
  const first = random.nextInteger(3);
  for (let octave = 0; octave < 3; octave++) {
    const cells = 2 ** (first + octave + 1);
    const noise = perlinNoise(random, side, cells, cells);
    for (let i = 0; i < sum.length; i++) sum[i]! += (0.4 * noise[i]!) / 2 ** octave;
  }
  return sum.map((value) => Math.min(1, Math.max(0, value)));
}

function stripeField(random: RandomStream, side: number): Float32Array {
  const angle = Math.PI * random.nextUniform();
  const [down, right] = [Math.sin(angle), Math.cos(angle)];
  const turns = (2 * Math.PI * (2 + 30 * random.nextUniform())) / side;
  const hardness = 1 + 5 * random.nextUniform();
  return fieldOf(side, (y, x) => {
    const wave = hardness * Math.sin(turns * (down * y + right * x));
    return 0.5 + 0.5 * Math.min(1, Math.max(-1, wave));
  });
}

function checkField(random: RandomStream, side: number): Float32Array {
  const [height, width] = [2 + random.nextInteger(side / 8), 2 + random.nextInteger(side / 8)];
  return fieldOf(side, (y, x) => (Math.floor(y / height) + Math.floor(x / width)) % 2);
}

/** Places that are nearest to one of some points have the value of that point. */
function cellField(random: RandomStream, side: number): Float32Array {
  const points = Array.from({ length: 8 + random.nextInteger(40) }, () => ({
    y: side * random.nextUniform(),
    x: side * random.nextUniform(),
    value: random.nextUniform(),
  }));
  return fieldOf(side, (y, x) => {
    let [nearest, value] = [Number.POSITIVE_INFINITY, 0];
    for (const point of points) {
      const distance = (point.y - y) ** 2 + (point.x - x) ** 2;
      if (distance < nearest) [nearest, value] = [distance, point.value];
    }
    return value;
  });
}

/** Blocks of a few pixels, each of its own value. */
function speckleField(random: RandomStream, side: number): Float32Array {
  const block = 1 + random.nextInteger(4);
  const across = Math.ceil(side / block);
  const values = Float32Array.from({ length: across ** 2 }, () => random.nextUniform());
  return fieldOf(side, (y, x) => values[Math.floor(y / block) * across + Math.floor(x / block)]!);
}

function fieldOf(side: number, valueAt: (y: number, x: number) => number): Float32Array {
  return Float32Array.from({ length: side ** 2 }, (_, i) =>
    valueAt(Math.floor(i / side), i % side),
  );
}
