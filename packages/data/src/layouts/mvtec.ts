/** @file The MVTec layout: `<category>/train/good`, `<category>/test/<good|defect type>`, `<category>/ground_truth/<defect type>`. */
import { DomainError } from '@plumbline/contracts';
import { compareText } from '../store/canonical-json.ts';
import {
  checkCategoryName,
  checkDefectType,
  claimsToBeImage,
  isSystemFile,
  meansNormal,
  outermostRoot,
  pathBelow,
  stemOf,
} from './file-names.ts';
import type { Layout, LayoutEntries, LayoutEntry, LayoutSource } from './layout.ts';
import { imageStemOf, MaskIndex } from './mask-index.ts';

const NORMAL_FOLDER = 'good';
const EXPECTED = [
  '<category>/train/good/001.png                       normal images to learn from',
  '<category>/test/good/001.png                        normal images to test with',
  '<category>/test/<defect type>/001.png               anomalous images',
  '<category>/ground_truth/<defect type>/001_mask.png  their masks (optional)',
].join('\n');

export const mvtecLayout: Layout = {
  name: 'mvtec',
  title: 'MVTec AD',
  expected: EXPECTED,
  advice: {
    markedNormal:
      'Move the image from test/good to test/<defect type> together with its mask, or remove the mask.',
  },
  recognize: async (source) => rootOf(source) !== null,
  async toEntries(source) {
    const root = rootOf(source);
    if (root === null) throw new Error('Not in the MVTec layout');
    return entriesIn(source, root);
  },
};

interface Root {
  /** Folder inside the source that holds the layout; '' for the source itself. */
  readonly folder: string;
  /** Name of the only category if the folder is one, else null. */
  readonly category: string | null;
}

const PARTS = new Set(['train', 'test', 'ground_truth']);

function rootOf(source: LayoutSource): Root | null {
  /** By folder: whether categories lie in it, or it is one itself. */
  const found = new Map<string, boolean>();
  for (const { path } of source.files) {
    if (isSystemFile(path)) continue;
    const segments = path.split('/');
    for (let at = 0; at < segments.length - 1; at++) {
      const part = segments[at] ?? '';
      if (!PARTS.has(part)) continue;
      if (at > 0) found.set(segments.slice(0, at - 1).join('/'), true);
      const own = segments.slice(0, at).join('/');
      if (part !== 'ground_truth' && at < segments.length - 2 && !found.has(own))
        found.set(own, false);
    }
  }
  const folder = outermostRoot(source, found.keys());
  if (folder === null) return null;
  const wrapper = folder.slice(folder.lastIndexOf('/') + 1);
  return { folder, category: found.get(folder) ? null : wrapper === '' ? source.name : wrapper };
}

function entriesIn(source: LayoutSource, root: Root): LayoutEntries {
  const ignored: string[] = [];
  const images: LayoutEntry[] = [];
  const masks = new MaskIndex();

  for (const { path } of source.files) {
    const segments = segmentsIn(path, root);
    const category = segments?.[0];
    if (isSystemFile(path) || segments === null || category === undefined || segments.length < 3) {
      ignored.push(path);
    } else if (!claimsToBeImage(path)) {
      checkCategoryName(category, path);
      ignored.push(path);
    } else {
      checkCategoryName(category, path);
      const [, part, folder, name] = segments;
      if (segments.length !== 4 || folder === undefined || name === undefined)
        throw misplaced(path);
      if (part === 'ground_truth') masks.add({ folder: `${category}/${folder}`, name, file: path });
      else images.push(toEntry({ category, part, folder, name, path }));
    }
  }

  rejectEqualStems(images);
  const entries = images.map((entry) => ({
    ...entry,
    maskFile: entry.split === 'test' ? takeMask(masks, entry) : null,
  }));
  rejectMasksLeft(masks);
  rejectEmptyCategories(source, root, entries);
  return {
    root: root.folder,
    entries: entries.sort((a, b) => compareText(a.path, b.path)),
    ignored,
  };
}

interface ImageFile {
  readonly category: string;
  readonly part: string | undefined;
  readonly folder: string;
  readonly name: string;
  /** In the source. */
  readonly path: string;
}

function toEntry({ category, part, folder, name, path }: ImageFile): LayoutEntry {
  const isNormal = folder === NORMAL_FOLDER;
  if (!isNormal && meansNormal(folder)) {
    throw new DomainError('INVALID_INPUT', `${path} is in a folder "${folder}": is it normal?`, {
      fix: `Rename the folder to "${NORMAL_FOLDER}", in lower case, if its images are normal; else name it after its defect.`,
      file: path,
    });
  }
  if (part === 'train' && !isNormal) {
    throw new DomainError('INVALID_INPUT', `${path} is a training image outside train/good.`, {
      fix: 'Training images must be normal: move it to train/good, or to test/<defect type> if it has a defect.',
      file: path,
    });
  }
  if (part !== 'train' && part !== 'test') throw misplaced(path);
  checkDefectType(folder, path);
  return {
    path: `${category}/${part}/${folder}/${name}`,
    category,
    split: part,
    label: isNormal ? 'normal' : 'anomalous',
    defectType: isNormal ? null : folder,
    imageFile: path,
    maskFile: null,
  };
}

function takeMask(masks: MaskIndex, { path, category, defectType }: LayoutEntry): string | null {
  const folder = `${category}/${defectType ?? NORMAL_FOLDER}`;
  return masks.take(folder, path.slice(path.lastIndexOf('/') + 1));
}

/** @throws DomainError INVALID_INPUT for a mask that no image took. */
function rejectMasksLeft(masks: MaskIndex): void {
  for (const { folder, file, name } of masks.left()) {
    const [category, defectType] = folder.split('/');
    const image = `${category}/test/${defectType}/${imageStemOf(name)}`;
    throw new DomainError('INVALID_INPUT', `${file} is a mask without an image (no ${image}.*).`, {
      fix: `Add the image ${image}.png, or remove the mask.`,
      file,
    });
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

function rejectEmptyCategories(
  source: LayoutSource,
  root: Root,
  entries: readonly LayoutEntry[],
): void {
  const trained = new Set(entries.filter((e) => e.split === 'train').map((e) => e.category));
  const folders = source.directories.filter((path) => !isSystemFile(path));
  const named = source.files.map((file) => file.path).filter((path) => !isSystemFile(path));
  const all = [
    ...folders.map((path) => segmentsIn(`${path}/.`, root)),
    ...named.map((path) => segmentsIn(path, root)),
  ];
  const categories = new Set(all.flatMap((s) => (s !== null && s.length > 1 ? (s[0] ?? []) : [])));
  for (const category of [...categories].sort(compareText)) {
    if (trained.has(category)) continue;
    checkCategoryName(category, category);
    const some = entries.some((entry) => entry.category === category);
    const what = some ? 'has no training images' : 'has no images at all';
    throw new DomainError('INVALID_INPUT', `The category ${category} ${what}.`, {
      fix: `Put normal images into ${category}/train/good, or remove the folder ${category} from the dataset.`,
      file: category,
    });
  }
}

function misplaced(path: string): DomainError {
  return new DomainError('INVALID_INPUT', `${path} is an image that has no place in the layout.`, {
    fix: `Move or remove it. Expected:\n${EXPECTED}`,
    file: path,
  });
}

/** `[category, part, folder, name]` of a source path, or null outside the layout's root. */
function segmentsIn(path: string, root: Root): string[] | null {
  const inside = pathBelow(path, root.folder);
  if (inside === null) return null;
  const segments = inside.normalize('NFC').split('/');
  return root.category === null ? segments : [root.category.normalize('NFC'), ...segments];
}
