/**
 * @file The difference of two models' mean image AUROC over the same test images, by their own intervals and their
 * covariance: the method of variance estimates recovery (G. Zou, A. Donner, Statist. Med. 27, 2008), so that a row's
 * interval and what is said about a difference come from one machinery.
 */
import type { ImageStrata } from './image-strata.ts';
import {
  aurocCovariance,
  aurocEstimate,
  meanPlacements,
  type Placements,
  placementsOf,
} from './placements.ts';
import { type Estimate, meanEstimate, scoreInterval, withVariance } from './score-interval.ts';

/** Of a minus b. */
export interface PairedDifference {
  readonly difference: number;
  readonly low: number;
  readonly high: number;
  /** Two-sided, not corrected for several comparisons: at most 1 − confidence where the interval leaves 0 out. */
  readonly p: number;
}

/** Mean image AUROC of a model, with what its difference to another's needs. */
export interface MeanAuroc {
  readonly estimate: Estimate;
  /** Of the test images alone. */
  readonly images: Estimate;
  /** By category; over seeds, those of their mean. */
  readonly placements: ReadonlyMap<string, Placements>;
  readonly seeds: number;
  /** Of one seed, and how well it is known; of a single seed, 0 by 0 degrees of freedom. */
  readonly seedSpread: SeedSpread;
}

export interface SeedSpread {
  readonly variance: number;
  readonly degrees: number;
}

/**
 * The mean over categories and, of several runs that differ in their seeds, over these: seeds are a random effect, whose
 * variance is added to that of the test images.
 *
 * @param runs the same images in each
 * @returns null if no category has both labels
 */
export function meanAuroc(runs: readonly (readonly ImageStrata[])[]): MeanAuroc | null {
  const placements = new Map<string, Placements>();
  const ofSeeds = new Array<number>(runs.length).fill(0);
  for (const [index, { category }] of (runs[0] ?? []).entries()) {
    const all = runs.map((run) => placementsOf(run[index]!)).filter((one) => one !== null);
    if (all.length === 0) continue;
    placements.set(category, meanPlacements(all));
    for (const [run, { auroc }] of all.entries()) ofSeeds[run]! += auroc;
  }
  const images = meanEstimate([...placements.values()].map(aurocEstimate));
  if (images === undefined) return null;
  const seedSpread = spreadOf(ofSeeds.map((sum) => sum / placements.size));
  return withSeeds({ images, placements, seeds: runs.length }, seedSpread);
}

/** The spread of seeds that several models have in common, each with its own mean. */
export function commonSeedSpread(models: readonly MeanAuroc[]): SeedSpread {
  const degrees = models.reduce((sum, { seedSpread }) => sum + seedSpread.degrees, 0);
  const squares = models.reduce(
    (sum, { seedSpread }) => sum + seedSpread.variance * seedSpread.degrees,
    0,
  );
  return { variance: degrees === 0 ? 0 : squares / degrees, degrees };
}

/** Of the variance that models have in common: seeds that agree more than that do so by chance. By simulation, `bench -- statistics --only ranks`. */
const LEAST_SHARE = 1 / 3;

/** The model with a spread of seeds that is not far below the common one, or with that where it has a single seed. */
export function withLeastSeedSpread(model: MeanAuroc, common: SeedSpread): MeanAuroc {
  const { variance, degrees } = model.seedSpread;
  if (degrees === 0) return withSeeds(model, common);
  const least = LEAST_SHARE * common.variance;
  return variance >= least ? model : withSeeds(model, { variance: least, degrees });
}

function withSeeds(
  { images, placements, seeds }: Pick<MeanAuroc, 'images' | 'placements' | 'seeds'>,
  seedSpread: SeedSpread,
): MeanAuroc {
  const { variance, degrees } = seedSpread;
  const estimate = withVariance(images, { variance: variance / seeds, degrees });
  return { estimate, images, placements, seeds, seedSpread };
}

/** Sample variance. */
function spreadOf(values: readonly number[]): SeedSpread {
  const degrees = values.length - 1;
  if (degrees < 1) return { variance: 0, degrees: 0 };
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return {
    variance: values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / degrees,
    degrees,
  };
}

/** Both over the same images. */
export function aurocDifference(a: MeanAuroc, b: MeanAuroc, confidence: number): PairedDifference {
  const correlation = correlationOf(a, b);
  const limits = (level: number) => recoverLimits(a.estimate, b.estimate, { correlation, level });
  const difference = a.estimate.value - b.estimate.value;
  const p = difference === 0 ? 1 : pOf(limits, confidence);
  return { difference, ...limits(confidence), p };
}

/** Of the two means over test images and seeds; seeds of two models have nothing in common. */
function correlationOf(a: MeanAuroc, b: MeanAuroc): number {
  let covariance = 0;
  const variances = [0, 0] as [number, number];
  let categories = 0;
  for (const [category, ofA] of a.placements) {
    const ofB = b.placements.get(category);
    if (ofB === undefined) continue;
    categories += 1;
    covariance += aurocCovariance(ofA, ofB);
    variances[0] += aurocCovariance(ofA, ofA);
    variances[1] += aurocCovariance(ofB, ofB);
  }
  if (categories === 0) return 0;
  const inMean = (sum: number) => sum / categories ** 2;
  const product =
    (inMean(variances[0]) + varianceOfSeeds(a)) * (inMean(variances[1]) + varianceOfSeeds(b));
  if (product <= Number.EPSILON ** 2) return 0;
  return Math.min(1, Math.max(-1, inMean(covariance) / Math.sqrt(product)));
}

/** Of the mean over them. */
function varianceOfSeeds({ seedSpread, seeds }: MeanAuroc): number {
  return seedSpread.variance / seeds;
}

interface Limits {
  readonly low: number;
  readonly high: number;
}

function recoverLimits(
  a: Estimate,
  b: Estimate,
  { correlation, level }: { readonly correlation: number; readonly level: number },
): Limits {
  const ofA = scoreInterval(a, level);
  const ofB = scoreInterval(b, level);
  const reach = (one: number, other: number) =>
    Math.sqrt(Math.max(0, one ** 2 - 2 * correlation * one * other + other ** 2));
  const difference = a.value - b.value;
  return {
    low: Math.max(-1, difference - reach(a.value - ofA.low, ofB.high - b.value)),
    high: Math.min(1, difference + reach(ofA.high - a.value, b.value - ofB.low)),
  };
}

/** No p is given as smaller than this. */
const SMALLEST_P = 1e-9;

/** The p at which the interval just holds 0, by halving on a log scale on the side that `confidence` says. */
function pOf(limits: (level: number) => Limits, confidence: number): number {
  const holdsZero = (p: number) => {
    const { low, high } = limits(1 - p);
    return low <= 0 && high >= 0;
  };
  const atConfidence = 1 - confidence;
  const isHeld = holdsZero(atConfidence);
  let inside = isHeld ? atConfidence : SMALLEST_P;
  let outside = isHeld ? 1 : atConfidence;
  for (let round = 0; round < 40; round += 1) {
    const middle = Math.sqrt(inside * outside);
    if (holdsZero(middle)) inside = middle;
    else outside = middle;
  }
  return isHeld ? inside : Math.min(atConfidence, outside);
}
