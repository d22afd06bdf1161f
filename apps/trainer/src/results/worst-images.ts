/**
 * @file The test images that imported results get most wrong, with their heatmaps: there is neither a threshold to judge
 * them by nor a graph to draw them with later.
 */
import type { ImageResult, Sample, WorstImage, WorstImages } from '@plumbline/contracts';
import { type BlobStore, decodeImage, renderHeatmap, renderThumbnail } from '@plumbline/data';

const EACH = 9;
/** Longer side of a heatmap, pixels. */
const PICTURE_SIDE = 512;

/** At most nine a label, the worst first; those that are confused with no image of the other label are left out. */
export function chooseWorst(images: readonly ImageResult[]): Omit<WorstImages, 'scale'> {
  const worst = (label: ImageResult['label']) =>
    images
      .filter((image) => image.label === label)
      .map((image) => toWorst(image, images))
      .filter((image) => image.confusedWith > 0)
      .sort((a, b) => b.confusedWith - a.confusedWith || (a.path < b.path ? -1 : 1))
      .slice(0, EACH);
  return { misses: worst('anomalous'), falseAlarms: worst('normal') };
}

function toWorst(
  { path, category, label, sha256, imageScore }: ImageResult,
  images: readonly ImageResult[],
): WorstImage {
  const others = images.filter((other) => other.category === category && other.label !== label);
  const wrong = others.reduce((sum, other) => {
    if (other.imageScore === imageScore) return sum + 0.5;
    return sum + Number(other.imageScore > imageScore === (label === 'anomalous'));
  }, 0);
  return {
    path,
    sha256,
    imageScore,
    confusedWith: others.length === 0 ? 0 : wrong / others.length,
  };
}

export interface HeatmapOptions {
  readonly worst: WorstImages;
  readonly blobs: BlobStore;
  /** f32 `[size, size]`, of the sample of that path. */
  readMap(path: string): Promise<Float32Array>;
  readonly sizePx: number;
  /** By path. */
  readonly samples: ReadonlyMap<string, Pick<Sample, 'range'>>;
}

/** Files of the bundle, all drawn on the one scale. */
export async function drawWorst({ worst, blobs, readMap, sizePx, samples }: HeatmapOptions) {
  const files = new Map<string, Uint8Array>();
  for (const { path, sha256 } of [...worst.misses, ...worst.falseAlarms]) {
    const small = await renderThumbnail(
      await blobs.read(sha256),
      PICTURE_SIDE,
      samples.get(path)?.range,
    );
    const bytes = await renderHeatmap({
      image: await decodeImage(small, path),
      anomalyMap: await readMap(path),
      mapHeight: sizePx,
      mapWidth: sizePx,
      ...worst.scale,
    });
    files.set(`heatmap-${sha256}.png`, bytes);
  }
  return [...files].map(([name, bytes]) => ({ name, bytes }));
}
