/** @file Masks that changes of a dataset set: stored before on their own, and checked as those of an import are. */
import { type DatasetChange, DomainError, type ImageBlob, type Sample } from '@plumbline/contracts';
import { markMask, readMask } from '../images/mask.ts';
import { markedShare } from '../images/mask-png.ts';
import { readingOf } from '../images/mask-rule.ts';
import { openImage } from '../images/open-image.ts';
import { isLieUnknown, rejectLargeMasks } from '../import/check-masks.ts';
import type { BlobStore } from '../store/blob-store.ts';

export type MaskChange = Extract<DatasetChange, { kind: 'setMask' }>;
/** By the change that sets it; a mask that is taken away is not among them. */
export type NewMasks = ReadonlyMap<DatasetChange, ImageBlob>;

/**
 * @param samples Of the version that is changed.
 * @throws DomainError INVALID_INPUT for one that is not stored, is no mask, marks nothing, or more than half of the image untold, or
 *   of which nothing says how it lies on its image.
 */
export async function readNewMasks(
  changes: readonly DatasetChange[],
  blobs: BlobStore,
  samples: readonly Sample[],
): Promise<NewMasks> {
  const masks = new Map<DatasetChange, ImageBlob>();
  for (const change of changes)
    if (change.kind === 'setMask' && change.mask !== null) {
      masks.set(change, await readNewMask({ ...change, mask: change.mask }, blobs));
      const image = samples.find(({ path }) => path === change.path)?.image;
      if (image !== undefined && change.lies === undefined)
        await rejectUnknownLie(change.path, image, blobs);
    }
  return masks;
}

/** As of an import: a mask that was drawn on the picture as the sensor took it would mark another place. */
async function rejectUnknownLie(path: string, image: ImageBlob, blobs: BlobStore): Promise<void> {
  const { orientation } = await openImage(await blobs.read(image.sha256), path);
  if (!isLieUnknown(image, { image: orientation, mask: 1 })) return;
  throw bad(
    `${path} is turned by its EXIF orientation (${orientation}): nothing says whether the mask was drawn on it as it is shown.`,
    'Draw the mask in the dashboard, or look at the image turned, and say so: --upright (`lies: "upright"` of the change).',
    path,
  );
}

async function readNewMask(
  { path, mask: sha256, masks: told }: MaskChange & { mask: string },
  blobs: BlobStore,
): Promise<ImageBlob> {
  const file = `the mask of ${path}`;
  if (!(await blobs.has(sha256)))
    throw bad(
      `The mask ${sha256} of ${path} is not stored.`,
      `${SEND} Then name its sha256.`,
      path,
    );
  const bytes = await blobs.read(sha256);
  const values = await readMask(bytes, file);
  const { levels, rule } = readingOf(values, undefined);
  const isMade = values.format === 'png' && levels === 'two' && rule.above === 0 && !rule.ground;
  if (!isMade) throw bad(`${sha256} is not a mask of black and white.`, SEND, path);
  const { width, height, data } = markMask(values, rule);
  const share = markedShare({ data });
  if (share === 0) throw bad(`The mask of ${path} marks no pixel.`, 'Set null instead.', path);
  rejectLargeMasks([{ file, share }], told);
  return { sha256, bytes: bytes.length, width, height, format: 'png' };
}

const SEND = 'Send it to POST /v1/masks (plumb datasets edit --mask does so).';

/**
 * @param blob Null to take the mask away
 * @throws DomainError INVALID_INPUT for a mask of another size than its image
 */
export function withMask(sample: Sample, blob: ImageBlob | null): Sample {
  const { maskRule: _, ...rest } = sample;
  if (blob === null) return { ...rest, mask: null };
  const { image, path } = sample;
  if (blob.width !== image.width || blob.height !== image.height)
    throw bad(
      `The mask of ${path} is ${blob.width} × ${blob.height} pixels, its image is ${image.width} × ${image.height}.`,
      'Make the mask the same size as its image.',
      path,
    );
  return { ...rest, mask: blob };
}

/** @throws DomainError INVALID_INPUT: relabeling takes masks away, so a normal sample has one only by a change that set it. */
export function rejectMarkedNormal(samples: readonly Sample[]): void {
  const marked = samples.find(({ label, mask }) => label === 'normal' && mask !== null);
  if (marked !== undefined)
    throw bad(
      `${marked.path} is a normal image, and can have no mask.`,
      'Label it anomalous in the same change: the mask first, then the label.',
      marked.path,
    );
}

function bad(message: string, fix: string, file: string): DomainError {
  return new DomainError('INVALID_INPUT', message, { field: 'changes', fix, file });
}
