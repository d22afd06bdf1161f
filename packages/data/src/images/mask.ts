/** @file Ground-truth masks: decoding to 0 and 1 by their rule. */
import { DomainError, type MaskRule } from '@plumbline/contracts';
import { readDeepPixels } from './deep-pixels.ts';
import { type ImageFormat, type OpenedImage, openImage, undecodable } from './open-image.ts';
import type { PixelLimit } from './pixel-limit.ts';

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
  /** As its file says; 1 is upright. */
  readonly orientation: number;
  /** Height × width. */
  readonly values: ArrayLike<number>;
  /** Height × width, red · 65536 + green · 256 + blue; null of one that is gray throughout, or has more than 8 bits. */
  readonly colors: Uint32Array | null;
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

export function markMask({ width, height, values, colors }: MaskValues, rule: MaskRule): Mask {
  const data = new Uint8Array(width * height);
  const { above, inverted, ground } = rule;
  for (let i = 0; i < data.length; i++) {
    const isMarked =
      ground === undefined || colors === null ? values[i]! > above : colors[i] !== ground;
    data[i] = Number(isMarked !== inverted);
  }
  return { width, height, data };
}

/** @throws DomainError INVALID_INPUT naming `file`; TOO_LARGE beyond the limit. */
export async function readMask(
  bytes: Uint8Array,
  file: string,
  limit?: PixelLimit,
): Promise<MaskValues> {
  const opened = await openImage(bytes, file, limit);
  const mask = {
    ...(await valuesOf(opened, file)),
    ...{ format: opened.format, orientation: opened.orientation },
  };
  if (opened.alpha?.varies === true && isZero(mask.values)) {
    throw new DomainError('INVALID_INPUT', `${file} is black, and marks by transparency alone.`, {
      fix: 'Save it without an alpha channel: white where it marks, black elsewhere.',
      file,
    });
  }
  return mask;
}

async function valuesOf(opened: OpenedImage, file: string) {
  if (opened.deep !== null) {
    const { width, height, channels, kind, values } = await readDeepPixels(opened, file);
    return { width, height, kind, values: largestChannel(values, channels), colors: null };
  }
  try {
    const { data, info } = await opened.pixels
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    const { width, height, channels } = info;
    const colors = colorsOf(data, channels);
    return {
      width,
      height,
      kind: 'integer' as const,
      values: largestChannel(data, channels),
      colors,
    };
  } catch (cause) {
    throw undecodable(file, cause);
  }
}

type Values = Uint8Array | Uint16Array | Uint32Array | Float32Array | Float64Array;

/** In place: the values of a pixel are gone afterwards. */
function largestChannel(values: Values, channels: number): Values {
  if (channels === 1) return values;
  const largest = values.subarray(0, values.length / channels);
  for (let i = 0; i < largest.length; i++) {
    let most = values[i * channels]!;
    for (let c = 1; c < channels; c++) most = Math.max(most, values[i * channels + c]!);
    largest[i] = most;
  }
  return largest;
}

function colorsOf(data: Uint8Array, channels: number): Uint32Array | null {
  if (channels !== 3 || isGray(data)) return null;
  const colors = new Uint32Array(data.length / 3);
  for (let i = 0; i < colors.length; i++)
    colors[i] = data[3 * i]! * 65_536 + data[3 * i + 1]! * 256 + data[3 * i + 2]!;
  return colors;
}

function isGray(rgb: Uint8Array): boolean {
  for (let i = 0; i < rgb.length; i += 3)
    if (rgb[i] !== rgb[i + 1] || rgb[i] !== rgb[i + 2]) return false;
  return true;
}

function isZero(values: ArrayLike<number>): boolean {
  for (let i = 0; i < values.length; i++) if (values[i] !== 0) return false;
  return true;
}
