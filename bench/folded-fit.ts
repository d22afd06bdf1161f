/**
 * @file What benchmarks of methods share: a dataset in a blob store of the work folder, a frozen backbone, features that are
 * cached there or images for a method that reads these, and a fit with the thresholds of the images that it lacks, its folds or what it
 * holds out, as the method has it. Without database and bundle.
 */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import {
  type FeatureLevel,
  isAveragePooled,
  type PresetName,
  type Sample,
  toLevels,
} from '@plumbline/contracts';
import {
  type BlobStore,
  generateSampleDataset,
  importDataset,
  openFolderBlobStore,
} from '@plumbline/data';
import {
  buildFeatureGraph,
  buildScoringGraph,
  type FitBasics,
  type FittedMethod,
  getMethod,
  halveBackbone,
  type ImagesMethod,
  NO_CHECKPOINTS,
  openBackbone,
  quantizeBackbone,
  type TokensMethod,
} from '@plumbline/model';
import { fitThresholds } from '../apps/trainer/src/training/evaluate/fit-thresholds.ts';
import {
  scoreFolds,
  scoreNormalImages,
} from '../apps/trainer/src/training/evaluate/score-normal-images.ts';
import { calibrateOn } from '../apps/trainer/src/training/features/at-precision.ts';
import {
  type CachedFeatures,
  openFeatureCache,
} from '../apps/trainer/src/training/features/feature-cache.ts';
import { openImageSource } from '../apps/trainer/src/training/features/image-source.ts';
import { crossFit } from '../apps/trainer/src/training/fit/folds.ts';
import { holdOut, type TrainingSplit } from '../apps/trainer/src/training/fit/hold-out.ts';

const CACHE_BYTES = 20e9;
const KEPT_IMAGE_BYTES = 1e9;

export interface BenchImages {
  readonly samples: readonly Sample[];
  readonly blobs: BlobStore;
}

/** @param images a folder, or `sample` for the small sample dataset of seed 0 */
export async function openImages(images: string, work: string): Promise<BenchImages> {
  const source = images === 'sample' ? join(work, 'sample') : resolve(images);
  if (images === 'sample' && !existsSync(source))
    await generateSampleDataset({ directory: source, seed: 0 });
  const blobs = openFolderBlobStore(join(work, 'blobs'));
  const { manifest } = await importDataset({ source, blobs });
  return { samples: manifest.samples, blobs };
}

type Executor = Parameters<typeof openBackbone>[0]['executor'];

export interface FoldedOptions {
  readonly method: string;
  readonly preset: PresetName;
  readonly settings?: Readonly<Record<string, unknown>>;
  /** A name, or a file. */
  readonly backbone: string;
  /** In int8, its ranges measured on these. */
  readonly calibrateOn?: readonly Sample[] | undefined;
  /** Its weights stored as float16. */
  readonly isHalved?: boolean | undefined;
  readonly work: string;
  readonly blobs: BlobStore;
  readonly executor: Executor;
}

export interface FoldedFit {
  readonly fitted: FittedMethod;
  /** Exported: images in, map and score out. */
  readonly model: Uint8Array;
  /** Fits that score the images: none where those that are held out are scored by the fit itself. */
  readonly folds: number;
  /** Of the fit itself, with features that are there; of a method that reads images, with these. */
  readonly seconds: number;
  readonly profile: ReturnType<typeof fitThresholds>;
}

export async function openFoldedMethod(options: FoldedOptions) {
  const { preset, settings = {}, work, blobs, executor } = options;
  const method = getMethod(options.method);
  const { definition } = method;
  const needs = definition.needs(definition.resolve(preset, settings));
  const { preprocessing } = needs;
  const { imageSizePx } = preprocessing;
  const exact = await openBackbone({
    backbone: existsSync(options.backbone) ? resolve(options.backbone) : options.backbone,
    input: needs.input,
    ...{ imageSizePx, executor },
  });
  const signal = new AbortController().signal;
  const calibrating = { backbone: exact, preprocessing, executor, blobs, signal };
  const unquantized = options.isHalved === true ? halveBackbone(exact) : exact;
  const backbone =
    options.calibrateOn === undefined
      ? unquantized
      : quantizeBackbone(
          exact,
          await calibrateOn({ ...calibrating, samples: options.calibrateOn }, async () => {}),
        );
  const levels: readonly FeatureLevel[] = toLevels(backbone.featureTaps, imageSizePx);
  const graph = { backbone, preprocessing, averagePool: isAveragePooled(needs) };
  const featureGraph = buildFeatureGraph({ ...graph, averagePool: false });

  const featuresOf = (samples: readonly Sample[]): Promise<CachedFeatures> =>
    openFeatureCache({
      folder: join(work, 'features'),
      limitBytes: CACHE_BYTES,
      averagePool: graph.averagePool,
      graph: featureGraph,
      provider: executor.provider,
      ...{ samples, levels, blobs, signal },
      loadGraph: () => executor.load(featureGraph),
      onProgress: async () => {},
    });

  const modelOf = (fitted: FittedMethod) =>
    buildScoringGraph({
      ...graph,
      methodGraph: fitted.graph,
      methodInputs: fitted.inputs,
      map: fitted.map,
      categoryDescriptor: false,
    });

  const scoresOf = async (split: TrainingSplit, fitted: FittedMethod, model: Uint8Array) => {
    const load = (bytes: Uint8Array) => executor.load(bytes);
    const onProgress = async () => {};
    if (split.folds !== null)
      return scoreFolds({
        ...{ split, fitted, preprocessing, load, onProgress },
        ...{ batchSize: 4, ignore: null },
      });
    const session = await load(model);
    const scorer = { session, provider: executor.provider, batchSize: 4, ignore: null };
    const scores = await scoreNormalImages({
      ...{ scorer, blobs, signal, onProgress },
      images: split.heldOut,
    });
    await session.release();
    return scores;
  };

  const fitTokens = async (method: TokensMethod, split: TrainingSplit, basics: FitBasics) => {
    const features = await featuresOf(split.fit);
    const heldOut = needs.heldOut ? await featuresOf(split.heldOut) : null;
    const timed = await timedFit(() =>
      method.fit({
        ...{ ...basics, features },
        ...(heldOut === null ? {} : { heldOut }),
        ...(split.folds === null ? {} : { folds: split.folds }),
      }),
    );
    await features.close();
    await heldOut?.close();
    return timed;
  };

  const fitImages = async (method: ImagesMethod, split: TrainingSplit, basics: FitBasics) => {
    const imagesOf = (samples: readonly Sample[]) =>
      openImageSource({
        ...{ samples, preprocessing, blobs, signal },
        ...{ serving: executor, limitBytes: KEPT_IMAGE_BYTES },
      });
    const images = await imagesOf(split.fit);
    const heldOut = needs.heldOut ? await imagesOf(split.heldOut) : null;
    const timed = await timedFit(() =>
      method.fit({ ...basics, images, backbone, ...(heldOut === null ? {} : { heldOut }) }),
    );
    await images.close();
    await heldOut?.close();
    return timed;
  };

  const fitSplit = async (split: TrainingSplit, seed: number) => {
    const basics = {
      ...{ preset, settings, seed, levels, executor },
      categories: new Set(split.fit.map(({ category }) => category)).size,
      checkpoints: NO_CHECKPOINTS,
      onProgress: () => {},
    };
    const { fitted, seconds } = await (method.reads === 'tokens'
      ? fitTokens(method, split, basics)
      : fitImages(method, split, basics));
    const model = modelOf(fitted);
    return { fitted, seconds, model, scores: await scoresOf(split, fitted, model) };
  };

  /** @param refits Of a method that holds images out: each image is scored by one of so many further fits without its part. */
  const fit = async (samples: readonly Sample[], seed: number, refits = 0): Promise<FoldedFit> => {
    const { crossFits } = definition;
    const split = crossFits ? crossFit(samples, seed) : holdOut(samples, seed);
    const { scores, ...published } = await fitSplit(split, seed);
    const parts = crossFits ? [] : partsOf(samples, seed, refits);
    const further = [];
    for (const part of parts) further.push(...(await fitSplit(part, seed)).scores);
    const profile =
      parts.length === 0
        ? fitThresholds(scores, crossFits ? 'crossFit' : 'heldOut')
        : fitThresholds(further, 'crossFit');
    return { ...published, folds: split.folds?.count ?? parts.length, profile };
  };
  return { imageSizePx, levels, graph, featuresOf, fit };
}

/** As many splits as asked for, each of which holds out a part of every category; together all that have a fold. */
function partsOf(samples: readonly Sample[], seed: number, count: number): TrainingSplit[] {
  const { fit, folds } = crossFit(samples, seed);
  const partOf = (image: number) => {
    const fold = folds?.of[image] ?? -1;
    return fold === -1 ? -1 : fold % count;
  };
  return Array.from({ length: count }, (_, part) => ({
    fit: fit.filter((_, image) => partOf(image) !== part),
    heldOut: fit.filter((_, image) => partOf(image) === part),
    folds: null,
  }));
}

async function timedFit(run: () => Promise<FittedMethod>) {
  const start = performance.now();
  const fitted = await run();
  return { fitted, seconds: (performance.now() - start) / 1000 };
}
