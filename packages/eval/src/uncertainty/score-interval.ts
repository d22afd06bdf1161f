/**
 * @file Score intervals of numbers in [0, 1] by their effective sample size: E. B. Wilson's interval (J. Amer. Statist.
 * Assoc. 22, 1927) with the sample of which a proportion would be as uncertain (E. Korn, B. Graubard, Survey Methodology
 * 24, 1998; N. Dean, M. Pagano, J. Surv. Stat. Methodol. 3, 2015).
 *
 * Near 1, where few images are ranked wrongly, variances are estimated far too small, and as 0 where none is. So the
 * effective sample is never taken as larger than `largestSample`: an interval has a width whatever was observed.
 */
import type { Interval } from '@plumbline/contracts';
import { studentTUpperQuantile } from '../thresholds/student-t.ts';

/** A number in [0, 1] that other test images would change. */
export interface Estimate {
  readonly value: number;
  /** Images that a proportion would need to be as uncertain; above 0. */
  readonly sample: number;
  /** Degrees of freedom of what `sample` was estimated by; at least 1. */
  readonly degrees: number;
  /** How much too high the value is on average; 0 where absent. */
  readonly bias?: number;
}

export interface EstimateOptions {
  readonly variance: number;
  readonly largestSample: number;
  readonly degrees: number;
  readonly bias?: number;
}

/** Rounding leaves a variance of about the square of this where nothing varies. */
const NOTHING = 1e-7;

/** @param value in [0, 1] */
export function toEstimate(value: number, options: EstimateOptions): Estimate {
  const { variance, largestSample, bias = 0 } = options;
  const degrees = Math.max(1, options.degrees);
  if (variance <= NOTHING ** 2) return { value, sample: largestSample, degrees, bias };
  const sample = (value * (1 - value)) / variance;
  return { value, sample: Math.min(largestSample, Math.max(1, sample)), degrees, bias };
}

/**
 * Images of which a proportion close to 1 would be as uncertain as the AUROC of so many anomalous and normal ones:
 * the limit at 1 of the variance of J. Hanley and B. McNeil (Radiology 143, 1982), symmetric in the two as in method 5 of
 * R. Newcombe (Statist. Med. 25, 2006).
 */
export function largestSampleOf(anomalous: number, normal: number): number {
  const others = Math.max(0, (anomalous + normal) / 2 - 1);
  return (anomalous * normal) / (1 + others / 2);
}

/** The unweighted mean of independent estimates; undefined of none. */
export function meanEstimate(estimates: readonly Estimate[]): Estimate | undefined {
  const count = estimates.length;
  if (count === 0) return undefined;
  const value = Math.min(1, estimates.reduce((sum, one) => sum + one.value, 0) / count);
  const parts = estimates.map((one) => ({ variance: varianceOf(one), degrees: one.degrees }));
  const variance = parts.reduce((sum, part) => sum + part.variance, 0) / count ** 2;
  const largestSample = count ** 2 / estimates.reduce((sum, one) => sum + 1 / one.sample, 0);
  const bias = estimates.reduce((sum, one) => sum + (one.bias ?? 0), 0) / count;
  return toEstimate(value, { variance, largestSample, degrees: degreesOf(parts), bias });
}

/** The estimate with an independent variance added, such as that between seeds. */
export function withVariance(
  estimate: Estimate,
  part: { readonly variance: number; readonly degrees: number },
): Estimate {
  const { value, degrees } = estimate;
  const own = { variance: varianceOf(estimate), degrees };
  if (part.variance <= NOTHING ** 2) return estimate;
  return toEstimate(value, {
    variance: own.variance + part.variance,
    largestSample: estimate.sample,
    degrees: degreesOf([own, part]),
  });
}

function varianceOf({ value, sample }: Estimate): number {
  return (value * (1 - value)) / sample;
}

/** F. Satterthwaite, Biometrics Bulletin 2, 1946. */
function degreesOf(
  parts: readonly { readonly variance: number; readonly degrees: number }[],
): number {
  const variance = parts.reduce((sum, part) => sum + part.variance, 0);
  if (variance === 0) return parts.reduce((sum, part) => sum + part.degrees, 0);
  return variance ** 2 / parts.reduce((sum, part) => sum + part.variance ** 2 / part.degrees, 0);
}

/** Holds the value and, below it, the value less its bias; lies in [0, 1], and is never of width 0. */
export function scoreInterval(estimate: Estimate, confidence: number): NonNullable<Interval> {
  const { value, bias = 0 } = estimate;
  return {
    low: Math.max(0, limitsOf(estimate, Math.max(0, value - bias), confidence).low),
    high: Math.min(1, limitsOf(estimate, value, confidence).high),
  };
}

function limitsOf(
  { sample, degrees }: Estimate,
  value: number,
  confidence: number,
): NonNullable<Interval> {
  // Rounded, so that an estimate of them that is a hair below a whole number counts as it.
  const whole = Math.max(1, Math.floor(degrees + 1e-9));
  const t = studentTUpperQuantile((1 - confidence) / 2, whole);
  const spread = (t * t) / sample;
  const center = (value + spread / 2) / (1 + spread);
  const half = Math.sqrt(value * (1 - value) * spread + spread ** 2 / 4) / (1 + spread);
  return { low: Math.min(value, center - half), high: Math.max(value, center + half) };
}
