/** @file Retrieval behind the `Method` interface, in the unified setting: one bank of images for all categories. */
import {
  retrieval as definition,
  FOLDS_PART,
  RETRIEVAL_PART,
  type RetrievalPreset,
  readOnce,
  retrievalBankImages,
  retrievalImageBytes,
} from '@plumbline/contracts';
import { traceProgram } from '../../trace/index.ts';
import type { FitOptions, FittedMethod, TokensMethod } from '../method.ts';
import { reportProgress } from '../report-progress.ts';
import { buildBank } from './bank.ts';
import { coveringImages } from './covering-images.ts';
import { scoreWithoutSelf } from './leave-one-out.ts';
import { assertFits } from './memory.ts';
import { planRetrieval, type RetrievalPlan } from './plan.ts';
import { type PatchBank, scoresProgram } from './score.ts';
import { surveyImages } from './survey.ts';

/** Shares of the work for the progress bar: reading, choosing and keeping images; scoring them without themselves is the rest. */
const BANK_SHARE = 0.3;

export const retrieval: TokensMethod = {
  reads: 'tokens',
  definition,
  assertMemory: assertFits,
  fit: fitRetrieval,
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

  const survey = await surveyImages(options, plan, reportBank);
  const kept = await coveringImages({
    ...{ descriptors: survey.descriptors, size: plan.descriptorSize, count: room },
    onProgress: (done) => reportBank(count + done),
  });
  const bank = await buildBank(options, plan, { survey, kept }, (done) =>
    reportBank(count + room + done),
  );
  const foldScores =
    folds === undefined
      ? null
      : await scoreWithoutSelf(options, plan, {
          ...{ folds, survey, bank, kept },
          onProgress: report(
            FOLDS_PART,
            share,
            1 - share,
            folds.of.filter((fold) => fold !== -1).length,
          ),
        });
  return {
    inputs: 'tokens',
    graph: traceProgram(scoresProgram(plan, bank, { leaveOut: false })),
    map: { grids: plan.levels.map(({ grid }) => grid), alignCorners: false, smoothed: true },
    ...(foldScores === null ? {} : { foldScores }),
    ...describe(options, preset, plan, bank),
  };
}

/** What the manifest and the log say of the fit. */
function describe(
  { levels, features }: FitOptions,
  preset: RetrievalPreset,
  plan: RetrievalPlan,
  bank: PatchBank,
): Pick<FittedMethod, 'config' | 'notes' | 'coverage'> {
  const bytes = bank.images * retrievalImageBytes(levels);
  const compared = Math.min(preset.images, bank.images);
  const what =
    preset.distance === 'cosine'
      ? '1 − cosine'
      : 'squared distance, in units of the variance of the level,';
  return {
    coverage: [readOnce(RETRIEVAL_PART, features.count)],
    config: {
      preset: { ...preset },
      levels: plan.levels.map((level, index) => ({ tap: levels[index]?.tap, ...level })),
      images: { seen: features.count, kept: bank.images, compared },
      score: `mean over levels of the ${what} to the nearest patch of the ${compared} most similar images`,
      smoothedMap: 'sigma 4 px',
    },
    notes: [
      `Kept ${bank.images} of ${features.count} images, ${Math.max(1, Math.round(bytes / 1e6))} MB in the model file; ` +
        `an image is compared with the ${compared} most similar of them.`,
    ],
  };
}
