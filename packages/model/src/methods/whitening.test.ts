import '@tensorflow/tfjs-backend-cpu';
import { setBackend, tensor } from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { RandomStream } from '../nn/random.ts';
import type { FeatureSource } from './method.ts';
import { unwhitened, whitened, whiteningOf } from './whitening.ts';

const [GRID, CHANNELS, IMAGES] = [8, 5, 6];
const SIZE = GRID ** 2 * CHANNELS;

beforeAll(async () => {
  await setBackend('cpu');
});

/** Channels of very unlike variance that go together, far from 0. */
function imagesOf(change: (values: Float32Array) => void = () => {}): Float32Array {
  const values = new Float32Array(IMAGES * SIZE);
  RandomStream.from(3, 'features').fillNormal(values);
  for (let at = 0; at < values.length; at += CHANNELS) {
    values[at + 1]! += 3 * values[at]!;
    values[at + 2]! *= 0.2;
    values[at + 3]! += 40;
  }
  change(values);
  return values;
}

function source(images: Float32Array): FeatureSource {
  return {
    count: IMAGES,
    categories: Array.from({ length: IMAGES }, () => 'a'),
    read: (_, indices, out) => {
      for (const [slot, image] of indices.entries())
        out.set(images.subarray(image * SIZE, (image + 1) * SIZE), slot * SIZE);
    },
  };
}

const options = { level: 0, grid: GRID, channels: CHANNELS };

it('gives channels of mean 0 that do not go together and vary alike', () => {
  const images = imagesOf();
  const whitening = whiteningOf({ ...options, features: source(images) });
  const values = whitened(tensor(images, [IMAGES, GRID ** 2, CHANNELS]), whitening).dataSync();
  const rows = values.length / CHANNELS;
  const moment = (a: number, b: number) => {
    let sum = 0;
    for (let row = 0; row < rows; row++)
      sum += values[row * CHANNELS + a]! * (b < 0 ? 1 : values[row * CHANNELS + b]!);
    return sum / rows;
  };
  for (let a = 0; a < CHANNELS; a++) {
    expect(moment(a, -1)).toBeCloseTo(0, 4);
    for (let b = 0; b < a; b++) expect(Math.abs(moment(a, b))).toBeLessThan(0.2);
  }
  // What varies hardly at all is held down by the floor, and the mean is 1 all the same.
  const variances = Array.from({ length: CHANNELS }, (_, channel) => moment(channel, channel));
  expect(variances.reduce((sum, value) => sum + value, 0) / CHANNELS).toBeCloseTo(1, 4);
  for (const variance of variances) expect(variance).toBeGreaterThan(0.4);
});

it('is undone by its inverse', () => {
  const images = imagesOf();
  const whitening = whiteningOf({ ...options, features: source(images) });
  const tokens = tensor(images, [IMAGES, GRID ** 2, CHANNELS]);
  const back = unwhitened(whitened(tokens, whitening), whitening).dataSync();
  for (const [i, value] of images.entries()) expect(back[i]).toBeCloseTo(value, 3);
});

it('is finite where a channel, or all of them, never change', () => {
  for (const constant of [[2], [0, 1, 2, 3, 4]]) {
    const images = imagesOf((values) => {
      for (let at = 0; at < values.length; at += CHANNELS)
        for (const channel of constant) values[at + channel] = 7;
    });
    const whitening = whiteningOf({ ...options, features: source(images) });
    const values = whitened(tensor(images, [IMAGES, GRID ** 2, CHANNELS]), whitening).dataSync();
    expect(values.every((value) => Math.abs(value) < 100)).toBe(true);
  }
});

it('looks at images of every category, however wide the features are', () => {
  const [grid, channels, count] = [32, 512, 150];
  const read = new Set<number>();
  const features: FeatureSource = {
    count,
    categories: Array.from({ length: count }, () => ''),
    read: (_, [image = 0], out) => {
      read.add(Math.floor(image / 5));
      for (const i of out.keys()) out[i] = (i % 7) + image;
    },
  };
  whiteningOf({ features, level: 0, grid, channels });
  expect(read.size).toBe(30);
});
