/** @file Retrieval behind the `Method` interface, in the unified setting: one bank of images for all categories. */
import {
  retrieval as definition,
  FOLDS_PART,
  LOCAL_SCALE_PART,
  RETRIEVAL_PART,
  retrievalBankImages,
  suspectImages,
} from '@plumbline/contracts';
import { coveringImages } from '../covering-images.ts';
import type { FitOptions, FittedMethod, TokensMethod } from '../method.ts';
import { reportProgress } from '../report-progress.ts';
import { scoredImages } from '../score-fold.ts';
import { buildBank, scaleBank, storedBatches } from './bank.ts';
import { describeBank, type FinishedBank } from './describe-bank.ts';
import { extendRetrieval } from './extend.ts';
import {
  type LeaveOneOut,
  type LeaveOneOutOptions,
  leaveOneOut,
  nothingMeasured,
} from './leave-one-out.ts';
import { type LevelScales, localScales } from './local-scale.ts';
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
  const isScaled = plan.localScale > 0;
  const share = folds === undefined && !isScaled ? 1 : BANK_SHARE;
  const steps = count + 2 * room;
  const reportBank = (step: number) =>
    reportProgress(options, {
      part: RETRIEVAL_PART,
      step,
      steps,
      fraction: (share * step) / steps,
    });

  const moments = plan.levels.map(({ channels }) => LevelMoments.ofNone(channels));
  const survey = await surveyImages(options, plan, { moments }, reportBank);
  const kept = await coveringImages({
    ...{ descriptors: survey.descriptors, size: plan.descriptorSize, count: room },
    onProgress: (done) => reportBank(count + done),
  });
  const bank = await buildBank(options, plan, { ...survey, kept }, (done) =>
    reportBank(count + room + done),
  );
  const withoutThemselves = (
    measured: Pick<Measuring, 'images' | 'bank' | 'tokensOf'>,
    part: Part,
    by = plan,
  ) => measure(options, by, { ...measured, survey, kept, ...part });
  const read: Measuring['tokensOf'] = (images) => halfBatches(options, images);
  const fromBank: Measuring['tokensOf'] = (images) =>
    keptBatches(options, plan, bank, { kept, images });
  const half = folds === undefined || !isScaled ? 1 : (1 + share) / 2;
  const first = { part: LOCAL_SCALE_PART, from: share, to: half };
  const measureAll = (part: Part) =>
    withoutThemselves({ images: kept, bank, tokensOf: fromBank }, part, comparingAll(plan));
  const scales = isScaled ? usualDistances(plan, survey, kept, await measureAll(first)) : null;
  if (scales !== null) scaleBank(bank, scales);
  const second = { part: FOLDS_PART, from: isScaled ? half : share, to: 1 };
  const alone =
    folds === undefined
      ? { measured: nothingMeasured(plan, { images: count, stored: bank.images }), suspected: null }
      : await scoredAlone(plan, bank, (by, turn) =>
          withoutThemselves(
            {
              ...{ images: scoredImages(folds), bank },
              tokensOf: turn.pass === 1 && room === count ? fromBank : read,
            },
            { ...second, ...turn },
            by,
          ),
        );
  const usual = scales?.map((level) => level.usual) ?? null;
  const finished = { preset, bank, usual, survey, ...alone, seen: count };
  return describeBank(options, plan, finished);
}

type Turn = Pick<Part, 'passes' | 'pass'>;

/** For thresholds, and by fewer images for suspects. */
async function scoredAlone(
  plan: RetrievalPlan,
  bank: PatchBank,
  measureBy: (plan: RetrievalPlan, turn: Turn) => Promise<LeaveOneOut>,
): Promise<Pick<FinishedBank, 'measured' | 'suspected'>> {
  const compared = Math.min(plan.images, bank.images);
  const fewer = suspectImages(compared);
  if (fewer === compared) return { measured: await measureBy(plan, {}), suspected: null };
  const measured = await measureBy(plan, { passes: 2 });
  const suspected = await measureBy({ ...plan, images: fewer }, { passes: 2, pass: 1 });
  return { measured, suspected };
}

/** Of the progress bar. */
interface Part {
  readonly part: string;
  readonly from: number;
  readonly to: number;
  /** Over the images, of the part; one when absent. */
  readonly passes?: number;
  /** Of these, how many are done. */
  readonly pass?: number;
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
  { images, survey, bank, kept, tokensOf, part, from, to, passes = 1, pass = 0 }: Measuring,
): Promise<LeaveOneOut> {
  const steps = passes * images.length;
  const { descriptors } = survey;
  const { count } = options.features;
  return leaveOneOut(
    options,
    plan,
    {
      ...{ scored: images, images, bank, descriptors, kept, tokensOf },
      onProgress: (done) => {
        const step = pass * images.length + done;
        const fraction = from + ((to - from) * step) / steps;
        return reportProgress(options, { part, step, steps, fraction });
      },
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
