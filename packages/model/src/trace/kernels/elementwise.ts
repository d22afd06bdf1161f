/** @file Elementwise kernels: one ONNX node each where ONNX has the operator. Shapes broadcast as in NumPy. */
import { backend_util, type DataType, type TensorInfo, upcastType } from '@tensorflow/tfjs-core';
import { DATA_TYPE, float32, int64 } from '../../onnx/index.ts';
import { CannotRecordError } from '../cannot-record-error.ts';
import {
  type KernelInputs,
  type KernelRecorder,
  type KernelRecording,
  recordKernel,
  toOnnxDtype,
} from '../recording-backend.ts';
import { castValue } from './cast.ts';
import { scalar } from './layout.ts';

type Inputs = KernelInputs;

function input(inputs: Inputs, name: string): TensorInfo {
  const tensor = inputs[name];
  if (tensor === undefined)
    throw new CannotRecordError(
      `a kernel without input "${name}"`,
      'it was called in an unknown way',
    );
  return tensor;
}

const UNARY: Readonly<Record<string, string>> = {
  Abs: 'Abs',
  Acos: 'Acos',
  Acosh: 'Acosh',
  Asin: 'Asin',
  Asinh: 'Asinh',
  Atan: 'Atan',
  Atanh: 'Atanh',
  Ceil: 'Ceil',
  Cos: 'Cos',
  Cosh: 'Cosh',
  Elu: 'Elu',
  Erf: 'Erf',
  Exp: 'Exp',
  Floor: 'Floor',
  Log: 'Log',
  Neg: 'Neg',
  Reciprocal: 'Reciprocal',
  Relu: 'Relu',
  Round: 'Round',
  Sigmoid: 'Sigmoid',
  Sign: 'Sign',
  Selu: 'Selu',
  Sin: 'Sin',
  Sinh: 'Sinh',
  Softplus: 'Softplus',
  Sqrt: 'Sqrt',
  Tan: 'Tan',
  Tanh: 'Tanh',
};

const BINARY: Readonly<Record<string, string>> = {
  Add: 'Add',
  Sub: 'Sub',
  RealDiv: 'Div',
  Maximum: 'Max',
  Minimum: 'Min',
  Pow: 'Pow',
};

const COMPARISON: Readonly<Record<string, string>> = {
  Equal: 'Equal',
  Greater: 'Greater',
  GreaterEqual: 'GreaterOrEqual',
  Less: 'Less',
  LessEqual: 'LessOrEqual',
  LogicalAnd: 'And',
  LogicalOr: 'Or',
  LogicalXor: 'Xor',
};

/** What asks something of each element. */
const PREDICATES: Readonly<Record<string, string>> = {
  IsInf: 'IsInf',
  IsNan: 'IsNaN',
  LogicalNot: 'Not',
};

interface Operands {
  readonly names: readonly [string, string];
  readonly shape: number[];
  readonly dtype: DataType;
}

/** Both operands in their common dtype, and the broadcast shape. */
function operands(r: KernelRecording, inputs: Inputs): Operands {
  const a = input(inputs, 'a');
  const b = input(inputs, 'b');
  const dtype = upcastType(a.dtype, b.dtype);
  const shape = backend_util.assertAndGetBroadcastShape(a.shape, b.shape);
  return { names: [castValue(r, a, dtype), castValue(r, b, dtype)], shape, dtype };
}

/** A product with ones is the other factor: TensorFlow.js' gradients of sums and means multiply with them to broadcast. */
function recordMultiply(r: KernelRecording, inputs: Inputs): TensorInfo {
  const { names, shape, dtype } = operands(r, inputs);
  const factors = [input(inputs, 'a'), input(inputs, 'b')] as const;
  const kept = r.uniform(factors[1]) === 1 ? 0 : r.uniform(factors[0]) === 1 ? 1 : null;
  if (kept === null || !isFixed(r, shape))
    return r.tensor(r.builder.op('Mul', names), shape, dtype);
  const isWhole = factors[kept].shape.join() === shape.join();
  const value = isWhole
    ? names[kept]
    : r.builder.op('Expand', [names[kept], r.builder.constant(int64(shape))]);
  return r.tensor(value, shape, dtype);
}

/** ⌊a / b⌋ in float32: ONNX divides integers toward zero. */
function floorQuotient(r: KernelRecording, inputs: Inputs) {
  const { shape, dtype } = operands(r, inputs);
  const [a, b] = [
    castValue(r, input(inputs, 'a'), 'float32'),
    castValue(r, input(inputs, 'b'), 'float32'),
  ];
  return { shape, dtype, a, b, floored: r.builder.op('Floor', [r.builder.op('Div', [a, b])]) };
}

function fromFloat(r: KernelRecording, name: string, dtype: DataType): string {
  return dtype === 'float32'
    ? name
    : r.builder.op('Cast', [name], { to: { i: DATA_TYPE[toOnnxDtype(dtype)] } });
}

function isFixed(r: KernelRecording, shape: readonly number[]): boolean {
  return (
    r.batchPlaceholder === null || shape.every((size) => size % (r.batchPlaceholder ?? 1) !== 0)
  );
}

const KERNELS: Readonly<Record<string, KernelRecorder>> = {
  Multiply: recordMultiply,
  NotEqual: (r, inputs) => {
    const { names, shape } = operands(r, inputs);
    return r.tensor(r.builder.op('Not', [r.builder.op('Equal', names)]), shape, 'bool');
  },
  SquaredDifference: (r, inputs) => {
    const { names, shape, dtype } = operands(r, inputs);
    const difference = r.builder.op('Sub', names);
    return r.tensor(r.builder.op('Mul', [difference, difference]), shape, dtype);
  },
  Square: (r, inputs) => {
    const x = input(inputs, 'x');
    return r.tensor(r.builder.op('Mul', [r.value(x), r.value(x)]), x.shape, x.dtype);
  },
  IsFinite: (r, inputs) => {
    const x = input(inputs, 'x');
    const isNot = ['IsNaN', 'IsInf'].map((op) => r.builder.op(op, [r.value(x)]));
    return r.tensor(r.builder.op('Not', [r.builder.op('Or', isNot)]), x.shape, 'bool');
  },
  Log1p: (r, inputs) => {
    const x = input(inputs, 'x');
    const sum = r.builder.op('Add', [r.value(x), r.builder.constant(float32([], [1]))]);
    return r.tensor(r.builder.op('Log', [sum]), x.shape, x.dtype);
  },
  Expm1: (r, inputs) => {
    const x = input(inputs, 'x');
    const one = r.builder.constant(float32([], [1]));
    const value = r.builder.op('Sub', [r.builder.op('Exp', [r.value(x)]), one]);
    return r.tensor(value, x.shape, x.dtype);
  },
  FloorDiv: (r, inputs) => {
    const { shape, dtype, floored } = floorQuotient(r, inputs);
    return r.tensor(fromFloat(r, floored, dtype), shape, dtype);
  },
  Mod: (r, inputs) => {
    const { shape, dtype, floored, a, b } = floorQuotient(r, inputs);
    const rest = r.builder.op('Sub', [a, r.builder.op('Mul', [floored, b])]);
    return r.tensor(fromFloat(r, rest, dtype), shape, dtype);
  },
  Step: (r, inputs, attributes) => {
    const x = input(inputs, 'x');
    const positive = r.builder.op('Greater', [r.value(x), r.builder.constant(float32([], [0]))]);
    const branches = [1, Number(attributes['alpha'] ?? 0)].map((v) =>
      r.builder.constant(float32([], [v])),
    );
    return r.tensor(r.builder.op('Where', [positive, ...branches]), x.shape, 'float32');
  },
  Rsqrt: (r, inputs) => {
    const x = input(inputs, 'x');
    return r.tensor(
      r.builder.op('Reciprocal', [r.builder.op('Sqrt', [r.value(x)])]),
      x.shape,
      x.dtype,
    );
  },
  // Not ONNX's Sum: the provider webgpu has no kernel for it, and would bring its inputs to the host.
  AddN: (r, inputs) => {
    const tensors = Object.values(inputs) as TensorInfo[];
    const first = tensors[0] as TensorInfo;
    const sum = tensors.map((t) => r.value(t)).reduce((a, b) => r.builder.op('Add', [a, b]));
    return r.tensor(sum, first.shape, first.dtype);
  },
  ClipByValue: (r, inputs, attributes) => {
    const x = input(inputs, 'x');
    const [low, high] = ['clipValueMin', 'clipValueMax'].map((name) =>
      scalar(r, x.dtype, Number(attributes[name])),
    ) as [string, string];
    return r.tensor(r.builder.op('Clip', [r.value(x), low, high]), x.shape, x.dtype);
  },
  Select: (r, inputs) => {
    const condition = input(inputs, 'condition');
    const then = input(inputs, 't');
    const other = input(inputs, 'e');
    const flag = condition.dtype === 'bool' ? r.value(condition) : castValue(r, condition, 'bool');
    toOnnxDtype(then.dtype);
    return r.tensor(
      r.builder.op('Where', [flag, r.value(then), r.value(other)]),
      then.shape,
      then.dtype,
    );
  },
};

export function registerElementwise(): void {
  for (const [kernel, op] of Object.entries(UNARY)) {
    recordKernel(kernel, (r, inputs) => {
      const x = input(inputs, 'x');
      return r.tensor(r.builder.op(op, [r.value(x)]), x.shape, x.dtype);
    });
  }
  for (const [kernel, op] of Object.entries(BINARY)) {
    recordKernel(kernel, (r, inputs) => {
      const { names, shape, dtype } = operands(r, inputs);
      return r.tensor(r.builder.op(op, names), shape, dtype);
    });
  }
  for (const [kernel, op] of Object.entries(PREDICATES)) {
    recordKernel(kernel, (r, inputs) => {
      const x = input(inputs, 'x');
      return r.tensor(r.builder.op(op, [r.value(x)]), x.shape, 'bool');
    });
  }
  for (const [kernel, op] of Object.entries(COMPARISON)) {
    recordKernel(kernel, (r, inputs) => {
      const { names, shape } = operands(r, inputs);
      return r.tensor(r.builder.op(op, names), shape, 'bool');
    });
  }
  for (const [kernel, record] of Object.entries(KERNELS)) recordKernel(kernel, record);
}
