/** @file What a bundle's outputs mean, by the same rules as in the API: category, threshold, label. */
import {
  type ChosenCategory,
  DomainError,
  decidingThreshold,
  eightBitsRefusal,
  falseAlarms,
  findCategory,
  heatmapScale,
  isUnfamiliar,
  judgeScore,
  knownCategories,
  POOLED,
  polygonsOf,
  settledCategory,
  votedCategory,
} from '@plumbline/contracts';
import type { Bundle } from './fetch-bundle.ts';
import type { LocalPrediction } from './messages.ts';

const ON_SERVER =
  'Inspect it on the server, which reads images with more bits; “Values” 0..255 says there that one of 8 bits was made as the training images were.';

export type JudgingBundle = Pick<Bundle, 'target' | 'manifest' | 'thresholds' | 'bank'>;

export interface LocalOutputs {
  readonly imageScore: number;
  /** Null where the graph gives none. */
  readonly categoryDescriptor: Float32Array | null;
}

/**
 * @param asked A category, or `pooled`; absent: found from the image.
 * @throws DomainError INVALID_INPUT, field `category`, where it is unknown or must be named; field `image` where training had images of more than 8 bits
 */
export function localPrediction(
  bundle: JudgingBundle,
  { imageScore, categoryDescriptor }: LocalOutputs,
  asked: string | undefined,
): Omit<LocalPrediction, 'width' | 'height' | 'heatmap' | 'regions' | 'latencyMs'> {
  const { target, manifest, thresholds } = bundle;
  const chosen = chooseCategory(bundle, categoryDescriptor, asked);
  // What a browser decodes has 8 bits.
  const refusal = eightBitsRefusal(manifest, { category: chosen.category, range: undefined });
  if (refusal !== null)
    throw new DomainError(refusal.code, refusal.message, { field: 'image', fix: ON_SERVER });
  const threshold = decidingThreshold(thresholds.profile, chosen.category);
  return {
    model: target.model,
    modelVersion: target.version,
    ...chosen,
    ...judgeScore(imageScore, threshold),
    thresholdProfile: thresholds.version,
    ...falseAlarms(threshold, imageScore),
    heatmapScale: heatmapScale(threshold.pixelThreshold),
    ignored: [...polygonsOf(manifest.ignore, chosen.category)],
  };
}

function chooseCategory(
  { manifest, bank }: JudgingBundle,
  descriptor: Float32Array | null,
  asked: string | undefined,
): ChosenCategory {
  const known = knownCategories(manifest);
  const settled = settledBy(known, bank, asked);
  if (bank === null || descriptor === null || manifest.categoryBank === undefined) {
    if (settled === null)
      throw ask('This version does not find the category from the image.', known);
    return settled;
  }
  return settled === null
    ? votedCategory(findCategory(bank, descriptor, manifest.categoryBank))
    : { ...settled, unfamiliar: isUnfamiliar(bank, descriptor, manifest.categoryBank.reach) };
}

/** Null: it is to be found from the image. */
function settledBy(
  known: readonly string[],
  bank: JudgingBundle['bank'],
  asked: string | undefined,
): ChosenCategory | null {
  const [only, ...others] = known;
  if (asked !== undefined) {
    if (known.includes(asked) || bank?.names.includes(asked))
      return settledCategory('given', asked);
    if (asked === POOLED) return settledCategory('given', null);
    throw ask(`The model knows no category “${asked}”.`, known);
  }
  return only !== undefined && others.length === 0 ? settledCategory('found', only) : null;
}

function ask(message: string, known: readonly string[]): DomainError {
  const fix = `Choose one of ${known.join(', ')}.`;
  return new DomainError('INVALID_INPUT', message, { field: 'category', fix });
}
