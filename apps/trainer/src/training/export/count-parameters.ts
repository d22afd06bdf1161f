/** @file How many weights an exported graph holds. */
import { DATA_TYPE, decodeModelProto, type GraphProto } from '@plumbline/model';

/** int8: of a backbone in 8 bits. */
const WEIGHTS: ReadonlySet<number> = new Set([
  DATA_TYPE.int8,
  DATA_TYPE.float32,
  DATA_TYPE.float16,
  DATA_TYPE.float64,
]);

/** Elements of all initializers that hold weights: the backbone's and the method's weights, and its constants. */
export function countParameters(model: Uint8Array): number {
  return countIn(decodeModelProto(model).graph);
}

/** In the graph, and in those that its nodes run: that of a tile. */
function countIn({ initializer = [], node }: GraphProto): number {
  const own = initializer
    .filter((tensor) => WEIGHTS.has(tensor.data_type))
    .reduce((sum, { dims }) => sum + dims.reduce<number>((size, dim) => size * Number(dim), 1), 0);
  const inner = node.flatMap(({ attribute }) => attribute ?? []).flatMap(({ g }) => g ?? []);
  return inner.reduce((sum, graph) => sum + countIn(graph), own);
}
