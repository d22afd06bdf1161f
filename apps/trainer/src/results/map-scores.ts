/**
 * @file Image scores of imported results against those that the protocol takes from their maps: the maximum after Gaussian
 * smoothing with σ = 4 px. Scales may differ (maps come as 8-bit pictures too), so what is compared is how well each ranks.
 */
import type { EvaluationCheck, Sample } from '@plumbline/contracts';
import { areaUnderRoc } from '@plumbline/eval';

const SIGMA = 4;
/** Of the kernel, as scipy truncates it. */
const RADIUS = 4 * SIGMA;
/** Difference in mean image AUROC that is marked. */
const TOLERANCE = 0.001;

interface ScoredTwice {
  readonly label: Sample['label'];
  readonly given: number;
  readonly ofMap: number;
}

export interface MapScores {
  /** @param map f32 `[size, size]` */
  add(sample: Sample, given: number, map: Float32Array): void;
  check(): EvaluationCheck;
}

export function mapScores(size: number): MapScores {
  const categories = new Map<string, ScoredTwice[]>();
  return {
    add({ category, label }, given, map) {
      const scored = categories.get(category) ?? [];
      categories.set(category, scored);
      scored.push({ label, given, ofMap: smoothedMaximum(map, size) });
    },
    check: () => compare([...categories.values()]),
  };
}

function compare(categories: readonly (readonly ScoredTwice[])[]): EvaluationCheck {
  const name = 'image-scores-of-maps';
  const given = meanAuroc(categories, (one) => one.given);
  const ofMaps = meanAuroc(categories, (one) => one.ofMap);
  if (given === null || ofMaps === null) {
    const message = 'No category has normal and anomalous test images to compare scores by.';
    return { name, status: 'not checked', message, files: [] };
  }
  const rule = `the maximum of each map smoothed with sigma ${SIGMA} px`;
  if (Math.abs(given - ofMaps) <= TOLERANCE) {
    const message = `The imported image scores separate the images as ${rule} does: mean image AUROC ${percent(given)} and ${percent(ofMaps)}.`;
    return { name, status: 'passed', message, files: [] };
  }
  const message = `The imported image scores are not ${rule}, as the protocol says: with that the mean image AUROC is ${percent(ofMaps)}, not ${percent(given)}.`;
  return { name, status: 'marked', message, files: [] };
}

/** Over the categories with both labels. */
function meanAuroc(
  categories: readonly (readonly ScoredTwice[])[],
  pick: (one: ScoredTwice) => number,
): number | null {
  const values = categories.flatMap((scored) => {
    const labels = Uint8Array.from(scored, ({ label }) => Number(label === 'anomalous'));
    return areaUnderRoc(Float64Array.from(scored, pick), labels) ?? [];
  });
  if (values.length === 0) return null;
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function percent(share: number): string {
  return (100 * share).toFixed(1);
}

const KERNEL = Float64Array.from({ length: 2 * RADIUS + 1 }, (_, i) =>
  Math.exp(-((i - RADIUS) ** 2) / (2 * SIGMA * SIGMA)),
);
const WEIGHT = KERNEL.reduce((a, b) => a + b, 0);

/** As scipy.ndimage.gaussian_filter with borders mirrored, the edge repeated; f32 `[size, size]`. */
export function smoothedMaximum(map: Float32Array, size: number): number {
  const rows = smoothLines(map, size);
  return smoothLines(rows, size).reduce((a, b) => Math.max(a, b));
}

/** Smooths each line and gives the transposed map, so that twice is both directions. */
function smoothLines(map: Float32Array, size: number): Float32Array {
  const out = new Float32Array(map.length);
  const padded = new Float64Array(size + 2 * RADIUS);
  for (let line = 0; line < size; line++) {
    for (let i = 0; i < padded.length; i++) {
      padded[i] = map[line * size + mirror(i - RADIUS, size)]!;
    }
    for (let i = 0; i < size; i++) {
      let sum = 0;
      for (let k = 0; k < KERNEL.length; k++) sum += KERNEL[k]! * padded[i + k]!;
      out[i * size + line] = sum / WEIGHT;
    }
  }
  return out;
}

/** …c b a | a b c … z | z y x… */
function mirror(index: number, size: number): number {
  const period = 2 * size;
  const wrapped = ((index % period) + period) % period;
  return wrapped < size ? wrapped : period - 1 - wrapped;
}
