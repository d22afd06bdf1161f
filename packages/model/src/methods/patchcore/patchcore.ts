/** @file PatchCore behind the `Method` interface, in the unified setting: one memory bank for all categories. */
import {
  patchcore as definition,
  FOLDS_PART,
  type PatchCorePreset,
  PROJECTED_CHANNELS,
  patchCoreBankSize,
  readOnce,
  STARTING_POINTS,
} from '@plumbline/contracts';
import { RandomStream } from '../../nn/random.ts';
import { traceProgram } from '../../trace/index.ts';
import { assertMemory } from '../memory.ts';
import type { FitOptions, FittedMethod, Folds, PlannedFit, TokensMethod } from '../method.ts';
import { type PatchEmbedding, planEmbedding } from '../patch-embedding.ts';
import { reportProgress } from '../report-progress.ts';
import { scoredOfFold, scoreFold, unscored } from '../score-fold.ts';
import { type Coreset, greedyCoreset } from './coreset.ts';
import { foldsOfPatches, openFoldBanks } from './fold-banks.ts';
import { openPatchDistances, type PatchDistances } from './patch-distances.ts';
import { centerRows, projectRows } from './project.ts';
import { type PatchPool, samplePatches, samplingBytes } from './sample-patches.ts';
import { type MemoryBank, scoresProgram, scoreWords } from './score.ts';

/** What progress is told of while the images are read. */
const PATCHES_PART = 'patches of the images';
/** Shares of the work for the progress bar: embedding patches, and then choosing the bank; the folds are the rest. */
const EMBEDDING_SHARE = 0.4;
const BANK_SHARE_WITH_FOLDS = 0.2;
/** Share of all patches that the released code keeps. */
const RELEASED_SHARE = 0.1;
/** The bank is held as chosen, in the method's graph, in the exported one and by its session. */
const COPIES_OF_BANK = 4;
/** And that of a fold as chosen, in its graph and by its session. */
const COPIES_OF_FOLD_BANK = 3;

export const patchcore: TokensMethod = {
  reads: 'tokens',
  definition,
  assertMemory: assertFits,
  fit: fitPatchCore,
};

async function fitPatchCore(options: FitOptions): Promise<FittedMethod> {
  const preset = definition.resolve(options.preset, options.settings);
  const plan = planEmbedding(options.levels, preset);
  const { categories, count } = options.features;
  const bankOfAll = { seen: count * plan.grid ** 2, categories: new Set(categories).size };
  assertFits({ ...options, images: count, categories: bankOfAll.categories });
  const wanted = patchCoreBankSize(preset, bankOfAll);
  const pool = await samplePatches(options, plan, preset.reservoir, (done) =>
    reportProgress(options, {
      part: PATCHES_PART,
      step: done,
      steps: count,
      fraction: (EMBEDDING_SHARE * done) / count,
    }),
  );
  const center = centerRows(pool.rows, plan.size);
  const points = await projectRows(options.executor, pool.rows, {
    size: plan.size,
    to: PROJECTED_CHANNELS,
    seed: options.seed,
  });
  const distances = await openPatchDistances(
    options.executor,
    points,
    Math.min(plan.size, PROJECTED_CHANNELS),
  );
  const bankOf = (chosen: Int32Array): MemoryBank => ({
    rows: rowsOf(pool.rows, plan.size, chosen),
    center,
  });
  try {
    const coreset = await chooseBank(options, distances, pool, wanted);
    const { folds } = options;
    const foldScores =
      folds === undefined
        ? null
        : await scoreFolds(options, { folds, preset, plan, pool, coreset, distances, bankOf });
    return {
      inputs: 'tokens',
      graph: traceProgram(scoresProgram(plan, bankOf(coreset.chosen), preset)),
      map: { grids: [plan.grid], alignCorners: false, smoothed: true },
      ...(foldScores === null ? {} : { foldScores: [foldScores] }),
      ...describe(options, preset, plan, pool, coreset),
    };
  } finally {
    await distances.release();
  }
}

function describe(
  options: FitOptions,
  preset: PatchCorePreset,
  plan: PatchEmbedding,
  pool: PatchPool,
  { chosen, radius }: Coreset,
): Pick<FittedMethod, 'config' | 'notes' | 'coverage'> {
  const seen = options.features.count * plan.grid ** 2;
  const released = Math.round(RELEASED_SHARE * seen);
  const bankBytes = 4 * chosen.length * plan.size;
  return {
    coverage: [readOnce(PATCHES_PART, options.features.count)],
    config: {
      preset: { ...preset },
      grid: plan.grid,
      channels: plan.size,
      levels: plan.levels.map((level, index) => ({ tap: options.levels[index]?.tap, ...level })),
      patches: {
        seen,
        reservoirs: pool.categories,
        memoryBank: chosen.length,
        coverageRadius: radius,
      },
      score: scoreWords(preset),
      smoothedMap: 'sigma 4 px',
    },
    notes: [
      `Saw ${seen} patches of ${plan.size} channels; reservoirs of at most ${preset.reservoir} per category kept ${pool.images.length}; ` +
        `the memory bank has ${chosen.length} of them, ${Math.round(bankBytes / 1e6)} MB in the model file.`,
      ...(chosen.length < released
        ? [
            `The released code would choose ${released} patches (${100 * RELEASED_SHARE} %) from all of them, for each category in a bank of its own; this is one bank of ${((100 * chosen.length) / seen).toPrecision(2)} %.`,
          ]
        : []),
    ],
  };
}

function chooseBank(
  options: FitOptions,
  distances: PatchDistances,
  pool: PatchPool,
  wanted: number,
): Promise<Coreset> {
  const share = options.folds === undefined ? 1 - EMBEDDING_SHARE : BANK_SHARE_WITH_FOLDS;
  return greedyCoreset({
    count: pool.images.length,
    wanted,
    start: {
      points: STARTING_POINTS,
      random: RandomStream.from(options.seed, 'patchcore/coreset'),
    },
    distancesTo: distances.distancesTo,
    onProgress: (done) =>
      reportProgress(options, {
        part: 'memory bank',
        step: done,
        steps: wanted,
        fraction: EMBEDDING_SHARE + (share * done) / wanted,
      }),
  });
}

interface FoldedFit {
  readonly folds: Folds;
  readonly preset: PatchCorePreset;
  readonly plan: PatchEmbedding;
  readonly pool: PatchPool;
  readonly coreset: Coreset;
  readonly distances: PatchDistances;
  bankOf(chosen: Int32Array): MemoryBank;
}

/** Patch scores of each image by a bank without its fold: f32 `[images, P]`. */
async function scoreFolds(options: FitOptions, fit: FoldedFit): Promise<Float32Array> {
  const { folds, preset, plan } = fit;
  const scores = unscored(options.features.count, plan.grid ** 2);
  const before = EMBEDDING_SHARE + BANK_SHARE_WITH_FOLDS;
  let done = 0;
  const report = () =>
    reportProgress(options, {
      part: FOLDS_PART,
      step: done,
      steps: folds.count,
      fraction: before + ((1 - before) * done) / folds.count,
    });
  const bankWithout = await openFoldBanks({
    foldOfPatch: foldsOfPatches(fit.pool.images, folds),
    bank: fit.coreset,
    distancesTo: fit.distances.distancesTo,
    onProgress: report,
  });
  for (let fold = 0; fold < folds.count; fold++) {
    const bank = fit.bankOf(await bankWithout(fold));
    await scoreFold(options, scoresProgram(plan, bank, preset), scoredOfFold(folds, fold), scores);
    done = fold + 1;
    await report();
  }
  return scores;
}

function assertFits({
  preset: name,
  settings,
  levels,
  images,
  categories,
  folds,
  ...available
}: PlannedFit): void {
  const preset = definition.resolve(name, settings);
  const plan = planEmbedding(levels, preset);
  const wanted = patchCoreBankSize(preset, { seen: images * plan.grid ** 2, categories });
  const pool = categories * preset.reservoir;
  const projectedBytes = 4 * pool * PROJECTED_CHANNELS;
  const copies = COPIES_OF_BANK + (folds === undefined ? 0 : COPIES_OF_FOLD_BANK);
  const foldScoreBytes = folds === undefined ? 0 : 4 * images * plan.grid ** 2;
  assertMemory(
    definition,
    samplingBytes(pool, plan) + projectedBytes + copies * 4 * wanted * plan.size + foldScoreBytes,
    available,
  );
}

function rowsOf(rows: Float32Array, size: number, chosen: Int32Array): Float32Array {
  const own = new Float32Array(chosen.length * size);
  for (const [slot, row] of chosen.entries())
    own.set(rows.subarray(row * size, (row + 1) * size), slot * size);
  return own;
}
