/** @file The mask of a sample, checked and kept: its file as it is, or a picture made of several files or of outlines. */
import { DomainError } from '@plumbline/contracts';
import { crossedRows, drawOutlines } from '../images/draw-outlines.ts';
import { pixelsOf } from '../images/header-pixels.ts';
import type { Mask } from '../images/mask.ts';
import { maskPng } from '../images/mask-png.ts';
import type { MaskSource } from '../layouts/mask-source.ts';
import type { Room } from '../room.ts';
import type { SourceFiles } from '../sources/source-files.ts';
import type { BlobStaging } from '../store/blob-staging.ts';
import {
  type CheckContext,
  type CheckedMask,
  type MarkedImage,
  readMaskOf,
  rejectOtherSize,
  shareOf,
} from './check-masks.ts';

interface MaskFiles extends CheckContext {
  readonly source: Pick<SourceFiles, 'read'>;
  readonly staging: BlobStaging;
  /** Pixels. */
  readonly decoding: Room;
}

type Outlined = Extract<MaskSource, { kind: 'outlines' }>;

/** Corners of the polygons of one image: more are none that anybody drew. */
const MAX_CORNERS = 100_000;
/** Rows that all their edges cross: each crossing is held in memory. */
const MAX_CROSSED_ROWS = 20_000_000;

/** @throws DomainError INVALID_INPUT naming the mask: broken, of another size, or of a normal image and marking it. */
export function takeMask(
  files: MaskFiles,
  mask: MaskSource,
  image: MarkedImage,
): Promise<CheckedMask> {
  if (mask.kind === 'outlines') return drawMask(files, mask, image);
  const [file, ...others] = mask.files;
  return others.length === 0 ? takeFile(files, file, image) : uniteMasks(files, mask.files, image);
}

async function takeFile(
  { source, staging, told, advice, decoding }: MaskFiles,
  file: string,
  image: MarkedImage,
): Promise<CheckedMask> {
  const bytes = await source.read(file);
  const sha256 = await staging.add(bytes);
  const { marks, format, levels, rule } = await decoding.use(await pixelsOf(bytes), () =>
    readMaskOf({ ...image, file, bytes }, told),
  );
  const { width, height } = marks;
  return {
    ...{ file, levels, rule, share: shareOf(marks, file, image, advice) },
    blob: { sha256, bytes: bytes.length, width, height, format },
  };
}

/** What any of them marks. */
async function uniteMasks(
  { source, staging, told, advice, decoding }: MaskFiles,
  files: readonly [string, ...string[]],
  image: MarkedImage,
): Promise<CheckedMask> {
  const { width, height } = image.image;
  const data = new Uint8Array(width * height);
  for (const file of files) {
    const bytes = await source.read(file);
    const { marks } = await decoding.use(await pixelsOf(bytes), () =>
      readMaskOf({ ...image, file, bytes }, told),
    );
    for (const [pixel, isMarked] of marks.data.entries()) if (isMarked === 1) data[pixel] = 1;
  }
  return keepMade({ width, height, data }, files[0], image, { staging, advice });
}

async function drawMask(
  files: MaskFiles,
  mask: Outlined,
  image: MarkedImage,
): Promise<CheckedMask> {
  const { file } = mask;
  rejectOtherSize({ ...image, file }, mask, 1);
  const reason = tooLarge(mask);
  if (reason !== null) {
    throw new DomainError(
      'INVALID_INPUT',
      `${file} outlines ${image.entry.imageFile} with more than ${reason}.`,
      { fix: 'Give a mask in place of polygons, or simplify them.', file },
    );
  }
  return files.decoding.use(mask.width * mask.height, () =>
    keepMade(drawOutlines(mask), file, image, files),
  );
}

/** Null for outlines that can be drawn. */
function tooLarge({ polygons, height }: Pick<Outlined, 'polygons' | 'height'>): string | null {
  if (polygons.reduce((sum, { length }) => sum + length, 0) > MAX_CORNERS)
    return `${MAX_CORNERS.toLocaleString('en-US')} points`;
  return crossedRows(polygons, height) > MAX_CROSSED_ROWS
    ? `${MAX_CROSSED_ROWS.toLocaleString('en-US')} rows of pixels that its lines cross`
    : null;
}

/** As a PNG of 0 and 255. */
async function keepMade(
  mask: Mask,
  file: string,
  image: MarkedImage,
  { staging, advice }: Pick<MaskFiles, 'staging' | 'advice'>,
): Promise<CheckedMask> {
  const { width, height } = mask;
  const share = shareOf(mask, file, image, advice);
  const bytes = await maskPng(mask);
  const sha256 = await staging.add(bytes);
  return {
    ...{ file, levels: 'two', rule: null, share },
    blob: { sha256, bytes: bytes.length, width, height, format: 'png' },
  };
}
