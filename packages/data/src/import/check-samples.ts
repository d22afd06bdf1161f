/** @file Looks at every image and mask of a dataset, decoding them in full, before anything is stored. */
import {
  type DatasetImportOptions,
  DomainError,
  type ImageBlob,
  type Sample,
  type ValueRange,
} from '@plumbline/contracts';
import { findCategoryRange, type ImageValues } from '../images/category-range.ts';
import { decodeImage, readImage } from '../images/decode-image.ts';
import { spanOf } from '../images/deep-pixels.ts';
import { luminanceOf } from '../images/luminance-picture.ts';
import type { RgbImage } from '../images/rgb-image.ts';
import type { LayoutAdvice, LayoutEntry } from '../layouts/layout.ts';
import { runBounded } from '../run-bounded.ts';
import type { SourceFiles } from '../sources/source-files.ts';
import type { BlobStaging } from '../store/blob-staging.ts';
import { assertOptionsUsed, type CheckedMask, checkMask, rejectLargeMasks } from './check-masks.ts';

/** Decoding a 100 Mpx image takes some 600 MB, so no more than two at once. */
const CONCURRENCY = 2;
const MAX_FILE_BYTES = 1024 ** 3;

export interface CheckedSample {
  readonly sample: Sample;
  readonly imageFile: string;
  /** Of an anomalous sample. */
  readonly mask: CheckedMask | null;
  /** Different values of the 8-bit pixels. */
  readonly levels: number;
  /** Luminance, 32 × 32, of a normal sample; null of an anomalous one. */
  readonly picture: Float32Array | null;
}

export interface CheckOptions {
  readonly source: SourceFiles;
  /** Every file is read from the source once, and kept here. */
  readonly staging: BlobStaging;
  readonly entries: readonly LayoutEntry[];
  readonly told: DatasetImportOptions;
  readonly advice: LayoutAdvice;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((checked: number, total: number) => void) | undefined;
}

/** Of one image, before the range of its category is known. */
interface FirstLook {
  readonly entry: LayoutEntry;
  readonly image: ImageBlob;
  readonly values: ImageValues;
  /** Null of an image with more than 8 bits: its pixels depend on the range. */
  readonly look: Look | null;
  readonly mask: CheckedMask | null;
}

type Look = Pick<CheckedSample, 'levels' | 'picture'>;

/** @throws DomainError naming the first file at fault; CANCELLED when the signal aborts. */
export async function checkSamples(options: CheckOptions): Promise<CheckedSample[]> {
  const { source, staging, entries, told, signal } = options;
  const sizes = new Map(source.files.map((file) => [file.path, file.bytes]));
  const filesOf = (entry: LayoutEntry): number => (entry.maskFile === null ? 1 : 2);
  let total = entries.reduce((sum, entry) => sum + filesOf(entry), 0);
  let checked = 0;
  const advance = (files: number): void => {
    checked += files;
    options.onProgress?.(checked, total);
  };

  async function take(file: string): Promise<TakenFile> {
    if ((sizes.get(file) ?? 0) > MAX_FILE_BYTES) {
      throw new DomainError('INVALID_INPUT', `${file} is larger than 1 GB.`, {
        fix: 'Save it with compression, scale it down or cut it into tiles.',
        file,
      });
    }
    const bytes = await source.read(file);
    return { bytes, sha256: await staging.add(bytes) };
  }

  async function check(entry: LayoutEntry): Promise<FirstLook> {
    const { imageFile, maskFile } = entry;
    const first = await lookAt(await take(imageFile), entry);
    let mask: CheckedMask | null = null;
    if (maskFile !== null) {
      const { image } = first;
      const taken = await take(maskFile);
      mask = await checkMask(
        { ...taken, file: maskFile, entry, image },
        told.masks,
        options.advice,
      );
    }
    advance(filesOf(entry));
    return { ...first, mask };
  }

  /** With the range of its category, and what only pixels of 8 bits tell. */
  async function complete(first: FirstLook, range: ValueRange | null): Promise<CheckedSample> {
    const { entry, image, look } = first;
    if (range === null || first.values.kind === 'eight') {
      if (look === null) throw new Error(`${entry.imageFile} has no range`);
      return toChecked(first, look, null);
    }
    const rgb = await decodeImage(await staging.read(image.sha256), entry.imageFile, range);
    advance(1);
    return toChecked(first, lookOf(rgb, entry), range);
  }

  advance(0);
  const looks = await runBounded({ items: entries, concurrency: CONCURRENCY, signal, run: check });
  rejectLargeMasks(
    looks.flatMap(({ mask }) => mask ?? []),
    told.masks,
  );
  const ranges = findRanges(looks, told.range);
  assertOptionsUsed(told, ranges.size > 0, looks);
  total += looks.filter(({ values }) => values.kind !== 'eight').length;
  return runBounded({
    items: looks,
    concurrency: CONCURRENCY,
    signal,
    run: (first) => complete(first, ranges.get(first.entry.category) ?? null),
  });
}

interface TakenFile {
  readonly bytes: Uint8Array;
  readonly sha256: string;
}

async function lookAt(
  { bytes, sha256 }: TakenFile,
  entry: LayoutEntry,
): Promise<Omit<FirstLook, 'mask'>> {
  const file = entry.imageFile;
  const { format, rgb, deep } = await readImage(bytes, file);
  const { width, height } = deep ?? rgb;
  const image = { sha256, bytes: bytes.length, width, height, format };
  if (deep !== null) {
    const values = { file, kind: deep.kind, span: spanOf(deep) };
    return { entry, image, values, look: null };
  }
  return { entry, image, values: { file, kind: 'eight', span: null }, look: lookOf(rgb, entry) };
}

function lookOf(rgb: RgbImage, { label }: LayoutEntry): Look {
  const seen = new Uint8Array(256);
  for (const value of rgb.data) seen[value] = 1;
  const levels = seen.reduce((sum, one) => sum + one, 0);
  return { levels, picture: label === 'normal' ? luminanceOf(rgb) : null };
}

function findRanges(
  looks: readonly FirstLook[],
  declared: ValueRange | undefined,
): Map<string, ValueRange> {
  const images = new Map<string, ImageValues[]>();
  for (const { entry, values } of looks) {
    const own = images.get(entry.category);
    if (own === undefined) images.set(entry.category, [values]);
    else own.push(values);
  }
  const ranges = new Map<string, ValueRange>();
  for (const [category, own] of images) {
    const range = findCategoryRange(category, own, declared);
    if (range !== null) ranges.set(category, range);
  }
  return ranges;
}

function toChecked(first: FirstLook, look: Look, range: ValueRange | null): CheckedSample {
  const { path, category, split, label, defectType, imageFile } = first.entry;
  // A mask of a normal image says nothing beyond its label.
  const mask = label === 'normal' ? null : first.mask;
  return {
    sample: {
      ...{ path, category, split, label, defectType, image: first.image },
      ...(range === null ? {} : { range }),
      mask: mask?.blob ?? null,
      ...(mask === null || mask.rule === null ? {} : { maskRule: mask.rule }),
    },
    imageFile,
    mask,
    ...look,
  };
}
