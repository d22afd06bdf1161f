/** @file Heatmaps of a version's test images, made when first looked at and kept. */
import { join } from 'node:path';
import {
  DomainError,
  HEATMAP_STYLE,
  heatmapScale,
  isTrained,
  type TrainedVersion,
  thresholdOf,
} from '@plumbline/contracts';
import type { Services } from '../context.ts';
import { keepFile } from '../keep-file.ts';
import { listBundleFiles } from '../models/bundle-files.ts';
import { decodeFor, type ServedModel } from './served-model.ts';

/** @returns PNG bytes. @throws DomainError NOT_FOUND when the version was not evaluated on that image */
export async function testImageHeatmap(
  context: Services,
  name: string,
  version: number,
  sha256: string,
): Promise<Uint8Array> {
  if (!isTrained(await context.database.models.get(name, version)))
    return importedHeatmap(context, name, version, sha256);
  const served = await context.served.get(name, version);
  const { bundleHash } = served.version;
  const folder = join(context.home.cache, 'heatmaps', `style-${HEATMAP_STYLE}`, bundleHash);
  // The file's presence proves that the image was one of the version's.
  return keepFile(join(folder, `${sha256}.png`), () =>
    context.gates.heatmaps.run(() => render(context, served, sha256)),
  );
}

/** Imported results have no graph: their bundle holds the heatmaps of the worst images. */
async function importedHeatmap(
  context: Services,
  name: string,
  version: number,
  sha256: string,
): Promise<Uint8Array> {
  const files = await listBundleFiles(context, name, version);
  const found = files.find((file) => file.name === `heatmap-${sha256}.png`);
  if (found !== undefined) return found.read();
  throw new DomainError('NOT_FOUND', `${name} ${version} has no heatmap of ${sha256}.`, {
    fix: 'It has imported results, which only keep the heatmaps of their worst images.',
  });
}

async function render(context: Services, served: ServedModel, sha256: string): Promise<Uint8Array> {
  const { model, version } = served.version;
  const result = await context.database.models.findImage(model, version, sha256);
  if (result === null) {
    throw new DomainError('NOT_FOUND', `${model} ${version} has no test image ${sha256}.`, {
      fix: `List them: GET /v1/models/${model}/versions/${version}/images.`,
    });
  }
  const bytes = await context.blobs.read(sha256);
  // The import has taken it, whatever may be sent.
  const services = { ...context, maxPixels: Number.POSITIVE_INFINITY };
  const image = await decodeFor(services, served, bytes, { category: result.category });
  const map = await context.inference.inspect(served, image, { category: result.category });
  return context.pictures.heatmap({
    image,
    ...map,
    ...heatmapScale(pixelThresholdOf(served.version, result.category)),
  });
}

/** The bundle's own: a heatmap that is kept must not depend on the profile of the day. */
function pixelThresholdOf({ manifest }: TrainedVersion, category: string): number {
  return thresholdOf(manifest.thresholds, category).pixelThreshold;
}
