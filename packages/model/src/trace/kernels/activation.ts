/** @file Activation functions and the kernels of their gradients. */
import { backend_util, engine, type Tensor, type TensorInfo } from '@tensorflow/tfjs-core';
import { float32 } from '../../onnx/index.ts';
import { CannotRecordError } from '../cannot-record-error.ts';
import { type KernelRecording, recordKernel } from '../recording-backend.ts';

function number(r: KernelRecording, value: number): string {
  return r.builder.constant(float32([], [value]));
}

function isPositive(r: KernelRecording, name: string): string {
  return r.builder.op('Greater', [name, number(r, 0)]);
}

function clip(r: KernelRecording, x: TensorInfo, low: number, high: number): TensorInfo {
  const value = r.builder.op('Clip', [r.value(x), number(r, low), number(r, high)]);
  return r.tensor(value, x.shape, x.dtype);
}

/** x where it is positive, else slope·x; the slopes broadcast. */
function leaky(r: KernelRecording, x: TensorInfo, slopes: string, shape: number[]): TensorInfo {
  const value = r.value(x);
  const scaled = r.builder.op('Mul', [value, slopes]);
  const result = r.builder.op('Where', [isPositive(r, value), value, scaled]);
  return r.tensor(result, shape, 'float32');
}

/**
 * An activation by the name that TensorFlow.js' fused kernels and layers use.
 * @param slopes Of `prelu`, a tensor.
 */
export function activate(
  r: KernelRecording,
  x: TensorInfo,
  name: string | undefined,
  alpha: number | undefined,
  slopes: TensorInfo | undefined,
): TensorInfo {
  const one = (op: string) => r.tensor(r.builder.op(op, [r.value(x)]), x.shape, x.dtype);
  if (name === undefined || name === 'linear') return x;
  if (name === 'relu') return one('Relu');
  if (name === 'relu6') return clip(r, x, 0, 6);
  if (name === 'elu') return one('Elu');
  if (name === 'sigmoid') return one('Sigmoid');
  if (name === 'leakyrelu' && alpha !== undefined) return leaky(r, x, number(r, alpha), x.shape);
  if (name === 'prelu' && slopes !== undefined) return leaky(r, x, r.value(slopes), x.shape);
  throw new CannotRecordError(`the fused activation "${name}"`, 'it is not known here');
}

const HARD_SIGMOID = 'HardSigmoid';

/** min(max(slope·x + offset, 0), 1) in one kernel, in a trace only: TensorFlow.js has no such kernel. */
export function hardSigmoid(x: Tensor, slope: number, offset: number): Tensor {
  return engine().runKernel(HARD_SIGMOID, { x }, { slope, offset });
}

export function registerActivations(): void {
  recordKernel(HARD_SIGMOID, (r, { x }, attributes) => {
    const tensor = x as TensorInfo;
    const value = r.builder.op('HardSigmoid', [r.value(tensor)], {
      alpha: { f: Number(attributes['slope']) },
      beta: { f: Number(attributes['offset']) },
    });
    return r.tensor(value, tensor.shape, tensor.dtype);
  });
  recordKernel('Relu6', (r, { x }) => clip(r, x as TensorInfo, 0, 6));
  recordKernel('LeakyRelu', (r, { x }, attributes) => {
    const tensor = x as TensorInfo;
    return leaky(r, tensor, number(r, Number(attributes['alpha'])), tensor.shape);
  });
  recordKernel('Prelu', (r, { x, alpha }) => {
    const tensor = x as TensorInfo;
    const slopes = alpha as TensorInfo;
    const shape = backend_util.assertAndGetBroadcastShape(tensor.shape, slopes.shape);
    return leaky(r, tensor, r.value(slopes), shape);
  });
  recordKernel('EluGrad', (r, { dy, y }) => {
    const output = r.value(y as TensorInfo);
    const slope = r.builder.op('Add', [output, number(r, 1)]);
    const positive = r.builder.op('GreaterOrEqual', [output, number(r, 0)]);
    const factor = r.builder.op('Where', [positive, number(r, 1), slope]);
    const result = r.builder.op('Mul', [r.value(dy as TensorInfo), factor]);
    return r.tensor(result, (dy as TensorInfo).shape, 'float32');
  });
}
