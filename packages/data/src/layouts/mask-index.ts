/** @file Finds the mask of an image by name: `<stem>.*`, `<stem>_mask.*`, `<stem>-gt.*`, `mask_<stem>.*` … in the folder that belongs to its own. */
import { DomainError } from '@plumbline/contracts';
import { stemOf } from './file-names.ts';

export interface MaskFile {
  /** That masks and images have in common, as `<category>/<defect type>`. */
  readonly folder: string;
  readonly name: string;
  /** In the source. */
  readonly file: string;
}

export class MaskIndex {
  readonly #files = new Map<string, MaskFile>();
  readonly #used = new Set<string>();

  add(mask: MaskFile): void {
    const key = maskKey(mask.folder, stemOf(mask.name));
    const other = this.#files.get(key);
    if (other !== undefined) throw ambiguous(mask.file, other.file);
    this.#files.set(key, mask);
  }

  /** The mask of an image, or null. */
  take(folder: string, imageName: string): string | null {
    const found = namesOf(stemOf(imageName)).flatMap((name) => {
      const key = maskKey(folder, name);
      const mask = this.#files.get(key);
      return mask === undefined || this.#used.has(key) ? [] : [{ key, mask }];
    });
    const [first, second] = found;
    if (first === undefined) return null;
    if (second !== undefined) throw ambiguous(first.mask.file, second.mask.file);
    this.#used.add(first.key);
    return first.mask.file;
  }

  /** Masks that no image took. */
  left(): MaskFile[] {
    return [...this.#files].filter(([key]) => !this.#used.has(key)).map(([, mask]) => mask);
  }
}

/** Words that tools and people add to the name of an image for its mask. */
const WORDS = [
  'mask',
  'masks',
  'gt',
  'label',
  'labels',
  'seg',
  'segmentation',
  'ground_truth',
  'groundtruth',
  'annotation',
  'bw',
];

function namesOf(stem: string): string[] {
  const withWord = WORDS.flatMap((word) =>
    ['_', '-', '.', ' '].flatMap((by) => [`${stem}${by}${word}`, `${word}${by}${stem}`]),
  );
  return [...withWord, stem];
}

/** The name of the image that a mask is named for. */
export function imageStemOf(maskName: string): string {
  const stem = stemOf(maskName);
  const words = WORDS.join('|');
  return stem.replace(new RegExp(`[_. -](${words})$|^(${words})[_. -]`, 'i'), '') || stem;
}

/** Alike for names that differ in case, or in how an accent is encoded (archives made on macOS). */
function maskKey(folder: string, stem: string): string {
  return `${folder}/${stem}`.normalize('NFC').toLowerCase();
}

function ambiguous(file: string, other: string): DomainError {
  return new DomainError('INVALID_INPUT', `${file} and ${other} are masks of the same image.`, {
    fix: 'Keep one of the two.',
    file,
  });
}
