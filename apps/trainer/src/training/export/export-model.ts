/** @file `model.onnx`: preprocessing, backbone, method and map as one graph, checked against the trained method. */
import type {
  Executor,
  GraphSession,
  IgnoreMasks,
  ParityReport,
  Preprocessing,
} from '@plumbline/contracts';
import { type Backbone, buildScoringGraph, type FittedMethod } from '@plumbline/model';
import type { BlobReader } from '../features/read-image.ts';
import type { TrainingSplit } from '../fit/hold-out.ts';
import { checkParity } from './check-parity.ts';

export interface ExportModelOptions {
  readonly fitted: FittedMethod;
  readonly featureGraph: Uint8Array;
  readonly backbone: Backbone;
  readonly preprocessing: Preprocessing;
  readonly averagePool: boolean;
  /** Whether the graph tells what an image's category is found by. */
  readonly categoryDescriptor: boolean;
  /** Of the dataset version. */
  readonly ignore: IgnoreMasks | null;
  /** Of the parity check; its own number when absent. */
  readonly checkedImages?: number;
  readonly split: TrainingSplit;
  readonly blobs: BlobReader;
  readonly serving: Executor;
}

export interface ExportedModel {
  /** `model.onnx`. */
  readonly model: Uint8Array;
  readonly session: GraphSession;
  readonly parity: ParityReport;
}

/** @throws DomainError DEFECT when the exported graph differs from the trained method. */
export async function exportModel(options: ExportModelOptions): Promise<ExportedModel> {
  const { fitted, serving } = options;
  const model = buildScoringGraph({
    backbone: options.backbone,
    preprocessing: options.preprocessing,
    averagePool: options.averagePool,
    methodGraph: fitted.graph,
    methodInputs: fitted.inputs,
    categoryDescriptor: options.categoryDescriptor,
    map: fitted.map,
    ignore: options.ignore,
    tilesTogether: fitted.tilesTogether ?? false,
  });
  const session = await serving.load(model);
  return { model, session, parity: await compare(session, options) };
}

/** The sessions it needs are gone before the evaluation begins. */
async function compare(exported: GraphSession, options: ExportModelOptions): Promise<ParityReport> {
  const { fitted, featureGraph, preprocessing, ignore, split, blobs, serving, checkedImages } =
    options;
  const features = await serving.load(featureGraph);
  const scores = await serving.load(fitted.graph);
  try {
    return await checkParity({
      exported,
      features,
      scores,
      map: fitted.map,
      preprocessing,
      ignore,
      samples: split.folds === null ? split.heldOut : split.fit,
      fittedTo: split.folds !== null,
      ...(checkedImages === undefined ? {} : { images: checkedImages }),
      blobs,
    });
  } finally {
    await features.release();
    await scores.release();
  }
}
