/** @file Finds the mask of an image by name: `<stem>.*`, `<stem>_mask.*`, `<stem>-gt.*`, `mask_<stem>.*` … in the folder that belongs to its own. */
import { DomainError } from '@plumbline/contracts';
import { stemOf } from './file-names.ts';
import type { MaskSource } from './mask-source.ts';

export interface MaskFile {
  /** That masks and images have in common, as `<category>/<defect type>`. */
  readonly folder: string;
  readonly name: string;
  /** In the source. */
  readonly file: string;
  /** One of several of its image, all named for it; else there is one mask of each name. */
  readonly isPart?: boolean;
}

type Files = readonly [string, ...string[]];

export class MaskIndex {
  readonly #masks = new Map<string, { readonly mask: MaskFile; files: Files }>();
  readonly #used = new Set<string>();

  add(mask: MaskFile): void {
    const key = maskKey(mask.folder, stemOf(mask.name));
    const other = this.#masks.get(key);
    if (other === undefined) this.#masks.set(key, { mask, files: [mask.file] });
    else if (mask.isPart === true) other.files = [...other.files, mask.file];
    else throw ambiguous(mask.file, other.mask.file);
  }

  /** The mask of an image, or null. */
  take(folder: string, imageName: string): MaskSource | null {
    const found = maskStemsOf(stemOf(imageName)).flatMap((name) => {
      const key = maskKey(folder, name);
      const entry = this.#masks.get(key);
      return entry === undefined || this.#used.has(key) ? [] : [{ key, ...entry }];
    });
    const [first, second] = found;
    if (first === undefined) return null;
    if (second !== undefined) throw ambiguous(first.mask.file, second.mask.file);
    this.#used.add(first.key);
    return { kind: 'files', files: first.files };
  }

  /** Masks that no image took. */
  left(): MaskFile[] {
    return [...this.#masks].filter(([key]) => !this.#used.has(key)).map(([, { mask }]) => mask);
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

/** Names, without their extension, that the mask of an image may have. */
export function maskStemsOf(stem: string): string[] {
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
