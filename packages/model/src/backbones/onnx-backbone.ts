/** @file Any ONNX file as a backbone: its feature taps found or checked, everything after them cut off. */
import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import {
  DomainError,
  type Executor,
  noFeatureMapError,
  unknownTapError,
} from '@plumbline/contracts';
import { GraphBuilder } from '../onnx/graph-builder.ts';
import { spliceModel } from '../onnx/splice.ts';
import {
  type Backbone,
  DEFAULT_IMAGE_SIZE_PX,
  DEFAULT_STRIDES,
  type FeatureTap,
} from './backbone.ts';
import { backboneError } from './file-error.ts';
import { lastPerStride } from './last-per-stride.ts';
import { type MeasuredTap, measureTaps, probeImages, runOnce } from './measure-taps.ts';
import { type BackboneModel, readBackboneModel } from './read-backbone-model.ts';

export interface OnnxBackboneOptions {
  readonly path: string;
  /** Values of the graph, outputs or not. Default: the deepest at each of `strides`, outputs preferred. */
  readonly featureTaps?: readonly string[] | undefined;
  /** Default 8 and 16. */
  readonly strides?: readonly number[] | undefined;
  /** Runs the model to learn the taps' channels and strides. */
  readonly executor: Executor;
  /** Side of the images that it is tried on, default 256. */
  readonly imageSizePx?: number | undefined;
}

/** Largest |cut − original| / max|original| that differently fused kernels may cause. */
const CUT_TOLERANCE = 1e-3;

/**
 * @throws DomainError with field `backbone` when the file is no usable backbone, with field `featureTaps` when it
 * doesn't have the taps.
 */
export async function openOnnxBackbone(options: OnnxBackboneOptions): Promise<Backbone> {
  const { path, executor, imageSizePx = DEFAULT_IMAGE_SIZE_PX } = options;
  const name = basename(path, '.onnx');
  const model = await readBackboneModel(path).catch((error: unknown) => {
    throw atBackbone(error);
  });
  const measure = (names: readonly string[]) =>
    measureTaps(model, path, names, executor, imageSizePx);
  const taps = await (options.featureTaps === undefined
    ? tapsAt(options.strides ?? DEFAULT_STRIDES, model, name, measure)
    : namedTaps(model, name, options.featureTaps, measure));
  let cut: Uint8Array;
  try {
    cut = cutAtTaps(model, taps);
  } catch (error) {
    throw atBackbone(error);
  }
  await checkCut(cut, taps, executor, imageSizePx, path);
  return {
    name,
    sha256: createHash('sha256').update(model.bytes).digest('hex'),
    model: cut,
    featureTaps: taps.map(({ name: tap, channels, stride }) => ({ name: tap, channels, stride })),
  };
}

export interface OnnxTaps {
  /** Outputs, and of each stride the value inside that is worth tapping; finest first. */
  readonly featureTaps: readonly FeatureTap[];
  readonly defaultTaps: readonly string[];
}

/** The taps that a file offers. @throws DomainError as `openOnnxBackbone`. */
export async function listOnnxTaps(options: OnnxBackboneOptions): Promise<OnnxTaps> {
  const { path, executor, imageSizePx = DEFAULT_IMAGE_SIZE_PX } = options;
  const model = await readBackboneModel(path).catch((error: unknown) => {
    throw atBackbone(error);
  });
  const measure = (names: readonly string[]) =>
    measureTaps(model, path, names, executor, imageSizePx);
  const outputs = await measure(outputsByDepth(model));
  const all = [...outputs, ...(await candidateTaps(model, measure))];
  const unique = all.filter((tap, i) => all.findIndex((one) => one.name === tap.name) === i);
  const strides = options.strides ?? DEFAULT_STRIDES;
  const defaults = await tapsAt(strides, model, basename(path, '.onnx'), measure);
  return {
    featureTaps: unique
      .sort((a, b) => a.stride - b.stride)
      .map(({ name, channels, stride }) => ({ name, channels, stride })),
    defaultTaps: defaults.map((tap) => tap.name),
  };
}

type Measure = (names: readonly string[]) => Promise<MeasuredTap[]>;

async function tapsAt(
  strides: readonly number[],
  model: BackboneModel,
  name: string,
  measure: Measure,
): Promise<MeasuredTap[]> {
  const outputs = await measure(outputsByDepth(model));
  const chosen = strides.map((stride) => deepest(outputs, stride));
  if (chosen.every((tap) => tap !== undefined)) return chosen;
  const inner = await candidateTaps(model, measure);
  const found = strides.flatMap(
    (stride, i) => chosen[i] ?? inner.find((tap) => tap.stride === stride) ?? [],
  );
  if (found.length === 0) {
    throw unknownTapError(name, null, inner);
  }
  return found;
}

async function namedTaps(
  model: BackboneModel,
  name: string,
  wanted: readonly string[],
  measure: Measure,
): Promise<MeasuredTap[]> {
  const known = new Set(computedValues(model));
  const duplicate = wanted.length === 0 || new Set(wanted).size < wanted.length;
  const taps = await measure(wanted.filter((tap) => known.has(tap)));
  const missing = wanted.find((tap) => !taps.some((measured) => measured.name === tap));
  if (!duplicate && missing === undefined) return taps;
  const outputs = await measure(outputsByDepth(model));
  const choice = outputs.length > 0 ? outputs : await candidateTaps(model, measure);
  throw missing !== undefined && known.has(missing)
    ? noFeatureMapError(name, missing, choice)
    : unknownTapError(name, missing ?? null, choice);
}

function computedValues({ proto }: BackboneModel): string[] {
  return proto.graph.node.flatMap((node) => node.output.filter((name) => name !== ''));
}

/** Outputs of the graph in the order in which they are computed. */
function outputsByDepth(model: BackboneModel): string[] {
  const outputs = new Set(model.proto.graph.output.map((output) => output.name));
  return computedValues(model).filter((name) => outputs.has(name));
}

function deepest(taps: readonly MeasuredTap[], stride: number): MeasuredTap | undefined {
  return taps.findLast((tap) => tap.stride === stride);
}

/** Values inside the model that are worth tapping, one a stride, finest first. */
async function candidateTaps(model: BackboneModel, measure: Measure): Promise<MeasuredTap[]> {
  const sums = new Set(
    model.proto.graph.node.flatMap((node) => (node.op_type === 'Add' ? node.output : [])),
  );
  return lastPerStride(await measure(computedValues(model)), sums);
}

function cutAtTaps({ proto, input }: BackboneModel, taps: readonly FeatureTap[]): Uint8Array {
  const builder = new GraphBuilder('backbone');
  const images = builder.input('input', 'float32', ['N', 3, 'H', 'W']);
  const values = spliceModel(builder, proto, {
    prefix: 'original/',
    inputs: { [input]: images },
    outputs: taps.map((tap) => tap.name),
  });
  for (const [i, { name, channels }] of taps.entries()) {
    builder.node('Identity', [values[name] as string], {}, [name]);
    builder.output(name, 'float32', ['N', channels, `h${i}`, `w${i}`]);
  }
  return builder.build();
}

/** The cut model was rewritten for another operator set: it must still give what the original gave. */
async function checkCut(
  cut: Uint8Array,
  taps: readonly MeasuredTap[],
  executor: Executor,
  imageSizePx: number,
  path: string,
): Promise<void> {
  const values = await runOnce(cut, { input: probeImages(imageSizePx) }, executor);
  for (const tap of taps) {
    const difference = relativeDifference(values[tap.name]?.data, tap.value.data);
    if (difference <= CUT_TOLERANCE) continue;
    throw backboneError(
      path,
      `can't be used at tap "${tap.name}": its values are not finite, or differ (${difference}) once it is cut there`,
      'Export it as float32 with opset_version=17.',
    );
  }
}

/** Largest |a − b| / max|b|; NaN when a value is not finite. */
function relativeDifference(
  a: ArrayLike<number | bigint> | undefined,
  b: ArrayLike<number | bigint>,
) {
  let difference = 0;
  let largest = 0;
  for (let i = 0; i < b.length; i++) {
    const expected = Number(b[i]);
    difference = Math.max(difference, Math.abs(Number(a?.[i]) - expected));
    largest = Math.max(largest, Math.abs(expected));
  }
  return difference === 0 && largest === 0 ? 0 : difference / largest;
}

/** Errors of the copying say what is wrong with the model; here it is known which input named it. */
function atBackbone(error: unknown): unknown {
  if (!(error instanceof DomainError) || error.field !== null) return error;
  return DomainError.fromBody({ ...error.toBody(), field: 'backbone' });
}
