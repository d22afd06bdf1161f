/** @file Whether a feature of inspections (score, brightness, sharpness, size) has drifted from its reference. */
import {
  DRIFT_CUTS,
  type DriftReference,
  type DriftState,
  type FeatureDrift,
} from '@plumbline/contracts';
import { kolmogorovSmirnov } from './kolmogorov-smirnov.ts';
import { populationStabilityIndex } from './psi.ts';

/** Fewer show nothing of a distribution. */
const LEAST_REFERENCE = 20;
export const LEAST_INSPECTIONS = 50;
/** More of a reference are thinned to these, evenly by rank: the test takes reference × inspections steps. */
const MOST_REFERENCE = 1_000;

/** A state is left below so much of the PSI that it was entered at, so that it does not flap. */
const LEFT_BELOW = 0.8;

export interface DriftSamples {
  readonly feature: FeatureDrift['feature'];
  readonly source: DriftReference;
  readonly reference: readonly number[];
  readonly inspections: readonly number[];
  /** By the check before; null at the first. */
  readonly before: DriftState | null;
}

/**
 * `warning` from a PSI of 0.1 and a p-value below 0.001 on, `drifted` from 0.25 and 0.0001 on: large enough to matter, and more than
 * chance, since the PSI of a few images is large without any change. What is warned of or drifted stays so until its PSI is
 * below 0.8 of the cut. Below 20 reference images or 50 inspections nothing is said. Values that are not finite are left out.
 */
export function featureDrift(samples: DriftSamples): FeatureDrift {
  const { feature, source, before } = samples;
  const reference = thinned(sortedFinite(samples.reference));
  const inspections = sortedFinite(samples.inspections);
  const missing = {
    reference: Math.max(0, LEAST_REFERENCE - reference.length),
    inspections: Math.max(0, LEAST_INSPECTIONS - inspections.length),
  };
  const told = {
    ...{ feature, reference: source, missing },
    referenceImages: samples.reference.length,
    referenceMedian: medianOf(reference),
    images: inspections.length,
    median: medianOf(inspections),
  };
  if (missing.reference > 0 || missing.inspections > 0)
    return { ...told, state: 'notEnough', psi: null, ks: null, pValue: null };
  const psi = populationStabilityIndex(reference, inspections);
  const { statistic, pValue } = kolmogorovSmirnov(reference, inspections);
  return { ...told, state: stateOf(psi, pValue, before), psi, ks: statistic, pValue };
}

function stateOf(psi: number, pValue: number, before: DriftState | null): DriftState {
  const isIn = (state: 'warning' | 'drifted', held: boolean) =>
    held
      ? psi >= DRIFT_CUTS[state].psi * LEFT_BELOW
      : psi >= DRIFT_CUTS[state].psi && pValue < DRIFT_CUTS[state].pValue;
  if (isIn('drifted', before === 'drifted')) return 'drifted';
  return isIn('warning', before === 'warning' || before === 'drifted') ? 'warning' : 'ok';
}

/** The worst of its features; `notEnough` where nothing is wrong but too few scores are known. */
export function categoryState(features: readonly FeatureDrift[]): DriftState {
  const states = features.map(({ state }) => state);
  if (states.includes('drifted')) return 'drifted';
  if (states.includes('warning')) return 'warning';
  return features.find(({ feature }) => feature === 'score')?.state ?? 'notEnough';
}

function sortedFinite(values: readonly number[]): number[] {
  return values.filter(Number.isFinite).sort((a, b) => a - b);
}

function thinned(sorted: readonly number[]): readonly number[] {
  if (sorted.length <= MOST_REFERENCE) return sorted;
  const step = sorted.length / MOST_REFERENCE;
  return Array.from(
    { length: MOST_REFERENCE },
    (_, index) => sorted[Math.floor((index + 0.5) * step)] ?? 0,
  );
}

function medianOf(sorted: readonly number[]): number | null {
  const half = Math.floor(sorted.length / 2);
  const upper = sorted[half];
  if (upper === undefined) return null;
  return sorted.length % 2 === 1 ? upper : ((sorted[half - 1] ?? upper) + upper) / 2;
}
