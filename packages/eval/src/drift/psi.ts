/** @file The population stability index: how far a sample's distribution is from a reference's, over bins of the reference. */

const MOST_BINS = 10;
/** Of the reference, per bin. */
const IMAGES_PER_BIN = 5;
/** Added to each count: half an image, Jeffreys' prior of a multinomial. No bin is empty then, and no logarithm infinite. */
const SMOOTHING = 0.5;

/**
 * PSI = Σ (qᵢ − pᵢ) · ln(qᵢ / pᵢ), with pᵢ the share of the reference in bin i and qᵢ that of the sample: the symmetric
 * Kullback-Leibler divergence in nats (H. Jeffreys, Proc. R. Soc. A 186, 1946; as a stability index N. Siddiqi, Credit Risk
 * Scorecards, 2006; that it is about (B − 1)(1/m + 1/n) where nothing has changed: B. Yurdakul, Western Michigan University, 2018).
 *
 * Bins are quantiles of the reference: as many as it has images for with five in each, at most ten. A reference of no more
 * different values than that, such as image sizes, has a bin for each value and one for all others. To each count 0.5 is added.
 *
 * @param reference finite numbers, at least one
 * @param sample finite numbers, at least one
 * @returns 0 or more, nats; 0 for equal shares
 */
export function populationStabilityIndex(
  reference: readonly number[],
  sample: readonly number[],
): number {
  if (reference.length === 0 || sample.length === 0)
    throw new RangeError('PSI is undefined without images on both sides.');
  const { bins, binOf } = binsOf(reference);
  const before = shares(reference, bins, binOf);
  const now = shares(sample, bins, binOf);
  return before.reduce((sum, p, bin) => {
    const q = now[bin] ?? p;
    return sum + (q - p) * Math.log(q / p);
  }, 0);
}

interface Bins {
  readonly bins: number;
  binOf(value: number): number;
}

function binsOf(reference: readonly number[]): Bins {
  const sorted = Float64Array.from(reference).sort();
  const wanted = Math.max(2, Math.min(MOST_BINS, Math.floor(sorted.length / IMAGES_PER_BIN)));
  const values = [...new Set(sorted)];
  if (values.length <= wanted) {
    const places = new Map(values.map((value, bin) => [value, bin]));
    return { bins: values.length + 1, binOf: (value) => places.get(value) ?? values.length };
  }
  const edges = [
    ...new Set(
      Array.from(
        { length: wanted - 1 },
        (_, index) => sorted[Math.ceil(((index + 1) * sorted.length) / wanted) - 1] ?? 0,
      ),
    ),
  ];
  return { bins: edges.length + 1, binOf: (value) => countBelow(edges, value) };
}

/** Edges that are less than the value: a bin holds its upper edge. */
function countBelow(edges: readonly number[], value: number): number {
  const first = edges.findIndex((edge) => value <= edge);
  return first < 0 ? edges.length : first;
}

function shares(values: readonly number[], bins: number, binOf: Bins['binOf']): number[] {
  const counts = new Array<number>(bins).fill(SMOOTHING);
  for (const value of values) {
    const bin = binOf(value);
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  const total = values.length + SMOOTHING * bins;
  return counts.map((count) => count / total);
}
