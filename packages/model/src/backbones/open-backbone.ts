/** @file Opens the backbone that a training run names. */
import { extname } from 'node:path';
import { type Executor, findEmbeddedBackbone } from '@plumbline/contracts';
import type { Backbone } from './backbone.ts';
import { openEmbeddedBackbone } from './embedded-backbone.ts';
import { openOnnxBackbone } from './onnx-backbone.ts';
import { openSafetensorsBackbone } from './safetensors-backbone.ts';

export interface OpenBackboneOptions {
  /** `standard`, `compact`, or the path of an .onnx or .safetensors file. */
  readonly backbone: string;
  /** Which one the weights in a .safetensors file must be of; told from its tensors when absent. */
  readonly architecture?: string | undefined;
  /** Those at `strides` when absent. */
  readonly featureTaps?: readonly string[] | undefined;
  /** Default 8 and 16. */
  readonly strides?: readonly number[] | undefined;
  readonly executor: Executor;
  /** Side of the images that it will see, default 256. */
  readonly imageSizePx?: number | undefined;
}

/** @throws DomainError with field `backbone` or `featureTaps`. */
export async function openBackbone(options: OpenBackboneOptions): Promise<Backbone> {
  const { backbone, architecture, featureTaps, strides, executor, imageSizePx } = options;
  const embedded = findEmbeddedBackbone(backbone);
  if (embedded !== null) {
    return openEmbeddedBackbone(embedded.name, featureTaps, imageSizePx, strides);
  }
  return extname(backbone).toLowerCase() === '.safetensors'
    ? openSafetensorsBackbone({ path: backbone, architecture, featureTaps, strides, imageSizePx })
    : openOnnxBackbone({ path: backbone, featureTaps, strides, executor, imageSizePx });
}
