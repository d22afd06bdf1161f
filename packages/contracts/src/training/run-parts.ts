/**
 * @file A run as parts that follow each other, each with its work in natural units: what estimates are made of. The
 * constants are seconds on two cores of a 2.x GHz server; what has been measured on a machine takes their place.
 */
import { findCatalogBackbone } from '../backbone-catalog.ts';
import { findEmbeddedBackbone } from '../embedded-backbones.ts';
import { methodDefinition, type PlannedWork } from '../methods/index.ts';
import type { StartTrainingInput } from '../training-input.ts';
import { coverageOfViews, type TrainingCoverage } from './coverage.ts';
import type { DatasetFacts } from './dataset-facts.ts';
import type { FeatureLevel } from './feature-level.ts';
import type { TrainingPlan } from './plan-training.ts';
import { foldedImages, type RunPart } from './run-part.ts';
import { FEATURE_CACHE_BYTES, streamedParts } from './streamed-parts.ts';
import { mapSize, tileCount, viewCount } from './tile-grid.ts';

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

type PlannedRun = Pick<
  StartTrainingInput,
  'method' | 'backbone' | 'precision' | 'maxSteps' | 'decoder'
>;

/** What training will see of the images. Empty as `planParts`. */
export function planCoverage(
  { method, maxSteps }: PlannedRun,
  { settings, needs, levels }: TrainingPlan,
  dataset: DatasetFacts,
): readonly TrainingCoverage[] {
  if (levels === null) return [];
  const work = viewed(method, needs, fittedImages(method, dataset));
  const { coverage } = methodDefinition(method).cost(settings, { levels, ...work, maxSteps });
  return coverageOfViews(coverage, viewsOf(method, needs));
}

/** Pictures of an image that the method takes for images of their own. */
function viewsOf(method: PlannedRun['method'], needs: TrainingPlan['needs']): number {
  return methodDefinition(method).tilesAre === 'images' ? viewCount(needs) : 1;
}

/** The work of a fit, in what the method takes for images; where each tile has a fit of its own, that of one. */
function viewed(
  method: PlannedRun['method'],
  needs: TrainingPlan['needs'],
  { images, categoryImages }: Pick<PlannedWork, 'images' | 'categoryImages'>,
): Pick<PlannedWork, 'images' | 'categoryImages' | 'folded'> {
  const views = viewsOf(method, needs);
  // Turned ones are not scored.
  const scored = views === 1 ? 1 : tileCount(needs.preprocessing);
  return {
    images: views * images,
    categoryImages: categoryImages.map((count) => views * count),
    folded: scored * foldedImages(categoryImages),
  };
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

/** What an image costs, in seconds. */
interface ImageSeconds {
  readonly decode: number;
  /** Of a picture of the image size. */
  readonly backbone: number;
  readonly map: number;
}

function imageSeconds(
  backbone: string,
  { preprocessing }: TrainingPlan['needs'],
  dataset: DatasetFacts,
): ImageSeconds {
  const { height, width } = mapSize(preprocessing);
  const images = Math.max(
    1,
    sumOf(dataset, ({ normal, test }) => normal + test),
  );
  const pixels = sumOf(dataset, (one) => one.meanPixels * (one.normal + one.test));
  const scale = (preprocessing.imageSizePx / 256) ** 2;
  return {
    decode: (DECODE_SECONDS * pixels) / images / 1e6,
    backbone: FEATURE_SECONDS * backboneWork(backbone) * scale,
    map: MAP_SECONDS * ((height * width) / 256 ** 2),
  };
}

function sumOf(
  { categories }: DatasetFacts,
  of: (category: DatasetFacts['categories'][number]) => number,
): number {
  return categories.reduce((total, category) => total + of(category), 0);
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
  const bytes = (features?.units ?? 0) * viewCount(plan.needs) * featureBytes(plan.levels ?? []);
  return isInOrder && bytes > featureCacheBytes ? streamedParts(parts) : parts;
}

/** Of a picture, as float16. */
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
  const tiles = tileCount(needs.preprocessing);
  const { imageSizePx } = needs.preprocessing;
  const method = methodDefinition(input.method);
  const isFolded = method.crossFits;
  const heldOut = isFolded
    ? 0
    : sumOf(dataset, ({ distinctNormal }) => heldOutImages(distinctNormal));
  const work = fittedImages(input.method, dataset);
  const folded = Math.max(1, foldedImages(work.categoryImages));
  const tested = Math.max(
    1,
    sumOf(dataset, ({ test }) => test),
  );
  const each = imageSeconds(input.backbone, needs, dataset);
  const precision = input.precision === 'int8' ? ' int8' : '';
  const where = `${fileName(input.backbone)}${precision}/${imageSizePx}${tilesKey(needs)}`;
  const { maxSteps } = input;
  const cost = method.cost(settings, { levels, ...viewed(input.method, needs, work), maxSteps });
  const score = tiles * (each.backbone + cost.scoreSeconds) + each.decode + each.map;
  const scored = `${input.method}/${where}/${levels.map(({ grid }) => grid).join('-')}/${cost.size}`;
  const isCached = needs.input.kind === 'tokens';
  const features = work.images + (needs.heldOut ? heldOut : 0);
  const featureSeconds = viewCount(needs) * each.backbone + each.decode;
  const scoreEach = score + each.map;
  const testedCategories = dataset.categories.filter(({ test }) => test > 0).length;
  const bankImages = Math.max(
    1,
    sumOf(dataset, ({ distinctNormal }) => Math.min(distinctNormal, BANK_IMAGES)),
  );
  const turned = (needs.rotations ?? 1) === 1 ? '' : '/turned';
  return [
    part('features', 'open', where, [1, OPEN_SECONDS]),
    ...(isCached
      ? [part('features', 'features', `${where}${turned}`, [features, featureSeconds])]
      : []),
    ...cost.parts.map((one) => ofImages(one, input.method, needs)),
    ...(input.decoder === true ? [decoderPart(levels, maxSteps)] : []),
    part('export', 'export', scored, [1, EXPORT_SECONDS + 8 * score]),
    isFolded
      ? part('export', 'thresholds', `maps/${imageSizePx}${tilesKey(needs)}`, [folded, each.map])
      : part('export', 'thresholds', scored, [heldOut + folded, score]),
    ...(dataset.categories.length > 1
      ? [part('export', 'categories', where, [bankImages, tiles * each.backbone + each.decode])]
      : []),
    // In images: the metrics of a category take as long as so many of them.
    part('evaluate', 'evaluate', scored, [
      tested + (testedCategories * CATEGORY_SECONDS) / scoreEach,
      scoreEach,
    ]),
    part('evaluate', 'latency', scored, [Math.min(TIMED_IMAGES, tested), score]),
    part('publish', 'publish', input.method, [1, PUBLISH_SECONDS]),
  ];
}

function part(
  stage: RunPart['stage'],
  name: string,
  key: string,
  [units, each]: readonly [units: number, seconds: number],
): RunPart {
  const expectedSeconds = units * each;
  return { stage, part: name, key: `${name}/${key}`, units, expectedSeconds };
}

/** Empty without tiles. */
function tilesKey({ preprocessing: { tiles } }: TrainingPlan['needs']): string {
  return tiles === undefined ? '' : `-${tiles.rows}x${tiles.columns}`;
}

/** A part of a fit to views in images: what it reads of their features, and as often as there are fits. */
function ofImages(
  one: RunPart,
  method: PlannedRun['method'],
  needs: TrainingPlan['needs'],
): RunPart {
  const views = viewsOf(method, needs);
  const fits = views === 1 ? tileCount(needs.preprocessing) : 1;
  const read = one.readImages === undefined ? {} : { readImages: (fits * one.readImages) / views };
  if (fits === 1) return { ...one, ...read };
  const [units, expectedSeconds] = [one.units * fits, one.expectedSeconds * fits];
  return { ...one, ...read, key: `${one.key}/${fits}-tiles`, units, expectedSeconds };
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
