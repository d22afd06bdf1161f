/**
 * @file The true false-alarm rate of thresholds at a target of 1 %, by rule: categories with held-out scores that are normal,
 * Gumbel (maxima, as image scores are) or log-normal, spreads equal or a factor of 1.6 apart.
 */
import { fitCuts, type ThresholdRuleName } from '@plumbline/eval';
import { standardNormal, xorshift } from '../random.ts';
import { upperQuantile, upperTail } from './normal-distribution.ts';
import { rounded, type Simulation, type SimulationRow } from './simulation.ts';

const TARGET = 0.01;
const RULES: readonly ThresholdRuleName[] = [
  'adaptive-bound',
  'shared-spread-bound',
  'prediction-bound',
  'empirical-quantile',
];
const SIZES = [
  { categories: 2, images: 4 },
  { categories: 6, images: 4 },
  { categories: 1, images: 8 },
  { categories: 10, images: 8 },
  { categories: 1, images: 30 },
  { categories: 10, images: 30 },
];
/** Standard deviation of the log spreads. */
const SPREADS = [0, 0.5];

const EULER = 0.577_215_664_9;
const GUMBEL_SCALE = Math.sqrt(6) / Math.PI;
/** Of the normal variable that a log-normal one is the exponential of: a skewness of 1.3. */
const LOG_SIGMA = 0.4;
const LOG_MEAN = Math.exp(LOG_SIGMA ** 2 / 2);
const LOG_SD = LOG_MEAN * Math.sqrt(Math.exp(LOG_SIGMA ** 2) - 1);

/** Shapes of mean 0 and standard deviation 1, as functions of a standard normal number and back. */
const SHAPES = {
  normal: { from: (z: number) => z, back: (x: number) => x },
  gumbel: {
    from: (z: number) => -GUMBEL_SCALE * (Math.log(-Math.log1p(-upperTail(z))) + EULER),
    back: (x: number) => upperQuantile(-Math.expm1(-Math.exp(-(x / GUMBEL_SCALE + EULER)))),
  },
  'log-normal': {
    from: (z: number) => (Math.exp(LOG_SIGMA * z) - LOG_MEAN) / LOG_SD,
    back: (x: number) => {
      const value = x * LOG_SD + LOG_MEAN;
      return value <= 0 ? Number.NEGATIVE_INFINITY : Math.log(value) / LOG_SIGMA;
    },
  },
};

export const falseAlarms: Simulation = {
  name: 'false-alarms',
  about:
    'True false-alarm rate of thresholds at a target of 0.01, by rule; the mean, and its standard error.',
  trials: 400,
  run({ trials, seed }) {
    const rows: SimulationRow[] = [];
    for (const [shape, { from, back }] of Object.entries(SHAPES)) {
      for (const size of SIZES) {
        for (const spread of SPREADS) {
          const normal = standardNormal(xorshift(seed + 1));
          // As many categories in all cases, but for the smallest ones.
          const times = Math.ceil((2 * trials) / (size.categories + 1));
          const rates = new Map(RULES.map((rule) => [rule, [] as number[]]));
          for (let trial = 0; trial < times; trial += 1) {
            const sigmas = Array.from({ length: size.categories }, () =>
              Math.exp(spread * normal()),
            );
            const heldOut = Object.fromEntries(
              sigmas.map((sigma, at) => [
                `category${at}`,
                Array.from({ length: size.images }, () => sigma * from(normal())),
              ]),
            );
            for (const rule of RULES) {
              const { categories } = fitCuts(heldOut, { rule, falseAlarmTarget: TARGET });
              const ofAll = sigmas.map((sigma, at) =>
                upperTail(back((categories[`category${at}`]?.threshold ?? Number.NaN) / sigma)),
              );
              rates.get(rule)?.push(mean(ofAll));
            }
          }
          rows.push({ shape, ...size, spread, trials: times, ...columnsOf(rates) });
        }
      }
    }
    return rows;
  },
};

/** For each rule the mean rate and its standard error. */
function columnsOf(rates: ReadonlyMap<string, readonly number[]>): SimulationRow {
  const columns = [...rates].flatMap(([rule, values]) => {
    const center = mean(values);
    const squares = values.reduce((sum, value) => sum + (value - center) ** 2, 0);
    const error = Math.sqrt(squares / (values.length - 1) / values.length);
    return [
      [rule, rounded(center)],
      [`${rule} ±`, rounded(error)],
    ];
  });
  return Object.fromEntries(columns);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
