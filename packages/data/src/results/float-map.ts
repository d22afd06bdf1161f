/** @file Anomaly maps of others: TIFF or PNG to float32, and the resize to an evaluation's size. */
import { DomainError } from '@plumbline/contracts';
import sharp from 'sharp';
import { MAX_PIXELS, undecodable } from '../images/open-image.ts';

export interface FloatMap {
  readonly height: number;
  readonly width: number;
  /** f32, height × width, on the method's own scale. */
  readonly data: Float32Array;
}

/**
 * A one-channel TIFF (float32, or 8 or 16 bits) or PNG (8 or 16 bits). Values are taken as they are, never stretched:
 * all pictures of a set must have been written on one scale.
 * @throws DomainError INVALID_INPUT naming `file`.
 */
export async function decodeFloatMap(bytes: Uint8Array, file: string): Promise<FloatMap> {
  const open = () => sharp(bytes, { failOn: 'error', limitInputPixels: MAX_PIXELS });
  const {
    format,
    channels,
    depth,
    pages = 1,
  } = await open()
    .metadata()
    .catch((cause: unknown) => {
      throw notRead(file, cause);
    });
  if (format !== 'tiff' && format !== 'png')
    throw bad(file, `is ${format}, not a TIFF or PNG`, 'Save maps as float32 TIFF or 16-bit PNG.');
  if (channels !== 1 || pages !== 1) {
    throw bad(
      file,
      pages === 1 ? `has ${channels} channels` : `has ${pages} pages`,
      'Save the map itself, one channel of scores, not a colored picture of it.',
    );
  }
  try {
    if (depth === 'float') {
      const { data, info } = await open()
        .toColourspace('b-w')
        .raw({ depth: 'float' })
        .toBuffer({ resolveWithObject: true });
      const values = new Float32Array(data.buffer.slice(data.byteOffset), 0, data.length / 4);
      return { height: info.height, width: info.width, data: values };
    }
    const isDeep = depth === 'ushort';
    if (!isDeep && depth !== 'uchar') throw new Error(`the pixel type ${depth} is not supported`);
    const { data, info } = await open()
      .toColourspace(isDeep ? 'grey16' : 'b-w')
      .raw({ depth: isDeep ? 'ushort' : 'uchar' })
      .toBuffer({ resolveWithObject: true });
    const integers = isDeep
      ? new Uint16Array(data.buffer.slice(data.byteOffset), 0, data.length / 2)
      : data;
    return { height: info.height, width: info.width, data: Float32Array.from(integers) };
  } catch (cause) {
    throw notRead(file, cause);
  }
}

/** Bilinear, half-pixel centers, edges repeated, no antialiasing. */
export function resizeMapBilinear(map: FloatMap, height: number, width: number): FloatMap {
  if (map.height === height && map.width === width) return map;
  const rows = weights(map.height, height);
  const columns = weights(map.width, width);
  const data = new Float32Array(height * width);
  for (let y = 0; y < height; y++) {
    const row = rows[y]!;
    for (let x = 0; x < width; x++) {
      const column = columns[x]!;
      const at = (r: number, c: number) => map.data[r * map.width + c]!;
      const upper =
        at(row.low, column.low) * (1 - column.share) + at(row.low, column.high) * column.share;
      const lower =
        at(row.high, column.low) * (1 - column.share) + at(row.high, column.high) * column.share;
      data[y * width + x] = upper * (1 - row.share) + lower * row.share;
    }
  }
  return { height, width, data };
}

interface Weight {
  readonly low: number;
  readonly high: number;
  /** Of `high`. */
  readonly share: number;
}

function weights(from: number, to: number): Weight[] {
  return Array.from({ length: to }, (_, index) => {
    const center = Math.min(from - 1, Math.max(0, ((index + 0.5) * from) / to - 0.5));
    const low = Math.floor(center);
    return { low, high: Math.min(from - 1, low + 1), share: center - low };
  });
}

/** As for a dataset's image, with another fix. */
function notRead(file: string, cause: unknown): DomainError {
  return new DomainError('INVALID_INPUT', undecodable(file, cause).message, {
    file,
    fix: 'Copy it again if it is damaged; save float64 and other rare pixel types as float32 TIFF.',
    cause,
  });
}

function bad(file: string, what: string, fix: string): DomainError {
  return new DomainError('INVALID_INPUT', `${file} ${what}.`, { file, fix });
}
