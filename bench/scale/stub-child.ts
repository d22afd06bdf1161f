/**
 * @file One phase of a stubbed dataset in a process of its own, so that its peak memory is its own. Options are JSON on
 * the command line, the measurement is a line of JSON on stdout.
 */
import {
  DEFAULT_METHOD,
  FOLD_IMAGES,
  FOLDS,
  IMAGENET_COLORS,
  METHODS,
  type PresetName,
  planCoverage,
  type Sample,
} from '@plumbline/contracts';
import { Evaluator } from '@plumbline/eval';
import { type FitOptions, getMethod, NO_CHECKPOINTS } from '@plumbline/model';
import { createExecutor } from '@plumbline/runtime';
import { fitThresholds } from '../../apps/trainer/src/training/evaluate/fit-thresholds.ts';
import { scoreFolds } from '../../apps/trainer/src/training/evaluate/score-normal-images.ts';
import { makeMaps } from '../../packages/eval/src/testing/made-maps.ts';
import { peakMb, resetPeak } from './process-memory.ts';
import {
  STUB_LEVELS,
  type StubSize,
  stubCategories,
  stubFeatures,
  stubFolds,
} from './real-iad-stub.ts';

export interface StubOptions {
  readonly phase: 'fit' | 'evaluation';
  readonly method: string;
  readonly size: StubSize;
  /** Ends each stage of a training there: its time is then that of a step. */
  readonly maxSteps: number | null;
  /** Side of the maps that are evaluated. */
  readonly mapSide: number;
}

const PRESET: PresetName = 'quick';
const options = JSON.parse(process.argv[2] ?? '{}') as StubOptions;
const result = options.phase === 'fit' ? await measureFit(options) : measureEvaluation(options);
process.stdout.write(`${JSON.stringify(result)}\n`);
process.exit(0);

async function measureFit({ method: name, size, maxSteps }: StubOptions) {
  const method = getMethod(name);
  if (method.reads !== 'tokens') throw new Error(`${name} reads images, which there are none of.`);
  const { definition } = method;
  const categories = stubCategories(size.train, size.categories);
  const held = (image: number) => !definition.crossFits && image % 5 === 0;
  const fitted = categories.filter((_, image) => !held(image));
  const heldOut = categories.filter((_, image) => held(image));
  const executor = await createExecutor();
  const features = stubFeatures(fitted);
  const folds = definition.crossFits ? stubFolds(fitted, FOLDS, FOLD_IMAGES) : null;
  const taken = new Map<string, number>();
  const parts = new Map<string, { seconds: number; units: number }>();
  let at = performance.now();
  const fit: FitOptions = {
    ...{ preset: PRESET, seed: 0, levels: STUB_LEVELS, features, executor },
    categories: size.categories,
    ...(heldOut.length === 0 ? {} : { heldOut: stubFeatures(heldOut) }),
    ...(folds === null ? {} : { folds }),
    ...(maxSteps === null ? {} : { maxSteps }),
    checkpoints: NO_CHECKPOINTS,
    onProgress: ({ part, step }) => {
      const now = performance.now();
      const before = parts.get(part)?.seconds ?? 0;
      parts.set(part, { seconds: before + (now - at) / 1000, units: step });
      taken.set(part, step);
      at = now;
    },
  };
  const base = peakMb();
  resetPeak();
  const started = performance.now();
  const model = await method.fit(fit);
  const fitSeconds = secondsSince(started);
  const fitPeakMb = peakMb();
  resetPeak();
  return {
    ...{ fitSeconds, fitPeakMb, base },
    parts: Object.fromEntries(parts),
    coverage: model.coverage,
    planned: planned(name, categories),
    notes: model.notes ?? [],
    ...(folds === null ? {} : await thresholdsOf(fitted, folds, model, executor)),
  };
}

/** What training would see without a limit of steps. */
function planned(name: string, categories: readonly string[]) {
  const method = METHODS.find((one) => one === name) ?? DEFAULT_METHOD;
  const counts = new Map<string, number>();
  for (const category of categories) counts.set(category, (counts.get(category) ?? 0) + 1);
  const dataset = {
    hash: '',
    categories: Array.from(counts, ([category, normal]) => ({
      ...{ name: category, normal, distinctNormal: normal, test: 0, meanPixels: 0 },
    })),
  };
  const { definition } = getMethod(method);
  const settings = definition.resolve(PRESET);
  const plan = { settings, needs: definition.needs(settings), levels: STUB_LEVELS, minSidePx: 32 };
  return planCoverage({ method, backbone: 'compact' }, plan, dataset);
}

type Model = Awaited<ReturnType<ReturnType<typeof getMethod>['fit']>>;

async function thresholdsOf(
  categories: readonly string[],
  folds: ReturnType<typeof stubFolds>,
  fitted: Model,
  executor: Awaited<ReturnType<typeof createExecutor>>,
) {
  const started = performance.now();
  const fit = categories.map((category, image) => sampleOf(category, image));
  const scores = await scoreFolds({
    ...{ split: { fit, heldOut: [], folds }, fitted },
    preprocessing: { imageSizePx: 256, ...IMAGENET_COLORS },
    load: (graph) => executor.load(graph),
    batchSize: 4,
    ignore: null,
    onProgress: async () => {},
  });
  const profile = fitThresholds(scores, 'crossFit');
  return {
    thresholdSeconds: secondsSince(started),
    thresholdPeakMb: peakMb(),
    scored: scores.length,
    pooledThreshold: profile.pooled.imageThreshold,
  };
}

function sampleOf(category: string, image: number): Sample {
  const sha256 = image.toString(16).padStart(64, '0');
  return {
    ...{
      path: `${category}/${image}`,
      category,
      split: 'train' as const,
      label: 'normal' as const,
    },
    ...{
      defectType: null,
      mask: null,
      image: { sha256, width: 1, height: 1, bytes: 1, format: 'png' },
    },
  };
}

function measureEvaluation({ size, mapSide }: StubOptions) {
  const evaluator = new Evaluator({ height: mapSide, width: mapSide });
  let [making, adding, ranking] = [0, 0, 0];
  resetPeak();
  for (let category = 0; category < size.categories; category++) {
    const total = Math.round(size.test / size.categories);
    const normal = Math.round(0.55 * total);
    const name = `category-${String(category).padStart(2, '0')}`;
    // In pieces, as a run has one map at a time.
    for (let from = 0; from < total; from += 100) {
      const count = Math.min(100, total - from);
      const before = performance.now();
      const isNormal = from < normal;
      const maps = makeMaps({
        ...{ side: mapSide, seed: category * 1000 + from, category: name },
        ...(isNormal ? { normal: count, anomalous: 0 } : { normal: 0, anomalous: count }),
      });
      const made = performance.now();
      for (const map of maps) evaluator.add({ ...map, path: `${from}/${map.path}` });
      making += (made - before) / 1000;
      adding += (performance.now() - made) / 1000;
    }
    const before = performance.now();
    evaluator.evaluateCategory(name);
    ranking += (performance.now() - before) / 1000;
  }
  const started = performance.now();
  const { pixelMethod, mean, images } = evaluator.evaluate();
  return {
    images: images.length,
    addSeconds: adding,
    categorySeconds: ranking,
    meanSeconds: secondsSince(started),
    madeSeconds: making,
    peakMb: peakMb(),
    pixelMethod,
    imageAuroc: mean.imageAuroc,
  };
}

function secondsSince(started: number): number {
  return Math.round(performance.now() - started) / 1000;
}
