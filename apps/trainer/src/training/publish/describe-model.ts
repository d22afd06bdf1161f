/** @file What the manifest of a trained model says of it. */
import { arch, cpus, hostname } from 'node:os';
import {
  type BundleManifest,
  type CategoryRegions,
  type ExecutorChoice,
  type FitNeeds,
  heldOutUse,
  IGNORE_INPUT,
  type IgnoreMasks,
  type LookedThrough,
  type ModelExtension,
  mapSize,
  type Provenance,
  type Run,
  type Sample,
  type StartTrainingInput,
} from '@plumbline/contracts';
import { protocolFor } from '@plumbline/eval';
import { type Backbone, DEFAULT_OPSET, descriptorSize, type FittedMethod } from '@plumbline/model';
import type { ModelEvaluation } from '../evaluate/evaluate-model.ts';
import type { Latency } from '../evaluate/measure-latency.ts';
import { needsCategoryBank } from './category-bank.ts';

export interface DescribedModel {
  readonly run: Run;
  readonly input: StartTrainingInput;
  readonly samples: readonly Sample[];
  readonly datasetHash: string;
  readonly provenance: Provenance;
  readonly lookedThrough: LookedThrough | null;
  readonly codeVersion: string;
  readonly backbone: Backbone;
  readonly needs: FitNeeds;
  /** Fewest pixels that an image may have along a side. */
  readonly minSidePx: number;
  /** What it was trained with. */
  readonly choice: ExecutorChoice;
  readonly servedBy: string;
  readonly fitted: FittedMethod;
  readonly result: ModelEvaluation;
  readonly ignoreRegions: readonly CategoryRegions[] | undefined;
  readonly ignore: IgnoreMasks | null;
  /** Null for a version that was trained. */
  readonly extension: ModelExtension | null;
  readonly latency: Latency;
}

type Described = Omit<
  BundleManifest,
  'files' | 'thresholds' | 'parity' | 'evaluatedWith' | 'trainSeconds' | 'cost'
>;

export function describeModel(model: DescribedModel): Described {
  const { run, input, backbone, needs, fitted, result } = model;
  return {
    formatVersion: 1,
    model: run.model,
    method: input.method,
    preset: input.preset,
    config: { ...fitted.config },
    heldOutUse: heldOutUse(fitted.config),
    coverage: [...fitted.coverage],
    seed: input.seed,
    backbone: {
      name: backbone.name,
      sha256: backbone.sha256,
      featureTaps: backbone.featureTaps.map((tap) => tap.name),
      ...(backbone.calibration === undefined ? {} : { calibration: backbone.calibration }),
      ...(backbone.precision === undefined ? {} : { precision: backbone.precision }),
    },
    executor: model.choice,
    graph: describeGraph(model),
    ...rangesOf(model.samples),
    lineage: {
      run: run.id,
      dataset: run.dataset,
      datasetVersion: run.datasetVersion,
      datasetHash: model.datasetHash,
      codeVersion: model.codeVersion,
      createdAt: new Date().toISOString(),
    },
    provenance: model.provenance,
    ...(model.lookedThrough === null ? {} : { lookedThrough: model.lookedThrough }),
    ...(model.extension === null ? {} : { extension: model.extension }),
    ...(model.ignoreRegions === undefined ? {} : { ignore: [...model.ignoreRegions] }),
    protocol: protocolFor(needs.preprocessing.imageSizePx, {
      keptRegions: result.report.keptRegions !== undefined,
      tiles: needs.preprocessing.tiles,
      ...(model.ignore === null ? {} : { ignored: 'scored' }),
    }),
    mean: result.evaluation.mean,
    categories: result.evaluation.categories,
    evaluation: result.report,
    latencyMs: {
      ...model.latency,
      hardware: `${hostname()}: ${cpus().length} × ${cpus()[0]?.model ?? arch()}, ${model.servedBy}`,
    },
  };
}

function describeGraph({
  samples,
  backbone,
  needs: { preprocessing },
  minSidePx,
  ignore,
}: DescribedModel): BundleManifest['graph'] {
  return {
    input: {
      name: 'image',
      dtype: 'uint8',
      layout: 'NHWC',
      channels: 'RGB',
      minSidePx,
    },
    anomalyMap: { name: 'anomaly_map', ...mapSize(preprocessing) },
    imageScore: { name: 'image_score' },
    ...(needsCategoryBank(samples)
      ? {
          categoryDescriptor: {
            name: 'category_descriptor',
            size: descriptorSize({ backbone, preprocessing }),
          },
        }
      : {}),
    ...(ignore === null
      ? {}
      : { ignore: { name: IGNORE_INPUT, categories: [...ignore.categories] } }),
    opset: DEFAULT_OPSET,
  };
}

/** One per category: an import finds it over all images of the category. */
function rangesOf(samples: readonly Sample[]): Pick<BundleManifest, 'ranges'> {
  const ranges = new Map(
    samples.flatMap(({ category, range }) => (range === undefined ? [] : [[category, range]])),
  );
  if (ranges.size === 0) return {};
  const mixed = new Set(samples.flatMap((one) => (one.range === undefined ? [one.category] : [])));
  return {
    ranges: Array.from(ranges, ([category, range]) => ({
      ...{ category, range },
      ...(mixed.has(category) ? { alsoEightBits: true } : {}),
    })),
  };
}
