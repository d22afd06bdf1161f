/** @file How images of a category are to look: as its normal training images, read once per version and then kept. */
import type { ImageLook, TrainedVersion, TrainingScore } from '@plumbline/contracts';
import type { LookReference } from '@plumbline/db';
import type { Services } from '../context.ts';
import { findImageRange } from '../inference/image-range.ts';
import { readTrainingScores } from '../models/bundle-report.ts';

/** Read of a category: their distribution is known to some hundredths then, and a hundred take seconds. */
const MOST_IMAGES = 100;

interface Wanted {
  readonly category: string | null;
  /** Otherwise what is kept already has to do. */
  readonly isNeeded: boolean;
}

/** Null where it is not needed and not kept. The first inspections of the version where its bundle does not name its training images, or they are gone. */
export async function lookReference(
  context: Services,
  version: TrainedVersion,
  { category, isNeeded }: Wanted,
): Promise<LookReference | null> {
  const { drift } = context.database;
  const kept = await drift.lookReference(version, category);
  if (kept !== null) return kept;
  if (!isNeeded) return null;
  const training = await trainingLooks(context, version, category);
  if (training.length > 0) {
    const found = { source: 'training', looks: training } as const;
    await drift.keepLookReference(version, category, found);
    return found;
  }
  const first = await drift.firstLooks(version, category, MOST_IMAGES);
  const found = { source: 'firstInspections', looks: first } as const;
  if (first.length === MOST_IMAGES) await drift.keepLookReference(version, category, found);
  return found;
}

async function trainingLooks(
  context: Services,
  version: TrainedVersion,
  category: string | null,
): Promise<ImageLook[]> {
  const scores = await readTrainingScores(context, version.model, version.version);
  const images = [...(scores?.images ?? []), ...(scores?.learned ?? [])];
  const chosen = spread(images.filter((image) => category === null || image.category === category));
  const looks: ImageLook[] = [];
  // One after the other: inspections come first.
  for (const image of chosen) {
    const look = await lookOf(context, version, image);
    if (look !== null) looks.push(look);
  }
  return looks;
}

/** Null for an image that is gone, or that can't be read any more. */
async function lookOf(
  { blobs, pictures }: Services,
  { manifest }: TrainedVersion,
  { sha256, category }: TrainingScore,
): Promise<ImageLook | null> {
  try {
    const range = findImageRange(manifest, { category });
    const { look } = await pictures.decode(await blobs.read(sha256), sha256, range);
    return look;
  } catch {
    return null;
  }
}

function spread(images: readonly TrainingScore[]): readonly TrainingScore[] {
  if (images.length <= MOST_IMAGES) return images;
  const step = images.length / MOST_IMAGES;
  return Array.from({ length: MOST_IMAGES }, (_, index) => images[Math.floor(index * step)]).filter(
    (image) => image !== undefined,
  );
}
