/** @file The one way from an image's pixels to what graphs take as input. */
import type { TensorMap } from './graph-execution.ts';

/** The input of an exported graph that says whose regions each image ignores; graphs of datasets without regions have none. */
export const IGNORE_INPUT = 'ignore';

/** 8-bit RGB, height × width × 3. */
export interface ImagePixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/**
 * The input `image` of exported graphs, uint8 `[N, height, width, 3]`.
 * @param images At least one, all of one shape. The data of a single one is not copied.
 * @param ignore For a graph with ignore regions, of each image whose it ignores: `ignoreNumber`.
 */
export function imageFeed(
  images: readonly [ImagePixels, ...ImagePixels[]],
  ignore?: readonly number[],
): TensorMap {
  const [{ height, width, data }] = images;
  const shape = [images.length, height, width, 3];
  return {
    image: { dtype: 'uint8', shape, data: images.length === 1 ? data : stack(images) },
    ...(ignore === undefined ? {} : ignoreFeed(ignore)),
  };
}

/** The input `ignore` alone, int64 `[N]`. */
export function ignoreFeed(ignore: readonly number[]): TensorMap {
  const data = BigInt64Array.from(ignore, BigInt);
  return { [IGNORE_INPUT]: { dtype: 'int64', shape: [ignore.length], data } };
}

function stack(images: readonly [ImagePixels, ...ImagePixels[]]): Uint8Array {
  const [{ height, width, data }] = images;
  const stacked = new Uint8Array(images.length * data.length);
  for (const [index, image] of images.entries()) {
    if (image.height !== height || image.width !== width)
      throw new Error(
        `An image of ${image.width} × ${image.height} in a batch of ${width} × ${height}`,
      );
    stacked.set(image.data, index * data.length);
  }
  return stacked;
}
