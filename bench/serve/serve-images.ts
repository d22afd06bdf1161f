/** @file Real images of every size that a folder has, in a mixed order. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';

/** Of each category: enough that no cache of one image helps. */
const EACH = 8;
const SMALL_PX = 256;

/** @param folder A dataset in MVTec layout. @returns Files of its test images. */
export function realImages(folder: string): Uint8Array<ArrayBuffer>[] {
  const byCategory = directoriesIn(folder).map((category) => {
    const kinds = directoriesIn(join(folder, category, 'test'));
    const files = kinds.flatMap((kind) => filesIn(join(folder, category, 'test', kind)));
    return files.slice(0, EACH);
  });
  // One of each category in turn.
  const turns = Array.from({ length: EACH }, (_, turn) => byCategory.map((files) => files[turn]));
  return turns
    .flat()
    .filter((file) => file !== undefined)
    .map((file) => new Uint8Array(readFileSync(file)));
}

/** The same as PNG files of 256×256 pixels. */
export function smallImages(images: readonly Uint8Array[]): Promise<Uint8Array<ArrayBuffer>[]> {
  return Promise.all(
    images.map(
      async (bytes) =>
        new Uint8Array(
          await sharp(bytes).resize(SMALL_PX, SMALL_PX, { fit: 'cover' }).png().toBuffer(),
        ),
    ),
  );
}

function directoriesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

function filesIn(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => /\.(png|jpe?g)$/i.test(name))
    .sort()
    .map((name) => join(folder, name));
}
