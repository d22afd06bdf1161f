/** @file Masks on their own: kept for a change of a dataset that names them, and read back to be drawn on. */
import { type DatasetImportOptions, DomainError, type StoredMask } from '@plumbline/contracts';
import { decodeMask, markedShare, maskPng, readAnyMask } from '@plumbline/data';
import type { Services } from '../context.ts';

/** In messages: it came without a name. */
const SENT = 'The mask';

/**
 * Keeps a mask as a PNG of 0 and 255. One that no dataset version names within a day goes with the next sweep.
 * @throws DomainError INVALID_INPUT, TOO_LARGE
 */
export function storeMask(
  { blobs, gates, maxPixels }: Services,
  bytes: Uint8Array,
  told: DatasetImportOptions['masks'],
): Promise<StoredMask> {
  return gates.thumbnails.run(async () => {
    const fix = 'Import the dataset again with the mask beside its image.';
    const mask = await readAnyMask(bytes, SENT, told, { maxPixels, fix });
    const { width, height } = mask;
    const staging = await blobs.stage();
    try {
      const sha256 = await staging.add(await maskPng(mask));
      // Also renews one that is stored already, so that it outlasts the sweep.
      await staging.commit([sha256]);
      return { sha256, width, height, share: markedShare(mask) };
    } finally {
      await staging.discard();
    }
  });
}

/**
 * @returns PNG of 0 and 255, in the size of the mask, whatever it is stored as
 * @throws DomainError NOT_FOUND when no dataset has this mask
 */
export async function maskPicture(
  { database, blobs, gates }: Services,
  sha256: string,
): Promise<Uint8Array> {
  const found = await database.datasets.findBlob(sha256);
  if (found?.kind !== 'mask') {
    throw new DomainError('NOT_FOUND', `No dataset has a mask with the hash ${sha256}.`, {
      fix: 'Take hashes from the samples of a dataset.',
    });
  }
  return gates.thumbnails.run(async () =>
    maskPng(await decodeMask(await blobs.read(sha256), 'mask', found.rule)),
  );
}
