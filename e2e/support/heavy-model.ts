/** @file Makes the graph of a model as heavy as that of a large backbone, without the time to train one. */
import { appendFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Run } from '@plumbline/contracts';

/** Field numbers of onnx.proto, each a length and its bytes. */
const MODEL_GRAPH = 7;
const GRAPH_INITIALIZER = 5;
const TENSOR_DIMS = 1;
const TENSOR_DATA_TYPE = 2;
const TENSOR_NAME = 8;
const TENSOR_RAW_DATA = 9;
const FLOAT = 1;

/** Of a model that has not been loaded. */
export async function makeHeavy(home: string, run: Run, bytes: number): Promise<void> {
  const bundles = await readdir(join(home, 'bundles'));
  const bundle = bundles.find((name) => name.startsWith(run.id)) ?? '';
  await appendBallast(join(home, 'bundles', bundle, 'model.onnx'), bytes);
}

/**
 * Appends a tensor that no node uses to a `model.onnx`. What is appended to a protobuf message is merged with it: the graph has
 * one initializer more.
 */
export async function appendBallast(path: string, bytes: number): Promise<void> {
  const tensor = Buffer.concat([
    number(TENSOR_DIMS, bytes / 4),
    number(TENSOR_DATA_TYPE, FLOAT),
    field(TENSOR_NAME, Buffer.from('ballast')),
    field(TENSOR_RAW_DATA, Buffer.alloc(bytes)),
  ]);
  await appendFile(path, field(MODEL_GRAPH, field(GRAPH_INITIALIZER, tensor)));
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  for (let left = value; ; left = Math.floor(left / 128)) {
    if (left < 128) return Buffer.from([...bytes, left]);
    bytes.push((left % 128) + 128);
  }
}

const number = (at: number, value: number) => Buffer.concat([varint(at * 8), varint(value)]);

const field = (at: number, content: Buffer) =>
  Buffer.concat([varint(at * 8 + 2), varint(content.length), content]);
