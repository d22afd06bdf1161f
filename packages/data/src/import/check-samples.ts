/** @file Looks at every image and mask of a dataset, decoding them in full, before anything is stored. */
import { availableParallelism } from 'node:os';
import type { DatasetImportOptions, Sample, ValueRange } from '@plumbline/contracts';
import { findCategoryRange, type ImageValues } from '../images/category-range.ts';
import { decodeImage } from '../images/decode-image.ts';
import { pixelsOf } from '../images/header-pixels.ts';
import type { LayoutAdvice, LayoutEntry } from '../layouts/layout.ts';
import { Room } from '../room.ts';
import { runBounded } from '../run-bounded.ts';
import type { SourceFiles } from '../sources/source-files.ts';
import type { BlobStaging } from '../store/blob-staging.ts';
import { BadFiles } from './bad-files.ts';
import { assertOptionsUsed, type CheckedMask, rejectLargeMasks } from './check-masks.ts';
import { type FirstLook, type Look, lookAt, lookOf, type TakenFile } from './first-look.ts';
import { takeMask } from './take-mask.ts';

/** Images in work: while some are decoded, others are read, from far away as it may be, and written. */
const AT_A_TIME = 16;
/** More than there are cores: the thread that looks at pixels and reads is not always there to begin the next one. */
const DECODED_AT_ONCE = 2 * Math.max(2, availableParallelism());
/** Decoding a 100 Mpx image takes some 600 MB, so no more than two at once. */
const PIXELS_AT_ONCE = 200e6;
/** Of files. */
const BYTES_AT_ONCE = 128e6;
/** Of a file whose size is not known before it is read. */
const UNKNOWN_BYTES = 32e6;

/** A sample whose split may still be open. */
export type UnsplitSample = Omit<Sample, 'split'> & Pick<LayoutEntry, 'split' | 'group'>;

export interface CheckedSample<Of = Sample> extends Look {
  readonly sample: Of;
  readonly imageFile: string;
  /** Of an anomalous sample. */
  readonly mask: CheckedMask | null;
  /** Whether some of its pixels are transparent. */
  readonly isTransparent: boolean;
}

export interface CheckOptions {
  readonly source: SourceFiles;
  /** Every file is read from the source once, and kept here. */
  readonly staging: BlobStaging;
  readonly entries: readonly LayoutEntry[];
  readonly told: DatasetImportOptions;
  /** By category, where images of it are stored already. */
  readonly knownRanges?: ReadonlyMap<string, ValueRange> | undefined;
  readonly advice: LayoutAdvice;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((checked: number, total: number) => void) | undefined;
}

/** @throws DomainError naming the files at fault; CANCELLED when the signal aborts. */
export async function checkSamples(options: CheckOptions): Promise<CheckedSample<UnsplitSample>[]> {
  const { entries, told, signal } = options;
  const check = sampleCheck(options);
  check.progress.advance(0);
  const bad = new BadFiles(entries);
  const looked = await runBounded({
    items: entries,
    concurrency: AT_A_TIME,
    signal,
    run: (entry) =>
      bad.keep(entry, () => check.reading.use(check.bytesOf(entry), () => lookFirst(check, entry))),
  });
  bad.refuse();
  const looks = looked.filter((one) => one !== null);
  rejectLargeMasks(
    looks.flatMap(({ mask }) => mask ?? []),
    told.masks,
  );
  const ranges = findRanges(looks, (category) => told.range ?? options.knownRanges?.get(category));
  assertOptionsUsed(told, ranges.size > 0, looks);
  check.progress.expect(looks.filter(({ values }) => values.kind !== 'eight').length);
  return runBounded({
    items: looks,
    concurrency: AT_A_TIME,
    signal,
    run: (first) => complete(check, first, ranges.get(first.entry.category) ?? null),
  });
}

interface SampleCheck extends CheckOptions {
  /** Bytes of files. */
  readonly reading: Room;
  /** Pixels. */
  readonly decoding: Room;
  /** Of all files of an entry. */
  bytesOf(entry: LayoutEntry): number;
  readonly progress: { advance(files: number): void; expect(moreFiles: number): void };
}

function sampleCheck(options: CheckOptions): SampleCheck {
  let total = options.entries.reduce((sum, entry) => sum + filesOf(entry), 0);
  let checked = 0;
  const sizes = new Map(options.source.files.map(({ path, bytes }) => [path, bytes]));
  const sizeOf = (path: string): number => sizes.get(path) ?? UNKNOWN_BYTES;
  return {
    ...options,
    ...{
      reading: new Room(BYTES_AT_ONCE),
      decoding: new Room(PIXELS_AT_ONCE, PIXELS_AT_ONCE / DECODED_AT_ONCE),
    },
    bytesOf: ({ imageFile, mask }) =>
      (mask?.kind === 'files' ? mask.files : []).reduce(
        (sum, file) => sum + sizeOf(file),
        sizeOf(imageFile),
      ),
    progress: {
      advance(files) {
        checked += files;
        options.onProgress?.(checked, total);
      },
      expect(moreFiles) {
        total += moreFiles;
      },
    },
  };
}

function filesOf(entry: LayoutEntry): number {
  return entry.mask?.kind === 'files' ? 1 + entry.mask.files.length : 1;
}

async function lookFirst(check: SampleCheck, entry: LayoutEntry): Promise<FirstLook> {
  const { source, staging, told, advice, progress, decoding } = check;
  const taken = await take(check, entry.imageFile);
  const first = await decoding.use(await pixelsOf(taken.bytes), () => lookAt(taken, entry));
  const files = { source, staging, told: told.masks, advice, decoding };
  const mask = entry.mask === null ? null : await takeMask(files, entry.mask, first);
  progress.advance(filesOf(entry));
  return { ...first, mask };
}

async function take({ source, staging }: SampleCheck, file: string): Promise<TakenFile> {
  const bytes = await source.read(file);
  return { bytes, sha256: await staging.add(bytes) };
}

/** With the range of its category, and what only pixels of 8 bits tell. */
async function complete(
  { staging, progress, decoding }: SampleCheck,
  first: FirstLook,
  range: ValueRange | null,
): Promise<CheckedSample<UnsplitSample>> {
  const { entry, image, look } = first;
  if (range === null || first.values.kind === 'eight') {
    if (look === null) throw new Error(`${entry.imageFile} has no range`);
    return toChecked(first, look, null);
  }
  return decoding.use(image.width * image.height, async () => {
    const rgb = await decodeImage(await staging.read(image.sha256), entry.imageFile, range);
    progress.advance(1);
    return toChecked(first, lookOf(rgb, entry), range);
  });
}

function findRanges(
  looks: readonly FirstLook[],
  declaredOf: (category: string) => ValueRange | undefined,
): Map<string, ValueRange> {
  const images = new Map<string, ImageValues[]>();
  for (const { entry, values } of looks) {
    const own = images.get(entry.category);
    if (own === undefined) images.set(entry.category, [values]);
    else own.push(values);
  }
  const ranges = new Map<string, ValueRange>();
  for (const [category, own] of images) {
    const range = findCategoryRange(category, own, declaredOf(category));
    if (range !== null) ranges.set(category, range);
  }
  return ranges;
}

function toChecked(
  first: FirstLook,
  look: Look,
  range: ValueRange | null,
): CheckedSample<UnsplitSample> {
  const { path, category, split, group, label, defectType, imageFile } = first.entry;
  // A mask of a normal image says nothing beyond its label.
  const mask = label === 'normal' ? null : first.mask;
  return {
    sample: {
      ...{ path, category, split, label, defectType, image: first.image },
      ...(group === undefined ? {} : { group }),
      ...(range === null ? {} : { range }),
      mask: mask?.blob ?? null,
      ...(mask === null || mask.rule === null ? {} : { maskRule: mask.rule }),
    },
    imageFile,
    mask,
    isTransparent: first.isTransparent,
    ...look,
  };
}
