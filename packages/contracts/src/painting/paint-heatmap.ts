/**
 * @file Paints an anomaly map over its image, pixel by pixel: the one implementation for the pictures of the API and the
 * trainer, and for browsers that run a bundle themselves.
 */
import { dimmedGray, heatmapPaint, type PaintScale, placeOnScale } from '../heatmap.ts';
import type { ImagePixels } from '../image-feed.ts';
import { bilinearSampler } from './bilinear-taps.ts';
import { Contour, HALO, LINE, NO_LINE } from './heatmap-contour.ts';

/** Plain data, so that the work can be done in another thread. */
export interface PaintOptions extends PaintScale {
  readonly image: ImagePixels;
  /** mapHeight × mapWidth, in the method's own units. */
  readonly anomalyMap: Float32Array;
  readonly mapHeight: number;
  readonly mapWidth: number;
}

/**
 * The photo in dimmed gray, the map upsampled bilinearly (half-pixel centers) and painted over it by `heatmapPaint`, and
 * where the map crosses the threshold a bright line with a dark halo.
 * @returns RGB of the image's own size, height × width × 3.
 * @throws RangeError for a map of another size than it says
 */
export function paintHeatmap(options: PaintOptions): Uint8Array {
  const { image, anomalyMap, mapHeight, mapWidth, threshold } = options;
  if (mapHeight < 1 || mapWidth < 1 || anomalyMap.length !== mapHeight * mapWidth) {
    throw new RangeError(`${anomalyMap.length} values are no ${mapHeight} × ${mapWidth} map`);
  }
  const { width, height, data } = image;
  const map = { values: anomalyMap, height: mapHeight, width: mapWidth };
  const valueAt = bilinearSampler(map, image);
  const paints = paintTable(options);
  const contour = threshold === undefined ? null : new Contour(map, image, threshold);
  const painted = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const value = valueAt(x, y);
      const paint = Math.round(placeOnScale(value, options) * STEPS);
      const at = (y * width + x) * 3;
      const photo =
        dimmedGray(data[at]!, data[at + 1]!, data[at + 2]!) * (1 - paints.opacity[paint]!);
      const line = contour?.cover(x, y, value) ?? NO_LINE;
      for (let c = 0; c < 3; c++) {
        const color = photo + paints.color[3 * paint + c]!;
        const ringed = color * (1 - line.halo) + HALO.level * line.halo;
        painted[at + c] = Math.round(ringed * (1 - line.line) + LINE.level * line.line);
      }
    }
  }
  return painted;
}

/** Steps of the scale; finer ones can't be told apart. */
const STEPS = 1024;

/** The opacity of each step, and its color times that, three values per step. */
function paintTable(scale: PaintScale) {
  const { low, high } = scale;
  const color = new Float32Array(3 * (STEPS + 1));
  const opacity = new Float32Array(STEPS + 1);
  for (let step = 0; step <= STEPS; step++) {
    // The top step is the top of the scale, whatever rounding makes of the sum.
    const value = step === STEPS ? high : low + ((high - low) * step) / STEPS;
    const paint = heatmapPaint(value, scale);
    opacity[step] = paint.opacity;
    color.set(
      paint.color.map((channel) => channel * paint.opacity),
      3 * step,
    );
  }
  return { color, opacity };
}
