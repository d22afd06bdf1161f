/** @file Masks among images, where the layout has no place for them. */
import { DomainError } from '@plumbline/contracts';
import { lastPart, stemOf } from './file-names.ts';
import { imageStemOf } from './mask-index.ts';

/**
 * @param images Paths in the source
 * @param why What it means that there is a mask
 * @throws DomainError INVALID_INPUT for a file named as the mask of another one in its folder is
 */
export function rejectMasks(images: readonly string[], { why, fix }: { why: string; fix: string }) {
  const stems = new Set(images.map((path) => stemOf(path).toLowerCase()));
  const mask = images.find((path) => {
    const name = lastPart(path);
    const image = `${path.slice(0, path.length - name.length)}${imageStemOf(name)}`.toLowerCase();
    return image !== stemOf(path).toLowerCase() && stems.has(image);
  });
  if (mask === undefined) return;
  throw new DomainError(
    'INVALID_INPUT',
    `${mask} looks like a mask of another image in its folder: ${why}.`,
    { fix, file: mask, field: 'mapping' },
  );
}
