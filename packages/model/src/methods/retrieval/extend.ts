/**
 * @file Adds images to a bank. Nothing that is stored of earlier images changes, and their features are not computed again:
 * those whose nearest images change are measured from their stored patches.
 */
import {
  DomainError,
  retrieval as definition,
  FOLDS_PART,
  RETRIEVAL_PART,
  retrievalBankImages,
} from '@plumbline/contracts';
import type { ExtendOptions, FittedMethod } from '../method.ts';
import { reportProgress } from '../report-progress.ts';
import { scoredImages } from '../score-fold.ts';
import { buildBank, joinBanks, scaleBank, storedBatches } from './bank.ts';
import { describeBank } from './describe-bank.ts';
import {
  type LeaveOneOut,
  type LeaveOneOutOptions,
  leaveOneOut,
  nothingMeasured,
} from './leave-one-out.ts';
import { type LevelScales, localScales } from './local-scale.ts';
import { assertFits } from './memory.ts';
import { SIMILARITY_SLACK, similarity } from './near-bank.ts';
import { comparingAll, planRetrieval, type RetrievalPlan } from './plan.ts';
import { readBank } from './read-bank.ts';
import { halfBatches } from './read-images.ts';
import type { LevelMoments } from './scale.ts';
import { LEAST_SIMILARITY, type PatchBank } from './score.ts';
import { type BankState, readState } from './state.ts';
import { surveyImages } from './survey.ts';

/** Of the progress bar. */
const BANK_SHARE = 0.3;

/**
 * The same as a fit to all images, the earlier ones first: to the last bit for the distance `scaled` with all channels and
 * without local scales; with others the scores of earlier images without themselves are of their patches as rounded for
 * storage, and principal components and the scales of earlier patches stay those of the first fit.
 */
export async function extendRetrieval(options: ExtendOptions): Promise<FittedMethod> {
  const { levels, features, folds, parent } = options;
  const preset = definition.resolve(options.preset, options.settings);
  const plan = planRetrieval(levels, preset);
  const state = readState(parent.state, plan);
  const before = readBank(parent.model, plan, state.projections);
  const seen = before.images + features.count;
  assertFits({ ...options, images: seen, categories: 1 });
  if (retrievalBankImages(preset, levels, seen) < seen) throw noRoom(preset.bankMb, before.images);

  const report = (part: string, start: number, share: number, steps: number) => (step: number) =>
    reportProgress(options, { part, step, steps, fraction: start + (share * step) / steps });
  const reportBank = report(RETRIEVAL_PART, 0, BANK_SHARE, 2 * features.count);
  const survey = await surveyImages(options, plan, state, reportBank);
  const every = Int32Array.from({ length: features.count }, (_, image) => image);
  const added = await buildBank(options, plan, { ...survey, kept: every }, (done) =>
    reportBank(features.count + done),
  );
  const bank = joinBanks(before, added);
  const measure = (some: MeasuredImages, onProgress: LeaveOneOutProgress, by = plan) =>
    leaveOneOut(
      options,
      by,
      {
        ...{ ...some, bank, descriptors: bank.descriptors, onProgress },
        kept: Int32Array.from({ length: seen }, (_, image) => image),
        tokensOf: (wanted) => tokensOf(options, plan, bank, wanted),
      },
      grown(state.measured, nothingMeasured(plan, { images: seen, stored: seen })),
    );
  if (state.usual !== null) {
    const further = every.map((image) => before.images + image);
    const alone = await measure(
      { scored: further, images: further },
      async () => {},
      comparingAll(plan),
    );
    scaleBank(bank, scalesOfAdded(plan, before, state, alone), before.images);
  }
  const scored = scoredImages(folds);
  const images = toMeasure(scored, state.measured, bank);
  const reportFolds = report(FOLDS_PART, BANK_SHARE, 1 - BANK_SHARE, images.length);
  const measured = await measure({ scored, images }, reportFolds);
  const { usual } = state;
  return describeBank(options, plan, {
    preset,
    bank,
    usual,
    survey,
    measured,
    suspected: null,
    seen,
  });
}

type MeasuredImages = Pick<LeaveOneOutOptions, 'scored' | 'images'>;
type LeaveOneOutProgress = LeaveOneOutOptions['onProgress'];

/** Those of earlier images stay as they are. */
function scalesOfAdded(
  { levels, localScale: share }: RetrievalPlan,
  before: PatchBank,
  { moments, usual }: BankState,
  { distances }: LeaveOneOut,
): LevelScales[] {
  return levels.map(({ grid }, level) => {
    const own = (distances[level] as Float32Array).subarray(before.images * grid ** 2);
    const variance = (moments[level] as LevelMoments).variance;
    return localScales(own, { grid, share, variance, usual: usual?.[level] });
  });
}

/** Where there were fewer images than an image is compared with, all are measured again: their lists are longer now. */
function grown(known: LeaveOneOut, all: LeaveOneOut): LeaveOneOut {
  for (const [level, values] of known.distances.entries()) all.distances[level]?.set(values);
  if (known.neighbors.count === all.neighbors.count) {
    all.neighbors.nearest.set(known.neighbors.nearest);
    all.neighbors.similarities.set(known.neighbors.similarities);
  }
  return all;
}

/**
 * Of the images to be scored, those that have not been, those that one of the added ones may be nearest to, and those
 * that had copies: whether they still have depends on what is usual around them.
 */
function toMeasure(
  scored: Int32Array,
  { neighbors, hadCopies }: LeaveOneOut,
  { descriptors, images }: PatchBank,
): Int32Array {
  const { count, similarities } = neighbors;
  const before = similarities.length / count;
  const size = descriptors.length / images;
  const descriptor = (image: number) => descriptors.subarray(image * size, (image + 1) * size);
  return scored.filter((image) => {
    if (image >= before || hadCopies.has(image)) return true;
    const least = (similarities[(image + 1) * count - 1] as number) - SIMILARITY_SLACK;
    // NaN where it was not scored; far below 0 where there were too few to compare it with.
    if (!(least > LEAST_SIMILARITY)) return true;
    for (let other = before; other < images; other++)
      if (similarity(descriptor(image), descriptor(other)) >= least) return true;
    return false;
  });
}

/** Earlier images from the bank, then added ones as they are. @param images Ascending. */
async function* tokensOf(
  options: ExtendOptions,
  plan: RetrievalPlan,
  bank: PatchBank,
  images: Int32Array,
) {
  const before = bank.images - options.features.count;
  const stored = images.filter((image) => image < before);
  yield* storedBatches(options, plan, bank, stored);
  const rest = images.filter((image) => image >= before).map((image) => image - before);
  for await (const { images: batch, tokens } of halfBatches(options, rest))
    yield { images: batch.map((image) => image + before), tokens };
}

function noRoom(bankMb: number, images: number): DomainError {
  return new DomainError(
    'CONFLICT',
    `The bank has ${images} images and no room for as many more within ${bankMb} MB.`,
    {
      field: 'version',
      fix: 'Train again with the images in the dataset, or with a larger bankMb.',
    },
  );
}
