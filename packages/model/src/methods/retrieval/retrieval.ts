/** @file Retrieval behind the `Method` interface, in the unified setting: one bank of images for all categories. */
import {
  retrieval as definition,
  FOLDS_PART,
  LOCAL_SCALE_PART,
  RETRIEVAL_PART,
  retrievalBankImages,
} from '@plumbline/contracts';
import { coveringImages } from '../covering-images.ts';
import type { FitOptions, FittedMethod, TokensMethod } from '../method.ts';
import { reportProgress } from '../report-progress.ts';
import { scoredImages } from '../score-fold.ts';
import { buildBank, storedBatches } from './bank.ts';
import { describeBank } from './describe-bank.ts';
import { extendRetrieval } from './extend.ts';
import {
  type LeaveOneOut,
  type LeaveOneOutOptions,
  leaveOneOut,
  nothingMeasured,
} from './leave-one-out.ts';
import { type LevelScales, localScales, withScales } from './local-scale.ts';
import { assertFits } from './memory.ts';
import { comparingAll, planRetrieval, type RetrievalPlan } from './plan.ts';
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
  const isScaled = plan.localScale > 0;
  const share = folds === undefined && !isScaled ? 1 : BANK_SHARE;
  const steps = count + 2 * room;
  const reportBank = report(RETRIEVAL_PART, 0, share, steps);

  const moments = plan.levels.map(({ channels }) => LevelMoments.ofNone(channels));
  const survey = await surveyImages(options, plan, { moments }, reportBank);
  const kept = await coveringImages({
    ...{ descriptors: survey.descriptors, size: plan.descriptorSize, count: room },
    onProgress: (done) => reportBank(count + done),
  });
  const plain = await buildBank(options, plan, { ...survey, kept }, (done) =>
    reportBank(count + room + done),
  );
  const withoutThemselves = (
    measured: Pick<Measuring, 'images' | 'bank' | 'tokensOf'>,
    part: Part,
    by = plan,
  ) => measure(options, by, { ...measured, survey, kept, ...part });
  const read: Measuring['tokensOf'] = (images) => halfBatches(options, images);
  const fromBank: Measuring['tokensOf'] = (images) =>
    keptBatches(options, plan, plain, { kept, images });
  const half = folds === undefined || !isScaled ? 1 : (1 + share) / 2;
  const first = { part: LOCAL_SCALE_PART, from: share, to: half };
  const scales = isScaled
    ? usualDistances(
        plan,
        survey,
        kept,
        await withoutThemselves(
          { images: kept, bank: plain, tokensOf: fromBank },
          first,
          comparingAll(plan),
        ),
      )
    : null;
  const bank = scales === null ? plain : withScales(plain, scales);
  const second = { part: FOLDS_PART, from: isScaled ? half : share, to: 1 };
  const measured =
    folds === undefined
      ? nothingMeasured(plan, { images: count, stored: bank.images })
      : await withoutThemselves({ images: scoredImages(folds), bank, tokensOf: read }, second);
  const usual = scales?.map((level) => level.usual) ?? null;
  return describeBank(options, plan, { preset, bank, usual, survey, measured, seen: count });
}

/** Of the progress bar. */
interface Part {
  readonly part: string;
  readonly from: number;
  readonly to: number;
}

interface Measuring extends Part, Pick<LeaveOneOutOptions, 'tokensOf'> {
  readonly images: Int32Array;
  readonly survey: Survey;
  readonly bank: PatchBank;
  readonly kept: Int32Array;
}

function measure(
  options: FitOptions,
  plan: RetrievalPlan,
  { images, survey, bank, kept, tokensOf, part, from, to }: Measuring,
): Promise<LeaveOneOut> {
  const steps = images.length;
  const { descriptors } = survey;
  const { count } = options.features;
  return leaveOneOut(
    options,
    plan,
    {
      ...{ scored: images, images, bank, descriptors, kept, tokensOf },
      onProgress: (step) =>
        reportProgress(options, {
          ...{ part, step, steps },
          fraction: from + ((to - from) * step) / steps,
        }),
    },
    nothingMeasured(plan, { images: count, stored: bank.images }),
  );
}

/** From the bank: what is kept is not read again. @param images Among those that are kept. */
async function* keptBatches(
  options: FitOptions,
  plan: RetrievalPlan,
  bank: PatchBank,
  { kept, images }: { readonly kept: Int32Array; readonly images: Int32Array },
): ReturnType<Measuring['tokensOf']> {
  const slotOf = new Map(Array.from(kept, (image, slot) => [image, slot]));
  const slots = images.map((image) => slotOf.get(image) ?? 0);
  for await (const batch of storedBatches(options, plan, bank, slots))
    yield { ...batch, images: batch.images.map((slot) => kept[slot] ?? 0) };
}

/** @param kept Of the images that were measured, those of the bank. */
function usualDistances(
  { levels, localScale: share }: RetrievalPlan,
  { moments }: Survey,
  kept: Int32Array,
  { distances }: LeaveOneOut,
): LevelScales[] {
  return levels.map(({ grid }, level) => {
    const all = distances[level] as Float32Array;
    const own = new Float32Array(kept.length * grid ** 2);
    for (const [slot, image] of kept.entries())
      own.set(all.subarray(image * grid ** 2, (image + 1) * grid ** 2), slot * grid ** 2);
    const variance = (moments[level] as LevelMoments).variance;
    return localScales(own, { grid, share, variance });
  });
}
