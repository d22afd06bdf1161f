/** @file What every inspection does, whatever form it is asked for in: the version, the category, the score, the verdict. */
import {
  type ChosenCategory,
  decidingThreshold,
  judgeScore,
  type Prediction,
  polygonsOf,
  type Threshold,
  type ThresholdProfileVersion,
  type ValueRange,
  type VersionSelector,
} from '@plumbline/contracts';
import type { InspectionRecord } from '@plumbline/db';
import type { InspectionResult } from '@plumbline/runtime';
import type { Services } from '../context.ts';
import type { DecodedImage } from '../pictures/picture-task.ts';
import { releaseMemory } from '../pictures/release-memory.ts';
import { type CategoryPlan, chooseCategory, planCategory } from './choose-category.ts';
import { findImageRange, type ImageReading, requireDepth } from './image-range.ts';
import type { ServedModel } from './served-model.ts';

export interface InspectionRequest {
  readonly name: string;
  readonly selector: VersionSelector;
  readonly category?: string | undefined;
  /** As `ImageReading` has it. */
  readonly range?: ValueRange | undefined;
  /** Those that serve when absent. */
  readonly thresholds?: ThresholdProfileVersion | undefined;
  /** When it began to wait for its turn, by `performance.now()`. */
  readonly arrivedAt: number;
  readImage(served: ServedModel): Promise<ReadImage>;
  /** `scores` leaves the anomaly map where it was computed. */
  readonly wanted: 'map' | 'scores';
  /** Whether the pixels are needed afterwards. Otherwise they are gone then. */
  readonly keepsPixels?: boolean;
}

/** With its file, where it was one. Pixels that were sent as such are not asked how deep they were. */
export type ReadImage = Omit<DecodedImage, 'isDeep'> & {
  readonly isDeep?: boolean;
  readonly file: Uint8Array | null;
};

export interface Inspected {
  readonly served: ServedModel;
  readonly image: ReadImage;
  readonly result: InspectionResult;
  readonly chosen: ChosenCategory;
  readonly threshold: Threshold;
}

/** @throws DomainError as `predict` */
export async function inspectImage(
  context: Services,
  request: InspectionRequest,
): Promise<Inspected> {
  const { name, selector, thresholds, arrivedAt } = request;
  const waitedMs = performance.now() - arrivedAt;
  const found = await context.served.get(name, selector);
  const served = thresholds === undefined ? found : { ...found, thresholds };
  return context.metrics.inspections.count(served, () =>
    inspectBy(context, served, { ...request, waitedMs }),
  );
}

async function inspectBy(
  context: Services,
  served: ServedModel,
  request: InspectionRequest & { readonly waitedMs: number },
): Promise<Inspected> {
  const { metrics } = context;
  const { category, range, readImage, wanted, keepsPixels = false, waitedMs } = request;
  const plan = await planCategory(context.categoryBanks, served, category);
  const begunAt = performance.now();
  const image = await readImage(served);
  const decodedAt = performance.now();
  const { result, chosen } = await scoreBy(context, served, { plan, image, wanted });
  if (!keepsPixels) releaseMemory(image.data);
  // Of a category that was found, this is known only now.
  if (image.isDeep === false)
    requireDepth(served.version.manifest, { category: chosen.category, range });
  const { milliseconds } = result;
  metrics.inspections.observe('decode', decodedAt - begunAt);
  metrics.inspections.observe('infer', milliseconds);
  // In the process of the version it waits behind others, too.
  metrics.inspections.observe('queue', waitedMs + performance.now() - decodedAt - milliseconds);
  return {
    ...{ served, image, result, chosen },
    threshold: decidingThreshold(served.thresholds.profile, chosen.category),
  };
}

interface Asked {
  readonly plan: CategoryPlan;
  readonly image: ReadImage;
  readonly wanted: 'map' | 'scores';
}

/** A category that has to be found, and that has ignore regions, costs a second run: whose they are the first one says. */
async function scoreBy(
  { inference, categoryBanks }: Services,
  served: ServedModel,
  { plan, image, wanted }: Asked,
): Promise<Pick<Inspected, 'result' | 'chosen'>> {
  const settled = plan.kind === 'settled' ? plan.chosen.category : null;
  const first = await inference.inspect(served, image, { category: settled, output: wanted });
  const { categoryDescriptor } = first;
  const chosen = await chooseCategory(categoryBanks, served, plan, categoryDescriptor);
  const { category } = chosen;
  const { ignore } = served.version.manifest;
  if (category === settled || polygonsOf(ignore, category).length === 0)
    return { result: first, chosen };
  const again = await inference.inspect(served, image, { category, output: wanted });
  return {
    result: { ...again, milliseconds: first.milliseconds + again.milliseconds },
    chosen,
  };
}

export type Verdict = ChosenCategory &
  Pick<
    Prediction,
    | 'model'
    | 'modelVersion'
    | 'imageScore'
    | 'threshold'
    | 'scoreRatio'
    | 'thresholdProfile'
    | 'uncertainThreshold'
    | 'predictedLabel'
    | 'uncertain'
  >;

/** The score against its threshold. */
export function verdictOf({
  served,
  chosen,
  threshold,
  imageScore,
}: Pick<Inspected, 'served' | 'chosen' | 'threshold'> & { readonly imageScore: number }): Verdict {
  return {
    model: served.version.model,
    modelVersion: served.version.version,
    ...chosen,
    thresholdProfile: served.thresholds.version,
    ...judgeScore(imageScore, threshold),
  };
}

export interface InspectionFacts
  extends Pick<InspectionRecord, 'inspection' | 'look' | 'latencyMs'> {
  /** As it came, and how it was read; null of pixels, which are no file. */
  readonly image: { readonly file: Uint8Array; readonly reading: ImageReading } | null;
}

/** The numbers, and the image where its model keeps it; both are written down beside the answer. */
export function recordInspection(
  { inspections, keptImages, metrics }: Services,
  served: ServedModel,
  verdict: Verdict,
  { image, ...facts }: InspectionFacts,
): void {
  const { model, modelVersion, category, categorySource, imageScore } = verdict;
  const { threshold, thresholdProfile, predictedLabel, uncertain } = verdict;
  metrics.inspections.verdict(verdict);
  const at = new Date();
  inspections.add({
    at,
    ...{ model, modelVersion, category, categorySource, imageScore },
    ...{ threshold, thresholdProfile, predictedLabel, uncertain },
    ...facts,
  });
  if (image === null) return;
  const range = findImageRange(served.version.manifest, { category, ...image.reading });
  const { inspection } = facts;
  keptImages.offer(served.keeping, verdict, {
    ...{ inspection, at, model, modelVersion, range, file: image.file },
  });
}
