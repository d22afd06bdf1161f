/** @file Scoring graphs of the tiles of an image as one graph, in which each sees its own tile. N images, T tiles. */
import type { FeatureLevel } from '@plumbline/contracts';
import { GraphBuilder } from '../onnx/graph-builder.ts';
import { spliceModel } from '../onnx/splice.ts';
import { int64 } from '../onnx/tensor.ts';

/**
 * @param graphs One per tile: `tokens0…` f32 `[N, L, C]` to `scores0…` f32 `[N, P]`.
 * @returns The same of all tiles: f32 `[N·T, L, C]`, those of an image together, to f32 `[N·T, P]`.
 */
export function joinTileGraphs(
  graphs: readonly Uint8Array[],
  {
    levels,
    grids,
  }: { readonly levels: readonly FeatureLevel[]; readonly grids: readonly number[] },
): Uint8Array {
  const builder = new GraphBuilder('tiles');
  const axis = builder.constant(int64([1]));
  const apart = levels.map(({ grid, channels }, level) => {
    const tokens = builder.input(`tokens${level}`, 'float32', ['N·T', grid ** 2, channels]);
    const shape = builder.constant(int64([-1, graphs.length, grid ** 2, channels]));
    const byTile = builder.op('Reshape', [tokens, shape]);
    const split = { axis: { i: 1 }, num_outputs: { i: graphs.length } };
    return builder
      .node('Split', [byTile], split, graphs.length)
      .map((own) => builder.op('Squeeze', [own, axis]));
  });
  const names = grids.map((_, level) => `scores${level}`);
  const scores = graphs.map((graph, tile) =>
    spliceModel(builder, graph, {
      prefix: `tile${tile}/`,
      inputs: Object.fromEntries(
        apart.map((tokens, level) => [`tokens${level}`, tokens[tile] as string]),
      ),
      outputs: names,
    }),
  );
  for (const [level, name] of names.entries()) {
    const places = (grids[level] as number) ** 2;
    const each = scores.map((own) => builder.op('Unsqueeze', [own[name] as string, axis]));
    const joined = builder.op('Concat', each, { axis: { i: 1 } });
    builder.node('Reshape', [joined, builder.constant(int64([-1, places]))], {}, [name]);
    builder.output(name, 'float32', ['N·T', places]);
  }
  return builder.build();
}
