/** @file One training run from dataset version to published model version. */
import { createHash } from 'node:crypto';
import { arch, cpus, hostname } from 'node:os';
import { availableMemory } from 'node:process';
import {
  type BundleManifest,
  type GraphSession,
  type ParityReport,
  type Sample,
  toLevels,
} from '@plumbline/contracts';
import { openFolderBlobStore } from '@plumbline/data';
import { outlastDatabase } from '@plumbline/db';
import { protocolFor } from '@plumbline/eval';
import {
  buildFeatureGraph,
  buildScoringGraph,
  DEFAULT_OPSET,
  descriptorSize,
  type FittedMethod,
  getMethod,
} from '@plumbline/model';
import { describeChoice, openExecutor } from '../machine/open-executor.ts';
import { evaluateModel, type ModelEvaluation } from './evaluate/evaluate-model.ts';
import { evaluationFile } from './evaluate/evaluation-file.ts';
import { fitProfile } from './evaluate/fit-profile.ts';
import { scoreImage } from './evaluate/score-images.ts';
import { checkParity } from './export/check-parity.ts';
import { countParameters } from './export/count-parameters.ts';
import { exportDecoder } from './export/export-decoder.ts';
import { openRunBackbone } from './features/open-run-backbone.ts';
import { type Fitted, fitMethod } from './fit/fit-method.ts';
import { crossFit } from './fit/folds.ts';
import { holdOut, requirePixels, requireTrainingImages } from './fit/hold-out.ts';
import { runCheckpoints } from './fit/run-checkpoints.ts';
import { requireReconstructions } from './fit/train-decoder.ts';
import { keepTimings, planReport } from './progress/plan-report.ts';
import { RunReporter } from './progress/run-reporter.ts';
import { CategoryTally, hasSeveralCategories, makeCategoryBank } from './publish/category-bank.ts';
import { writeBundle } from './publish/write-bundle.ts';
import {
  SMOOTHING_SIGMA,
  type TrainingContext,
  type TrainModelOptions,
} from './training-context.ts';

/** How long a run waits for a database that is away before it is left to a later attempt. */
export const DATABASE_WAIT_MS = 120_000;

export async function trainModel(options: TrainModelOptions): Promise<void> {
  const context = await prepare(options);
  const started = performance.now();
  const featureGraph = buildFeatureGraph({
    backbone: context.backbone,
    imageSizePx: context.sizePx,
    averagePool: context.featureSettings.averagePool,
  });
  const checkpoints = runCheckpoints(options.environment.home, options.runId, {
    data: {
      backbone: context.backbone.sha256,
      features: createHash('sha256').update(featureGraph).digest('hex'),
      dataset: context.datasetHash,
    },
    startedAt: started,
    log: (text) => context.reporter.log(text),
  });
  const fitted = await fitMethod(context, featureGraph, checkpoints);
  await publish(context, featureGraph, fitted);
  await checkpoints.remove();
}

async function prepare(options: TrainModelOptions): Promise<TrainingContext> {
  const { database, runId, environment } = options;
  const reporter = new RunReporter(database, runId);
  await reporter.begin('features', 'Opening the dataset and the backbone.');
  const patience = { limitMs: DATABASE_WAIT_MS, signal: options.signal };
  const { run, input, manifest, hash, nearDuplicates } = await outlastDatabase(async () => {
    const row = await database.runs.get(runId);
    const dataset = await database.datasets.manifest(row.dataset);
    return { run: row, input: await database.runs.input(runId), ...dataset };
  }, patience);
  const method = getMethod(input.method);
  if (input.decoder) requireReconstructions(method);
  const { definition } = method;
  const settings = definition.resolve(input.preset, input.settings);
  const featureSettings = definition.needs(settings);
  const sizePx = featureSettings.imageSizePx;
  const opened = await openExecutor(environment.executor);
  const { executor } = opened;
  await reporter.log(describeChoice(opened.choice));
  const backbone = await openRunBackbone({
    environment,
    input,
    executor,
    strides: featureSettings.strides,
    imageSizePx: sizePx,
    signal: options.signal,
    onProgress: (fraction, message) => reporter.progress(fraction, message),
  });
  const levels = toLevels(backbone.featureTaps, sizePx);
  const asked = { preset: input.preset, given: input.settings ?? {} };
  definition.assertLevels?.(settings, levels, asked);
  const splitBy = definition.crossFits ? crossFit : holdOut;
  const split = requireTrainingImages(splitBy(manifest.samples, input.seed));
  const finestGrid = Math.max(...levels.map(({ grid }) => grid));
  requirePixels(manifest.samples, split, finestGrid);
  method.assertMemory({
    ...{ preset: input.preset, settings: input.settings, levels, images: split.fit.length },
    ...(input.maxSteps === undefined ? {} : { maxSteps: input.maxSteps }),
    categories: new Set(split.fit.map((sample) => sample.category)).size,
    ...(split.folds === null ? {} : { folds: split.folds }),
    memoryBytes: availableMemory(),
  });
  const context: TrainingContext = {
    ...options,
    run,
    input,
    samples: manifest.samples,
    datasetHash: hash,
    nearDuplicates,
    split,
    blobs: openFolderBlobStore(environment.home.blobs),
    ...opened,
    method,
    settings,
    featureSettings,
    sizePx,
    backbone,
    levels,
    finestGrid,
    reporter,
  };
  await planReport(context);
  return context;
}

async function publish(
  context: TrainingContext,
  featureGraph: Uint8Array,
  { method: fitted, decoder, trainSeconds }: Fitted,
): Promise<void> {
  const { serving, reporter, blobs, samples, sizePx, split, signal } = context;
  await reporter.begin('export', 'Exporting to ONNX and checking it against the trained network.');
  const model = buildScoringGraph({
    backbone: context.backbone,
    imageSizePx: sizePx,
    averagePool: context.featureSettings.averagePool,
    methodGraph: fitted.graph,
    categoryDescriptor: hasSeveralCategories(samples),
    map: fitted.map,
    smoothingSigma: SMOOTHING_SIGMA,
  });
  const session = await serving.load(model);
  const parity = await compareExport(context, session, featureGraph, fitted);
  const normal = decoder === null ? null : await exportDecoder(context, featureGraph, decoder);
  reporter.part('thresholds');
  const thresholds = await fitProfile(context, session, fitted);
  const bank = await makeCategoryBank(context);
  const tally = bank === null ? null : new CategoryTally(bank);
  await reporter.begin('evaluate', 'Evaluating on the test split.');
  const result = await evaluateModel({
    score: async (sample) => {
      const scored = await scoreImage(session, blobs, sample);
      if (scored.categoryDescriptor !== null)
        tally?.add(sample.category, scored.categoryDescriptor);
      return scored;
    },
    blobs,
    samples,
    fittedOn: [...split.fit, ...split.heldOut],
    nearDuplicates: context.nearDuplicates,
    sizePx,
    signal,
    onProgress: (done, total) =>
      reporter.progress(done / total, `Evaluated ${done} of ${total} test images.`),
  });
  await reporter.begin('publish', 'Writing the bundle.');
  const cost = {
    parameters: countParameters(model),
    // In kibibytes, on every platform (libuv).
    peakRssMb: Math.round((process.resourceUsage().maxRSS * 1024) / 1e6),
  };
  const bundle = await writeBundle(context.environment.home.bundles, {
    unsigned: {
      ...describe(context, fitted, result),
      ...{ thresholds, parity, trainSeconds, cost },
      ...(normal === null ? {} : { decoder: normal.facts }),
      ...(tally === null ? {} : { categoryBank: tally.facts }),
    },
    evaluation: evaluationFile(result),
    model,
    normal: normal?.graph ?? null,
    categoryBank: bank?.bytes ?? null,
  });
  const { directory: bundleDirectory, manifest, bundleHash, sizeBytes } = bundle;
  // Once a run, however often: it may be repeated when the answer was lost.
  const publication = () =>
    context.database.models.publish({
      runId: context.runId,
      manifest,
      bundleDirectory,
      bundleHash,
      sizeBytes,
      images: result.images,
    });
  await outlastDatabase(publication, { limitMs: DATABASE_WAIT_MS, signal });
  if (tally?.summary) await reporter.log(tally.summary);
  await keepTimings(context);
  await reporter.log(`Done in ${Math.round(reporter.elapsedSeconds)} s.`);
}

/** The sessions it needs are gone before the evaluation begins. */
async function compareExport(
  { serving, sizePx, split, blobs }: TrainingContext,
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
      samples: split.folds === null ? split.heldOut : split.fit,
      fittedTo: split.folds !== null,
      blobs,
    });
  } finally {
    await features.release();
    await scores.release();
  }
}

/** One a category: an import finds it over all images of the category. */
function rangesOf(samples: readonly Sample[]): Pick<BundleManifest, 'ranges'> {
  const ranges = new Map(
    samples.flatMap(({ category, range }) => (range === undefined ? [] : [[category, range]])),
  );
  if (ranges.size === 0) return {};
  return { ranges: Array.from(ranges, ([category, range]) => ({ category, range })) };
}

type Described = Omit<BundleManifest, 'files' | 'thresholds' | 'parity' | 'trainSeconds' | 'cost'>;

function describe(
  context: TrainingContext,
  fitted: FittedMethod,
  result: ModelEvaluation,
): Described {
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
      input: {
        name: 'image',
        dtype: 'uint8',
        layout: 'NHWC',
        channels: 'RGB',
        minSidePx: context.finestGrid,
      },
      anomalyMap: { name: 'anomaly_map', height: sizePx, width: sizePx },
      imageScore: { name: 'image_score' },
      ...(hasSeveralCategories(context.samples)
        ? {
            categoryDescriptor: {
              name: 'category_descriptor',
              size: descriptorSize({ backbone, imageSizePx: sizePx }),
            },
          }
        : {}),
      opset: DEFAULT_OPSET,
    },
    ...rangesOf(context.samples),
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
