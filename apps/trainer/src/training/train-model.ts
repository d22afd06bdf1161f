/** @file One training run from dataset version to published model version. */
import { arch, cpus, hostname } from 'node:os';
import { join } from 'node:path';
import { availableMemory } from 'node:process';
import type {
  BundleManifest,
  GraphSession,
  ParityReport,
  Run,
  Sample,
  StartTrainingInput,
} from '@plumbline/contracts';
import { type BlobStore, openFolderBlobStore } from '@plumbline/data';
import type { Database } from '@plumbline/db';
import { protocolFor } from '@plumbline/eval';
import {
  type Backbone,
  buildFeatureGraph,
  buildScoringGraph,
  DEFAULT_OPSET,
  type FeatureLevel,
  type FeatureSettings,
  type FittedMethod,
  getMethod,
  gridSide,
  type Method,
  openBackbone,
} from '@plumbline/model';
import type { TrainerEnvironment } from '../env.ts';
import { describeChoice, type OpenedExecutor, openExecutor } from '../machine/open-executor.ts';
import { checkParity } from './check-parity.ts';
import { checkpointFile } from './checkpoint-file.ts';
import { evaluateModel, type ModelEvaluation } from './evaluate-model.ts';
import { evaluationFile } from './evaluation-file.ts';
import { openFeatureCache } from './feature-cache.ts';
import { fitThresholds } from './fit-thresholds.ts';
import { holdOut, requireTrainingImages, type TrainingSplit } from './hold-out.ts';
import { RunReporter } from './run-reporter.ts';
import { scoreImage } from './score-images.ts';
import { writeBundle } from './write-bundle.ts';

/** σ of the Gaussian before the maximum that is the image score (RLR's released code). */
const SMOOTHING_SIGMA = 4;

export interface TrainModelOptions {
  readonly database: Database;
  readonly environment: TrainerEnvironment;
  readonly runId: string;
  readonly signal: AbortSignal;
}

/** What every stage needs to know. */
interface Context extends TrainModelOptions, OpenedExecutor {
  readonly run: Run;
  readonly input: StartTrainingInput;
  readonly samples: readonly Sample[];
  readonly datasetHash: string;
  readonly split: TrainingSplit;
  readonly blobs: BlobStore;
  readonly method: Method;
  readonly featureSettings: FeatureSettings;
  readonly sizePx: number;
  readonly backbone: Backbone;
  readonly levels: readonly FeatureLevel[];
  readonly reporter: RunReporter;
}

export async function trainModel(options: TrainModelOptions): Promise<void> {
  const context = await prepare(options);
  const started = performance.now();
  const featureGraph = buildFeatureGraph({
    backbone: context.backbone,
    imageSizePx: context.sizePx,
    averagePool: context.featureSettings.averagePool,
  });
  const fitted = await fitMethod(context, featureGraph);
  const trainSeconds = (performance.now() - started) / 1000;
  await publish(context, featureGraph, fitted, trainSeconds);
}

async function prepare(options: TrainModelOptions): Promise<Context> {
  const { database, runId, environment } = options;
  const reporter = new RunReporter(database, runId);
  await reporter.begin('features', 'Opening the dataset and the backbone.');
  const run = await database.runs.get(runId);
  const input = await database.runs.input(runId);
  const { manifest, hash } = await database.datasets.manifest(run.dataset);
  const method = getMethod(input.method);
  const featureSettings = method.featureSettings(input.preset);
  const sizePx = featureSettings.imageSizePx;
  const opened = await openExecutor(environment.executor);
  const { executor } = opened;
  await database.runs.log(runId, 'info', describeChoice(opened.choice));
  const backbone = await openBackbone({
    backbone: input.backbone,
    executor,
    strides: featureSettings.strides,
    imageSizePx: sizePx,
    ...(input.featureTaps === undefined ? {} : { featureTaps: input.featureTaps }),
  });
  const levels = backbone.featureTaps.map((tap) => ({
    tap: tap.name,
    channels: tap.channels,
    grid: gridSide(tap, sizePx),
  }));
  return {
    ...options,
    run,
    input,
    samples: manifest.samples,
    datasetHash: hash,
    split: requireTrainingImages(holdOut(manifest.samples, input.seed)),
    blobs: openFolderBlobStore(environment.home.blobs),
    ...opened,
    method,
    featureSettings,
    sizePx,
    backbone,
    levels,
    reporter,
  };
}

async function fitMethod(context: Context, featureGraph: Uint8Array): Promise<FittedMethod> {
  const { executor, reporter, split, environment, runId, signal } = context;
  await reporter.begin(
    'features',
    `Computing features of ${split.fit.length} normal images with ${context.backbone.name}.`,
  );
  const features = await openFeatureCache({
    folder: join(environment.home.cache, 'features'),
    limitBytes: environment.featureCacheBytes,
    graph: featureGraph,
    provider: executor.provider,
    samples: split.fit,
    levels: context.levels,
    blobs: context.blobs,
    loadGraph: () => executor.load(featureGraph),
    onProgress: (done) =>
      done === null
        ? reporter.progress(0, 'Another trainer computes the same features; waiting for it.')
        : reporter.progress(
            done / split.fit.length,
            `Features of ${done} of ${split.fit.length} images.`,
          ),
    signal,
  });
  try {
    const taps = context.levels.map((level) => level.tap).join(', ');
    await reporter.begin(
      'fit',
      `Fitting ${context.method.name} to ${features.count} images, feature taps ${taps}.`,
    );
    const fitted = await context.method.fit({
      preset: context.input.preset,
      seed: context.input.seed,
      ...(context.input.maxSteps === undefined ? {} : { maxSteps: context.input.maxSteps }),
      levels: context.levels,
      features,
      executor,
      memoryBytes: availableMemory(),
      checkpoints: checkpointFile(join(environment.home.work, 'checkpoints', runId)),
      signal,
      onProgress: async (progress) => {
        const { part, step, steps, loss, fraction } = progress;
        if (loss !== null) reporter.addLoss({ level: part, step, loss });
        await reporter.progress(fraction, `Fitting ${part}: step ${step} of ${steps}.`);
      },
    });
    for (const note of fitted.notes ?? []) await context.database.runs.log(runId, 'info', note);
    return fitted;
  } finally {
    await features.close();
    await reporter.flush();
  }
}

async function publish(
  context: Context,
  featureGraph: Uint8Array,
  fitted: FittedMethod,
  trainSeconds: number,
): Promise<void> {
  const { serving, reporter, blobs, samples, sizePx, split, signal } = context;
  await reporter.begin('export', 'Exporting to ONNX and checking it against the trained network.');
  const model = buildScoringGraph({
    backbone: context.backbone,
    imageSizePx: sizePx,
    averagePool: context.featureSettings.averagePool,
    methodGraph: fitted.graph,
    map: fitted.map,
    smoothingSigma: SMOOTHING_SIGMA,
  });
  const session = await serving.load(model);
  const parity = await compareExport(context, session, featureGraph, fitted);
  const thresholds = await fitThresholds(session, blobs, split.heldOut);
  await reporter.begin('evaluate', 'Evaluating on the test split.');
  const result = await evaluateModel({
    score: (sample) => scoreImage(session, blobs, sample),
    blobs,
    samples,
    fittedOn: [...split.fit, ...split.heldOut],
    sizePx,
    signal,
    onProgress: (done, total) =>
      reporter.progress(done / total, `Evaluated ${done} of ${total} test images.`),
  });
  await reporter.begin('publish', 'Writing the bundle.');
  const bundle = await writeBundle(context.environment.home.bundles, {
    unsigned: { ...describe(context, fitted, result), thresholds, parity, trainSeconds },
    evaluation: evaluationFile(result),
    model,
  });
  const { directory: bundleDirectory, manifest, bundleHash, sizeBytes } = bundle;
  await context.database.models.publish({
    runId: context.runId,
    manifest,
    bundleDirectory,
    bundleHash,
    sizeBytes,
    images: result.images,
  });
  await context.database.runs.log(
    context.runId,
    'info',
    `Done in ${Math.round(reporter.elapsedSeconds)} s.`,
  );
}

/** The sessions it needs are gone before the evaluation begins. */
async function compareExport(
  { serving, sizePx, split, blobs }: Context,
  exported: GraphSession,
  featureGraph: Uint8Array,
  fitted: FittedMethod,
): Promise<ParityReport> {
  const features = await serving.load(featureGraph);
  const scores = await serving.load(fitted.graph);
  try {
    return await checkParity({
      exported,
      features,
      scores,
      map: fitted.map,
      sizePx,
      smoothingSigma: SMOOTHING_SIGMA,
      samples: split.heldOut,
      blobs,
    });
  } finally {
    await features.release();
    await scores.release();
  }
}

type Described = Omit<BundleManifest, 'files' | 'thresholds' | 'parity' | 'trainSeconds'>;

function describe(context: Context, fitted: FittedMethod, result: ModelEvaluation): Described {
  const { run, input, backbone, sizePx, environment } = context;
  return {
    formatVersion: 1,
    model: run.model,
    method: input.method,
    preset: input.preset,
    config: { ...fitted.config },
    seed: input.seed,
    backbone: {
      name: backbone.name,
      sha256: backbone.sha256,
      featureTaps: backbone.featureTaps.map((tap) => tap.name),
    },
    executor: context.choice,
    graph: {
      input: { name: 'image', dtype: 'uint8', layout: 'NHWC', channels: 'RGB' },
      anomalyMap: { name: 'anomaly_map', height: sizePx, width: sizePx },
      imageScore: { name: 'image_score' },
      opset: DEFAULT_OPSET,
    },
    lineage: {
      run: run.id,
      dataset: run.dataset,
      datasetVersion: run.datasetVersion,
      datasetHash: context.datasetHash,
      codeVersion: environment.codeVersion,
      createdAt: new Date().toISOString(),
    },
    protocol: protocolFor(sizePx),
    mean: result.evaluation.mean,
    categories: result.evaluation.categories,
    evaluation: result.report,
    latencyMs: {
      ...result.latencyMs,
      hardware: `${hostname()}: ${cpus().length} × ${cpus()[0]?.model ?? arch()}, ${context.serving.provider}`,
    },
  };
}
