/**
 * @file What held-out scores say of the spread and the shape of scores, by Bayes' rule. The spreads σ of the categories are
 * log-normal around what they share, ln σ ~ N(m, τ²), with m flat and τ half-Cauchy, both integrated out: with few
 * categories nothing is taken as known that they can't show. One category alone has the prior 1 / σ, under which a
 * bound keeps its target exactly (for the normal distribution it is Student's t).
 *
 * Each category's scores are normal or Gumbel; the share of categories that are Gumbel is unknown and integrated out too, so
 * a category that has few scores is judged by what the others are like. Under one invariant prior for location and spread
 * neither shape is favored (J. O. Berger, L. R. Pericchi, J. A. Varshavsky, Sankhyā A 60, 1998).
 */
import {
  GUMBEL,
  groupOf,
  NORMAL,
  type ScoreDistribution,
  type ScoreGroup,
} from './score-distribution.ts';

/** What is known of a category: shapes and spreads with their probabilities, which sum to 1 over both shapes. */
export interface GroupPosterior {
  readonly group: ScoreGroup;
  /** Whether it has two different scores, so that it says how large spreads are. */
  readonly informs: boolean;
  readonly shapes: readonly ShapePosterior[];
}

export interface ShapePosterior {
  readonly distribution: ScoreDistribution;
  readonly sigmas: Float64Array;
  readonly weights: Float64Array;
}

/** Of the half-Cauchy prior of τ: categories whose spreads differ by a factor of 1.6 are usual. */
const TAU_SCALE = 0.5;
/** Values of τ. Below the first, spreads are as good as equal. */
const TAUS = [0.05, 0.1, 0.2, 0.3, 0.45, 0.65, 0.9, 1.25, 1.7];
/** Shares of categories whose scores are Gumbel. */
const GUMBEL_SHARES = [0.05, 0.2, 0.35, 0.5, 0.65, 0.8, 0.95];
const SHARED_NODES = 61;
const NODES = 48;

/** Values of ln σ at equal distances, and the density of the scores at each: `exp(top)` times `densities`. */
interface Nodes {
  readonly distribution: ScoreDistribution;
  readonly from: number;
  readonly step: number;
  readonly top: number;
  readonly densities: Float64Array;
}

/**
 * @param groups held-out scores of each category, at least one each
 * @returns of each group; null where no group has two different scores
 */
export function spreadPosterior(groups: readonly (readonly number[])[]): GroupPosterior[] | null {
  const known = groups.map(groupOf);
  const spread = known.filter(isSpread);
  if (spread.length === 0) return null;
  const width = Math.max(...spread.map(widthOf));
  const logs = spread.map(logSpread);
  const range: Range = [Math.min(...logs) - 6 * width, Math.max(...logs) + 8 * width];
  const all = known.map((group) => ({
    group,
    informs: isSpread(group),
    nodes: [NORMAL, GUMBEL].map((distribution) => nodesOf(group, distribution, range)),
  }));
  return weigh(all, spread.length === 1 ? [FLAT] : sharedPriors(range));
}

type Range = readonly [low: number, high: number];

/** Equal scores say nothing about how others spread. */
function isSpread({ n, squares }: ScoreGroup): boolean {
  return n > 1 && squares > 0;
}

/** Standard deviation of ln σ given the scores, about. */
function widthOf({ n }: ScoreGroup): number {
  return 1 / Math.sqrt(2 * (n - 1));
}

function logSpread({ n, squares }: ScoreGroup): number {
  return Math.log(squares / (n - 1)) / 2;
}

/**
 * Around the σ under which the scores are most likely. Few scores leave a long way up open; equal ones say nothing and have
 * the range of all.
 */
function nodesOf(group: ScoreGroup, distribution: ScoreDistribution, range: Range): Nodes {
  if (!isSpread(group)) return makeNodes(distribution, range, (u) => (1 - group.n) * u);
  const logDensity = (u: number) => distribution.logDensity(group, Math.exp(u));
  const mode = maximum(logDensity, logSpread(group));
  const width = widthOf(group);
  const up = group.n < 5 ? 14 : 9;
  return makeNodes(distribution, [mode - 6 * width, mode + up * width], logDensity);
}

function makeNodes(
  distribution: ScoreDistribution,
  [low, high]: Range,
  logDensity: (u: number) => number,
): Nodes {
  const step = (high - low) / (NODES - 1);
  const logs = Float64Array.from({ length: NODES }, (_, i) => logDensity(low + i * step));
  const top = logs.reduce((a, b) => Math.max(a, b));
  const densities = logs.map((value) => Math.exp(value - top));
  return { distribution, from: low, step, top, densities };
}

/** The u near `start` at which a function with one maximum has it, by golden section. */
function maximum(f: (u: number) => number, start: number): number {
  const ratio = (Math.sqrt(5) - 1) / 2;
  let [low, high] = [start - 3, start + 3];
  let [a, b] = [high - ratio * (high - low), low + ratio * (high - low)];
  let [fa, fb] = [f(a), f(b)];
  for (let round = 0; round < 20; round += 1) {
    if (fa < fb) {
      [low, a, fa] = [a, b, fb];
      b = low + ratio * (high - low);
      fb = f(b);
    } else {
      [high, b, fb] = [b, a, fa];
      a = high - ratio * (high - low);
      fa = f(a);
    }
  }
  return (low + high) / 2;
}

/** A prior of ln σ: normal around `m`, or flat. */
interface Prior {
  readonly logWeight: number;
  readonly m: number;
  readonly tau: number;
}

const FLAT: Prior = { logWeight: 0, m: 0, tau: Number.POSITIVE_INFINITY };

function sharedPriors([low, high]: Range): Prior[] {
  const step = (high - low) / (SHARED_NODES - 1);
  return TAUS.flatMap((tau, index) => {
    const share = (TAUS[index + 1] ?? tau) - (TAUS[index - 1] ?? 0);
    const logWeight = Math.log(share / (1 + (tau / TAU_SCALE) ** 2));
    return Array.from({ length: SHARED_NODES }, (_, i) => ({ logWeight, m: low + i * step, tau }));
  });
}

interface GroupNodes extends Omit<GroupPosterior, 'shapes'> {
  /** Of each shape. */
  readonly nodes: readonly Nodes[];
}

/** Probabilities of each group's shape and σ, averaged over priors and shares by how likely they make the scores of all. */
function weigh(all: readonly GroupNodes[], priors: readonly Prior[]): GroupPosterior[] {
  const masses = all.map(({ nodes }) =>
    nodes.map((one) => Float64Array.from(priors, (prior) => productOf(one, prior).mass)),
  );
  // Densities of both shapes relative to the likelier one's, per group.
  const tops = all.map(({ nodes }) => Math.max(...nodes.map(({ top }) => top)));
  const scales = all.map(({ nodes }, g) => nodes.map(({ top }) => Math.exp(top - tops[g]!)));
  const part = (g: number, shape: number, p: number, share: number) =>
    (shape === 1 ? share : 1 - share) * scales[g]![shape]! * masses[g]![shape]![p]!;
  const logs = priors.flatMap(({ logWeight }, p) =>
    GUMBEL_SHARES.map((share) =>
      all.reduce((sum, { informs }, g) => {
        return informs ? sum + Math.log(part(g, 0, p, share) + part(g, 1, p, share)) : sum;
      }, logWeight),
    ),
  );
  const best = logs.reduce((a, b) => Math.max(a, b));
  const likely = logs.map((value) => Math.exp(value - best));
  const total = likely.reduce((a, b) => a + b, 0);
  return all.map(({ group, informs, nodes }, g) => ({
    group,
    informs,
    shapes: nodes.map((one, shape): ShapePosterior => {
      const weights = new Float64Array(NODES);
      priors.forEach((prior, p) => {
        const chance = GUMBEL_SHARES.reduce((sum, share, at) => {
          const both = part(g, 0, p, share) + part(g, 1, p, share);
          const ofAll = likely[p * GUMBEL_SHARES.length + at]! / total;
          return sum + (ofAll * part(g, shape, p, share)) / both;
        }, 0);
        if (chance < NEGLIGIBLE) return;
        const { products, sum } = productOf(one, prior);
        for (let i = 0; i < NODES; i += 1) weights[i]! += (chance * products[i]!) / sum;
      });
      const sigmas = Float64Array.from({ length: NODES }, (_, i) =>
        Math.exp(one.from + i * one.step),
      );
      return { distribution: one.distribution, sigmas, weights };
    }),
  }));
}

const NEGLIGIBLE = 1e-7;
/** Instead of 0, so that what no prior explains still has a logarithm. */
const TINY = 1e-250;

/** Density times prior at each node, their sum, and the integral. */
function productOf({ from, step, densities }: Nodes, { m, tau }: Prior) {
  const products = new Float64Array(NODES);
  // A prior narrower than the nodes are apart would fall between them.
  const width = Math.max(tau, step);
  const isFlat = tau === Number.POSITIVE_INFINITY;
  let sum = TINY;
  for (let i = 0; i < NODES; i += 1) {
    const z = isFlat ? 0 : (from + i * step - m) / width;
    products[i] = densities[i]! * Math.exp((-z * z) / 2);
    sum += products[i]!;
  }
  return { products, sum, mass: (sum * step) / (isFlat ? 1 : width) };
}
