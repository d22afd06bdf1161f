/** @file Where an anomaly map reaches a threshold, as a picture of the image's size. */
import { bilinearSampler } from '@plumbline/contracts';
import sharp from 'sharp';

type Color = readonly [number, number, number];

/** Plain data, so that the work can be done in another thread. */
export interface AnomalyMaskOptions {
  /** Of the picture, pixels. */
  readonly width: number;
  readonly height: number;
  /** mapHeight × mapWidth, in the method's own units. */
  readonly anomalyMap: Float32Array;
  readonly mapHeight: number;
  readonly mapWidth: number;
  readonly threshold: number;
  /** RGB of what is below and what is at or above it; black and white of one channel when absent. */
  readonly colors?: { readonly below: Color; readonly above: Color };
}

export interface AnomalyMask {
  readonly png: Uint8Array;
  /** Share of the pixels at or above the threshold, 0 to 1. */
  readonly share: number;
}

/** The map upsampled bilinearly (half-pixel centers), as a heatmap is, against the threshold. */
export async function anomalyMask(options: AnomalyMaskOptions): Promise<AnomalyMask> {
  const { width, height, colors } = options;
  const marked = markedPixels(options);
  const channels = colors === undefined ? 1 : 3;
  const pixels = new Uint8Array(width * height * channels);
  let count = 0;
  for (let at = 0; at < marked.length; at++) {
    count += marked[at]!;
    if (colors === undefined) pixels[at] = marked[at]! * 255;
    else pixels.set(marked[at] === 1 ? colors.above : colors.below, at * 3);
  }
  const image = sharp(pixels, { raw: { width, height, channels } });
  const png = await (channels === 1 ? image.toColourspace('b-w') : image).png().toBuffer();
  return { png, share: count / marked.length };
}

function markedPixels({
  width,
  height,
  anomalyMap,
  mapHeight,
  mapWidth,
  threshold,
}: AnomalyMaskOptions): Uint8Array {
  const map = { values: anomalyMap, height: mapHeight, width: mapWidth };
  const valueAt = bilinearSampler(map, { width, height });
  const marked = new Uint8Array(width * height);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) if (valueAt(x, y) >= threshold) marked[y * width + x] = 1;
  return marked;
}
