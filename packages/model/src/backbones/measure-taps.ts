/** @file Finds channels and stride of a model's values by computing them for one batch of images. */
import type { Executor, TensorMap, TensorValue } from '@plumbline/contracts';
import { encodeModelProto } from '../onnx/schema.ts';
import { float32 } from '../onnx/tensor.ts';
import type { FeatureTap } from './backbone.ts';
import { backboneError } from './file-error.ts';
import type { BackboneModel } from './read-backbone-model.ts';

export interface MeasuredTap extends FeatureTap {
  /** f32 `[2, C, h, w]`. */
  readonly value: TensorValue;
}

/** Two, so that a model exported for one image at a time is found out. */
const PROBE_BATCH = 2;

/** Smooth waves in every channel, different in both images, f32 `[2, 3, size, size]`, about −1 to 1. */
export function probeImages(imageSizePx: number): TensorValue {
  const plane = imageSizePx ** 2;
  const data = Float32Array.from({ length: PROBE_BATCH * 3 * plane }, (_, i) => {
    const channel = Math.floor(i / plane);
    const y = Math.floor((i % plane) / imageSizePx);
    return Math.sin(0.11 * (i % imageSizePx) * (1 + 0.2 * channel) + 0.07 * y + channel);
  });
  return float32([PROBE_BATCH, 3, imageSizePx, imageSizePx], data);
}

/**
 * Those of some values of a model that are feature maps: f32, four axes, a square grid that divides the image.
 * @param names Values of the model, outputs or not.
 * @throws DomainError (field `backbone`) when the model doesn't run on such images.
 */
export async function measureTaps(
  model: BackboneModel,
  path: string,
  names: readonly string[],
  executor: Executor,
  imageSizePx: number,
): Promise<MeasuredTap[]> {
  if (names.length === 0) return [];
  const { proto, input } = model;
  // Outputs without a type: the runtime infers it.
  const graph = { ...proto.graph, output: names.map((name) => ({ name })) };
  const values = await runOnce(
    encodeModelProto({ ...proto, graph }),
    { [input]: probeImages(imageSizePx) },
    executor,
  ).catch((error: unknown) => {
    throw cannotRun(model, path, imageSizePx, error);
  });
  return names.flatMap((name) => {
    const value = values[name];
    const [batch, channels = 0, height = 0, width = 0] = value?.shape ?? [];
    if (value?.dtype !== 'float32' || value.shape.length !== 4) return [];
    if (batch !== PROBE_BATCH || height !== width || height < 2 || imageSizePx % height !== 0) {
      return [];
    }
    return [{ name, channels, stride: imageSizePx / height, value }];
  });
}

/** Loads, runs and releases a model. */
export async function runOnce(
  model: Uint8Array,
  feeds: TensorMap,
  executor: Executor,
): Promise<TensorMap> {
  const session = await executor.load(model);
  try {
    return await session.run(feeds);
  } finally {
    await session.release();
  }
}

function cannotRun(model: BackboneModel, path: string, imageSizePx: number, error: unknown) {
  const reason = (error instanceof Error ? error.message : String(error)).split('\n')[0];
  const fixed = model.fixedSize?.join('×');
  return backboneError(
    path,
    `doesn't run on ${PROBE_BATCH} images of ${imageSizePx}×${imageSizePx} pixels${fixed ? ` (it was exported for ${fixed})` : ''}: ${reason}`,
    'Export it with open batch, height and width (dynamic axes), without quantization.',
    error,
  );
}
