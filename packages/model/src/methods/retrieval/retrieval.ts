/** @file Retrieval behind the `Method` interface, in the unified setting: one bank of images for all categories. */
import {
  retrieval as definition,
  FOLDS_PART,
  RETRIEVAL_PART,
  retrievalBankImages,
} from '@plumbline/contracts';
import type { FitOptions, FittedMethod, Folds, TokensMethod } from '../method.ts';
import { reportProgress } from '../report-progress.ts';
import { buildBank } from './bank.ts';
import { coveringImages } from './covering-images.ts';
import { describeBank } from './describe-bank.ts';
import { extendRetrieval } from './extend.ts';
import { type LeaveOneOut, leaveOneOut, nothingMeasured, scoredImages } from './leave-one-out.ts';
import { assertFits } from './memory.ts';
import { planRetrieval, type RetrievalPlan } from './plan.ts';
import { halfBatches } from './read-images.ts';
import { LevelMoments } from './scale.ts';
import type { PatchBank } from './score.ts';
import { type Survey, surveyImages } from './survey.ts';

/** Shares of the work for the progress bar: reading, choosing and keeping images; scoring them without themselves is the rest. */
const BANK_SHARE = 0.3;

export const retrieval: TokensMethod = {
  reads: 'tokens',
  definition,
  assertMemory: assertFits,
  fit: fitRetrieval,
  extend: extendRetrieval,
};

async function fitRetrieval(options: FitOptions): Promise<FittedMethod> {
  const { levels, features, folds } = options;
  const { count } = features;
  const preset = definition.resolve(options.preset, options.settings);
  assertFits({ ...options, images: count, categories: 1 });
  const plan = planRetrieval(levels, preset);
  const room = retrievalBankImages(preset, levels, count);
  const report = (part: string, before: number, share: number, steps: number) => (step: number) =>
    reportProgress(options, { part, step, steps, fraction: before + (share * step) / steps });
  const share = folds === undefined ? 1 : BANK_SHARE;
  const steps = count + 2 * room;
  const reportBank = report(RETRIEVAL_PART, 0, share, steps);

  const moments = plan.levels.map(({ channels }) => LevelMoments.ofNone(channels));
  const survey = await surveyImages(options, plan, { moments }, reportBank);
  const kept = await coveringImages({
    ...{ descriptors: survey.descriptors, size: plan.descriptorSize, count: room },
    onProgress: (done) => reportBank(count + done),
  });
  const bank = await buildBank(options, plan, { ...survey, kept }, (done) =>
    reportBank(count + room + done),
  );
  const nothing = nothingMeasured(plan, { images: count, stored: bank.images });
  const measured =
    folds === undefined
      ? nothing
      : await measure(options, plan, { folds, survey, bank, kept, share }, nothing);
  return describeBank(options, plan, { preset, bank, survey, measured, seen: count });
}

interface FinishedFit {
  readonly folds: Folds;
  readonly survey: Survey;
  readonly bank: PatchBank;
  readonly kept: Int32Array;
  /** Of the progress bar, that is behind. */
  readonly share: number;
}

function measure(
  options: FitOptions,
  plan: RetrievalPlan,
  { folds, survey, bank, kept, share }: FinishedFit,
  found: LeaveOneOut,
): Promise<LeaveOneOut> {
  const images = scoredImages(folds);
  const steps = images.length;
  const { descriptors } = survey;
  return leaveOneOut(
    options,
    plan,
    {
      ...{ scored: images, images, bank, descriptors, kept },
      tokensOf: (some) => halfBatches(options, some),
      onProgress: (step) =>
        reportProgress(options, {
          ...{ part: FOLDS_PART, step, steps },
          fraction: share + ((1 - share) * step) / steps,
        }),
    },
    found,
  );
}
