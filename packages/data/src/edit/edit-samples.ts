/** @file What changes make of the samples of a dataset version. Images stay as they are stored. */
import { type DatasetChange, DomainError, type Sample } from '@plumbline/contracts';
import { checkDefectType, stemOf } from '../layouts/file-names.ts';
import { compareText } from '../store/canonical-json.ts';
import { type NewMasks, rejectMarkedNormal, withMask } from './set-masks.ts';

/** Samples of the dataset or the files that a change adds from. */
export type AddedSamples = ReadonlyMap<DatasetChange, readonly Sample[]>;

type Change<Kind extends DatasetChange['kind']> = Extract<DatasetChange, { kind: Kind }>;

type Adding = Change<'add' | 'addFiles' | 'addInspected'>;

/** Defect type of what is labeled anomalous without one. */
export const UNNAMED_DEFECT = 'defect';

/**
 * @param added Samples that the changes add, by the change
 * @param masks That they set, by the change
 * @returns sorted by path
 * @throws DomainError INVALID_INPUT for a path that the version does not have, and for changes that change nothing
 */
export function editSamples(
  samples: readonly Sample[],
  changes: readonly DatasetChange[],
  added: AddedSamples = new Map(),
  masks: NewMasks = new Map(),
): Sample[] {
  const edited = new EditedSamples(samples);
  for (const change of changes) {
    if (addsImages(change)) add(edited, change, added.get(change) ?? []);
    else if (change.kind === 'setIgnore') continue;
    else if (change.kind === 'setMask')
      edited.keep(withMask(edited.take(change.path), masks.get(change) ?? null));
    else for (const path of new Set(change.paths)) apply(edited, change, edited.take(path));
  }
  const result = edited.all().sort((a, b) => compareText(a.path, b.path));
  if (!result.some(({ split, label }) => split === 'train' && label === 'normal'))
    throw bad('changes', 'No normal training image would be left.', 'Leave at least one.');
  rejectMarkedNormal(result);
  const isOfSamples = changes.every(({ kind }) => kind !== 'setIgnore');
  if (isOfSamples && JSON.stringify(result) === JSON.stringify(samples)) throw changesNothing();
  return result;
}

export function changesNothing(): DomainError {
  return bad('changes', 'These changes change nothing.', 'Look at the latest version.');
}

function apply(
  edited: EditedSamples,
  change: Change<'exclude' | 'move' | 'relabel'>,
  sample: Sample,
): void {
  switch (change.kind) {
    case 'exclude':
      return;
    case 'move':
      if (sample.label === 'anomalous' && change.split === 'train')
        throw bad('changes', `${sample.path} is anomalous.`, 'Train with normal images only.');
      edited.put({ ...sample, split: change.split });
      return;
    case 'relabel':
      edited.put(relabeled(sample, change));
  }
}

function relabeled(sample: Sample, { label, defectType }: Change<'relabel'>): Sample {
  if (label === 'normal') {
    const { maskRule: _, ...rest } = sample;
    return { ...rest, label, defectType: null, mask: null };
  }
  const type = defectType ?? sample.defectType ?? UNNAMED_DEFECT;
  checkDefectType(type, sample.path);
  return { ...sample, label, split: 'test', defectType: type };
}

function addsImages(change: DatasetChange): change is Adding {
  return ['add', 'addFiles', 'addInspected'].includes(change.kind);
}

function add(edited: EditedSamples, change: Adding, samples: readonly Sample[]): void {
  const split = change.kind === 'addInspected' ? undefined : change.split;
  const from = sourceOf(change);
  const keyOf = ({ category, image }: Sample) => `${category}/${image.sha256}`;
  const known = new Set(edited.all().map(keyOf));
  const wanted = split === undefined ? samples : samples.filter((one) => one.split === split);
  const fresh = wanted.filter((sample) => !known.has(keyOf(sample)));
  if (fresh.length === 0)
    throw bad(
      'changes',
      `There is no image in ${from} that is missing here.`,
      'Add others. An image that is there already, byte for byte, is not added again.',
    );
  for (const sample of fresh) {
    assertSameRange(edited, sample, from);
    edited.put(sample);
  }
}

function sourceOf(change: Adding): string {
  if (change.kind === 'add') return change.from;
  return change.kind === 'addFiles' ? 'the files' : 'the inspected images';
}

/** Equal values would mean other brightness. */
function assertSameRange(edited: EditedSamples, sample: Sample, from: string): void {
  for (const other of edited.all()) {
    if (other.category !== sample.category) continue;
    if (other.range?.low === sample.range?.low && other.range?.high === sample.range?.high) return;
    throw bad(
      'changes',
      `${sample.path} of ${from} has another range of values than the images of ${other.category} here.`,
      'Import it again with the same range: --range LOW..HIGH.',
      sample.path,
    );
  }
}

class EditedSamples {
  readonly #byPath: Map<string, Sample>;
  /** Two images of one name before the extension would share a mask. */
  readonly #stems: Set<string>;

  constructor(samples: readonly Sample[]) {
    this.#byPath = new Map(samples.map((sample) => [sample.path, sample]));
    this.#stems = new Set(samples.map(({ path }) => stemKey(path)));
  }

  all(): Sample[] {
    return [...this.#byPath.values()];
  }

  /** Out of the samples: what becomes of it is put back. */
  take(path: string): Sample {
    const sample = this.#byPath.get(path);
    if (sample === undefined) {
      throw bad(
        'changes',
        `The version has no image ${path}.`,
        'Take paths from the latest version; images that were moved have other paths.',
        path,
      );
    }
    this.#byPath.delete(path);
    this.#stems.delete(stemKey(path));
    return sample;
  }

  /** What was taken, where it was. */
  keep(sample: Sample): void {
    this.#byPath.set(sample.path, sample);
    this.#stems.add(stemKey(sample.path));
  }

  /** Under the path that the MVTec layout has for it, and another one where that is taken. */
  put(sample: Sample): void {
    const { category, split, label, defectType } = sample;
    const name = sample.path.slice(sample.path.lastIndexOf('/') + 1);
    const stem = stemOf(name);
    const extension = name.slice(stem.length);
    const folder = `${category}/${split}/${label === 'normal' ? 'good' : defectType}`;
    let free = `${folder}/${stem}`;
    for (let number = 2; this.#stems.has(free.toLowerCase()); number++)
      free = `${folder}/${stem}-${number}`;
    const path = `${free}${extension}`;
    this.#byPath.set(path, { ...sample, path });
    this.#stems.add(free.toLowerCase());
  }
}

function stemKey(path: string): string {
  return stemOf(path).toLowerCase();
}

function bad(field: string, message: string, fix: string, file?: string): DomainError {
  return new DomainError('INVALID_INPUT', message, {
    ...{ field, fix },
    ...(file === undefined ? {} : { file }),
  });
}
