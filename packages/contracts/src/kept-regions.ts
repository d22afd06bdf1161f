/** @file What is said of regions of masks that the resize would have lost. */
import type { EvaluationReport } from './evaluation.ts';

/** A sentence; null where no region was in danger. */
export function keptRegionsNote(report: Pick<EvaluationReport, 'keptRegions'>): string | null {
  const kept = report.keptRegions;
  if (kept === undefined) return null;
  const regions = kept.regions === 1 ? '1 region' : `${kept.regions} regions`;
  const images = kept.images === 1 ? '1 test image' : `${kept.images} test images`;
  return `Nearest-neighbor resizing would lose ${regions} of the masks of ${images}: there every pixel that a region touches counts as anomalous.`;
}
