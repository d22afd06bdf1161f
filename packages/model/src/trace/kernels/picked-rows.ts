/** @file Some rows of each entry of a batch, and values put back at their places: the places differ from entry to entry. */
import {
  engine,
  gather,
  getBackend,
  type Tensor,
  type TensorInfo,
  tensor,
} from '@tensorflow/tfjs-core';
import { DATA_TYPE, int64 } from '../../onnx/index.ts';
import { type KernelInputs, RECORDER, recordKernel } from '../recording-backend.ts';

const PICK = 'PickRows';
const REPLACE = 'ReplaceAt';

/**
 * @param values `[N, P, …]`.
 * @param places int32 `[N, Q]`, each in 0..P − 1.
 * @returns `[N, Q, …]`.
 */
export function pickRows(values: Tensor, places: Tensor): Tensor {
  if (getBackend() !== RECORDER) return gather(values, places, 1, 1);
  return engine().runKernel(PICK, { values, places });
}

/**
 * @param values f32 `[N, P]`.
 * @param places int32 `[N, Q]`, no two of an entry equal.
 * @param replacements f32 `[N, Q]`.
 * @returns f32 `[N, P]`: the replacements at their places, the values elsewhere.
 */
export function replaceAt(values: Tensor, places: Tensor, replacements: Tensor): Tensor {
  if (getBackend() !== RECORDER) return replacedNow(values, places, replacements);
  return engine().runKernel(REPLACE, { values, places, replacements });
}

function replacedNow(values: Tensor, places: Tensor, replacements: Tensor): Tensor {
  const out = Float32Array.from(values.dataSync());
  const [at, given] = [places.dataSync(), replacements.dataSync()];
  const [width, count] = [values.shape[1] ?? 1, places.shape[1] ?? 1];
  for (const [i, place] of at.entries())
    out[Math.floor(i / count) * width + place] = given[i] as number;
  return tensor(out, values.shape);
}

export function registerPickedRows(): void {
  recordKernel(PICK, (r, inputs: KernelInputs) => {
    const [values, places] = [inputs['values'], inputs['places']] as [TensorInfo, TensorInfo];
    const numbers = r.builder.op('Cast', [r.value(places)], { to: { i: DATA_TYPE.int64 } });
    const last = r.builder.constant(int64([places.shape.length]));
    const columns = r.builder.op('Unsqueeze', [numbers, last]);
    const rows = r.builder.op('GatherND', [r.value(values), columns], { batch_dims: { i: 1 } });
    return r.tensor(rows, [...places.shape, ...values.shape.slice(2)], values.dtype);
  });
  recordKernel(REPLACE, (r, inputs: KernelInputs) => {
    const [values, places, replacements] = ['values', 'places', 'replacements'].map(
      (name) => inputs[name],
    ) as [TensorInfo, TensorInfo, TensorInfo];
    const given = [values, places, replacements].map((input) => r.value(input));
    const replaced = r.builder.op('ScatterElements', given, { axis: { i: 1 } });
    return r.tensor(replaced, values.shape, values.dtype);
  });
}
