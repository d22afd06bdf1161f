/** @file What a method that trains one part in batches of images costs, and sees of them. */
import type { FitCost, PlannedWork } from '../methods/method.ts';
import { plannedCoverage } from './coverage.ts';
import { type BatchedBudget, batchedSteps } from './step-budget.ts';

export function plannedSteps(
  budget: BatchedBudget,
  { images, categoryImages, maxSteps }: PlannedWork,
): { batchSize: number; steps: number } {
  return batchedSteps(budget, { images, categories: categoryImages.length, maxSteps });
}

export interface TrainedPart {
  /** What progress is told of. */
  readonly part: string;
  /** Trainings of one key take as long a step. */
  readonly key: string;
  readonly batchSize: number;
  readonly steps: number;
  /** Of all steps. */
  readonly expectedSeconds: number;
}

export function trainedPart(
  { part, key, batchSize, steps, expectedSeconds }: TrainedPart,
  { categoryImages }: Pick<PlannedWork, 'categoryImages'>,
): Pick<FitCost, 'coverage' | 'parts'> {
  const drawn = steps * batchSize;
  return {
    coverage: [plannedCoverage({ part, categoryImages, drawn, balanced: false })],
    parts: [{ stage: 'fit', part, units: steps, key, expectedSeconds }],
  };
}
