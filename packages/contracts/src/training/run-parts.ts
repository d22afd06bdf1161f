/**
 * @file A run as parts that follow each other, each with its work in natural units: what estimates are made of. The
 * constants are seconds on two cores of a 2.x GHz server; what has been measured on a machine takes their place.
 */
import { findCatalogueBackbone } from '../backbone-catalogue.ts';
import { findEmbeddedBackbone } from '../embedded-backbones.ts';
import type { RunStage, StartTrainingInput } from '../run.ts';
import type { DatasetFacts } from './dataset-facts.ts';
import type { FeatureLevel } from './feature-level.ts';
import { FOLDS, FOLDS_PART, METHOD_SPECS, resolveRlr } from './method-specs.ts';
import { resolvePadim } from './padim-presets.ts';
import { PROJECTED_CHANNELS, patchCoreBankSize, resolvePatchCore } from './patchcore-presets.ts';
import type { TrainingPlan } from './plan-training.ts';
import { planRlrLevels } from './rlr-levels.ts';

/** Its stages are those of the run; a part is what progress is told of. */
export interface RunPart {
  readonly stage: Exclude<RunStage, 'queued' | 'done'>;
  readonly part: string;
  /** Parts of one key take the same time for a unit. Up to the first slash: the kind of work. */
  readonly key: string;
  /** Images, steps, … */
  readonly units: number;
  /** By the constants. */
  readonly expectedSeconds: number;
}

/** Seconds for an image of 256 px, and for a million pixels that are decoded. */
const FEATURE_SECONDS = 0.0045;
const DECODE_SECONDS = 0.035;
/** A backbone's work in that of `compact`. Files that nobody knows are taken for a ResNet-18. */
const UNKNOWN_BACKBONE_WORK = 4;
const COMPACT_PARAMETERS = 699_168;
/** Seconds for 10⁹ multiplications of a training step of RLR. */
const RLR_SECONDS = 0.042;
/** Seconds for a value of a PatchCore embedding, and for one of a projected patch compared. */
const EMBED_SECONDS = 2.2e-8;
const COMPARE_SECONDS = 6e-10;
/** Seconds for one of a covariance's numbers, and for one of its inversion. */
const COVARIANCE_SECONDS = 1.4e-9;
const INVERSION_SECONDS = 1.2e-9;
const DECODER_STEPS = 250;
const DECODER_STEP_SECONDS = 0.6;
const OPEN_SECONDS = 2;
const EXPORT_SECONDS = 4;
const PUBLISH_SECONDS = 1;
/** Of a map: resize, smoothing and metrics beside the network. */
const MAP_SECONDS = 0.03;

/** One image in five, and at least four, but at most half are held out for the thresholds. */
function heldOutImages(distinct: number): number {
  return Math.min(Math.floor(distinct / 2), Math.max(4, Math.floor(distinct / 5)));
}

type PlannedRun = Pick<
  StartTrainingInput,
  | 'method'
  | 'preset'
  | 'backbone'
  | 'imageSizePx'
  | 'rlr'
  | 'patchcore'
  | 'padim'
  | 'maxSteps'
  | 'decoder'
>;

/** Empty when the plan has no levels: a file with named taps says nothing before it is opened. */
export function planParts(
  input: PlannedRun,
  { featureSettings, levels }: TrainingPlan,
  dataset: DatasetFacts,
): RunPart[] {
  if (levels === null) return [];
  const { imageSizePx } = featureSettings;
  const sum = (of: (category: DatasetFacts['categories'][number]) => number) =>
    dataset.categories.reduce((total, category) => total + of(category), 0);
  const normal = sum((one) => one.normal);
  const isFolded = METHOD_SPECS[input.method].crossFits;
  const heldOut = isFolded ? 0 : sum((one) => heldOutImages(one.distinctNormal));
  const fitted = Math.max(1, normal - heldOut);
  const images = Math.max(
    1,
    sum((one) => one.normal + one.test),
  );
  const megapixels = sum((one) => one.meanPixels * (one.normal + one.test)) / images / 1e6;
  const scale = (imageSizePx / 256) ** 2;
  const featureSeconds =
    FEATURE_SECONDS * backboneWork(input.backbone) * scale + DECODE_SECONDS * megapixels;
  const where = `${fileName(input.backbone)}/${imageSizePx}`;
  const fit = fitParts(input, levels, fitted);
  const score = featureSeconds + MAP_SECONDS * scale + scoreSeconds(input, levels, fitted);
  const scored = `${input.method}/${where}/${levels.map(({ grid }) => grid).join('-')}/${sizeOf(input, levels, fitted)}`;
  const features = fitted + (featureSettings.heldOut ? heldOut : 0);
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
    part('features', 'features', where, features, featureSeconds),
    ...fit,
    part('export', 'export', scored, 1, EXPORT_SECONDS + 8 * score),
    isFolded
      ? part('export', 'thresholds', `maps/${imageSizePx}`, fitted, MAP_SECONDS * scale)
      : part('export', 'thresholds', scored, Math.max(1, heldOut), score),
    part(
      'evaluate',
      'evaluate',
      scored,
      Math.max(
        1,
        sum((one) => one.test),
      ),
      score + MAP_SECONDS * scale,
    ),
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
  const entry = findCatalogueBackbone(name);
  return entry === null ? UNKNOWN_BACKBONE_WORK : entry.parameters / 4 / COMPACT_PARAMETERS;
}

function fitParts(input: PlannedRun, levels: readonly FeatureLevel[], images: number): RunPart[] {
  switch (input.method) {
    case 'rlr':
      return rlrParts(input, levels, images);
    case 'patchcore':
      return patchCoreParts(input, levels, images);
    case 'padim':
      return padimParts(input, levels, images);
  }
}

function rlrParts(input: PlannedRun, levels: readonly FeatureLevel[], images: number): RunPart[] {
  const { maxSteps, decoder } = input;
  const plans = planRlrLevels(resolveRlr(input.preset, input), levels, {
    images,
    ...(maxSteps === undefined ? {} : { maxSteps }),
  });
  const parts = plans.map(({ tap, network, batchSize, steps, work }): RunPart => {
    const { grid, width, layers, channels, blocks } = network;
    const key = `rlr/${grid}/${channels}/${width}/${layers}/${blocks.join('-')}/${batchSize}`;
    return {
      stage: 'fit',
      part: tap,
      key,
      units: steps,
      expectedSeconds: (RLR_SECONDS * work) / 1e9,
    };
  });
  if (decoder !== true) return parts;
  const steps = Math.min(DECODER_STEPS, maxSteps ?? DECODER_STEPS);
  const key = `decoder/${levels.map(({ grid, channels }) => `${grid}-${channels}`).join('/')}`;
  const expectedSeconds = steps * DECODER_STEP_SECONDS;
  return [...parts, { stage: 'fit', part: 'decoder', key, units: steps, expectedSeconds }];
}

/** Side and channels of what a baseline makes of the levels. */
function embeddingOf(levels: readonly FeatureLevel[], most: number | null) {
  const total = levels.reduce((sum, { channels }) => sum + channels, 0);
  return {
    grid: Math.max(...levels.map(({ grid }) => grid)),
    size: Math.min(total, most ?? total),
  };
}

function patchCoreParts(
  input: PlannedRun,
  levels: readonly FeatureLevel[],
  images: number,
): RunPart[] {
  const preset = resolvePatchCore(input.preset, input);
  const { grid, size } = embeddingOf(levels, preset.channels);
  const { neighborhood, reservoir } = preset;
  const seen = images * grid ** 2;
  const bank = patchCoreBankSize(preset, seen);
  // Reservoirs are by category; that there are many images is all that matters here.
  const compared = bank * Math.min(seen, reservoir * Math.max(1, Math.round(images / 20)));
  const unfolded = neighborhood === 'unfold' ? 9 : 1;
  return [
    {
      ...{ stage: 'fit', part: 'patches of the images', units: images },
      key: `patches/${grid}/${size}/${neighborhood}`,
      expectedSeconds: images * grid ** 2 * size * unfolded * EMBED_SECONDS,
    },
    {
      ...{ stage: 'fit', part: 'memory bank', units: bank },
      key: `bank/${bank}/${images}/${reservoir}/${grid}`,
      expectedSeconds: compared * PROJECTED_CHANNELS * COMPARE_SECONDS,
    },
    {
      ...{ stage: 'fit', part: FOLDS_PART, units: FOLDS },
      key: `patchcore-folds/${bank}/${images}/${reservoir}/${grid}/${size}`,
      expectedSeconds:
        compared * PROJECTED_CHANNELS * COMPARE_SECONDS +
        images * scoreSeconds(input, levels, images),
    },
  ];
}

function padimParts(input: PlannedRun, levels: readonly FeatureLevel[], images: number): RunPart[] {
  const { channels } = resolvePadim(input.preset, input);
  const { grid, size } = embeddingOf(levels, channels);
  const positions = grid ** 2;
  return [
    {
      ...{ stage: 'fit', part: 'sums of the images', units: images },
      key: `sums/${grid}/${size}`,
      expectedSeconds: images * positions * size ** 2 * COVARIANCE_SECONDS,
    },
    {
      ...{ stage: 'fit', part: FOLDS_PART, units: FOLDS },
      key: `padim-folds/${images}/${grid}/${size}`,
      expectedSeconds:
        images *
          (positions * size ** 2 * COVARIANCE_SECONDS + scoreSeconds(input, levels, images)) +
        FOLDS * positions * size ** 3 * INVERSION_SECONDS,
    },
    {
      ...{ stage: 'fit', part: 'Gaussians', units: positions },
      key: `gaussians/${size}`,
      expectedSeconds: positions * size ** 3 * INVERSION_SECONDS,
    },
  ];
}

/** What scoring costs beside the backbone, seconds an image. */
function scoreSeconds(input: PlannedRun, levels: readonly FeatureLevel[], images: number): number {
  if (input.method === 'rlr') {
    const plans = planRlrLevels(resolveRlr(input.preset, input), levels, { images, maxSteps: 1 });
    // Training takes about three forward passes.
    return (
      plans.reduce((sum, { work, batchSize }) => sum + work / batchSize, 0) * (RLR_SECONDS / 3e9)
    );
  }
  if (input.method === 'padim') return 0.01;
  const preset = resolvePatchCore(input.preset, input);
  const { grid, size } = embeddingOf(levels, preset.channels);
  return patchCoreBankSize(preset, images * grid ** 2) * grid ** 2 * size * 3e-11;
}

/** What the cost of scoring goes by. */
function sizeOf(input: PlannedRun, levels: readonly FeatureLevel[], images: number): string {
  if (input.method === 'patchcore') {
    const preset = resolvePatchCore(input.preset, input);
    const { grid } = embeddingOf(levels, preset.channels);
    return String(patchCoreBankSize(preset, images * grid ** 2));
  }
  if (input.method === 'padim') return String(resolvePadim(input.preset, input).channels);
  const { layers, levels: own } = resolveRlr(input.preset, input);
  return `${layers}-${levels.map(({ grid }) => own[grid]?.width).join('-')}`;
}
