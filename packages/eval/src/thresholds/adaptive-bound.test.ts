/** @file The adaptive bound: exact where theory is, its target over few images and skewed scores, and simulated rates. */
import { describe, expect, test } from 'vitest';
import { fitCuts, type HeldOutScores, toProfile, withSimulatedRates } from '../index.ts';
import { gaussian, lehmer } from '../testing/made-images.ts';
import { adaptiveBounds } from './adaptive-bound.ts';
import { GUMBEL, groupOf, logFactorial, NORMAL, normalTail } from './score-distribution.ts';
import { spreadPosterior } from './spread-posterior.ts';
import { studentTUpperQuantile } from './student-t.ts';

const EULER = 0.577_215_664_9;
const BETA = Math.sqrt(6) / Math.PI;

/** Shapes of mean 0 and standard deviation 1: how to draw from each, and its upper tail. */
const SHAPES = {
  normal: { draw: gaussian, tail: normalTail },
  gumbel: {
    draw: (random: () => number) => -BETA * (Math.log(-Math.log(random())) + EULER),
    tail: (x: number) => -Math.expm1(-Math.exp(-(x / BETA + EULER))),
  },
};

test('the normal tail and log n! have their known values', () => {
  expect(normalTail(2.326_348)).toBeCloseTo(0.01, 7);
  expect(normalTail(-1)).toBeCloseTo(0.841_344_75, 6);
  expect(normalTail(6) / 9.865_876e-10).toBeCloseTo(1, 5);
  expect(logFactorial(5)).toBeCloseTo(Math.log(120), 12);
  expect(logFactorial(30)).toBeCloseTo(74.658_236_348_8, 9);
});

test('given the spread, both tails are those of the definition: location integrated numerically', () => {
  const group = groupOf([1, 2.5, 1.7]);
  const sigma = 0.8;
  const beta = sigma * BETA;
  const densities = {
    normal: (x: number, mu: number) => Math.exp(-(((x - mu) / sigma) ** 2) / 2) / sigma,
    gumbel: (x: number, mu: number) => {
      const z = (x - mu) / beta;
      return Math.exp(-z - Math.exp(-z)) / beta;
    },
  };
  const tails = {
    normal: (x: number, mu: number) => normalTail((x - mu) / sigma),
    gumbel: (x: number, mu: number) => -Math.expm1(-Math.exp(-(x - mu) / beta)),
  };
  for (const distribution of [NORMAL, GUMBEL]) {
    let mass = 0;
    let above = 0;
    for (let mu = -15; mu < 15; mu += 0.001) {
      const density = group.scores.reduce((p, x) => p * densities[distribution.name](x, mu), 1);
      mass += density;
      above += density * tails[distribution.name](3, mu);
    }
    expect(distribution.tail(group, sigma)(3)).toBeCloseTo(above / mass, 5);
  }
});

test('with scores as symmetric as can be, one category comes near Student’s t', () => {
  const n = 200;
  // Evenly spread quantiles of the normal distribution leave no doubt about the shape.
  const scores = Array.from({ length: n }, (_, i) => -quantileOf((i + 0.5) / n));
  const [normal] = spreadPosterior([scores])?.[0]?.shapes ?? [];
  expect(normal?.weights.reduce((a, b) => a + b)).toBeGreaterThan(0.99);
  const { mean, squares } = groupOf(scores);
  const sd = Math.sqrt(squares / (n - 1));
  const exact = mean + studentTUpperQuantile(0.01, n - 1) * sd * Math.sqrt(1 + 1 / n);
  expect(adaptiveBounds([scores], 0.01)[0]).toBeCloseTo(exact, 2);
});

function quantileOf(tail: number): number {
  let [low, high] = [-9, 9];
  for (let round = 0; round < 60; round += 1) {
    const middle = (low + high) / 2;
    if (normalTail(middle) > tail) low = middle;
    else high = middle;
  }
  return low;
}

interface Rates {
  readonly adaptive: number;
  readonly shared: number;
}

/** Mean true false-alarm rates of both rules at 1 %, categories with equal spreads. */
function simulate(shape: keyof typeof SHAPES, names: number, images: number, trials: number) {
  const random = lehmer(17 + names + images);
  const sum = { adaptive: 0, shared: 0 };
  for (let trial = 0; trial < trials; trial += 1) {
    const heldOut: HeldOutScores = Object.fromEntries(
      Array.from({ length: names }, (_, name) => [
        `c${name}`,
        Array.from({ length: images }, () => SHAPES[shape].draw(random)),
      ]),
    );
    for (const [key, rule] of [
      ['adaptive', 'adaptive-bound'],
      ['shared', 'shared-spread-bound'],
    ] as const) {
      for (const { threshold } of Object.values(fitCuts(heldOut, { rule }).categories))
        sum[key] += SHAPES[shape].tail(threshold) / names / trials;
    }
  }
  return sum satisfies Rates;
}

describe('false alarms at a target of 1 %', () => {
  test('two categories of four images, normal scores: never more, and the shared spread is capped', () => {
    const { adaptive, shared } = simulate('normal', 2, 4, 250);
    expect(adaptive).toBeLessThan(0.01);
    expect(shared).toBeLessThan(0.02); // 0.022 with degrees of freedom that nobody has
  });

  test('Gumbel scores: the shared spread gives three times as many, the adaptive bound does not', () => {
    const { adaptive, shared } = simulate('gumbel', 6, 20, 25);
    expect(shared).toBeGreaterThan(0.024);
    expect(adaptive).toBeLessThan(0.015);
    expect(adaptive).toBeGreaterThan(0.005);
  });
});

describe('simulated rates', () => {
  const random = lehmer(5);
  const draw = (count: number) => Array.from({ length: count }, () => gaussian(random)).sort();
  const profileOf = (heldOut: HeldOutScores) =>
    toProfile(fitCuts(heldOut), {}, (name) => ({
      pixelThreshold: 9,
      heldOutScores: [...(name === null ? Object.values(heldOut).flat() : (heldOut[name] ?? []))],
    }));

  test('the adaptive bound is expected to keep its target; few images leave much open', () => {
    const { simulated, categories } = profileOf({ few: draw(4), many: draw(120), more: draw(120) });
    expect(simulated?.rate).toBeGreaterThan(0.006);
    expect(simulated?.rate).toBeLessThan(0.015);
    const width = (name: string) => {
      const { high = 0, low = 0 } = categories[name]?.simulated ?? {};
      return high - low;
    };
    expect(width('few')).toBeGreaterThan(2 * width('many'));
  });

  test('a threshold lower than the bound gives more, one at the mean about half', () => {
    const profile = profileOf({ a: draw(40), b: draw(40) });
    const { a, b } = profile.categories;
    if (a === undefined || b === undefined) throw new Error('no categories');
    const moved = withSimulatedRates({
      ...profile,
      categories: { a: { ...a, imageThreshold: 0 }, b },
    });
    expect(moved.categories['a']?.simulated?.rate).toBeCloseTo(0.5, 0);
    expect(moved.categories['b']?.simulated).toEqual(b.simulated);
    expect(moved.simulated?.rate).toBeGreaterThan(0.2);
  });

  test('nothing is simulated where no spread is known', () => {
    const profile = profileOf({ a: [1], b: [2, 2] });
    expect(profile.simulated).toBeUndefined();
    expect(profile.categories['a']).not.toHaveProperty('simulated');
  });
});

test('scores that differ in their last bit alone have a bound, beside them', () => {
  const score = 0.016_718_976_199_626_923;
  const next = score * (1 + Number.EPSILON);
  for (const count of [2, 4, 8]) {
    const alike = Array.from({ length: count }, (_, i) => (i === 0 ? next : score));
    for (const groups of [[alike], [alike, alike], [alike, [1, 2, 3, 4], [5, 5.5, 6]]]) {
      const [bound] = adaptiveBounds(groups, 0.01);
      expect(bound).toBeGreaterThanOrEqual(score);
      expect(bound).toBeLessThan(1.001 * score);
    }
  }
});
