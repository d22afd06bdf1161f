/** @file Drift in words. */
import type { DriftFeature, DriftReference, DriftState, FeatureDrift } from '@plumbline/contracts';
import { formatPlural, formatScore } from '../../format/format-number.ts';

/** Tones of badges. */
export const DRIFT_TONES = {
  ok: 'ok',
  warning: 'warn',
  drifted: 'bad',
  notEnough: 'neutral',
} as const satisfies Readonly<Record<DriftState, string>>;

const REFERENCES: Readonly<Record<DriftReference, string>> = {
  heldOut: 'held-out score',
  training: 'training image',
  firstInspections: 'first inspection',
};

export function referenceText({ reference, referenceImages }: FeatureDrift): string {
  // They are read once there are enough inspections.
  if (reference === 'training' && referenceImages === 0) return 'training images not read yet';
  return formatPlural(referenceImages, REFERENCES[reference]);
}

/** `0.31`, or what is missing. */
export function psiText({ psi, missing }: FeatureDrift): string {
  if (psi !== null) return psi.toFixed(2);
  const parts = [
    ...(missing.inspections > 0 ? [formatPlural(missing.inspections, 'inspection')] : []),
    ...(missing.reference > 0 ? [`${missing.reference} of the reference`] : []),
  ];
  return `${parts.join(' and ')} missing`;
}

/** `0.41, p 2e-9`. */
export function ksText({ ks, pValue }: FeatureDrift): string {
  if (ks === null || pValue === null) return '–';
  return `${ks.toFixed(2)}, p ${pValue < 1e-12 ? 'below 1e-12' : Number(pValue.toPrecision(2))}`;
}

/** `0.212 → 0.334`. */
export function mediansText({ feature, referenceMedian, median }: FeatureDrift): string {
  return [referenceMedian, median].map((value) => valueText(feature, value)).join(' → ');
}

function valueText(feature: DriftFeature, value: number | null): string {
  if (value === null) return '–';
  if (feature === 'size') return `${formatScore(value / 1e6)} MP`;
  return feature === 'score' ? formatScore(value) : value.toFixed(1);
}
