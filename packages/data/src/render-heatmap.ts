/** @file Pictures for people: an anomaly map blended over its image, and thumbnails. */
import sharp from 'sharp';
import { colorAt } from './color-scale.ts';
import { openImage, type RgbImage, undecodable } from './decode-image.ts';

export interface HeatmapOptions {
  readonly image: RgbImage;
  /** mapHeight × mapWidth, in the method's own units. */
  readonly anomalyMap: Float32Array;
  readonly mapHeight: number;
  readonly mapWidth: number;
  /** Values at the two ends of the color scale. */
  readonly low: number;
  readonly high: number;
}

/** Share of color where the map reaches the top of the scale; the rest is the image, so its structure stays visible. */
const MAX_ALPHA = 0.8;

/**
 * A heatmap of the image's own size: the map upsampled bilinearly (half-pixel centers), `t = (value − low) / (high − low)`
 * clamped to 0..1, the color of `t` blended over the image with an alpha of 0.8 t.
 * @returns PNG bytes.
 */
export async function renderHeatmap(options: HeatmapOptions): Promise<Uint8Array> {
  const { image, anomalyMap, mapHeight, mapWidth, low, high } = options;
  if (mapHeight < 1 || mapWidth < 1 || anomalyMap.length !== mapHeight * mapWidth) {
    throw new RangeError(`${anomalyMap.length} values are no ${mapHeight} × ${mapWidth} map`);
  }
  const { width, height } = image;
  const columns = bilinearTaps(width, mapWidth);
  const rows = bilinearTaps(height, mapHeight);
  const blended = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    const above = rows.first[y]! * mapWidth;
    const below = rows.second[y]! * mapWidth;
    const fy = rows.fraction[y]!;
    for (let x = 0; x < width; x++) {
      const left = columns.first[x]!;
      const right = columns.second[x]!;
      const fx = columns.fraction[x]!;
      const top = anomalyMap[above + left]! * (1 - fx) + anomalyMap[above + right]! * fx;
      const bottom = anomalyMap[below + left]! * (1 - fx) + anomalyMap[below + right]! * fx;
      const t = scalePosition(top * (1 - fy) + bottom * fy, low, high);
      const alpha = MAX_ALPHA * t;
      const color = colorAt(t);
      const at = (y * width + x) * 3;
      for (let c = 0; c < 3; c++) {
        blended[at + c] = Math.round(image.data[at + c]! * (1 - alpha) + color[c]! * alpha);
      }
    }
  }
  return sharp(blended, { raw: { width, height, channels: 3 } })
    .png({ compressionLevel: 6 })
    .toBuffer();
}

/**
 * A small WebP picture, EXIF-rotated, its longer side at most `maxSide` pixels (never enlarged).
 * @throws DomainError INVALID_INPUT when the bytes are no image.
 */
export async function renderThumbnail(bytes: Uint8Array, maxSide: number): Promise<Uint8Array> {
  const { pixels } = await openImage(bytes, 'image');
  try {
    return await pixels
      .resize({ width: maxSide, height: maxSide, fit: 'inside', withoutEnlargement: true })
      .webp({ quality: 82 })
      .toBuffer();
  } catch (cause) {
    throw undecodable('image', cause);
  }
}

/** 0..1; a scale without width puts everything at or above it on top. NaN is 0. */
function scalePosition(value: number, low: number, high: number): number {
  if (!(high > low)) return value >= high ? 1 : 0;
  const t = (value - low) / (high - low);
  return t > 0 ? Math.min(1, t) : 0;
}

interface Taps {
  readonly first: Int32Array;
  readonly second: Int32Array;
  /** Weight of the second. */
  readonly fraction: Float64Array;
}

function bilinearTaps(size: number, sourceSize: number): Taps {
  const taps = {
    first: new Int32Array(size),
    second: new Int32Array(size),
    fraction: new Float64Array(size),
  };
  for (let i = 0; i < size; i++) {
    const place = ((i + 0.5) * sourceSize) / size - 0.5;
    const clamped = Math.min(sourceSize - 1, Math.max(0, place));
    const first = Math.floor(clamped);
    taps.first[i] = first;
    taps.second[i] = Math.min(sourceSize - 1, first + 1);
    taps.fraction[i] = clamped - first;
  }
  return taps;
}
