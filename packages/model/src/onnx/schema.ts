/**
 * @file The ONNX file format: the messages of onnx.proto3 that a model for inference can hold, encoded and decoded by
 * protobufjs. Field numbers are those of https://github.com/onnx/onnx/blob/main/onnx/onnx.proto.
 */
import protobuf from 'protobufjs';

const ONNX_PROTO = `
syntax = "proto3";
package onnx;
message AttributeProto {
  string name = 1; float f = 2; int64 i = 3; bytes s = 4; TensorProto t = 5; GraphProto g = 6;
  repeated float floats = 7; repeated int64 ints = 8; repeated bytes strings = 9;
  repeated TensorProto tensors = 10; repeated GraphProto graphs = 11; string ref_attr_name = 21; int32 type = 20;
}
message ValueInfoProto { string name = 1; TypeProto type = 2; }
message NodeProto {
  repeated string input = 1; repeated string output = 2; string name = 3; string op_type = 4;
  repeated AttributeProto attribute = 5; string domain = 7;
}
message StringStringEntryProto { string key = 1; string value = 2; }
message ModelProto {
  int64 ir_version = 1; string producer_name = 2; string producer_version = 3; string domain = 4;
  int64 model_version = 5; string doc_string = 6; GraphProto graph = 7; repeated OperatorSetIdProto opset_import = 8;
  repeated StringStringEntryProto metadata_props = 14; repeated FunctionProto functions = 25;
}
message FunctionProto { string name = 1; }
message OperatorSetIdProto { string domain = 1; int64 version = 2; }
message GraphProto {
  repeated NodeProto node = 1; string name = 2; repeated TensorProto initializer = 5;
  repeated ValueInfoProto input = 11; repeated ValueInfoProto output = 12; repeated ValueInfoProto value_info = 13;
}
message TensorProto {
  repeated int64 dims = 1; int32 data_type = 2; repeated float float_data = 4; repeated int32 int32_data = 5;
  repeated bytes string_data = 6; repeated int64 int64_data = 7; string name = 8; bytes raw_data = 9;
  repeated double double_data = 10; repeated uint64 uint64_data = 11;
  repeated StringStringEntryProto external_data = 13; int32 data_location = 14;
}
message TypeProto {
  message Tensor { int32 elem_type = 1; TensorShapeProto shape = 2; }
  oneof value { Tensor tensor_type = 1; }
}
message TensorShapeProto {
  message Dimension { oneof value { int64 dim_value = 1; string dim_param = 2; } }
  repeated Dimension dim = 1;
}
`;

/** A protobuf int64 as it may be given or come back; read with `Number(…)`. */
export type Int64 = number | { toNumber(): number };

export interface TensorProto {
  dims: Int64[];
  data_type: number;
  name: string;
  raw_data?: Uint8Array;
  float_data?: number[];
  int32_data?: number[];
  int64_data?: Int64[];
  double_data?: number[];
  external_data?: { key: string; value: string }[];
  data_location?: number;
}
export interface AttributeProto {
  name: string;
  type: number;
  f?: number;
  i?: Int64;
  s?: Uint8Array;
  t?: TensorProto;
  g?: GraphProto;
  floats?: number[];
  ints?: Int64[];
  strings?: Uint8Array[];
  graphs?: GraphProto[];
}
export interface NodeProto {
  input: string[];
  output: string[];
  name: string;
  op_type: string;
  domain?: string;
  attribute: AttributeProto[];
}
export interface DimensionProto {
  dim_value?: Int64;
  dim_param?: string;
}
export interface ValueInfoProto {
  name: string;
  type?: { tensor_type?: { elem_type: number; shape?: { dim: DimensionProto[] } } };
}
export interface GraphProto {
  name: string;
  node: NodeProto[];
  initializer: TensorProto[];
  input: ValueInfoProto[];
  output: ValueInfoProto[];
  value_info?: ValueInfoProto[];
}
export interface ModelProto {
  ir_version: Int64;
  producer_name?: string;
  opset_import: { domain?: string; version: Int64 }[];
  graph: GraphProto;
  metadata_props?: { key: string; value: string }[];
  functions?: unknown[];
}

/** `AttributeProto.AttributeType`. */
export const ATTRIBUTE_TYPE = {
  f: 1,
  i: 2,
  s: 3,
  t: 4,
  g: 5,
  floats: 6,
  ints: 7,
  strings: 8,
} as const;
/** `TensorProto.DataType`. */
export const DATA_TYPE = {
  float32: 1,
  uint8: 2,
  int8: 3,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
  float64: 11,
} as const;

const modelType = protobuf.parse(ONNX_PROTO, { keepCase: true }).root.lookupType('onnx.ModelProto');

/** Room for all that is no constant. */
const STRUCTURE_BYTES = 2 ** 18;

/** Model file bytes of `model`. */
export function encodeModelProto(model: ModelProto): Uint8Array {
  const writer = protobuf.Writer.create();
  // A writer begins with 128 bytes and copies all it has whenever it doubles: a bank of 60 MB some twenty times.
  const constants = constantBytes(model.graph);
  writer.buf = Buffer.allocUnsafe(constants + STRUCTURE_BYTES);
  // And large ones not once more at the end, for what is left of the room.
  return modelType.encode(modelType.fromObject(model), writer).finish(constants > STRUCTURE_BYTES);
}

/** Those of graphs within nodes included. */
function constantBytes({ initializer = [], node = [] }: Partial<GraphProto>): number {
  const own = initializer.reduce((sum, { raw_data }) => sum + (raw_data?.byteLength ?? 0), 0);
  return node
    .flatMap(({ attribute = [] }) => attribute)
    .reduce((sum, { g }) => sum + (g == null ? 0 : constantBytes(g)), own);
}

/**
 * The model in a file's bytes.
 * @throws Error when the bytes are not a protobuf of this shape or hold no graph.
 */
export function decodeModelProto(bytes: Uint8Array): ModelProto {
  const message = modelType.decode(bytes);
  const model = modelType.toObject(message, {
    longs: Number,
    arrays: true,
    defaults: false,
  }) as unknown;
  if (!isModelProto(model)) throw new Error('The bytes hold no ONNX graph.');
  return model;
}

function isModelProto(value: unknown): value is ModelProto {
  if (typeof value !== 'object' || value === null || !('graph' in value)) return false;
  const graph = value.graph;
  return (
    typeof graph === 'object' &&
    graph !== null &&
    'node' in graph &&
    Array.isArray(graph.node) &&
    graph.node.length > 0
  );
}
