/** @file Inspected images as samples of a dataset: read from the store again, and checked as those of an import are. */
import {
  type DatasetChange,
  DomainError,
  type Sample,
  type ValueRange,
} from '@plumbline/contracts';
import { checkSamples } from '../import/check-samples.ts';
import { checkDefectType } from '../layouts/file-names.ts';
import type { LayoutEntry } from '../layouts/layout.ts';
import type { BlobStore } from '../store/blob-store.ts';
import { UNNAMED_DEFECT } from './edit-samples.ts';

type Added = Extract<DatasetChange, { kind: 'addInspected' }>['images'][number];

export interface InspectedImages {
  readonly images: readonly Added[];
  /** SHA-256 by inspection. */
  readonly stored: ReadonlyMap<string, string>;
  readonly blobs: BlobStore;
  /** Of the dataset. */
  readonly categories: readonly string[];
  /** By category, of images with more than 8 bits. */
  readonly knownRanges: ReadonlyMap<string, ValueRange>;
  readonly signal?: AbortSignal | undefined;
}

const ADVICE = { markedNormal: 'Inspected images have no masks.' };

/**
 * Normal ones are training images, anomalous ones test images. They stay in the store for a day, by when a version refers to them.
 * @throws DomainError INVALID_INPUT for a category that the dataset does not have, and for one image with two labels
 */
export async function takeInspected(options: InspectedImages): Promise<Sample[]> {
  const { stored, blobs, knownRanges, signal } = options;
  const hashes = new Map(
    unlike(options).map((image) => [fileOf(image), stored.get(image.inspection) ?? '']),
  );
  const staging = await blobs.stage();
  try {
    const checked = await checkSamples({
      source: {
        ...{ name: 'inspected images', files: [], directories: [] },
        read: (path) => blobs.read(hashes.get(path) ?? ''),
        close: async () => {},
      },
      entries: unlike(options).map(entryOf),
      ...{ staging, knownRanges, signal, advice: ADVICE, told: {} },
    });
    await staging.commit(hashes.values());
    return checked.map(({ sample: { split, group: _, ...sample } }) => ({
      ...sample,
      split: split ?? 'train',
      path: `${sample.path}.${sample.image.format}`,
    }));
  } finally {
    await staging.discard();
  }
}

/** Each image once. */
function unlike({ images, stored, categories }: InspectedImages): Added[] {
  const first = new Map<string, Added>();
  for (const image of images) {
    if (!categories.includes(image.category))
      throw bad(
        `The dataset has no category "${image.category}".`,
        `Name one of its categories: ${categories.join(', ')}.`,
        image,
      );
    const sha256 = stored.get(image.inspection) ?? '';
    const other = first.get(sha256);
    if (other === undefined) first.set(sha256, image);
    else if (other.label !== image.label || other.category !== image.category)
      throw bad(
        `It is the same image as that of inspection ${other.inspection}, which is ${other.label} and of ${other.category}.`,
        'Add it once.',
        image,
      );
  }
  return [...first.values()];
}

function entryOf(image: Added): LayoutEntry {
  const { category, label, inspection } = image;
  const isNormal = label === 'normal';
  const defectType = isNormal ? null : (image.defectType ?? UNNAMED_DEFECT);
  if (defectType !== null) checkDefectType(defectType, fileOf(image));
  const split = isNormal ? 'train' : 'test';
  return {
    path: `${category}/${split}/${defectType ?? 'good'}/inspected-${inspection}`,
    imageFile: fileOf(image),
    ...{ category, split, label, defectType, mask: null },
  };
}

function fileOf({ inspection }: Added): string {
  return `inspection ${inspection}`;
}

function bad(message: string, fix: string, image: Added): DomainError {
  return new DomainError('INVALID_INPUT', message, { field: 'changes', fix, file: fileOf(image) });
}
