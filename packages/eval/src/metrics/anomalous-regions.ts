/** @file Where an anomaly map reaches the pixel threshold, as regions in pixels of the image. */
import { type AnomalousRegion, MAX_REGIONS } from '@plumbline/contracts';
import { connectedRegions } from './connected-regions.ts';

interface Size {
  readonly width: number;
  readonly height: number;
}

export interface RegionOptions {
  /** Of the anomaly map. */
  readonly map: Size;
  /** Of the image that the map is of; the map covers all of it. */
  readonly image: Size;
  /** Anomaly-map units. */
  readonly threshold: number;
}

/** In map pixels, both ends included. */
interface Extent {
  left: number;
  top: number;
  right: number;
  bottom: number;
  pixels: number;
  peak: number;
}

/**
 * The 8-connected regions of an anomaly map at or above the threshold, the highest score first, at most `MAX_REGIONS`.
 *
 * @param anomalyMap f32 `[height, width]` of `map`, row by row
 */
export function anomalousRegions(
  anomalyMap: Float32Array,
  { map, image, threshold }: RegionOptions,
): AnomalousRegion[] {
  const mask = Uint8Array.from(anomalyMap, (value) => (value >= threshold ? 1 : 0));
  const { labels, count } = connectedRegions(mask, map.height, map.width);
  if (count === 0) return [];
  const extents = Array.from(
    { length: count },
    (): Extent => ({
      ...{ left: map.width, top: map.height, right: 0, bottom: 0, pixels: 0, peak: -1 },
    }),
  );
  for (let pixel = 0; pixel < labels.length; pixel++) {
    const extent = extents[labels[pixel]! - 1];
    if (extent !== undefined) stretch(extent, { pixel, width: map.width, anomalyMap });
  }
  const scoreOf = ({ peak }: Extent) => anomalyMap[peak]!;
  return extents
    .sort((a, b) => scoreOf(b) - scoreOf(a) || b.pixels - a.pixels)
    .slice(0, MAX_REGIONS)
    .map((extent) => ({ ...placed(extent, map, image), score: scoreOf(extent) }));
}

interface MapPixel {
  readonly pixel: number;
  readonly width: number;
  readonly anomalyMap: Float32Array;
}

function stretch(extent: Extent, { pixel, width, anomalyMap }: MapPixel): void {
  const y = Math.floor(pixel / width);
  const x = pixel - y * width;
  extent.left = Math.min(extent.left, x);
  extent.right = Math.max(extent.right, x);
  extent.top = Math.min(extent.top, y);
  extent.bottom = y;
  extent.pixels++;
  if (extent.peak < 0 || anomalyMap[pixel]! > anomalyMap[extent.peak]!) extent.peak = pixel;
}

/** In pixels of the image: every one that the region touches is in the box. */
function placed(extent: Extent, map: Size, image: Size): Omit<AnomalousRegion, 'score'> {
  const [perColumn, perRow] = [image.width / map.width, image.height / map.height];
  const [x, y] = [Math.floor(extent.left * perColumn), Math.floor(extent.top * perRow)];
  const row = Math.floor(extent.peak / map.width);
  return {
    box: {
      ...{ x, y },
      width: Math.ceil((extent.right + 1) * perColumn) - x,
      height: Math.ceil((extent.bottom + 1) * perRow) - y,
    },
    area: Math.max(1, Math.round(extent.pixels * perColumn * perRow)),
    peak: {
      x: Math.floor((extent.peak - row * map.width + 0.5) * perColumn),
      y: Math.floor((row + 0.5) * perRow),
    },
  };
}
