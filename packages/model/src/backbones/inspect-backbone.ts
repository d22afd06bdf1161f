/** @file What a file offers as backbone: its network and the taps that can be named. */
import { extname } from 'node:path';
import type { BackboneInspection, Executor } from '@plumbline/contracts';
import { listOnnxTaps } from './onnx-backbone.ts';
import { inspectSafetensors, sha256Of } from './safetensors-backbone.ts';

export interface InspectBackboneOptions {
  readonly path: string;
  readonly executor: Executor;
  /** Side of the images that an ONNX file is tried on, default 256. */
  readonly imageSizePx?: number | undefined;
}

/** @throws DomainError with field `backbone` when the file is no usable backbone. */
export async function inspectBackbone(
  options: InspectBackboneOptions,
): Promise<BackboneInspection> {
  const { path } = options;
  if (extname(path).toLowerCase() === '.safetensors') {
    const found = inspectSafetensors(path);
    return { file: path, kind: 'safetensors', sha256: await sha256Of(path), ...found };
  }
  const taps = await listOnnxTaps(options);
  return { file: path, kind: 'onnx', architecture: null, sha256: await sha256Of(path), ...taps };
}
