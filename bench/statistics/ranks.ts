/**
 * @file How often a row that truly is the best is ranked below 1, and how often a worse one is. Rows score the same images with
 * noise of their own; where rows have several seeds, each seed's separation varies too, and what is ranked is the method.
 */
import { tieGroups } from '@plumbline/eval';
import { standardNormal, xorshift } from '../random.ts';
import { rounded, type Simulation, type SimulationRow } from './simulation.ts';

const CATEGORIES = 2;
const NORMAL = 20;
const ANOMALOUS = 20;
/** Between normal and anomalous scores, in standard deviations of both: a true AUROC of 0.92. */
const SEPARATION = 2;
/** Of the part of a score that all rows share, as they see the same image. */
const SHARED = 0.7;

interface Case {
  readonly rows: number;
  readonly seeds: number;
  /** Standard deviation of the separation over seeds. */
  readonly seedSpread: number;
  /** Of the last row's separation. */
  readonly worse: number;
}

const CASES: readonly Case[] = [
  { rows: 2, seeds: 1, seedSpread: 0, worse: 0 },
  { rows: 5, seeds: 1, seedSpread: 0, worse: 0 },
  { rows: 20, seeds: 1, seedSpread: 0, worse: 0 },
  { rows: 5, seeds: 3, seedSpread: 0, worse: 0 },
  { rows: 5, seeds: 3, seedSpread: 0.3, worse: 0 },
  { rows: 5, seeds: 3, seedSpread: 0.8, worse: 0 },
  { rows: 20, seeds: 3, seedSpread: 0.8, worse: 0 },
  { rows: 5, seeds: 1, seedSpread: 0, worse: 1 },
  { rows: 5, seeds: 3, seedSpread: 0.3, worse: 1 },
  { rows: 5, seeds: 3, seedSpread: 0.8, worse: 1 },
];

export const ranks: Simulation = {
  name: 'ranks',
  about:
    'Rows of equal truth: how often one is called significantly worse than the best (a row, any row of a board); and how often a worse row is.',
  trials: 300,
  run: ({ trials, seed }) => CASES.map((one) => simulate(one, trials, seed)),
};

function simulate(one: Case, trials: number, seed: number): SimulationRow {
  const random = standardNormal(xorshift(seed + 1));
  const equal = one.worse === 0 ? one.rows : one.rows - 1;
  const counts = { rows: 0, boards: 0, found: 0 };
  for (let trial = 0; trial < trials; trial += 1) {
    const below = new Set(
      tieGroups(drawBoard(one, random)).flatMap(({ id, rank }) => (rank > 1 ? [Number(id)] : [])),
    );
    const wrong = [...below].filter((row) => row < equal).length;
    counts.rows += wrong;
    if (wrong > 0) counts.boards += 1;
    if (below.has(one.rows - 1)) counts.found += 1;
  }
  return {
    ...one,
    trials,
    'row wrong': rounded(counts.rows / trials / equal),
    'board wrong': rounded(counts.boards / trials),
    'worse row found': one.worse === 0 ? null : rounded(counts.found / trials),
  };
}

function drawBoard({ rows, seeds, seedSpread, worse }: Case, random: () => number) {
  const images = Array.from({ length: CATEGORIES * (NORMAL + ANOMALOUS) }, (_, index) => {
    const at = index % (NORMAL + ANOMALOUS);
    return {
      path: `${index}.png`,
      category: `category${Math.floor(index / (NORMAL + ANOMALOUS))}`,
      label: at < NORMAL ? ('normal' as const) : ('anomalous' as const),
      shared: SHARED * random(),
    };
  });
  const own = Math.sqrt(1 - SHARED ** 2);
  return Array.from({ length: rows }, (_, row) => ({
    id: String(row),
    runs: Array.from({ length: seeds }, () => {
      const separation = SEPARATION + seedSpread * random() - (row === rows - 1 ? worse : 0);
      return images.map(({ shared, ...image }) => ({
        ...image,
        imageScore: shared + own * random() + (image.label === 'anomalous' ? separation : 0),
      }));
    }),
  }));
}
