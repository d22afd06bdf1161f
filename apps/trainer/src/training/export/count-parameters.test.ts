/** @file Weights of a graph are its floating-point initializers. */
import { encodeModelProto } from '@plumbline/model';
import { expect, test } from 'vitest';
import { countParameters } from './count-parameters.ts';

test('counts elements of floating-point initializers, scalars as one, whole numbers not', () => {
  const initializer = [
    { name: 'weight', data_type: 1, dims: [3, 4], raw_data: new Uint8Array(48) },
    { name: 'scalar', data_type: 1, dims: [], raw_data: new Uint8Array(4) },
    { name: 'half', data_type: 10, dims: [5], raw_data: new Uint8Array(10) },
    { name: 'shape', data_type: 7, dims: [2], raw_data: new Uint8Array(16) },
  ];
  const graph = {
    name: 'g',
    node: [{ name: 'n', op_type: 'Identity', input: ['weight'], output: ['y'], attribute: [] }],
    initializer,
    input: [],
    output: [],
  };
  const opset_import = [{ domain: '', version: 20 }];
  expect(countParameters(encodeModelProto({ ir_version: 9, opset_import, graph }))).toBe(18);
  // What a node runs for each tile has weights too.
  const attribute = [{ name: 'body', type: 5, g: graph }];
  const scan = { name: 's', op_type: 'Scan', input: ['x'], output: ['z'], attribute };
  const outer = { ...graph, node: [scan] };
  expect(countParameters(encodeModelProto({ ir_version: 9, opset_import, graph: outer }))).toBe(36);
});
