/** @file Retrieval behind the `Method` interface, in the unified setting: one bank of images for all categories. */
import {
  retrieval as definition,
  FOLDS_PART,
  RETRIEVAL_PART,
  retrievalBankImages,
} from '@plumbline/contracts';
import { featureBatches } from '../feature-batches.ts';
import type { FitOptions, FittedMethod, TokensMethod } from '../method.ts';
import { reportProgress } from '../report-progress.ts';
import { buildBank } from './bank.ts';
import { coveringImages } from './covering-images.ts';
import { describeBank } from './describe-bank.ts';
import { extendRetrieval } from './extend.ts';
import { leaveOneOut, nothingMeasured, scoredImages } from './leave-one-out.ts';
import { assertFits } from './memory.ts';
import { planRetrieval } from './plan.ts';
import { BATCH_SIZE } from './read-images.ts';
import { LevelMoments } from './scale.ts';
import { surveyImages } from './survey.ts';

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
  const measured = nothingMeasured(plan, count);
  if (folds !== undefined) {
    const images = scoredImages(folds);
    const onProgress = report(FOLDS_PART, share, 1 - share, images.length);
    const tokens = featureBatches(options, images, BATCH_SIZE);
    const { descriptors } = survey;
    await leaveOneOut(
      options,
      plan,
      { images, bank, descriptors, kept, tokens, onProgress },
      measured,
    );
  }
  return describeBank(options, plan, { preset, bank, survey, measured, seen: count });
}
