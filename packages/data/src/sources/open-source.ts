/** @file Opens what an import reads: a folder, a .zip archive or a prefix of a bucket. */
import { stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { DomainError, isS3Path, requireS3Path, type S3Access } from '@plumbline/contracts';
import { compareText } from '../store/canonical-json.ts';
import { isMissing } from '../store/is-missing.ts';
import { openArchive } from './archive.ts';
import { openBucket } from './bucket.ts';
import { openFolder } from './folder.ts';
import type { OpenedSource, SourceFile, SourceFiles } from './source-files.ts';

export interface SourceOptions {
  /** Of the source, where its path is none that anybody chose. */
  readonly name?: string | undefined;
  /** Where buckets are. Default: as the AWS configuration of the machine says. */
  readonly s3?: S3Access | undefined;
}

/** Opens a folder, any regular file as a .zip (an upload need not be called `.zip`), or an `s3://bucket/prefix`. */
export async function openSource(
  source: string,
  { name, s3 = AS_CONFIGURED }: SourceOptions = {},
): Promise<SourceFiles> {
  const opened = isS3Path(source)
    ? await openBucket(requireS3Path(source, 'source.path'), s3)
    : await openOnDisk(resolve(source), source);
  const files = [...opened.files].sort((a, b) => compareText(a.path, b.path));
  try {
    rejectClashingNames(files);
    rejectFilesAsFolders(files);
  } catch (error) {
    await opened.close();
    throw error;
  }
  const ownName = basename(isS3Path(source) ? source : resolve(source)).replace(/\.zip$/i, '');
  return { ...opened, name: name ?? ownName, files, read: limited(opened.read, files) };
}

const AS_CONFIGURED: S3Access = { endpoint: null, region: null };

/** @param given As somebody wrote it. */
async function openOnDisk(path: string, given: string): Promise<OpenedSource> {
  const status = await stat(path).catch((cause: unknown) => {
    throw new DomainError(
      'NOT_FOUND',
      isMissing(cause)
        ? `There is nothing at ${given}.`
        : `${given} cannot be read: ${String(cause)}.`,
      {
        fix: 'Give the path of a folder or .zip file that the server can read.',
        field: 'source',
        cause,
      },
    );
  });
  if (status.isDirectory()) return openFolder(path);
  if (status.isFile()) return openArchive(path);
  throw new DomainError('INVALID_INPUT', `${given} is neither a folder nor a file.`, {
    fix: 'Give the path of a folder or a .zip file.',
    field: 'source',
  });
}

/** Bytes that one file may have: all of it is read into memory. */
const MAX_FILE_BYTES = 1024 ** 3;

/** Refuses by the stated size, before anything is read. */
function limited(
  read: (path: string) => Promise<Uint8Array>,
  files: readonly SourceFile[],
): SourceFiles['read'] {
  const sizes = new Map(files.map(({ path, bytes }) => [path, bytes]));
  return async (path, maxBytes = MAX_FILE_BYTES) => {
    if ((sizes.get(path) ?? 0) <= maxBytes) return read(path);
    throw new DomainError('INVALID_INPUT', `${path} is larger than ${inWords(maxBytes)}.`, {
      fix: 'Save an image with compression, scale it down or cut it into tiles; split a table or an archive.',
      file: path,
    });
  };
}

function inWords(bytes: number): string {
  return bytes < 1024 ** 3 ? `${Math.round(bytes / 1024 ** 2)} MB` : `${bytes / 1024 ** 3} GB`;
}

/** Two names that differ only in case, or in how an accent is encoded, are one file on other disks: a copy would lose one. */
function rejectClashingNames(files: readonly SourceFile[]): void {
  const seen = new Map<string, string>();
  for (const { path } of files) {
    const key = path.normalize('NFC').toLowerCase();
    const other = seen.get(key);
    if (other !== undefined) {
      const reason = other === path ? 'appears twice' : `and ${other} ${differenceOf(path, other)}`;
      throw new DomainError('INVALID_INPUT', `${path} ${reason}.`, {
        fix: 'Rename or remove one of the two.',
        file: path,
      });
    }
    seen.set(key, path);
  }
}

/** A file `a` beside a file `a/b`, as only archives can hold them. */
function rejectFilesAsFolders(files: readonly SourceFile[]): void {
  const named = new Set(files.map(({ path }) => path));
  const folders = new Set<string>();
  for (const { path } of files) {
    for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
      const folder = path.slice(0, end);
      if (folders.has(folder)) break;
      folders.add(folder);
      if (!named.has(folder)) continue;
      throw new DomainError('INVALID_INPUT', `${folder} is a file and a folder.`, {
        fix: 'Rename or remove one of the two.',
        file: folder,
      });
    }
  }
}

function differenceOf(path: string, other: string): string {
  if (path.normalize('NFC') !== other.normalize('NFC'))
    return 'differ only in upper and lower case';
  return 'look the same and differ only in how accented letters are encoded (Unicode NFC and NFD)';
}
