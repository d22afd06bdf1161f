/**
 * @file A run as parts that follow each other, each with its work in natural units: what estimates are made of. The
 * constants are seconds on two cores of a 2.x GHz server; what has been measured on a machine takes their place.
 */
import { findCatalogBackbone } from '../backbone-catalog.ts';
import { findEmbeddedBackbone } from '../embedded-backbones.ts';
import { methodDefinition } from '../methods/index.ts';
import type { StartTrainingInput } from '../training-input.ts';
import type { TrainingCoverage } from './coverage.ts';
import type { DatasetFacts } from './dataset-facts.ts';
import type { FeatureLevel } from './feature-level.ts';
import type { TrainingPlan } from './plan-training.ts';
import { foldedImages, type RunPart } from './run-part.ts';
import { FEATURE_CACHE_BYTES, streamedParts } from './streamed-parts.ts';

/** Seconds for an image of 256 px, and for a million pixels that are decoded. */
const FEATURE_SECONDS = 0.0045;
const DECODE_SECONDS = 0.035;
/** A backbone's work in that of `compact`. Files that nobody knows are taken for a ResNet-18. */
const UNKNOWN_BACKBONE_WORK = 4;
const COMPACT_PARAMETERS = 699_168;
const DECODER_STEPS = 250;
const DECODER_STEP_SECONDS = 0.6;
const OPEN_SECONDS = 2;
const EXPORT_SECONDS = 4;
const PUBLISH_SECONDS = 1;
/** Of a map: resize, smoothing and metrics beside the network. */
const MAP_SECONDS = 0.03;
/** Metrics of a category and their intervals, whatever its images. */
const CATEGORY_SECONDS = 0.4;
/** Images of a category that others are told it by, and that a model is timed with, at most. */
const BANK_IMAGES = 150;
const TIMED_IMAGES = 53;

/** One image in five, and at least four, but at most half are held out for the thresholds. */
function heldOutImages(distinct: number): number {
  return Math.min(Math.floor(distinct / 2), Math.max(4, Math.floor(distinct / 5)));
}

type PlannedRun = Pick<StartTrainingInput, 'method' | 'backbone' | 'maxSteps' | 'decoder'>;

/** What training will see of the images. Empty as `planParts`. */
export function planCoverage(
  { method, maxSteps }: PlannedRun,
  { settings, levels }: TrainingPlan,
  dataset: DatasetFacts,
): readonly TrainingCoverage[] {
  if (levels === null) return [];
  const work = { levels, ...fittedImages(method, dataset), maxSteps };
  return methodDefinition(method).cost(settings, work).coverage;
}

/** Images that the method is fitted to: all normal ones, without those held out. */
function fittedImages(method: PlannedRun['method'], { categories }: DatasetFacts) {
  const { crossFits } = methodDefinition(method);
  const categoryImages = categories
    .map(({ normal, distinctNormal }) => normal - (crossFits ? 0 : heldOutImages(distinctNormal)))
    .filter((count) => count > 0);
  const images = categoryImages.reduce((sum, count) => sum + count, 0);
  return { images: Math.max(1, images), categoryImages };
}

/**
 * Empty when the plan has no levels: a file with named taps says nothing before it is opened.
 * @param featureCacheBytes What the features may take: those of a method that reads in order are computed as it reads beyond.
 */
export function planParts(
  input: PlannedRun,
  plan: TrainingPlan,
  dataset: DatasetFacts,
  featureCacheBytes = FEATURE_CACHE_BYTES,
): RunPart[] {
  const parts = keptParts(input, plan, dataset);
  const features = parts.find(({ part }) => part === 'features');
  const { input: read } = plan.needs;
  const isInOrder = read.kind === 'tokens' && read.access === 'inOrder';
  const bytes = (features?.units ?? 0) * featureBytes(plan.levels ?? []);
  return isInOrder && bytes > featureCacheBytes ? streamedParts(parts) : parts;
}

/** Of an image, as float16. */
function featureBytes(levels: readonly FeatureLevel[]): number {
  return levels.reduce((sum, { grid, channels }) => sum + 2 * grid ** 2 * channels, 0);
}

/** A run whose features are computed once and kept. */
function keptParts(
  input: PlannedRun,
  { settings, needs, levels }: TrainingPlan,
  dataset: DatasetFacts,
): RunPart[] {
  if (levels === null) return [];
  const { imageSizePx } = needs.preprocessing;
  const sum = (of: (category: DatasetFacts['categories'][number]) => number) =>
    dataset.categories.reduce((total, category) => total + of(category), 0);
  const method = methodDefinition(input.method);
  const isFolded = method.crossFits;
  const heldOut = isFolded ? 0 : sum((one) => heldOutImages(one.distinctNormal));
  const work = fittedImages(input.method, dataset);
  const fitted = work.images;
  const scoredImages = Math.max(1, foldedImages(work.categoryImages));
  const tested = Math.max(
    1,
    sum(({ test }) => test),
  );
  const images = Math.max(
    1,
    sum(({ normal, test }) => normal + test),
  );
  const megapixels = sum((one) => one.meanPixels * (one.normal + one.test)) / images / 1e6;
  const scale = (imageSizePx / 256) ** 2;
  const featureSeconds =
    FEATURE_SECONDS * backboneWork(input.backbone) * scale + DECODE_SECONDS * megapixels;
  const where = `${fileName(input.backbone)}/${imageSizePx}`;
  const { maxSteps } = input;
  const cost = method.cost(settings, { levels, ...work, maxSteps });
  const score = featureSeconds + MAP_SECONDS * scale + cost.scoreSeconds;
  const scored = `${input.method}/${where}/${levels.map(({ grid }) => grid).join('-')}/${cost.size}`;
  const scoreEach = score + MAP_SECONDS * scale;
  const categoryImages = CATEGORY_SECONDS / scoreEach;
  const testedCategories = dataset.categories.filter(({ test }) => test > 0).length;
  const bankImages = Math.max(
    1,
    sum(({ distinctNormal }) => Math.min(distinctNormal, BANK_IMAGES)),
  );
  const features = fitted + (needs.heldOut ? heldOut : 0);
  const isCached = needs.input.kind === 'tokens';
  const part = (
    stage: RunPart['stage'],
    name: string,
    key: string,
    units: number,
    each: number,
  ) => ({
    ...{ stage, part: name, key: `${name}/${key}`, units },
    expectedSeconds: units * each,
  });
  return [
    part('features', 'open', where, 1, OPEN_SECONDS),
    ...(isCached ? [part('features', 'features', where, features, featureSeconds)] : []),
    ...cost.parts,
    ...(input.decoder === true ? [decoderPart(levels, maxSteps)] : []),
    part('export', 'export', scored, 1, EXPORT_SECONDS + 8 * score),
    isFolded
      ? part('export', 'thresholds', `maps/${imageSizePx}`, scoredImages, MAP_SECONDS * scale)
      : part('export', 'thresholds', scored, Math.max(1, heldOut), score),
    ...(dataset.categories.length > 1
      ? [part('export', 'categories', where, bankImages, featureSeconds)]
      : []),
    // In images: the metrics of a category take as long as so many of them.
    part('evaluate', 'evaluate', scored, tested + testedCategories * categoryImages, scoreEach),
    part('evaluate', 'latency', scored, Math.min(TIMED_IMAGES, tested), score),
    part('publish', 'publish', input.method, 1, PUBLISH_SECONDS),
  ];
}

function fileName(backbone: string): string {
  return backbone.split(/[\\/]/).at(-1) ?? backbone;
}

/** By its parameters, of which most are in the last stage that is not computed: a rough rule, good within a factor 2. */
function backboneWork(name: string): number {
  const embedded = findEmbeddedBackbone(name);
  if (embedded !== null) return embedded.parameters / COMPACT_PARAMETERS;
  const entry = findCatalogBackbone(name);
  return entry === null ? UNKNOWN_BACKBONE_WORK : entry.parameters / 4 / COMPACT_PARAMETERS;
}

function decoderPart(levels: readonly FeatureLevel[], maxSteps = DECODER_STEPS): RunPart {
  const steps = Math.min(DECODER_STEPS, maxSteps);
  return {
    ...{ stage: 'fit', part: 'decoder', units: steps },
    key: `decoder/${levels.map(({ grid, channels }) => `${grid}-${channels}`).join('/')}`,
    expectedSeconds: steps * DECODER_STEP_SECONDS,
  };
}
