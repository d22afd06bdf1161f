/** @file Tensors between our typed arrays and ONNX's `TensorProto`. Little-endian raw data, as every writer emits. */
import { type TensorDtype, type TensorValue, toFloats } from '@plumbline/contracts';
import { DATA_TYPE, type TensorProto } from './schema.ts';

/** Elements in a shape. */
export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, dim) => product * dim, 1);
}

export function toTensorProto(value: TensorValue, name: string): TensorProto {
  const { buffer, byteOffset, byteLength } = value.data;
  return {
    dims: [...value.shape],
    data_type: DATA_TYPE[value.dtype],
    name,
    raw_data: new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength),
  };
}

/** @param bits Of float16 values, row-major. */
export function toHalfProto(
  shape: readonly number[],
  bits: Uint16Array,
  name: string,
): TensorProto {
  const { buffer, byteOffset, byteLength } = bits;
  return {
    dims: [...shape],
    data_type: DATA_TYPE.float16,
    name,
    raw_data: new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength),
  };
}

/**
 * The values of a tensor stored in the file itself. float16 and float64 become float32, int8 becomes int32.
 * @throws Error for external data and for types that no supported operator reads.
 */
export function fromTensorProto(proto: TensorProto): TensorValue {
  if (proto.data_location === 1 || (proto.external_data?.length ?? 0) > 0) {
    throw new Error(
      `Tensor "${proto.name}" is stored in another file (external data); export with it embedded.`,
    );
  }
  const shape = proto.dims.map(Number);
  const raw =
    proto.raw_data !== undefined && proto.raw_data.length > 0
      ? new Uint8Array(proto.raw_data).buffer
      : null;
  switch (proto.data_type) {
    case DATA_TYPE.float32:
      return {
        dtype: 'float32',
        shape,
        data: raw ? new Float32Array(raw) : Float32Array.from(proto.float_data ?? []),
      };
    case DATA_TYPE.float64:
      return {
        dtype: 'float32',
        shape,
        data: Float32Array.from(raw ? new Float64Array(raw) : (proto.double_data ?? [])),
      };
    case DATA_TYPE.float16: {
      const halves = raw ? new Uint16Array(raw) : Uint16Array.from(proto.int32_data ?? []);
      return { dtype: 'float32', shape, data: toFloats(halves) };
    }
    case DATA_TYPE.int64:
      return {
        dtype: 'int64',
        shape,
        data: raw
          ? new BigInt64Array(raw)
          : BigInt64Array.from((proto.int64_data ?? []).map((v) => BigInt(Number(v)))),
      };
    case DATA_TYPE.int32:
      return {
        dtype: 'int32',
        shape,
        data: raw ? new Int32Array(raw) : Int32Array.from(proto.int32_data ?? []),
      };
    case DATA_TYPE.uint8:
    case DATA_TYPE.bool:
      return {
        dtype: proto.data_type === DATA_TYPE.bool ? 'bool' : 'uint8',
        shape,
        data: raw ? new Uint8Array(raw) : Uint8Array.from(proto.int32_data ?? []),
      };
    default:
      throw new Error(
        `Tensor "${proto.name}" has ONNX data type ${proto.data_type}, which is not supported.`,
      );
  }
}

/** A float32 tensor. */
export function float32(shape: readonly number[], data: ArrayLike<number>): TensorValue {
  return {
    dtype: 'float32',
    shape,
    data: data instanceof Float32Array ? data : Float32Array.from(data),
  };
}

/** A one-dimensional int64 tensor: what ONNX wants for axes, shapes and indices. */
export function int64(values: readonly number[]): TensorValue {
  return { dtype: 'int64', shape: [values.length], data: BigInt64Array.from(values, BigInt) };
}

/** An all-zero array of a dtype. */
export function emptyArray(dtype: TensorDtype, length: number): TensorValue['data'] {
  if (dtype === 'float32') return new Float32Array(length);
  if (dtype === 'float16') return new Uint16Array(length);
  if (dtype === 'int32') return new Int32Array(length);
  if (dtype === 'int64') return new BigInt64Array(length);
  return new Uint8Array(length);
}
