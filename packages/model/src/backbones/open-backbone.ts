/** @file Opens the backbone that a training run names. */
import type { Executor } from '@plumbline/contracts';
import type { Backbone } from './backbone.ts';
import { openCompactBackbone } from './compact-backbone.ts';
import { openOnnxBackbone } from './onnx-backbone.ts';

export interface OpenBackboneOptions {
  /** `compact`, or the path of an ONNX file. */
  readonly backbone: string;
  /** The backbone's own choice when absent. */
  readonly featureTaps?: readonly string[] | undefined;
  readonly executor: Executor;
  /** Side of the images that it will see, default 256. */
  readonly imageSizePx?: number | undefined;
}

/** @throws DomainError with field `backbone` or `featureTaps`. */
export async function openBackbone(options: OpenBackboneOptions): Promise<Backbone> {
  const { backbone, featureTaps, executor, imageSizePx } = options;
  return backbone === 'compact'
    ? openCompactBackbone(featureTaps)
    : openOnnxBackbone({ path: backbone, featureTaps, executor, imageSizePx });
}
