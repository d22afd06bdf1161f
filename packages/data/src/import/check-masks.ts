/** @file Looks at masks: their size, how they are read, and whether they mark what they should. */
import {
  type DatasetImportOptions,
  DomainError,
  type ImageBlob,
  LARGEST_MASK_SHARE,
  type MaskRule,
} from '@plumbline/contracts';
import { type Mask, markMask, readMask } from '../images/mask.ts';
import { markedShare } from '../images/mask-png.ts';
import { type MaskLevels, readingOf } from '../images/mask-rule.ts';
import type { LayoutAdvice, LayoutEntry } from '../layouts/layout.ts';

export interface CheckedMask {
  readonly file: string;
  readonly blob: ImageBlob;
  readonly levels: MaskLevels;
  /** Null where whatever is not zero is marked. */
  readonly rule: MaskRule | null;
  /** Of the image that it marks, 0 to 1. */
  readonly share: number;
}

type Told = DatasetImportOptions['masks'];

/** Files named in a message. */
const NAMED_FILES = 5;

/** The image that a mask marks. */
export interface MarkedImage {
  readonly entry: LayoutEntry;
  readonly image: ImageBlob;
  /** Of the image's file. */
  readonly orientation: number;
}

export interface MaskToCheck extends MarkedImage {
  readonly file: string;
  readonly bytes: Uint8Array;
}

export interface CheckContext {
  readonly told: Told;
  readonly advice: LayoutAdvice;
}

/** What a file marks, and how it is read. */
export interface ReadMask {
  readonly marks: Mask;
  readonly format: ImageBlob['format'];
  readonly levels: MaskLevels;
  readonly rule: MaskRule | null;
}

/** @throws DomainError INVALID_INPUT naming the mask: broken, or not lying on its image. */
export async function readMaskOf(mask: MaskToCheck, told: Told): Promise<ReadMask> {
  const { file, bytes } = mask;
  const values = await readMask(bytes, file);
  const { levels, rule } = readingOf(values, told);
  const marks = markMask(values, rule);
  rejectOtherSize(mask, marks, values.orientation);
  rejectOtherOrientation(mask, values.orientation);
  const isUsual = rule.above === 0 && !rule.inverted && rule.ground === undefined;
  return { marks, format: values.format, levels, rule: isUsual ? null : rule };
}

/** @throws DomainError INVALID_INPUT naming a mask that marks a normal image. */
export function shareOf(
  mask: Mask,
  file: string,
  { entry }: MarkedImage,
  advice: LayoutAdvice,
): number {
  const share = markedShare(mask);
  if (entry.label === 'normal' && share > 0) throw markedNormal(file, entry, advice);
  return share;
}

export function rejectOtherSize(
  { file, entry, image, orientation }: Omit<MaskToCheck, 'bytes'>,
  { width, height }: Pick<Mask, 'width' | 'height'>,
  own: number,
): void {
  if (width === image.width && height === image.height) return;
  const isTurned = width === image.height && height === image.width;
  throw new DomainError(
    'INVALID_INPUT',
    `${file} is ${width} × ${height} pixels, its image ${entry.imageFile} is ${image.width} × ${image.height}${isTurned && orientation !== own ? ' once it is turned as its EXIF orientation says' : ''}.`,
    {
      fix: isTurned && orientation !== own ? UPRIGHT : 'Make the mask the same size as its image.',
      file,
    },
  );
}

const UPRIGHT =
  'Save image and mask upright, both without an EXIF orientation, so that they lie on one another.';
/** Orientations from here on exchange width and height. */
const FIRST_ON_ITS_SIDE = 5;

/** Whether a mask of the size of the turned image may have been drawn on it as the sensor took it. */
export function isLieUnknown(
  { width, height }: Pick<ImageBlob, 'width' | 'height'>,
  orientation: { readonly image: number; readonly mask: number },
): boolean {
  if (orientation.mask === orientation.image) return false;
  const isOnSide = orientation.mask >= FIRST_ON_ITS_SIDE !== orientation.image >= FIRST_ON_ITS_SIDE;
  // Of equal size only once the image is turned: it was drawn on the turned image.
  return !(isOnSide && orientation.mask === 1 && width !== height);
}

/** A mask drawn on the picture as the sensor took it would mark another place, where its size does not give it away. */
function rejectOtherOrientation(
  { file, entry, image, orientation }: MaskToCheck,
  own: number,
): void {
  if (!isLieUnknown(image, { image: orientation, mask: own })) return;
  throw new DomainError(
    'INVALID_INPUT',
    `${entry.imageFile} is turned by its EXIF orientation (${orientation}), and its mask ${file} ${own === 1 ? 'is not' : `by another (${own})`}: nothing says whether they lie on one another.`,
    { fix: UPRIGHT, file },
  );
}

function markedNormal(file: string, entry: LayoutEntry, advice: LayoutAdvice): DomainError {
  return new DomainError(
    'INVALID_INPUT',
    `${file} marks pixels of ${entry.imageFile}, which is a normal image.`,
    { fix: `${advice.markedNormal} If masks mark what is normal: --masks inverted.`, file },
  );
}

/** @throws DomainError INVALID_INPUT naming masks that mark more than half of their image, unless told that they do. */
export function rejectLargeMasks(
  masks: readonly Pick<CheckedMask, 'file' | 'share'>[],
  told: Told,
): void {
  const large = masks.filter(({ share }) => share > LARGEST_MASK_SHARE);
  const [first] = large;
  if (first === undefined || told === 'as-is') return;
  const named = large.slice(0, NAMED_FILES).map(({ file }) => file);
  const more = large.length > named.length ? ` and ${large.length - named.length} more` : '';
  const marks = large.length === 1 ? 'marks' : 'mark';
  const why =
    told === 'inverted'
      ? 'These masks are wrong when read as inverted: import without --masks inverted, or make all masks alike. If defects do fill the image: --masks as-is'
      : 'If masks mark what is normal: --masks inverted. If defects do fill the image: --masks as-is';
  throw new DomainError(
    'INVALID_INPUT',
    `${named.join(', ')}${more} ${marks} more than half of the image as anomalous.`,
    {
      file: first.file,
      field: 'masks',
      fix: `${why} (“Masks” in the import form, \`masks\` in the API).`,
    },
  );
}

/** @throws DomainError INVALID_INPUT for an option that would change nothing: whoever gave it takes the files for others. */
export function assertOptionsUsed(
  told: DatasetImportOptions,
  hasRanges: boolean,
  images: readonly { readonly mask: CheckedMask | null }[],
): void {
  if (told.range !== undefined && !hasRanges) {
    throw new DomainError(
      'INVALID_INPUT',
      'You gave a range of values, but every image has 8 bits and is taken as it is.',
      { field: 'range', fix: 'Import without --range.' },
    );
  }
  if (told.masks !== undefined && images.every(({ mask }) => mask === null)) {
    throw new DomainError('INVALID_INPUT', 'You said how to read masks, but there are none.', {
      field: 'masks',
      fix: `Import without --masks ${told.masks}.`,
    });
  }
}
