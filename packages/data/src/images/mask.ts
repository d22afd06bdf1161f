/** @file Ground-truth masks: decoding to 0 and 1 by their rule. */
import type { MaskRule } from '@plumbline/contracts';
import { readDeepPixels } from './deep-pixels.ts';
import { type ImageFormat, openImage, undecodable } from './open-image.ts';

export interface Mask {
  readonly width: number;
  readonly height: number;
  /** 0 or 1, height × width. */
  readonly data: Uint8Array;
}

/** A mask as it is stored: of color the largest channel. */
export interface MaskValues {
  readonly width: number;
  readonly height: number;
  readonly format: ImageFormat;
  readonly kind: 'integer' | 'float';
  /** Height × width. */
  readonly values: ArrayLike<number>;
}

const NOT_ZERO: MaskRule = { above: 0, inverted: false };

/**
 * A mask with 1 wherever its rule marks: where any channel is not zero unless the rule says otherwise.
 * @throws DomainError INVALID_INPUT naming `file`.
 */
export async function decodeMask(
  bytes: Uint8Array,
  file: string,
  rule: MaskRule = NOT_ZERO,
): Promise<Mask> {
  return markMask(await readMask(bytes, file), rule);
}

export function markMask({ width, height, values }: MaskValues, rule: MaskRule): Mask {
  const data = new Uint8Array(width * height);
  for (let i = 0; i < data.length; i++) data[i] = Number(values[i]! > rule.above !== rule.inverted);
  return { width, height, data };
}

/** @throws DomainError INVALID_INPUT naming `file`. */
export async function readMask(bytes: Uint8Array, file: string): Promise<MaskValues> {
  const opened = await openImage(bytes, file);
  const { format } = opened;
  if (opened.deep !== null) {
    const { width, height, channels, kind, values } = await readDeepPixels(opened, file);
    return { width, height, format, kind, values: largestChannel(values, channels) };
  }
  try {
    const { data, info } = await opened.pixels
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    const { width, height } = info;
    return { width, height, format, kind: 'integer', values: largestChannel(data, info.channels) };
  } catch (cause) {
    throw undecodable(file, cause);
  }
}

type Values = Uint8Array | Uint16Array | Uint32Array | Float32Array | Float64Array;

function largestChannel(values: Values, channels: number): Values {
  if (channels === 1) return values;
  const largest = values.slice(0, values.length / channels);
  for (let i = 0; i < largest.length; i++) {
    let most = values[i * channels]!;
    for (let c = 1; c < channels; c++) most = Math.max(most, values[i * channels + c]!);
    largest[i] = most;
  }
  return largest;
}
