/** @file Learning rates by step. */

export interface Schedule {
  readonly learningRate: number;
  /** A linear rise before the rest, at most half of the steps. Default 0. */
  readonly warmupSteps?: number;
  /** A cosine's fall to 0 after the last step (Loshchilov and Hutter 2017); constant when absent. */
  readonly cosineDecay?: boolean;
  /** A tenth of it for the last fifth of the steps. */
  readonly stepDecay?: boolean;
}

const LATE = 0.8;

/** @param step 0-based, of `steps`. */
export function learningRate(schedule: Schedule, step: number, steps: number): number {
  const warmUp = Math.min(schedule.warmupSteps ?? 0, Math.floor(steps / 2));
  if (step < warmUp) return (schedule.learningRate * (step + 1)) / (warmUp + 1);
  if (schedule.stepDecay && step >= LATE * steps) return schedule.learningRate / 10;
  if (!schedule.cosineDecay) return schedule.learningRate;
  const done = (step - warmUp) / (steps - warmUp);
  return (schedule.learningRate * (1 + Math.cos(Math.PI * done))) / 2;
}

export interface WarmUpSchedule {
  readonly learningRate: number;
  readonly lastLearningRate: number;
  readonly warmUpSteps: number;
}

/**
 * As Dinomaly and INP-Former: from 0 at the first step to the learning rate at the last of the warm-up, then a cosine's fall
 * that reaches the last learning rate after the last step.
 * @param step 0-based, of `steps`.
 */
export function warmedUpRate(
  { learningRate: highest, lastLearningRate: last, warmUpSteps }: WarmUpSchedule,
  step: number,
  steps: number,
): number {
  const warmUp = Math.min(warmUpSteps, Math.floor(steps / 2));
  // One step of warm-up is linspace(0, highest, 1): 0.
  if (step < warmUp) return (highest * step) / Math.max(1, warmUp - 1);
  const done = (step - warmUp) / (steps - warmUp);
  return last + ((highest - last) * (1 + Math.cos(Math.PI * done))) / 2;
}
