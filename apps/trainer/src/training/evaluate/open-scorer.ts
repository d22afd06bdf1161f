/**
 * @file What the images of a run are scored with: the run's card, if it gives what the served model gives, and the
 * processor otherwise. Batches and cards round otherwise than a single image on the processor (docs/adr/0014), so that
 * both are compared before they are trusted.
 */
import {
  type EvaluatedWith,
  type Executor,
  type GraphSession,
  type IgnoreMasks,
  ignoreNumbers,
  imageFeed,
  mapSize,
  type Preprocessing,
  type Sample,
} from '@plumbline/contracts';
import { type ImageBatch, isCard } from '../features/image-batches.ts';
import { type BlobReader, readImage } from '../features/read-image.ts';
import { spread } from '../spread.ts';
import { type ImageScore, type ImageScorer, scoresOf } from './score-images.ts';

/** Larger ones gain nothing there (ADR 14). */
const BATCH_SIZE = 4;
const CARD_BATCH_SIZE = 64;
/** What a batch may hold in memory at once, as estimated. */
const BATCH_BYTES = 1e9;
const CARD_BATCH_BYTES = 4e9;
/** A stem of 64 channels at half the side, a few times. */
const BACKBONE_VALUES = 4 * 16;
/** Three colors as they are and as tiles, and the map a few times. */
const CANVAS_VALUES = 12;
/** Normal images that are scored both ways. */
const COMPARED = 8;
/** Largest |score − served| / |served| of scores, and of maps by the largest of a map. */
const TOLERANCE = 1e-4;

export interface OpenScorerOptions {
  /** `model.onnx`. */
  readonly model: Uint8Array;
  /** Of it, on what models are served with. */
  readonly served: GraphSession;
  readonly serving: Executor;
  /** What the run computes with. */
  readonly executor: Executor;
  /** What scoring an image holds beside the backbone, at its height. */
  readonly scoreBytes: number;
  readonly preprocessing: Pick<Preprocessing, 'imageSizePx' | 'tiles'>;
  readonly ignore: IgnoreMasks | null;
  /** Normal training images. */
  readonly samples: readonly Sample[];
  readonly blobs: BlobReader;
  log(text: string): Promise<void>;
}

export interface OpenedScorer extends ImageScorer {
  /** Of the session. */
  readonly executor: Executor;
  /** For the manifest. */
  readonly facts: EvaluatedWith;
}

export async function openScorer(options: OpenScorerOptions): Promise<OpenedScorer> {
  const { executor, serving, served, ignore, log } = options;
  const compared = await referenceOf(options);
  if (isCard(executor.provider)) {
    const opened = await openOnCard(options, compared);
    if (typeof opened !== 'string') return opened;
    await log(`Images are scored on the processor, not on ${executor.provider}: ${opened}.`);
  }
  const wanted = batchSizeFor(options, { images: BATCH_SIZE, bytes: BATCH_BYTES });
  const facts = await compareBatch(served, compared, wanted);
  const batchSize = isAlike(facts) ? wanted : 1;
  const agreement = batchSize === wanted ? facts : { imageScoreRelative: 0, anomalyMapRelative: 0 };
  return {
    ...{ session: served, provider: serving.provider, executor: serving, batchSize, ignore },
    facts: { provider: serving.provider, batchSize, images: compared.images.length, ...agreement },
  };
}

/** As it is served, one image at a time: for a run that scores no image with it, in which there is nothing to compare. */
export function servedScorer(
  session: GraphSession,
  executor: Executor,
  ignore: IgnoreMasks | null,
): OpenedScorer {
  const { provider } = executor;
  const facts = { images: 0, imageScoreRelative: 0, anomalyMapRelative: 0 };
  return {
    ...{ session, executor, provider, batchSize: 1, ignore },
    facts: { provider, batchSize: 1, ...facts },
  };
}

/** @returns Why not, where the card can't be taken. */
async function openOnCard(
  options: OpenScorerOptions,
  compared: Compared,
): Promise<OpenedScorer | string> {
  const { executor, model, ignore } = options;
  const { provider } = executor;
  let why = '';
  let size = batchSizeFor(options, { images: CARD_BATCH_SIZE, bytes: CARD_BATCH_BYTES });
  // A batch that does not fit is tried at half its size, in a session that never failed.
  for (; size >= 1; size = Math.floor(size / 2)) {
    let session: GraphSession | null = null;
    try {
      session = await executor.load(model);
      const facts = await compareBatch(session, compared, size);
      if (isAlike(facts)) {
        const { images } = compared;
        return {
          ...{ session, provider, executor, batchSize: size, ignore },
          facts: { provider, batchSize: size, images: images.length, ...facts },
        };
      }
      await session.release();
      return `its scores differ from the served model's by ${largest(facts).toExponential(1)} of them`;
    } catch (error) {
      await session?.release().catch(() => {});
      why = error instanceof Error ? (error.message.split('\n', 1)[0] ?? '') : String(error);
    }
  }
  return why;
}

interface Compared {
  /** Of one shape, none without normal images. */
  readonly images: readonly ImageBatch[0][];
  /** Of each, for the graph. */
  readonly ignore: readonly number[] | undefined;
  /** What the served model gives each by itself. */
  readonly expected: readonly ImageScore[];
}

async function referenceOf(options: OpenScorerOptions): Promise<Compared> {
  const { samples, blobs, served, ignore } = options;
  const chosen = spread(samples, COMPARED);
  const [first] = chosen;
  const alike = chosen.filter(
    ({ image }) => image.width === first?.image.width && image.height === first.image.height,
  );
  const images: ImageBatch[0][] = [];
  const expected: ImageScore[] = [];
  for (const sample of alike) {
    const image = await readImage(blobs, sample);
    images.push(image);
    const feed = imageFeed([image], ignoreNumbers(ignore, [sample]));
    expected.push(...scoresOf(await served.run(feed), 1));
  }
  return { images, ignore: ignoreNumbers(ignore, alike), expected };
}

type Agreement = Pick<EvaluatedWith, 'imageScoreRelative' | 'anomalyMapRelative'>;

/** Of whole batches of that size: the images again and again. */
async function compareBatch(
  session: GraphSession,
  { images, ignore, expected }: Compared,
  size: number,
): Promise<Agreement> {
  const agreement = { imageScoreRelative: 0, anomalyMapRelative: 0 };
  for (let start = 0; start < images.length; start += size) {
    const indices = Array.from({ length: size }, (_, slot) => (start + slot) % images.length);
    const batch = indices.map((index) => images[index]) as ImageBatch;
    const numbers = ignore && indices.map((index) => ignore[index] as number);
    const result = await session.run(imageFeed(batch, numbers));
    for (const [slot, own] of scoresOf(result, size).entries()) {
      const served = expected[indices[slot] as number] as ImageScore;
      const apart = Math.abs(own.imageScore - served.imageScore);
      const score = apart === 0 ? 0 : apart / Math.abs(served.imageScore);
      const map = mapDifference(own.anomalyMap, served.anomalyMap);
      agreement.imageScoreRelative = worse(agreement.imageScoreRelative, score);
      agreement.anomalyMapRelative = worse(agreement.anomalyMapRelative, map);
    }
  }
  return agreement;
}

/** What is no number is as far apart as can be. */
function worse(a: number, b: number): number {
  return Number.isNaN(b) ? Number.POSITIVE_INFINITY : Math.max(a, b);
}

function mapDifference(map: Float32Array, served: Float32Array): number {
  let [difference, most] = [0, 0];
  for (let i = 0; i < served.length; i++) {
    difference = Math.max(difference, Math.abs((map[i] ?? Number.NaN) - served[i]!));
    most = Math.max(most, Math.abs(served[i]!));
  }
  return difference === 0 ? 0 : difference / most;
}

function largest({ imageScoreRelative, anomalyMapRelative }: Agreement): number {
  return Math.max(imageScoreRelative, anomalyMapRelative);
}

function isAlike(agreement: Agreement): boolean {
  return largest(agreement) <= TOLERANCE;
}

function batchSizeFor(
  { scoreBytes, preprocessing }: Pick<OpenScorerOptions, 'scoreBytes' | 'preprocessing'>,
  most: { readonly images: number; readonly bytes: number },
): number {
  const { height, width } = mapSize(preprocessing);
  const canvas = preprocessing.tiles === undefined ? 0 : 4 * CANVAS_VALUES * height * width;
  // Tiles go through the rest one after the other.
  const bytes = scoreBytes + 4 * BACKBONE_VALUES * preprocessing.imageSizePx ** 2 + canvas;
  return Math.max(1, Math.min(most.images, Math.floor(most.bytes / bytes)));
}
