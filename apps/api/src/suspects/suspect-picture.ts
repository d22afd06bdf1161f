/** @file The picture of where a training image differs, by the map that was kept of it. */
import { heatmapScale, type SuspectMap } from '@plumbline/contracts';
import { renderThumbnail } from '@plumbline/data';
import type { Services } from '../context.ts';

/** Longer side of the picture, pixels, at most. */
const PICTURE_SIDE = 512;

/** @returns PNG bytes. @throws DomainError NOT_FOUND when the image is gone */
export function suspectPicture(
  { database, blobs, gates, pictures }: Services,
  { sha256, values, threshold }: SuspectMap,
): Promise<Uint8Array> {
  return gates.heatmaps.run(async () => {
    const found = await database.datasets.findBlob(sha256);
    const range = found?.kind === 'image' ? found.range : undefined;
    const small = await renderThumbnail(await blobs.read(sha256), PICTURE_SIDE, range);
    const side = Math.sqrt(values.length);
    return pictures.heatmap({
      image: await pictures.decode(small, sha256),
      ...{ anomalyMap: values, mapHeight: side, mapWidth: side },
      ...heatmapScale(threshold),
    });
  });
}
