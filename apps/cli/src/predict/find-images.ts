/** @file The images that `plumb predict` is given: files, and what lies in folders. */
import { readdir, stat } from 'node:fs/promises';
import { basename, join, relative, sep } from 'node:path';
import { DomainError, maskPaths } from '@plumbline/contracts';

/** What the API decodes. */
const IMAGE_EXTENSION = /\.(png|jpe?g|jfif|webp|bmp|tiff?)$/i;
/** Left behind by systems and network drives. */
const LITTER = /^(\.|__macosx$|@eadir$|#recycle$|\$recycle\.bin$)/i;

export interface FoundImage {
  /** Where it is read. */
  readonly path: string;
  /** Below the folder that was given, with `/`; of a file that was given, its path as it was given. */
  readonly name: string;
}

export interface FoundImages {
  readonly images: readonly FoundImage[];
  /** Paths of those in folders that are masks of others: nobody wants to know whether a mask is anomalous. */
  readonly masks: readonly string[];
}

/**
 * In the order given; those of a folder by name, its folders included.
 * @throws DomainError NOT_FOUND for a path that is not there; INVALID_INPUT when there is no image, or two have one name
 */
export async function findImages(given: readonly string[]): Promise<FoundImages> {
  const found: FoundImage[] = [];
  const masks: string[] = [];
  for (const path of given) {
    const kind = await stat(path).catch((cause: unknown) => {
      throw unreadable(path, cause);
    });
    if (!kind.isDirectory()) found.push({ path, name: path.split(sep).join('/') });
    else {
      const below = await imagesBelow(path);
      const isMask = maskPaths(below.map(({ name }) => name));
      for (const image of below) {
        if (isMask.has(image.name)) masks.push(image.path);
        else found.push(image);
      }
    }
  }
  if (found.length === 0)
    throw new DomainError(
      'INVALID_INPUT',
      `There is no image in ${given.join(', ')}${masks.length === 0 ? '' : ', only masks'}.`,
      {
        fix: 'Give a folder with PNG, JPEG, WebP, BMP or TIFF files.',
        field: 'image',
      },
    );
  refuseSameNames(found);
  return { images: found, masks };
}

export function unreadable(path: string, cause: unknown): DomainError {
  const { code, message } = cause as NodeJS.ErrnoException;
  const [why, fix] = REASONS[code ?? ''] ?? [message, 'Check the path.'];
  return new DomainError('NOT_FOUND', `The image ${path} can't be read: ${why}.`, {
    ...{ file: path, fix, cause },
  });
}

const REASONS: Readonly<Record<string, readonly [string, string]>> = {
  ENOENT: ['there is no such file', 'Check the path.'],
  EACCES: ['this user may not read it', 'Give the file read permission (chmod +r).'],
  EISDIR: ['it is a folder', 'Give the folder with --out results.csv, or one of its images.'],
};

async function imagesBelow(folder: string): Promise<FoundImage[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile() && IMAGE_EXTENSION.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({ path, parts: relative(folder, path).split(sep) }))
    .filter(({ parts }) => !parts.some((part) => LITTER.test(part)))
    .map(({ path, parts }) => ({ path, name: parts.join('/') }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Results and heatmaps are told apart by the names. */
function refuseSameNames(images: readonly FoundImage[]): void {
  const paths = new Map<string, string>();
  for (const { name, path } of images) {
    const other = paths.get(name);
    if (other !== undefined)
      throw new DomainError('INVALID_INPUT', `${other} and ${path} have one name: ${name}.`, {
        fix: `Give one of them, or run the command for each folder by itself (--out results-${basename(path)}.csv).`,
        field: 'image',
      });
    paths.set(name, path);
  }
}
