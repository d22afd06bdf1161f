/** @file An evaluation as it is stored in a bundle's manifest. */
import type { EvaluationCheck, EvaluationReport } from '@plumbline/contracts';
import type { Evaluation } from './evaluation.ts';

/** Everything of an evaluation but the metrics themselves, the images and the curves. */
export function evaluationReport(
  evaluation: Evaluation,
  checks: readonly EvaluationCheck[],
): EvaluationReport {
  const { pixelMethod, pixelErrorBounds, definedOver, undefinedCodes, pooled, intervals } =
    evaluation;
  return {
    pixelMethod,
    pixelErrorBounds,
    definedOver,
    undefinedCodes,
    pooled,
    intervals,
    checks: [...checks],
  };
}
