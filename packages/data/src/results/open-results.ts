/** @file Somebody else's results as rows with maps: an .npz, or a folder or .zip of pictures with a table. */
import { basename } from 'node:path';
import { DomainError, type S3Access } from '@plumbline/contracts';
import { openSource } from '../sources/open-source.ts';
import { openNpz } from './open-npz.ts';
import { openPictures } from './open-pictures.ts';
import type { ResultSet } from './result-set.ts';

export interface ResultsOptions {
  /** What people call the source, where its path is none of their choosing (an upload). */
  readonly shownAs?: string | undefined;
  /** Where buckets are. */
  readonly s3?: S3Access | undefined;
}

/** @throws DomainError INVALID_INPUT or NOT_FOUND naming the file at fault. */
export async function openResults(
  source: string,
  { shownAs, s3 }: ResultsOptions = {},
): Promise<ResultSet> {
  const stored = basename(source);
  const opening = await openSource(source, { s3 }).catch((error: unknown) => {
    throw error instanceof DomainError && error.file === stored
      ? cutShort(error, stored, shownAs ?? stored)
      : error;
  });
  const files = { ...opening, name: shownAs ?? opening.name };
  try {
    const opened = files.files.some(({ path }) => path.endsWith('.npy'))
      ? await openNpz(files)
      : await openPictures(files);
    return { ...opened, name: files.name, close: () => files.close() };
  } catch (error) {
    await files.close();
    throw error;
  }
}

/** What is wrong with an archive as a whole, with how to fix it for results. */
function cutShort(cause: DomainError, stored: string, shownAs: string): DomainError {
  return new DomainError(
    cause.code,
    cause.message.replace(stored, shownAs).replace('.zip archive', '.npz or .zip archive'),
    {
      file: shownAs,
      fix: 'It may be cut short: copy or upload it again, or write it again with numpy.savez.',
      cause,
    },
  );
}
