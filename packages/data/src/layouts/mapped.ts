/** @file A dataset by a mapping: whoever imports says what each folder is. */
import { type DatasetMapping, DomainError, type MappedFolder } from '@plumbline/contracts';
import { checkCategoryName, checkDefectType, lastPart, stemOf } from './file-names.ts';
import { finished, imagesIn } from './flat-entries.ts';
import { matcherOf } from './glob.ts';
import type { Layout, LayoutEntry, LayoutSource } from './layout.ts';
import { maskStemsOf } from './mask-index.ts';
import { fileMask } from './mask-source.ts';

const MAPPED_LAYOUT = 'mapping';

/** A layout for one source. */
export function mappedLayout(mapping: DatasetMapping): Layout {
  return {
    name: MAPPED_LAYOUT,
    title: 'A mapping',
    expected: 'what the mapping says',
    advice: { markedNormal: 'Map its folder as test-anomalous, or its masks as ignore.' },
    recognize: async () => true,
    toEntries: async (source) => readMapped(source, mapping),
  };
}

interface Mapped {
  readonly file: string;
  /** Normalized, as patterns match it. */
  readonly path: string;
  readonly folder: MappedFolder;
}

/** @throws DomainError INVALID_INPUT naming the part of the mapping that fits nothing, or a file that fits no place. */
function readMapped(source: LayoutSource, mapping: DatasetMapping) {
  const mapped = mapFiles(source, mapping);
  const masks = new MappedMasks(mapped.filter(({ folder }) => folder.is === 'masks'));
  const entries = mapped.flatMap(({ file, path, folder }): LayoutEntry[] => {
    if (folder.is === 'masks' || folder.is === 'ignore') return [];
    const category = categoryOf(path, mapping, file);
    const isAnomalous = folder.is === 'test-anomalous';
    const defectType = isAnomalous ? (folder.defectType ?? innermost(path, file)) : null;
    if (defectType !== null) checkDefectType(defectType, file);
    return [
      {
        path: path.startsWith(`${category}/`) ? path : `${category}/${path}`,
        category,
        split: folder.is === 'train-normal' ? 'train' : 'test',
        label: isAnomalous ? 'anomalous' : 'normal',
        defectType,
        imageFile: file,
        mask: isAnomalous ? masks.take(path) : null,
      },
    ];
  });
  // Of normal test images last: a name that they share with anomalous ones is that of the others' masks.
  const masked = entries.map((entry) =>
    entry.split === 'test' && entry.label === 'normal'
      ? { ...entry, mask: masks.takeLeft(entry.imageFile.normalize('NFC')) }
      : entry,
  );
  masks.rejectLeft();
  return finished({ root: '', entries: masked, notes: [] }, source, new Set());
}

function mapFiles(source: LayoutSource, { folders }: DatasetMapping): Mapped[] {
  const rules = folders.map((folder) => ({ folder, fits: matcherOf(folder.path), files: 0 }));
  const mapped: Mapped[] = [];
  for (const file of imagesIn(source)) {
    const path = file.normalize('NFC');
    const rule = rules.find(({ fits }) => fits(path));
    if (rule === undefined) continue;
    rule.files++;
    mapped.push({ file, path, folder: rule.folder });
  }
  const [unused] = rules.filter(({ files, folder }) => files === 0 && folder.is !== 'ignore');
  if (unused === undefined) return mapped;
  throw new DomainError(
    'INVALID_INPUT',
    `The mapping says what ${unused.folder.path} is, but no image of ${source.name} lies there, or an earlier line has them all.`,
    { field: 'mapping', fix: 'Correct its path, or remove it from the mapping.' },
  );
}

function categoryOf(path: string, { category }: DatasetMapping, file: string): string {
  const name =
    typeof category === 'string'
      ? category.normalize('NFC')
      : path.split('/').slice(0, -1)[category.folder - 1];
  if (name === undefined) {
    throw new DomainError(
      'INVALID_INPUT',
      `${file} lies in no folder that could be its category.`,
      {
        field: 'mapping',
        fix: 'Give a name as category, or another number of a folder.',
        file,
      },
    );
  }
  checkCategoryName(name, file);
  return name;
}

function innermost(path: string, file: string): string {
  const folder = path.split('/').at(-2);
  if (folder !== undefined) return folder;
  throw new DomainError('INVALID_INPUT', `${file} lies in no folder that could name its defect.`, {
    field: 'mapping',
    fix: 'Give a defectType.',
    file,
  });
}

/** Masks by name; of several of one name the one whose folders are most like those of the image. */
class MappedMasks {
  readonly #byStem = new Map<string, Mapped[]>();
  readonly #all: readonly Mapped[];
  /** How masks are named, where the mapping says it. */
  readonly #rules: readonly string[];
  readonly #used = new Map<string, string>();

  constructor(masks: readonly Mapped[]) {
    this.#all = masks;
    this.#rules = [...new Set(masks.flatMap(({ folder }) => folder.name ?? []))];
    for (const mask of masks) {
      const stem = nameOf(mask.path);
      const same = this.#byStem.get(stem);
      if (same === undefined) this.#byStem.set(stem, [mask]);
      else same.push(mask);
    }
  }

  take(image: string) {
    const ranked = this.#candidates(nameOf(image))
      .map((mask) => ({ mask, shared: sharedFolders(mask.path, image) }))
      .sort((a, b) => b.shared - a.shared);
    const [first, second] = ranked;
    if (first === undefined) return null;
    const { file } = first.mask;
    const other = this.#used.get(file);
    if (first.shared === second?.shared || other !== undefined) {
      throw new DomainError(
        'INVALID_INPUT',
        other === undefined
          ? `The mask of ${image} may be ${file} or ${second?.mask.file}.`
          : `${file} would be the mask of both ${other} and ${image}.`,
        {
          field: 'mapping',
          fix: 'Give each masks folder the folders of its images, such as masks/scratch for images/scratch, or map them one by one with a name.',
          file,
        },
      );
    }
    this.#used.set(file, image);
    return fileMask(file);
  }

  /** The only mask of this name that no other image took, else null. */
  takeLeft(image: string) {
    const left = this.#candidates(nameOf(image)).filter(({ file }) => !this.#used.has(file));
    const [only] = left;
    if (only === undefined || left.length > 1) return null;
    this.#used.set(only.file, image);
    return fileMask(only.file);
  }

  #candidates(stem: string): Mapped[] {
    const usual = maskStemsOf(stem);
    const found = [
      ...usual.map((name) => ({ name, rule: undefined })),
      ...this.#rules.map((rule) => ({
        name: rule.toLowerCase().replaceAll('{name}', () => stem),
        rule,
      })),
    ];
    return found.flatMap(({ name, rule }) =>
      (this.#byStem.get(name) ?? []).filter(({ folder }) => folder.name === rule),
    );
  }

  /** @throws DomainError INVALID_INPUT for a mask that no image took. */
  rejectLeft(): void {
    const left = this.#all.find(({ file }) => !this.#used.has(file));
    if (left === undefined) return;
    throw new DomainError('INVALID_INPUT', `${left.file} is a mask without an image.`, {
      field: 'mapping',
      fix: 'Say in the mapping how masks are named ("name: {name}_seg"), add its image, or map it as ignore.',
      file: left.file,
    });
  }
}

/** In lower case, without its extension. */
function nameOf(path: string): string {
  return stemOf(lastPart(path)).toLowerCase();
}

/** Names of folders that both have, wherever. */
function sharedFolders(path: string, other: string): number {
  const folders = new Set(path.split('/').slice(0, -1));
  return new Set(
    other
      .split('/')
      .slice(0, -1)
      .filter((name) => folders.has(name)),
  ).size;
}
