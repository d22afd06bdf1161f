/** @file Somebody else's results as rows with maps: an .npz, or a folder or .zip of pictures with a table. */
import { basename } from 'node:path';
import { DomainError } from '@plumbline/contracts';
import { openSource, type SourceFiles } from '../sources/source-files.ts';
import type { FloatMap } from './float-map.ts';
import { openNpz } from './open-npz.ts';
import { openPictures } from './open-pictures.ts';

export interface ResultRow {
  /** As given. */
  readonly path: string;
  readonly score: number;
  /** Where the row stands, for errors: `scores.csv, line 7`. */
  readonly where: string;
}

export interface ResultSet {
  /** Name of the file or folder. */
  readonly name: string;
  readonly format: 'npz' | 'tiff' | 'png';
  /** Name of the protocol that the files say they were made under; null when they say nothing. */
  readonly protocol: string | null;
  readonly rows: readonly ResultRow[];
  /** The anomaly map of a row. @throws DomainError INVALID_INPUT naming the file */
  readMap(row: number): Promise<FloatMap>;
  close(): Promise<void>;
}

/**
 * @param shownAs what people call the source, where its path is none of their choosing (an upload)
 * @throws DomainError INVALID_INPUT or NOT_FOUND naming the file at fault.
 */
export async function openResults(source: string, shownAs?: string): Promise<ResultSet> {
  const stored = basename(source);
  const opening = await openSource(source).catch((error: unknown) => {
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

/** What is wrong with an archive as a whole, with the mend for results. */
function cutShort(cause: DomainError, stored: string, shownAs: string): DomainError {
  return new DomainError(
    cause.code,
    cause.message.replace(stored, shownAs).replace('.zip archive', '.npz or .zip archive'),
    {
      file: shownAs,
      fix: 'It may be cut short: copy or upload it again, or write it anew with numpy.savez.',
      cause,
    },
  );
}

export type OpenedResults = Omit<ResultSet, 'name' | 'close'>;

/** The text of `protocol.txt`, when there is one. */
export async function readProtocolFile(files: SourceFiles): Promise<string | null> {
  const found = files.files.find(({ path }) => path === 'protocol.txt');
  if (found === undefined) return null;
  const text = Buffer.from(await files.read(found.path))
    .toString('utf8')
    .trim();
  if (text !== '') return text;
  throw new DomainError('INVALID_INPUT', 'protocol.txt is empty.', {
    file: found.path,
    fix: 'Write the name of the protocol into it, or remove it.',
  });
}
