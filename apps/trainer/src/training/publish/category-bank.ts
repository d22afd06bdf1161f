/** @file The bank that an image's category is found by, and how often it is right on the test split. */
import {
  CATEGORY_BANK_FILE,
  type CategoryBank,
  type DescriptorBank,
  type Executor,
  findCategory,
  type GraphSession,
  imageFeed,
  type Preprocessing,
  readCategoryBank,
  type Sample,
  tileCount,
  writeCategoryBank,
} from '@plumbline/contracts';
import { categoryReach, LEAST_FOR_REACH, leaveOneOut, sureShare } from '@plumbline/eval';
import { type Backbone, buildDescriptorGraph, descriptorSize } from '@plumbline/model';
import { imageBatches } from '../features/image-batches.ts';
import type { BlobReader } from '../features/read-image.ts';
import { normalTrainingImages, type TrainingSplit } from '../fit/hold-out.ts';
import { chooseBankImages } from './bank-images.ts';

/** By leaving one image out on ten real categories with three backbones: as often right as 1 and 3, and says when unsure. */
const NEIGHBORS = 5;

export interface MadeBank {
  /** Of `category-bank.safetensors`. */
  readonly bytes: Uint8Array;
  /** As it will be read. */
  readonly bank: DescriptorBank;
  readonly sureFrom: number;
  readonly reach: Readonly<Record<string, number>>;
}

/** With one category there is none to find, but an image that is unlike all of its training images is told. */
export function needsCategoryBank(samples: readonly Sample[]): boolean {
  if (hasSeveralCategories(samples)) return true;
  const normal = normalTrainingImages(samples).map(({ image }) => image.sha256);
  return new Set(normal).size >= LEAST_FOR_REACH;
}

function hasSeveralCategories(samples: readonly Sample[]): boolean {
  return new Set(samples.map(({ category }) => category)).size > 1;
}

export interface CategoryBankOptions {
  readonly samples: readonly Sample[];
  readonly split: TrainingSplit;
  readonly backbone: Backbone;
  readonly preprocessing: Preprocessing;
  readonly seed: number;
  readonly serving: Executor;
  readonly blobs: BlobReader;
  readonly signal: AbortSignal;
  /** Images that were described before; null where none were. */
  readonly known: DescribedImages | null;
}

export interface DescribedImages {
  /** As `chooseBankImages` chose them. */
  readonly samples: readonly Sample[];
  readonly bank: DescriptorBank;
}

/** @returns null for a dataset of one category with few training images. */
export async function makeCategoryBank(options: CategoryBankOptions): Promise<MadeBank | null> {
  const { samples, split, backbone, preprocessing, serving, blobs, seed, signal } = options;
  if (!needsCategoryBank(samples)) return null;
  const graph = { backbone, preprocessing };
  const size = descriptorSize(graph);
  const normal = [...split.fit, ...split.heldOut];
  const chosen = chooseBankImages(normal, seed, size);
  const known = rowsOf(options.known);
  const unknown = chosen.filter((sample) => !known.has(keyOf(sample)));
  const session = await serving.load(buildDescriptorGraph(graph));
  try {
    const described = await describeImages({
      ...{ session, samples: unknown, blobs, signal, size },
      provider: serving.provider,
      views: tileCount(preprocessing),
    });
    const rows = new Map([...known, ...rowsOf({ samples: unknown, bank: described })]);
    const bytes = writeCategoryBank(bankOf(chosen, rows, size));
    const read = readCategoryBank(bytes);
    const leftOut = leaveOneOut(read, NEIGHBORS);
    return { bytes, bank: read, sureFrom: sureShare(leftOut), reach: categoryReach(leftOut) };
  } finally {
    await session.release();
  }
}

/** The descriptor of each image. */
function rowsOf(described: DescribedImages | null): Map<string, Float32Array> {
  if (described === null) return new Map();
  const { samples, bank } = described;
  const row = (index: number) =>
    bank.descriptors.subarray(index * bank.size, (index + 1) * bank.size);
  return new Map(samples.map((sample, index) => [keyOf(sample), row(index)]));
}

function keyOf({ category, image }: Sample): string {
  return `${category}/${image.sha256}`;
}

function bankOf(
  samples: readonly Sample[],
  rows: ReadonlyMap<string, Float32Array>,
  size: number,
): DescriptorBank {
  const names = [...new Set(samples.map(({ category }) => category))];
  const descriptors = new Float32Array(samples.length * size);
  for (const [index, sample] of samples.entries())
    descriptors.set(rows.get(keyOf(sample)) ?? [], index * size);
  const categories = Int32Array.from(samples, ({ category }) => names.indexOf(category));
  return { names, categories, descriptors, size };
}

export interface DescribeImagesOptions {
  readonly session: GraphSession;
  readonly samples: readonly Sample[];
  readonly blobs: BlobReader;
  /** What runs the session. */
  readonly provider: string;
  /** Tiles of an image. */
  readonly views?: number;
  readonly signal: AbortSignal;
  /** Numbers in a descriptor. */
  readonly size: number;
}

/** @param options.session A graph of `buildDescriptorGraph`. */
export async function describeImages({
  session,
  samples,
  size,
  ...source
}: DescribeImagesOptions): Promise<DescriptorBank> {
  const names = [...new Set(samples.map(({ category }) => category))];
  const indices = new Map(names.map((name, index) => [name, index]));
  const descriptors = new Float32Array(samples.length * size);
  let done = 0;
  for await (const { images } of imageBatches({ samples, ...source })) {
    const result = await session.run(imageFeed(images));
    descriptors.set(result['category_descriptor']?.data as Float32Array, done * size);
    done += images.length;
  }
  const categories = Int32Array.from(samples, ({ category }) => indices.get(category) ?? 0);
  return { names, categories, descriptors, size };
}

/** Counts, while the test split is evaluated, how often the bank finds the category. For information: nothing is chosen by it. */
export class CategoryTally {
  readonly #made: MadeBank;
  #right = 0;
  #images = 0;

  constructor(made: MadeBank) {
    this.#made = made;
  }

  /** Of a single category no image is asked. @param descriptor Of the exported graph. */
  add(category: string, descriptor: Float32Array): void {
    const { bank, sureFrom } = this.#made;
    if (bank.names.length === 1) return;
    const found = findCategory(bank, descriptor, { neighbors: NEIGHBORS, sureFrom });
    this.#images += 1;
    if (found.category === category) this.#right += 1;
  }

  /** For the run's log; null without test images. */
  get summary(): string | null {
    if (this.#images === 0) return null;
    return `The right category was found for ${this.#right} of ${this.#images} test images.`;
  }

  /** For the manifest. */
  get facts(): CategoryBank {
    return {
      file: CATEGORY_BANK_FILE,
      images: this.#made.bank.categories.length,
      neighbors: NEIGHBORS,
      sureFrom: this.#made.sureFrom,
      reach: this.#made.reach,
      testAccuracy: this.#images === 0 ? null : this.#right / this.#images,
    };
  }
}
