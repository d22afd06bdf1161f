/** @file The images of a .zip, whatever its folders mean. */
import { DomainError } from '@plumbline/contracts';
import { claimsToBeImage, isSystemFile } from '../layouts/file-names.ts';
import { openSource } from './open-source.ts';

export interface ArchiveImages {
  /** Sorted. */
  readonly paths: readonly string[];
  /** @throws DomainError INVALID_INPUT for an entry that is damaged or larger than `maxBytes` */
  read(path: string, maxBytes: number): Promise<Uint8Array>;
  close(): Promise<void>;
}

/**
 * @param name of the archive, as messages name it
 * @throws DomainError NOT_FOUND; INVALID_INPUT for what is no archive, or one without images
 */
export async function openArchiveImages(archive: string, name: string): Promise<ArchiveImages> {
  const source = await openSource(archive, { name });
  const paths = source.files
    .map(({ path }) => path)
    .filter((path) => claimsToBeImage(path) && !isSystemFile(path));
  if (paths.length > 0) return { paths, read: source.read, close: source.close };
  await source.close();
  throw new DomainError('INVALID_INPUT', `There is no image in ${name}.`, {
    fix: 'Pack PNG, JPEG, WebP, BMP or TIFF files into the .zip.',
    field: 'source.uploadId',
  });
}
