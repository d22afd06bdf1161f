/** @file Finds the ground-truth mask of an image by name (`<stem>_mask.png` or `<stem>.png`), and those left over. */
import { DomainError } from '@plumbline/contracts';
import type { LayoutEntry } from './layout.ts';

interface MaskFile {
  readonly category: string;
  readonly folder: string;
  readonly name: string;
  /** In the source. */
  readonly file: string;
}

/** A path or name without its extension. */
export function stemOf(path: string): string {
  return path.replace(/\.[^./]+$/, '');
}

export class MaskIndex {
  readonly #files = new Map<string, MaskFile>();
  readonly #used = new Set<string>();

  add(mask: MaskFile): void {
    const key = maskKey(mask.category, mask.folder, stemOf(mask.name));
    const other = this.#files.get(key);
    if (other !== undefined) throw ambiguous(mask.file, other.file);
    this.#files.set(key, mask);
  }

  /** The mask of a test image, or null. */
  take(entry: LayoutEntry): string | null {
    const folder = entry.defectType ?? 'good';
    const stem = stemOf(entry.path.slice(entry.path.lastIndexOf('/') + 1));
    const found = [`${stem}_mask`, stem].flatMap((name) => {
      const key = maskKey(entry.category, folder, name);
      const mask = this.#files.get(key);
      return mask === undefined || this.#used.has(key) ? [] : [{ key, mask }];
    });
    const [first, second] = found;
    if (first === undefined) return null;
    if (second !== undefined) throw ambiguous(first.mask.file, second.mask.file);
    this.#used.add(first.key);
    return first.mask.file;
  }

  /** Throws for a mask that no image took. */
  rejectUnused(): void {
    for (const [key, { category, folder, file, name }] of this.#files) {
      if (this.#used.has(key)) continue;
      const image = `${category}/test/${folder}/${stemOf(name).replace(/_mask$/, '')}`;
      throw new DomainError(
        'INVALID_INPUT',
        `${file} is a mask without an image (no ${image}.*).`,
        {
          fix: `Add the image ${image}.png, or remove the mask.`,
          file,
        },
      );
    }
  }
}

function maskKey(category: string, folder: string, stem: string): string {
  return `${category}/${folder}/${stem}`.toLowerCase();
}

function ambiguous(file: string, other: string): DomainError {
  return new DomainError('INVALID_INPUT', `${file} and ${other} are masks of the same image.`, {
    fix: 'Keep one of the two.',
    file,
  });
}
