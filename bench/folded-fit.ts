/**
 * @file What benchmarks of methods with folds share: a dataset in a blob store of the work folder, a frozen backbone, features
 * that are cached there, and a fit with the thresholds of its held-out scores. Without database and bundle.
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
  type FittedMethod,
  getMethod,
  NO_CHECKPOINTS,
  openBackbone,
} from '@plumbline/model';
import { fitThresholds } from '../apps/trainer/src/training/evaluate/fit-thresholds.ts';
import { scoreFolds } from '../apps/trainer/src/training/evaluate/score-normal-images.ts';
import {
  type CachedFeatures,
  openFeatureCache,
} from '../apps/trainer/src/training/features/feature-cache.ts';
import { crossFit } from '../apps/trainer/src/training/fit/folds.ts';

const CACHE_BYTES = 20e9;

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
  readonly work: string;
  readonly blobs: BlobStore;
  readonly executor: Executor;
}

export interface FoldedFit {
  readonly fitted: FittedMethod;
  readonly folds: number;
  /** Of the fit, with features that are there. */
  readonly seconds: number;
  readonly profile: ReturnType<typeof fitThresholds>;
}

/** @throws Error for a method without folds */
export async function openFoldedMethod(options: FoldedOptions) {
  const { preset, settings = {}, work, blobs, executor } = options;
  const method = getMethod(options.method);
  if (method.reads !== 'tokens') throw new Error(`${options.method} has no folds.`);
  const { definition } = method;
  const needs = definition.needs(definition.resolve(preset, settings));
  const { preprocessing } = needs;
  const { imageSizePx } = preprocessing;
  const backbone = await openBackbone({
    backbone: existsSync(options.backbone) ? resolve(options.backbone) : options.backbone,
    strides: needs.input.strides,
    ...{ imageSizePx, executor },
  });
  const levels: readonly FeatureLevel[] = toLevels(backbone.featureTaps, imageSizePx);
  const graph = { backbone, preprocessing, averagePool: isAveragePooled(needs) };
  const featureGraph = buildFeatureGraph({ ...graph, averagePool: false });
  const signal = new AbortController().signal;

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

  const fit = async (samples: readonly Sample[], seed: number): Promise<FoldedFit> => {
    const split = crossFit(samples, seed);
    const folds = split.folds ?? { count: 0, of: new Int32Array() };
    const features = await featuresOf(split.fit);
    const start = performance.now();
    const fitted = await method.fit({
      ...{ preset, settings, seed, levels, features, executor, folds },
      categories: new Set(features.categories).size,
      checkpoints: NO_CHECKPOINTS,
      onProgress: () => {},
    });
    const seconds = (performance.now() - start) / 1000;
    await features.close();
    const load = (model: Uint8Array) => executor.load(model);
    const scores = await scoreFolds({
      ...{ split, fitted, preprocessing, load, batchSize: 4 },
      onProgress: async () => {},
    });
    return { fitted, folds: folds.count, seconds, profile: fitThresholds(scores, 'crossFit') };
  };
  return { imageSizePx, levels, graph, featuresOf, fit };
}
