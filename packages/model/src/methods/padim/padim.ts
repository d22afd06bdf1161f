/** @file PaDiM behind the `Method` interface, in the unified setting: one Gaussian per position for all categories. */
import { padim as definition, FOLDS_PART, type PadimPreset, readOnce } from '@plumbline/contracts';
import { traceProgram } from '../../trace/index.ts';
import { featureBatches } from '../feature-batches.ts';
import { assertMemory } from '../memory.ts';
import type { FitOptions, FittedMethod, Folds, PlannedFit, TokensMethod } from '../method.ts';
import { reportProgress } from '../report-progress.ts';
import { scoredImages, unscored } from '../score-fold.ts';
import { embedPosition, type PadimEmbedding, planEmbedding } from './forward.ts';
import { CopyFinder, LeftOutGaussians, leftOutBytes } from './leave-one-out.ts';
import { accumulatorBytes, GaussianAccumulator, type Gaussians } from './parameters.ts';
import { scoresProgram } from './score.ts';

/** What progress is told of while the images are read. */
const SUMS_PART = 'sums of the images';
/** Images read at once: the sums of a position are then in the processor's cache for all of them. */
const BATCH_SIZE = 16;
/** Matrices inverted between two reports of progress. */
const POSITIONS_AT_ONCE = 64;
/** The whitening is held once as fitted, once in the method's graph, once in the exported one, once by its session. */
const COPIES_OF_RESULT = 4;
/** Work of inverting all matrices, in images whose sums it would take as long to add up; for the progress bar. */
const IMAGES_AN_INVERSION = 100;

export const padim: TokensMethod = {
  reads: 'tokens',
  definition,
  assertMemory: assertFits,
  fit: fitPadim,
};

async function fitPadim(options: FitOptions): Promise<FittedMethod> {
  const preset = definition.resolve(options.preset, options.settings);
  const plan = planEmbedding(options.levels, preset.channels, options.seed);
  const positions = plan.grid ** 2;
  const resultBytes = bytesOfResult(plan);
  assertFits({ ...options, images: options.features.count });
  const work = new Work(options);
  const images = Int32Array.from(options.features.categories.keys());
  const sums = new GaussianAccumulator(positions, plan.size);
  const finder = new CopyFinder(options.features.count);
  await eachEmbedding(options, plan, images, work.in(SUMS_PART), ({ position, image }, x) => {
    sums.add(position, x);
    finder.add(image, x);
  });
  const foldScores =
    options.folds === undefined
      ? null
      : await scoreAlone(
          options,
          { folds: options.folds, copies: finder.copies(), plan, preset, sums },
          work,
        );
  const gaussians = await invert(plan, sums, preset.regularization, work.in('Gaussians'));
  return {
    inputs: 'tokens',
    graph: traceProgram(scoresProgram(plan, gaussians)),
    map: { grids: [plan.grid], alignCorners: false, smoothed: true },
    ...(foldScores === null ? {} : { foldScores: [foldScores] }),
    coverage: [readOnce(SUMS_PART, options.features.count)],
    config: {
      preset: { ...preset },
      grid: plan.grid,
      levels: plan.levels.map((level, index) => ({
        tap: options.levels[index]?.tap,
        grid: level.grid,
        channels: level.channels,
        kept: [...level.kept],
      })),
      smoothedMap: 'sigma 4 px',
    },
    notes: [
      `Fitted ${positions} Gaussians of ${plan.size} channels to ${options.features.count} images; ` +
        `they take ${Math.round(resultBytes / 1e6)} MB in the model file.`,
    ],
  };
}

function bytesOfResult({ grid, size }: Pick<PadimEmbedding, 'grid' | 'size'>): number {
  return 4 * grid ** 2 * size * (size + 1);
}

function assertFits({
  preset,
  settings,
  levels,
  images,
  folds,
  ...available
}: Omit<PlannedFit, 'categories'>): void {
  // Which channels are kept follows from the seed; how many does not.
  const plan = planEmbedding(levels, definition.resolve(preset, settings).channels, 0);
  const positions = plan.grid ** 2;
  const sumBytes = accumulatorBytes(positions, plan.size);
  const resultBytes = bytesOfResult(plan);
  const foldScoreBytes = 4 * images * positions;
  const whole = sumBytes + COPIES_OF_RESULT * resultBytes;
  const alone = sumBytes + leftOutBytes(positions, plan.size) + foldScoreBytes;
  assertMemory(
    definition,
    folds === undefined ? whole : Math.max(whole + foldScoreBytes, alone),
    available,
  );
}

/** Progress over all parts: sums of every image, once more without it, and inversions. */
class Work {
  readonly #options: FitOptions;
  readonly #total: number;
  #done = 0;

  constructor(options: FitOptions) {
    const { features, folds } = options;
    const passes = folds === undefined ? 1 : 2;
    this.#options = options;
    this.#total = passes * (features.count + IMAGES_AN_INVERSION);
  }

  /**
   * @param told What is said of the part meanwhile; the steps themselves when absent.
   * @returns Reports that so many of so many steps are done, which are worth so many images together.
   */
  in(part: string, told?: { readonly step: number; readonly steps: number }): Report {
    let before = 0;
    return async (step, steps, images) => {
      this.#done += ((step - before) / steps) * images;
      before = step;
      const fraction = Math.min(1, this.#done / this.#total);
      await reportProgress(this.#options, { part, fraction, ...(told ?? { step, steps }) });
    };
  }
}

type Report = (step: number, steps: number, images: number) => Promise<void>;

interface AloneFit {
  readonly folds: Folds;
  /** `[images]`: how many times each image is there. */
  readonly copies: Int32Array;
  readonly plan: PadimEmbedding;
  readonly preset: PadimPreset;
  /** Of all images. */
  readonly sums: GaussianAccumulator;
}

/**
 * Patch scores of each image by Gaussians without it and its byte-identical copies: f32 `[images, P]`. Folds only say which
 * images are scored: leaving out one at a time costs no more.
 */
async function scoreAlone(
  options: FitOptions,
  { folds, copies, plan, preset, sums }: AloneFit,
  work: Work,
): Promise<Float32Array> {
  const positions = plan.grid ** 2;
  const scores = unscored(options.features.count, positions);
  const scored = scoredImages(folds);
  let done = 0;
  for (const times of new Set(scored.map((image) => copies[image] as number))) {
    const images = scored.filter((image) => copies[image] === times);
    const told = { step: done, steps: scored.length };
    const of = { images: options.features.count, copies: times };
    const gaussians = new LeftOutGaussians(positions, plan.size, of);
    await eachPosition(positions, work.in(FOLDS_PART, told), (position) =>
      gaussians.factorize(position, sums, preset.regularization),
    );
    await eachEmbedding(options, plan, images, work.in(FOLDS_PART, told), (at, x) => {
      scores[at.image * positions + at.position] = gaussians.distance(at.position, x);
    });
    done += images.length;
    await work.in(FOLDS_PART)(done, scored.length, 0);
  }
  return scores;
}

async function eachEmbedding(
  options: FitOptions,
  plan: PadimEmbedding,
  images: Int32Array,
  report: Report,
  visit: (at: { readonly image: number; readonly position: number }, x: Float64Array) => void,
): Promise<void> {
  const embedding = new Float64Array(plan.size);
  let done = 0;
  for await (const { images: batch, tokens } of featureBatches(options, images, BATCH_SIZE)) {
    for (let position = 0; position < plan.grid ** 2; position++) {
      for (const [slot, image] of batch.entries()) {
        embedPosition(tokens, plan, { image: slot, position }, embedding);
        visit({ image, position }, embedding);
      }
    }
    done += batch.length;
    await report(done, images.length, images.length);
  }
}

async function invert(
  plan: PadimEmbedding,
  sums: GaussianAccumulator,
  regularization: number,
  report: Report,
): Promise<Gaussians> {
  const positions = plan.grid ** 2;
  const gaussians: Gaussians = {
    mean: new Float32Array(positions * plan.size),
    whitening: new Float32Array(positions * plan.size ** 2),
  };
  await eachPosition(positions, report, (position) =>
    sums.finish(position, regularization, gaussians),
  );
  return gaussians;
}

async function eachPosition(
  positions: number,
  report: Report,
  visit: (position: number) => void,
): Promise<void> {
  for (let position = 0; position < positions; position++) {
    visit(position);
    const done = position + 1;
    if (done % POSITIONS_AT_ONCE === 0 || done === positions)
      await report(done, positions, IMAGES_AN_INVERSION);
  }
}
