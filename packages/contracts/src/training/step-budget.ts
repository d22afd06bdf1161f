/** @file How many steps a training takes: it grows with the categories, and no training is shorter than its passes. */

export interface StepBudget {
  /** More categories have more to learn, whatever the number of their images. */
  readonly stepsPerCategory: number;
  /** At least so many passes over the images. */
  readonly passes: number;
}

export interface BudgetedTraining {
  /** Training images. */
  readonly images: number;
  readonly categories: number;
  readonly batchSize: number;
  /** No more than these, whatever the budget says. */
  readonly maxSteps?: number | undefined;
}

/** @returns At least 1. */
export function budgetedSteps(
  { stepsPerCategory, passes }: StepBudget,
  { images, categories, batchSize, maxSteps = Number.POSITIVE_INFINITY }: BudgetedTraining,
): number {
  const learning = Math.round(stepsPerCategory * categories);
  const passing = Math.ceil((passes * images) / batchSize);
  return Math.max(1, Math.min(Math.max(learning, passing), maxSteps));
}

export interface BatchedBudget extends StepBudget {
  readonly batchSize: number;
  /** However many images there are. */
  readonly mostSteps?: number;
}

/** What a training in batches of images takes: no batch is larger than there are images. */
export function batchedSteps(
  { mostSteps = Number.POSITIVE_INFINITY, ...preset }: BatchedBudget,
  training: Omit<BudgetedTraining, 'batchSize'>,
): { batchSize: number; steps: number } {
  const batchSize = Math.min(preset.batchSize, Math.max(1, training.images));
  const steps = budgetedSteps(preset, { ...training, batchSize });
  return { batchSize, steps: Math.min(steps, mostSteps) };
}
