/** @file Pixels of more than 8 bits: read as they are stored, and brought to 8 bits by a range of values. */
import { DomainError, type ValueRange } from '@plumbline/contracts';
import { type DeepType, type OpenedImage, undecodable } from './open-image.ts';
import type { RgbImage } from './rgb-image.ts';

export interface DeepPixels {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  readonly kind: 'integer' | 'float';
  /** Height × width × channels. */
  readonly values: Uint16Array | Uint32Array | Float32Array | Float64Array;
}

const ARRAYS = {
  ushort: Uint16Array,
  uint: Uint32Array,
  float: Float32Array,
  double: Float64Array,
} as const satisfies Record<DeepType, unknown>;

/** @throws DomainError INVALID_INPUT naming `file`: broken, or of neither one nor three channels. */
export async function readDeepPixels(
  { pixels, deep }: OpenedImage,
  file: string,
): Promise<DeepPixels> {
  if (deep === null) throw new Error(`${file} has 8 bits`);
  const { data, info } = await pixels
    .toColourspace(deep.space)
    .raw({ depth: deep.type })
    .toBuffer({ resolveWithObject: true })
    .catch((cause: unknown) => {
      throw undecodable(file, cause);
    });
  const { width, height, channels } = info;
  if (channels !== 1 && channels !== 3) {
    throw new DomainError('INVALID_INPUT', `${file} has ${channels} channels of ${deep.type}.`, {
      fix: 'Save it as gray or as RGB.',
      file,
    });
  }
  const values = new ARRAYS[deep.type](
    data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength),
  );
  const kind = deep.type === 'float' || deep.type === 'double' ? 'float' : 'integer';
  return { width, height, channels, kind, values };
}

/**
 * 8-bit pixels of an image with more.
 *
 *     integer: ⌊(v − low) · 256 / (high − low + 1)⌋      0..4095 is v >> 4, 0..65535 is v >> 8
 *     float:   round((v − low) / (high − low) · 255)     0..1 is 255 v, 0..255 is v
 *
 * cut off at 0 and 255. NaN is 0.
 */
export function toEightBits(image: DeepPixels, { low, high }: ValueRange): RgbImage {
  const { width, height, channels, kind, values } = image;
  const data = new Uint8Array(width * height * 3);
  const scale = kind === 'integer' ? 256 / (high - low + 1) : 255 / (high - low);
  const offset = kind === 'integer' ? 0 : 0.5;
  for (let pixel = 0; pixel < width * height; pixel++) {
    for (let channel = 0; channel < 3; channel++) {
      const value = values[pixel * channels + (channels === 3 ? channel : 0)]!;
      const level = Math.floor((value - low) * scale + offset);
      data[pixel * 3 + channel] = level > 0 ? Math.min(255, level) : 0;
    }
  }
  return { width, height, data };
}

/** Smallest and largest value. */
export interface ValueSpan {
  readonly low: number;
  readonly high: number;
  /** Whether a value is NaN or infinite; `low` and `high` are of the others. */
  readonly hasUnusable: boolean;
}

export function spanOf({ values }: Pick<DeepPixels, 'values'>): ValueSpan {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  let hasUnusable = false;
  for (const value of values) {
    if (!Number.isFinite(value)) hasUnusable = true;
    else {
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  return { low, high, hasUnusable };
}
