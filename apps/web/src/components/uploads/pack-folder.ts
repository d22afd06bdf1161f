/** @file Makes one uncompressed .zip of a folder's files, so that they travel as one upload that can be resumed. */
import { makeZip } from 'client-zip';
import type { FolderFile, PickedFiles } from './picked-files.ts';
import { UploadFailure } from './upload-failure.ts';

interface PackOptions {
  readonly signal: AbortSignal;
  onProgress(packed: number, total: number): void;
}

/**
 * The same files give the same bytes, name and time: after a closed tab the upload goes on where it stopped.
 * @throws UploadFailure naming a file that can't be read; the signal's reason once it is aborted
 */
export async function packFolder(
  { name, files }: Extract<PickedFiles, { kind: 'folder' }>,
  { signal, onProgress }: PackOptions,
): Promise<File> {
  let current: FolderFile | undefined;
  async function* inputs() {
    for (const [packed, one] of files.entries()) {
      signal.throwIfAborted();
      onProgress(packed, files.length);
      current = one;
      const { path, file } = one;
      yield { name: path, input: file, lastModified: file.lastModified };
    }
  }
  const type = 'application/zip';
  try {
    const blob = await new Response(makeZip(inputs())).blob();
    signal.throwIfAborted();
    const lastModified = files.reduce((latest, { file }) => Math.max(latest, file.lastModified), 0);
    return new File([blob], `${name}.zip`, { type, lastModified });
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    throw unreadable(current, error);
  }
}

function unreadable(file: FolderFile | undefined, cause: unknown): UploadFailure {
  const why = cause instanceof Error ? ` (${cause.message})` : '';
  return new UploadFailure({
    code: 'INVALID_INPUT',
    message: `${file?.path ?? 'The folder'} can't be read${why}.`,
    fix: 'Check that the file is still there, that you may read it and that the disk has room, then choose the folder again.',
    file: file?.path ?? null,
    field: null,
  });
}
