/** @file Makes the graph of a model as heavy as that of a large backbone, without the time to train one. */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Run } from '@plumbline/contracts';
import { DATA_TYPE, decodeModelProto, encodeModelProto } from '@plumbline/model';

/** Of a model that has not been loaded. */
export async function makeHeavy(home: string, run: Run, bytes: number): Promise<void> {
  const bundles = await readdir(join(home, 'bundles'));
  const bundle = bundles.find((name) => name.startsWith(run.id)) ?? '';
  await addBallast(join(home, 'bundles', bundle, 'model.onnx'), bytes);
}

/** Adds a tensor to a `model.onnx` that no node uses. */
export async function addBallast(path: string, bytes: number): Promise<void> {
  const model = decodeModelProto(await readFile(path));
  model.graph.initializer.push({
    name: 'ballast',
    dims: [bytes / 4],
    data_type: DATA_TYPE.float32,
    raw_data: Buffer.alloc(bytes),
  });
  await writeFile(path, encodeModelProto(model));
}
