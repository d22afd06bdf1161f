/**
 * @file How many false alarms thresholds give, by simulation: what the held-out scores leave open (location, spread and shape
 * of each category's scores, `spread-posterior.ts`) is drawn many times, and each draw says which share of further normal
 * images reaches the threshold. The mean is the rate to expect, the interval what few held-out images can't tell.
 */
import { lookUp, type SimulatedRate, type ThresholdProfile } from '@plumbline/contracts';
import { RandomStream } from '../uncertainty/random-stream.ts';
import { hasSpread } from './adaptive-bound.ts';
import type { Draws } from './score-distribution.ts';
import { type GroupPosterior, spreadPosterior } from './spread-posterior.ts';

const DRAWS = 1000;
/** Of the draws are in the interval. */
const INTERVAL = 0.9;

/** The profile with the simulated false-alarm rate of each threshold whose category has a known spread. */
export function withSimulatedRates(profile: ThresholdProfile): ThresholdProfile {
  const entries = Object.entries(profile.categories).filter(([, own]) => own.heldOutScores.length);
  const posterior = spreadPosterior(entries.map(([, own]) => own.heldOutScores));
  if (posterior === null) return profile;
  const known = entries.flatMap(([name, { imageThreshold }], index) =>
    hasSpread(posterior, index) ? [{ name, index, imageThreshold }] : [],
  );
  const cuts = known.map(({ index, imageThreshold }) => ({ index, threshold: imageThreshold }));
  const byCategory = drawRates(posterior, cuts);
  const rates = Object.fromEntries(
    known.map(({ name }, at) => [name, summarize(byCategory[at] ?? new Float64Array())]),
  );
  const pooled = drawRates(
    posterior,
    known.map(({ index }) => ({ index, threshold: profile.pooled.imageThreshold })),
  );
  return {
    ...profile,
    simulated: summarize(meanOf(byCategory)),
    pooled: { ...profile.pooled, simulated: summarize(meanOf(pooled)) },
    categories: Object.fromEntries(
      Object.entries(profile.categories).map(([name, own]) => {
        const simulated = lookUp(rates, name);
        return [name, simulated === undefined ? own : { ...own, simulated }];
      }),
    ),
  };
}

interface GroupCut {
  /** Of the group in the posterior. */
  readonly index: number;
  readonly threshold: number;
}

/** The share of further normal images at or above each cut, in every draw. */
function drawRates(posterior: readonly GroupPosterior[], cuts: readonly GroupCut[]) {
  const random = drawsOf(new RandomStream(0, 'simulated false-alarm rates'));
  const rates = cuts.map(() => new Float64Array(DRAWS));
  cuts.forEach(({ index, threshold }, at) => {
    const { group, shapes } = posterior[index]!;
    const chances = shapes.flatMap(({ weights }) => [...weights]);
    for (let draw = 0; draw < DRAWS; draw += 1) {
      const picked = pick(chances, random.uniform());
      const { distribution, sigmas } = shapes[Math.floor(picked / shapes[0]!.sigmas.length)]!;
      const sigma = sigmas[picked % sigmas.length]!;
      rates[at]![draw] = distribution.drawnTail(group, sigma, random)(threshold);
    }
  });
  return rates;
}

/** Index that a uniform number in (0, 1) falls on. */
function pick(probabilities: readonly number[], uniform: number): number {
  let left = uniform;
  for (let i = 0; i < probabilities.length; i += 1) {
    left -= probabilities[i]!;
    if (left < 0) return i;
  }
  return probabilities.length - 1;
}

/** Unweighted over the categories, draw by draw. */
function meanOf(rates: readonly Float64Array[]): Float64Array {
  return Float64Array.from(
    { length: DRAWS },
    (_, draw) => rates.reduce((sum, of) => sum + of[draw]!, 0) / rates.length,
  );
}

function summarize(rates: Float64Array): SimulatedRate {
  const sorted = Float64Array.from(rates).sort();
  const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))]!;
  const rate = sorted.reduce((sum, value) => sum + value, 0) / sorted.length;
  return { rate, low: at((1 - INTERVAL) / 2), high: at((1 + INTERVAL) / 2) };
}

/** Above, a gamma variable is as good as the cube of a normal one (Wilson & Hilferty, PNAS 17, 1931). */
const MANY = 50;

function drawsOf(stream: RandomStream): Draws & { uniform(): number } {
  const uniform = () => (stream.below(2 ** 32) + 0.5) / 2 ** 32;
  const normal = () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
  const gamma = (shape: number) => {
    if (shape > MANY) return shape * (1 - 1 / (9 * shape) + normal() / (3 * Math.sqrt(shape))) ** 3;
    let sum = 0;
    for (let i = 0; i < shape; i += 1) sum -= Math.log(uniform());
    return sum;
  };
  return { uniform, normal, gamma };
}
