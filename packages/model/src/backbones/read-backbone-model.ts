/** @file Reads an ONNX file that a user names as backbone and checks that its input is one of normalized images. */
import { readFile } from 'node:fs/promises';
import { DATA_TYPE, decodeModelProto, type ModelProto } from '../onnx/schema.ts';
import { checkEmbedded, defaultOpset, plainBytes, realInputs } from '../onnx/splice.ts';
import { checkUpgradable } from '../onnx/upgrade-node.ts';
import { backboneError, fileError } from './file-error.ts';

export interface BackboneModel {
  readonly bytes: Uint8Array;
  readonly proto: ModelProto;
  /** Name of the image input. */
  readonly input: string;
  /** Height and width if the model fixes them. */
  readonly fixedSize: readonly [number, number] | null;
}

/** @throws DomainError (field `backbone`) when the file can't be read or can't be a backbone. */
export async function readBackboneModel(path: string): Promise<BackboneModel> {
  const bytes = plainBytes(await readModelFile(path));
  const proto = decode(bytes, path);
  checkUpgradable(defaultOpset(proto));
  for (const tensor of proto.graph.initializer) checkEmbedded(tensor);
  const inputs = realInputs(proto.graph);
  const [first] = inputs;
  if (first === undefined || inputs.length > 1) {
    const names = inputs.map((input) => `"${input.name}"`).join(', ') || 'none';
    throw backboneError(
      path,
      `has to take one input, the images; it has ${inputs.length} (${names})`,
      'Export only the image encoder.',
    );
  }
  const tensor = first.type?.tensor_type;
  if (tensor !== undefined && tensor.elem_type !== DATA_TYPE.float32) {
    throw backboneError(
      path,
      `takes ONNX data type ${tensor.elem_type} in input "${first.name}" instead of float32 (1)`,
      'Export it with a float32 image input.',
    );
  }
  const dims = tensor?.shape?.dim.map((dim) =>
    dim.dim_value === undefined ? null : Number(dim.dim_value),
  );
  if (dims !== undefined && (dims.length !== 4 || (dims[1] ?? 3) !== 3)) {
    throw backboneError(
      path,
      `takes input "${first.name}" of shape [${dims.map((dim) => dim ?? '?').join(', ')}] instead of [N, 3, H, W]`,
      'Export it for RGB images with channels first.',
    );
  }
  const [height, width] = [dims?.[2] ?? null, dims?.[3] ?? null];
  const fixedSize = height !== null && width !== null ? ([height, width] as const) : null;
  return { bytes, proto, input: first.name, fixedSize };
}

async function readModelFile(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    throw fileError(path, error);
  }
}

function decode(bytes: Uint8Array, path: string): ModelProto {
  try {
    return decodeModelProto(bytes);
  } catch (error) {
    throw backboneError(
      path,
      'is not an ONNX model, or a part of one is missing',
      'Download or export the file again; PyTorch files must be exported to ONNX or saved as safetensors first.',
      error,
    );
  }
}
