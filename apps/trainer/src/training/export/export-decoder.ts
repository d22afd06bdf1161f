/** @file `normal.onnx`: features, reconstructions and decoder as one graph, checked against its trained parts. */
import {
  type DecoderFacts,
  DomainError,
  type Executor,
  type GraphSession,
  type Preprocessing,
  type Sample,
  type TensorMap,
} from '@plumbline/contracts';
import { type Backbone, buildNormalGraph } from '@plumbline/model';
import { type BlobReader, feedOf } from '../features/read-image.ts';
import type { TrainedDecoder } from '../fit/train-decoder.ts';

/** Held-out images that the export is checked on. */
const CHECKED_IMAGES = 4;
/** Gray levels: a value that lies between two may be rounded to either. */
const TOLERANCE_LEVELS = 1;

export interface ExportedDecoder {
  /** `normal.onnx`. */
  readonly graph: Uint8Array;
  readonly facts: DecoderFacts;
}

interface CheckOptions {
  /** Normal images that the fit has not seen. */
  readonly heldOut: readonly Sample[];
  readonly blobs: BlobReader;
  readonly serving: Executor;
}

export interface ExportDecoderOptions extends CheckOptions {
  readonly decoder: TrainedDecoder;
  readonly featureGraph: Uint8Array;
  readonly backbone: Backbone;
  readonly preprocessing: Preprocessing;
  readonly averagePool: boolean;
}

/** @throws DomainError DEFECT when the exported graph differs from its trained parts. */
export async function exportDecoder(options: ExportDecoderOptions): Promise<ExportedDecoder> {
  const { decoder, featureGraph } = options;
  const size = decoder.imageSizePx;
  const graph = buildNormalGraph({
    backbone: options.backbone,
    preprocessing: options.preprocessing,
    averagePool: options.averagePool,
    reconstructions: decoder.reconstructions,
    decoder: decoder.graph,
    pictureSizePx: size,
  });
  const { images, steps, loss, trainSeconds } = decoder;
  return {
    graph,
    facts: {
      file: 'normal.onnx',
      output: { name: 'normal', height: size, width: size },
      images,
      steps,
      loss,
      trainSeconds,
      parityLevels: await checkExport(options, [
        graph,
        featureGraph,
        decoder.reconstructions,
        decoder.graph,
      ]),
    },
  };
}

/** @param graphs The exported one, then those it is made of, in order. */
async function checkExport(
  { serving, heldOut, blobs }: CheckOptions,
  graphs: readonly Uint8Array[],
): Promise<number> {
  const sessions: GraphSession[] = [];
  try {
    for (const graph of graphs) sessions.push(await serving.load(graph));
    const [exported, features, method, decoder] = sessions as [
      GraphSession,
      GraphSession,
      GraphSession,
      GraphSession,
    ];
    let largest = 0;
    for (const sample of heldOut.slice(0, CHECKED_IMAGES)) {
      const feed = await feedOf(blobs, sample);
      const { normal } = await exported.run(feed);
      const rebuilt = await method.run(await features.run(feed));
      const { picture } = await decoder.run(asTokens(rebuilt));
      largest = Math.max(largest, largestDifference(normal?.data, picture?.data));
    }
    // Written so that NaN fails too.
    if (largest <= TOLERANCE_LEVELS) return largest;
    throw new DomainError(
      'DEFECT',
      `The exported decoder differs from the trained one by ${largest} gray levels.`,
      { fix: 'This is a bug in the exporter; the model was not published. Please report it.' },
    );
  } finally {
    for (const session of sessions) await session.release();
  }
}

function asTokens(reconstructions: TensorMap): TensorMap {
  return Object.fromEntries(
    Object.entries(reconstructions).map(([name, value]) => [
      name.replace('reconstructions', 'tokens'),
      value,
    ]),
  );
}

/** Of a picture from the same as numbers, rounded and clipped by plain code. */
function largestDifference(
  picture: ArrayLike<number | bigint> = [],
  expected: ArrayLike<number | bigint> = [],
): number {
  if (picture.length === 0 || picture.length !== expected.length) return Number.NaN;
  let largest = 0;
  for (let i = 0; i < picture.length; i++) {
    const value = Math.min(255, Math.max(0, Math.round(Number(expected[i]))));
    largest = Math.max(largest, Math.abs(Number(picture[i]) - value));
  }
  return largest;
}
