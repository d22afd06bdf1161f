/** @file Conversion between dtypes. */
import type { DataType, TensorInfo } from '@tensorflow/tfjs-core';
import { DATA_TYPE } from '../../onnx/index.ts';
import { type KernelRecording, recordKernel, toOnnxDtype } from '../recording-backend.ts';

/** The graph value of `tensor` in `dtype`. */
export function castValue(r: KernelRecording, tensor: TensorInfo, dtype: DataType): string {
  const name = r.value(tensor);
  return tensor.dtype === dtype
    ? name
    : r.builder.op('Cast', [name], { to: { i: DATA_TYPE[toOnnxDtype(dtype)] } });
}

export function registerCast(): void {
  recordKernel('Cast', (r, { x }, attributes) => {
    const tensor = x as TensorInfo;
    const dtype = attributes['dtype'] as DataType;
    return r.tensor(castValue(r, tensor, dtype), tensor.shape, dtype);
  });
}
