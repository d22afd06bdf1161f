/** @file One training run from dataset version to published model version. */
import { createHash } from 'node:crypto';
import {
  assertDecoder,
  assertPrecision,
  ignoreMasks,
  isAveragePooled,
  leastSidePx,
  lookedThrough,
  mapSize,
  type Sample,
  smallMaskLines,
  tileCount,
  toLevels,
  versionNumberOf,
  viewCount,
} from '@plumbline/contracts';
import { openStores, type Stores } from '@plumbline/data';
import { outlastDatabase } from '@plumbline/db';
import { buildFeatureGraph, getMethod } from '@plumbline/model';
import { describeMemory, memoryFor, openFitMemory } from '../machine/fit-memory.ts';
import { describeChoice, openExecutor } from '../machine/open-executor.ts';
import { extendMethod } from './extend/extend-method.ts';
import { assertBackboneOf, openExtension } from './extend/open-extension.ts';
import { assertOnProcessor, atPrecision } from './features/at-precision.ts';
import { openRunBackbone } from './features/open-run-backbone.ts';
import { finishRun } from './finish-run.ts';
import { fitMethod } from './fit/fit-method.ts';
import { crossFit } from './fit/folds.ts';
import { holdOut, requirePixels, requireTrainingImages } from './fit/hold-out.ts';
import { runCheckpoints } from './fit/run-checkpoints.ts';
import { requireReconstructions } from './fit/train-decoder.ts';
import { asOutOfMemory } from './out-of-memory.ts';
import { planReport } from './progress/plan-report.ts';
import { RunReporter } from './progress/run-reporter.ts';
import {
  DATABASE_WAIT_MS,
  type TrainingContext,
  type TrainModelOptions,
} from './training-context.ts';

export async function trainModel(options: TrainModelOptions): Promise<void> {
  const context = await prepare(options);
  const started = performance.now();
  const featureGraph = buildFeatureGraph({
    backbone: context.backbone,
    preprocessing: context.needs.preprocessing,
    averagePool: isAveragePooled(context.needs),
    withPixels: context.method.reads === 'images',
  });
  const checkpoints = runCheckpoints(context.stores.checkpoints, options.attempt, {
    data: {
      backbone: context.backbone.sha256,
      features: createHash('sha256').update(featureGraph).digest('hex'),
      dataset: context.datasetHash,
    },
    startedAt: started,
    log: (text) => context.reporter.log(text),
    warn: (text) => context.reporter.warn(text),
  });
  const { extension, input, executor } = context;
  try {
    const fitted =
      extension === null
        ? await fitMethod(context, checkpoints)
        : await extendMethod(context, extension, checkpoints);
    await finishRun(context, featureGraph, fitted);
  } catch (error) {
    throw asOutOfMemory(error, { method: input.method, provider: executor.provider });
  }
  await checkpoints.remove();
}

async function prepare(options: TrainModelOptions): Promise<TrainingContext> {
  const { environment } = options;
  const stores = openStores(environment.home, environment.store);
  const { blobs } = stores;
  const reporter = new RunReporter(options.database, options.attempt);
  await reporter.begin('features', 'Opening the dataset and the backbone.');
  const { run, input, manifest, hash, provenance, nearDuplicates, categories, extension, review } =
    await readRun(options, stores);
  const method = getMethod(input.method);
  if (input.decoder) requireReconstructions(method);
  const { definition } = method;
  const settings = definition.resolve(input.preset, input.settings);
  const needs = definition.needs(settings);
  assertDecoder(input, needs);
  assertPrecision({ ...input, method: definition.title, needs, backbone: input.backbone });
  const { imageSizePx } = needs.preprocessing;
  const opened = await openExecutor(environment.executor, environment.threads);
  await reporter.log(describeChoice(opened.choice));
  assertOnProcessor(input, opened.executor);
  const unquantized = await openRunBackbone({
    ...{ environment, input, executor: opened.executor },
    ...{ reads: needs.input, imageSizePx },
    signal: options.signal,
    onProgress: (fraction, message) => reporter.progress(fraction, message),
  });
  if (extension !== null) assertBackboneOf(extension, unquantized);
  const levels = toLevels(unquantized.featureTaps, imageSizePx);
  const asked = { preset: input.preset, given: input.settings ?? {} };
  definition.assertLevels?.(settings, levels, asked);
  const memory = await openFitMemory(definition.memory, opened.executor.provider);
  const about = describeMemory(memory);
  if (about !== null) await reporter.log(about);
  const { addedBefore = [], added = [] } = extension?.facts ?? {};
  const samples = [...manifest.samples, ...addedBefore, ...added];
  const parts = { method, input, needs, levels, memory };
  const split = splitFor({ ...parts, backbone: unquantized }, samples);
  const backbone = await atPrecision({
    ...{ input, extension, blobs, reporter, backbone: unquantized },
    ...{ preprocessing: needs.preprocessing, executor: opened.executor },
    ...{ samples: split.split.fit, signal: options.signal },
  });
  const context: TrainingContext = {
    ...options,
    ...opened,
    ...parts,
    ...split,
    ...{ run, samples, extension, provenance, nearDuplicates },
    ...{ datasetHash: hash, lookedThrough: lookedThrough(review) },
    smallMasks: smallMaskLines(categories, needs.preprocessing),
    ...{ stores, blobs, settings },
    mapSize: mapSize(needs.preprocessing),
    ignoreRegions: manifest.ignore,
    ignore: ignoreMasks(manifest.ignore, mapSize(needs.preprocessing)),
    views: { tiles: tileCount(needs.preprocessing), rotations: needs.rotations ?? 1 },
    backbone,
    reporter,
  };
  // What is estimated of a training says nothing of an addition.
  if (extension === null) await planReport(context);
  return context;
}

/** What was asked for, and the dataset that it is for. */
function readRun(options: TrainModelOptions, { bundles }: Pick<Stores, 'bundles'>) {
  const { database, attempt, signal } = options;
  return outlastDatabase(
    async () => {
      const run = await database.runs.get(attempt.id);
      const number = versionNumberOf(run.datasetVersion) ?? undefined;
      const dataset = await database.datasets.manifest(run.dataset, number);
      const input = await database.runs.input(attempt.id);
      const asked = input.extends;
      const extension =
        asked === undefined ? null : await openExtension({ database, bundles }, run, asked);
      const review = await database.suspects.review({ name: run.dataset, version: number });
      return { run, input, ...dataset, extension, review };
    },
    { limitMs: DATABASE_WAIT_MS, signal },
  );
}

/** Which images the method is fitted on. @throws DomainError when they are too few, too small or too many for the memory. */
function splitFor(
  {
    method,
    input,
    needs,
    levels,
    backbone,
    memory,
  }: Pick<TrainingContext, 'method' | 'input' | 'needs' | 'levels' | 'backbone' | 'memory'>,
  samples: readonly Sample[],
): Pick<TrainingContext, 'split' | 'minSidePx'> {
  const splitBy = method.definition.crossFits ? crossFit : holdOut;
  const split = requireTrainingImages(splitBy(samples, input.seed));
  const minSidePx = leastSidePx(needs.preprocessing, levels);
  requirePixels(samples, split, minSidePx);
  const views = method.definition.tilesAre === 'images' ? viewCount(needs) : 1;
  const fit = {
    ...{ preset: input.preset, settings: input.settings, levels, images: views * split.fit.length },
    ...(input.maxSteps === undefined ? {} : { maxSteps: input.maxSteps }),
    categories: new Set(split.fit.map((sample) => sample.category)).size,
    ...memoryFor(memory),
  };
  if (method.reads === 'images') method.assertMemory({ ...fit, backbone });
  else
    method.assertMemory({
      ...fit,
      ...(split.folds === null ? {} : { folds: split.folds }),
    });
  return { split, minSidePx };
}
