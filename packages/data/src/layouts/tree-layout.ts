/** @file Layouts that are a tree of folders for each category. One says where images and masks lie; what is common to all is here. */
import { DomainError, type ImportWarning, type Label, type Split } from '@plumbline/contracts';
import { compareText } from '../store/canonical-json.ts';
import {
  checkCategoryName,
  claimsToBeImage,
  isSystemFile,
  lastPart,
  stemOf,
} from './file-names.ts';
import { type FolderRoot, foldersFrom, rootOf, segmentsIn } from './folder-root.ts';
import type { Layout, LayoutEntries, LayoutEntry, LayoutSource } from './layout.ts';
import { imageStemOf, MaskIndex } from './mask-index.ts';
import { noteLeftOut, noteValidation } from './notes.ts';

export type Place =
  | {
      readonly is: 'image';
      readonly split: Split;
      readonly label: Label;
      /** What its mask has in its path too: the type of its defect. */
      readonly folder: string;
      /** Of the validation split, which trains too. */
      readonly isValidation?: boolean;
    }
  | {
      readonly is: 'mask';
      readonly folder: string;
      /** Of the image that it marks, or as masks are named for it. */
      readonly name: string;
      readonly isPart?: boolean;
    }
  | { readonly is: 'ignored' }
  /** An image that could be no sample: nobody says whether it is normal. */
  | { readonly is: 'unlabeled' };

export interface TreeRules extends Pick<Layout, 'name' | 'title' | 'expected'> {
  /** Names of the folders that a category consists of. */
  readonly parts: readonly string[];
  /** Folder of training images in a category. */
  readonly trainFolder: string;
  /** Folder in a category of anomalous images of a type, and of normal test images. */
  testFolder(type: string): string;
  /** Whether folders `<part>/<folder>/…` are those of this layout. */
  fits(folders: ReadonlySet<string>): boolean;
  /**
   * @param inside Segments of a path below its category, from the part on
   * @returns null where an image has no place
   * @throws DomainError for one that needs a decision
   */
  place(inside: readonly string[], file: string): Place | null;
}

/** Parts that hold masks alone make no folder a category. */
const MASKS_PART = 'ground_truth';

export function treeLayout(rules: TreeRules): Layout {
  const parts = new Set(rules.parts);
  const own = new Set(rules.parts.filter((part) => part !== MASKS_PART));
  const { name, title, expected } = rules;
  const find = (source: LayoutSource) => rootOf(source, { parts, own });
  return {
    ...{ name, title, expected },
    advice: {
      markedNormal: `Move the image from ${rules.testFolder('good')} to ${rules.testFolder('<defect type>')} together with its mask, or remove the mask.`,
    },
    recognize: async (source) => rules.fits(foldersFrom(source, parts)) && find(source) !== null,
    async toEntries(source) {
      const root = find(source);
      if (root === null) throw new Error(`Not in the layout ${title}`);
      return new TreeReader(source, root, rules).read();
    },
  };
}

type TreeImage = LayoutEntry & { readonly folder: string };

class TreeReader {
  readonly #source: LayoutSource;
  readonly #root: FolderRoot;
  readonly #rules: TreeRules;
  readonly #ignored: string[] = [];
  readonly #images: TreeImage[] = [];
  readonly #validation: string[] = [];
  readonly #unlabeled: string[] = [];
  readonly #masks = new MaskIndex();

  constructor(source: LayoutSource, root: FolderRoot, rules: TreeRules) {
    this.#source = source;
    this.#root = root;
    this.#rules = rules;
  }

  read(): LayoutEntries {
    for (const { path } of this.#source.files) this.#add(path);
    rejectEqualStems(this.#images);
    const entries = this.#images.map(({ folder, ...entry }) => ({
      ...entry,
      mask: entry.split === 'test' ? this.#takeMask(entry, folder) : null,
    }));
    this.#rejectMasksLeft();
    this.#rejectEmptyCategories(entries);
    return {
      root: this.#root.folder,
      entries: entries.sort((a, b) => compareText(a.path, b.path)),
      ignored: this.#ignored,
      notes: this.#notes(),
    };
  }

  #add(path: string): void {
    const segments = segmentsIn(path, this.#root);
    const category = segments?.[0];
    if (isSystemFile(path) || segments === null || category === undefined || segments.length < 3) {
      this.#ignored.push(path);
      return;
    }
    checkCategoryName(category, path);
    if (claimsToBeImage(path)) this.#addImage(path, segments, category);
    else this.#ignored.push(path);
  }

  #addImage(path: string, segments: readonly string[], category: string): void {
    const place = this.#rules.place(segments.slice(1), path);
    if (place === null) throw misplaced(path, this.#rules.expected);
    if (place.is === 'ignored') this.#ignored.push(path);
    else if (place.is === 'unlabeled') this.#unlabeled.push(path);
    else if (place.is === 'mask')
      this.#masks.add({ ...place, folder: `${category}/${place.folder}`, file: path });
    else {
      const { split, label, folder } = place;
      const defectType = label === 'normal' ? null : folder;
      if (place.isValidation === true) this.#validation.push(path);
      this.#images.push({
        ...{ path: segments.join('/'), category, split, label, defectType, folder },
        ...{ imageFile: path, mask: null },
      });
    }
  }

  #takeMask({ path, category }: LayoutEntry, folder: string) {
    return this.#masks.take(`${category}/${folder}`, lastPart(path));
  }

  #notes(): ImportWarning[] {
    return [
      ...noteValidation(this.#validation),
      ...noteLeftOut(this.#unlabeled, 'come without ground truth'),
    ];
  }

  /** @throws DomainError INVALID_INPUT for a mask that no image took. */
  #rejectMasksLeft(): void {
    for (const { folder, file, name } of this.#masks.left()) {
      const [category, type = ''] = folder.split('/');
      const image = `${category}/${this.#rules.testFolder(type)}/${imageStemOf(name)}`;
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

  #rejectEmptyCategories(entries: readonly LayoutEntry[]): void {
    const trained = new Set(entries.filter((e) => e.split === 'train').map((e) => e.category));
    for (const category of [...this.#categories()].sort(compareText)) {
      if (trained.has(category)) continue;
      checkCategoryName(category, category);
      const some = entries.some((entry) => entry.category === category);
      const what = some ? 'has no training images' : 'has no images at all';
      throw new DomainError('INVALID_INPUT', `The category ${category} ${what}.`, {
        fix: `Put normal images into ${category}/${this.#rules.trainFolder}, or remove the folder ${category} from the dataset.`,
        file: category,
      });
    }
  }

  #categories(): Set<string> {
    const { files, directories } = this.#source;
    const paths = [...directories.map((path) => `${path}/.`), ...files.map(({ path }) => path)];
    return new Set(
      paths.flatMap((path) => {
        const segments = isSystemFile(path.replace(/\/\.$/, ''))
          ? null
          : segmentsIn(path, this.#root);
        return segments !== null && segments.length > 1 ? (segments[0] ?? []) : [];
      }),
    );
  }
}

/** `001.png` and `001.jpg` would share the mask `001_mask.png`. */
function rejectEqualStems(images: readonly LayoutEntry[]): void {
  const seen = new Map<string, string>();
  for (const { path, imageFile } of images) {
    const key = stemOf(path).toLowerCase();
    const other = seen.get(key);
    if (other !== undefined) {
      throw new DomainError('INVALID_INPUT', `${imageFile} has the same name as ${other}.`, {
        fix: 'Rename one of the two: names in a folder must differ before their extension, since masks are found by it.',
        file: imageFile,
      });
    }
    seen.set(key, imageFile);
  }
}

function misplaced(path: string, expected: string): DomainError {
  return new DomainError('INVALID_INPUT', `${path} is an image that has no place in the layout.`, {
    fix: `Move or remove it. Expected:\n${expected}`,
    file: path,
  });
}
