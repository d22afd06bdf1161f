/** @file Images of datasets: the original bytes, or a small picture that is made once. */
import { join } from 'node:path';
import { DomainError, formatValueRange } from '@plumbline/contracts';
import { decodeMask, renderMask, renderThumbnail } from '@plumbline/data';
import type { FoundBlob } from '@plumbline/db';
import type { Services } from '../context.ts';
import { keepFile } from '../keep-file.ts';
import { imageContentType } from './image-content-type.ts';

/** Longer sides of thumbnails, pixels. What is asked for is rounded up, so that few files are kept. */
const THUMBNAIL_SIDES = [64, 128, 256, 512, 1024, 2048] as const;
export const MAX_THUMBNAIL_SIDE = 2048;

export interface Picture {
  readonly bytes: Uint8Array;
  readonly contentType: string;
}

/**
 * @param size longer side of a thumbnail, 1 to 2048 pixels; the original when absent
 * @throws DomainError NOT_FOUND when no dataset and no inspection has the image
 */
export async function blobPicture(
  context: Services,
  sha256: string,
  size?: number,
): Promise<Picture> {
  const found = await findBlob(context, sha256);
  if (size === undefined) {
    const bytes = await context.blobs.read(sha256);
    return { bytes, contentType: imageContentType(bytes) };
  }
  const side = THUMBNAIL_SIDES.find((candidate) => candidate >= size) ?? MAX_THUMBNAIL_SIDE;
  const folder = join(context.home.cache, 'thumbnails', String(side), sha256.slice(0, 2));
  const bytes = await keepFile(join(folder, `${sha256}${suffixOf(found)}.webp`), () =>
    context.gates.thumbnails.run(async () => render(await context.blobs.read(sha256), side, found)),
  );
  return { bytes, contentType: 'image/webp' };
}

async function findBlob({ database }: Services, sha256: string): Promise<FoundBlob> {
  const ofDataset = await database.datasets.findBlob(sha256);
  if (ofDataset !== null) return ofDataset;
  const kept = await database.keptImages.findBlob(sha256);
  if (kept !== null) return { kind: 'image', ...kept };
  throw new DomainError('NOT_FOUND', `No dataset has an image with the hash ${sha256}.`, {
    fix: 'Take hashes from the samples of a dataset, or from inspections whose image is kept.',
  });
}

/** As training and evaluation see it: an image by its range of values, a mask by its rule. */
async function render(bytes: Uint8Array, side: number, found: FoundBlob): Promise<Uint8Array> {
  if (found.kind === 'image') return renderThumbnail(bytes, side, found.range);
  return renderMask(await decodeMask(bytes, 'mask', found.rule), side);
}

/** The same bytes look otherwise by another range or rule. */
function suffixOf(found: FoundBlob): string {
  if (found.kind === 'image')
    return found.range === undefined ? '' : `-${formatValueRange(found.range)}`;
  const { above, inverted, ground } = found.rule ?? { above: 0, inverted: false };
  return `-mask-${above}${inverted ? '-inverted' : ''}${ground === undefined ? '' : `-${ground}`}`;
}
