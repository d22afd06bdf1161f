/** @file The changes that a texture goes through, three of ten in random order (Zavrtanik et al. 2021, section 3.3). Colors 0 to 1. */
import type { RandomStream } from '../../nn/random.ts';
import { turned } from './perlin.ts';

/** @param texture f32 `[S, S, 3]`. @returns The same shape. */
type Change = (texture: Float32Array, random: RandomStream, side: number) => Float32Array;

const CHANGES: readonly Change[] = [
  gamma,
  brightness,
  sharpness,
  hueAndSaturation,
  solarize,
  posterize,
  (texture) => texture.map((value) => 1 - value),
  stretch,
  equalize,
  (texture, random, side) => turned(texture, side, 3, between(random, -45, 45)),
];
const CHOSEN = 3;

export function recolored(texture: Float32Array, random: RandomStream, side: number): Float32Array {
  const order = random.permutation(CHANGES.length).subarray(0, CHOSEN);
  const changed = [...order].reduce(
    (before, index) => (CHANGES[index] as Change)(before, random, side),
    texture,
  );
  return changed.map((value) => Math.min(1, Math.max(0, value)));
}

function between(random: RandomStream, low: number, high: number): number {
  return low + (high - low) * random.nextUniform();
}

/** Each value by a function of its color channel. */
function byChannel(
  texture: Float32Array,
  newValue: (value: number, channel: number) => number,
): Float32Array {
  return texture.map((value, i) => newValue(Math.min(1, Math.max(0, value)), i % 3));
}

function gamma(texture: Float32Array, random: RandomStream): Float32Array {
  const powers = [0, 1, 2].map(() => between(random, 0.5, 2));
  return byChannel(texture, (value, channel) => value ** powers[channel]!);
}

function brightness(texture: Float32Array, random: RandomStream): Float32Array {
  const [factor, shift] = [between(random, 0.8, 1.2), between(random, -30, 30) / 255];
  return texture.map((value) => value * factor + shift);
}

/** Away from, or towards, the mean of the 3×3 pixels around. */
function sharpness(texture: Float32Array, random: RandomStream, side: number): Float32Array {
  const factor = between(random, 0, 3);
  const mean = rowMeans(rowMeans(texture, side, 3), side, 3 * side);
  return texture.map((value, i) => mean[i]! + factor * (value - mean[i]!));
}

/** Of three neighbors along a side, the outermost twice at the border. @param stride From one to the next. */
function rowMeans(texture: Float32Array, side: number, stride: number): Float32Array {
  return texture.map((value, i) => {
    const place = Math.floor(i / stride) % side;
    const before = place === 0 ? value : texture[i - stride]!;
    const after = place === side - 1 ? value : texture[i + stride]!;
    return (before + value + after) / 3;
  });
}

/** Brightness of red, green and blue (Rec. 601). */
const LUMA = [0.299, 0.587, 0.114] as const;

/** Colors turned about the gray axis and moved away from it or towards it, which keeps their brightness. */
function hueAndSaturation(texture: Float32Array, random: RandomStream): Float32Array {
  // ±50 of the 256 steps of a turn, and of the saturation.
  const angle = (2 * Math.PI * between(random, -50, 50)) / 256;
  const saturation = 1 + between(random, -50, 50) / 128;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle) / Math.sqrt(3)];
  const result = new Float32Array(texture.length);
  for (let i = 0; i < texture.length; i += 3) {
    const [r, g, b] = [texture[i]!, texture[i + 1]!, texture[i + 2]!];
    const gray = LUMA[0] * r + LUMA[1] * g + LUMA[2] * b;
    const differences = [g - b, b - r, r - g];
    for (const [channel, value] of [r, g, b].entries())
      result[i + channel] =
        gray + saturation * (cos * (value - gray) - sin * differences[channel]!);
  }
  return result;
}

/** Half of the time, bright values are inverted. */
function solarize(texture: Float32Array, random: RandomStream): Float32Array {
  const threshold = between(random, 32, 128) / 255;
  if (random.nextUniform() < 0.5) return texture;
  return texture.map((value) => (value < threshold ? value : 1 - value));
}

/** Fewer values: 2 to 256. */
function posterize(texture: Float32Array, random: RandomStream): Float32Array {
  const levels = 2 ** (1 + random.nextInteger(8));
  return byChannel(texture, (value) => Math.min(levels - 1, Math.floor(value * levels)) / levels);
}

/** Each color from its darkest to its brightest value becomes 0 to 1. */
function stretch(texture: Float32Array): Float32Array {
  const low = [1, 1, 1];
  const high = [0, 0, 0];
  for (const [i, value] of texture.entries()) {
    low[i % 3] = Math.min(low[i % 3]!, value);
    high[i % 3] = Math.max(high[i % 3]!, value);
  }
  return byChannel(texture, (value, channel) => {
    const range = high[channel]! - low[channel]!;
    return range < 1 / 255 ? value : (value - low[channel]!) / range;
  });
}

const BINS = 256;

/** Each value becomes the share of its color's values up to it. */
function equalize(texture: Float32Array): Float32Array {
  const shares = [0, 1, 2].map(() => new Float64Array(BINS));
  const binOf = (value: number) => Math.floor(Math.min(1, Math.max(0, value)) * (BINS - 1));
  for (const [i, value] of texture.entries()) shares[i % 3]![binOf(value)]! += 3 / texture.length;
  for (const share of shares) for (let bin = 1; bin < BINS; bin++) share[bin]! += share[bin - 1]!;
  return byChannel(texture, (value, channel) => shares[channel]![binOf(value)]!);
}
