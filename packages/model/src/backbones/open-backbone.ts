/** @file Opens the backbone that a training run names. */
import { extname } from 'node:path';
import { type Executor, findEmbeddedBackbone, type TappedInput } from '@plumbline/contracts';
import { averageTaps } from './average-taps.ts';
import type { Backbone } from './backbone.ts';
import { openEmbeddedBackbone } from './embedded-backbone.ts';
import { openOnnxBackbone } from './onnx-backbone.ts';
import { openSafetensorsBackbone } from './safetensors-backbone.ts';

export interface OpenBackboneOptions {
  /** `standard`, `compact`, or the path of an .onnx or .safetensors file. */
  readonly backbone: string;
  /** Which one the weights in a .safetensors file must be of; told from its tensors when absent. */
  readonly architecture?: string | undefined;
  /** Those of `input` when absent. */
  readonly featureTaps?: readonly string[] | undefined;
  /** What the method reads. Default strides 8 and 16. */
  readonly input?: TappedInput | undefined;
  readonly executor: Executor;
  /** Side of the images that it will see, default 256. */
  readonly imageSizePx?: number | undefined;
}

/** @throws DomainError with field `backbone` or `featureTaps`. */
export async function openBackbone(options: OpenBackboneOptions): Promise<Backbone> {
  const { backbone, architecture, featureTaps, input, executor, imageSizePx } = options;
  const strides = input === undefined || input.strides.length === 0 ? undefined : input.strides;
  const embedded = findEmbeddedBackbone(backbone);
  if (embedded !== null) {
    return openEmbeddedBackbone(embedded.name, featureTaps, imageSizePx, strides);
  }
  const opened =
    extname(backbone).toLowerCase() === '.safetensors'
      ? openSafetensorsBackbone({ path: backbone, architecture, featureTaps, input, imageSizePx })
      : openOnnxBackbone({ path: backbone, featureTaps, strides, executor, imageSizePx });
  return averageTaps(await opened, input?.blocks);
}
