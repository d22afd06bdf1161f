/** @file What a step is fed: arrays that stay the same, filled anew each time. N images, L positions of a level, C channels. */
import type { TensorMap } from '@plumbline/contracts';
import { float32 } from '../onnx/index.ts';
import type { TracedInput } from '../trace/index.ts';
import type { FeatureLevel, FeatureSource } from './method.ts';

/**
 * Arrays for float32 inputs that stay the same: a step is done with them before the next.
 * @param fill Fills the array of an input.
 */
export function stepFeeds<Given>(
  inputs: Readonly<Record<string, TracedInput>>,
  fill: (name: string, given: Given, out: Float32Array) => void,
): (given: Given) => TensorMap {
  const feeds = Object.entries(inputs).map(([name, { shape }]) => {
    const values = new Float32Array(shape.reduce((product, size) => product * size, 1));
    return { name, values, tensor: float32(shape, values) };
  });
  return (given) => {
    for (const { name, values } of feeds) fill(name, given, values);
    return Object.fromEntries(feeds.map(({ name, tensor }) => [name, tensor]));
  };
}

/** A level, and its place among those that were given where they are in another order. */
export interface PlacedLevel extends Pick<FeatureLevel, 'grid' | 'channels'> {
  readonly index?: number;
}

const TOKENS = 'tokens';

/** `tokens0…` f32 `[N, L, C]`. @param images N, or `BATCH`. */
export function tokenInputs(
  levels: readonly PlacedLevel[],
  images: number,
): Record<string, TracedInput> {
  return Object.fromEntries(
    levels.map(({ grid, channels, index }, place) => [
      `${TOKENS}${index ?? place}`,
      { shape: [images, grid ** 2, channels] },
    ]),
  );
}

/** Fills the array of one of `tokenInputs`. */
export function readTokens(
  features: FeatureSource,
): (name: string, images: Int32Array, out: Float32Array) => void {
  return (name, images, out) => features.read(Number(name.slice(TOKENS.length)), images, out);
}

/** Fills `tokenInputs`. */
export function tokenFeeds(
  levels: readonly PlacedLevel[],
  features: FeatureSource,
  batchSize: number,
): (images: Int32Array) => TensorMap {
  return stepFeeds(tokenInputs(levels, batchSize), readTokens(features));
}
