/** @file Patch scores to anomaly maps and image scores, by the very nodes of the exported graph. */
import { GraphBuilder } from '../onnx/graph-builder.ts';
import { addMapAndScore, type MapOptions } from './scoring-graph.ts';

/**
 * For patch scores that no exported graph gives: those of fits without the image.
 * @returns ONNX: `scores0…` f32 `[N·T, side²]`, one per grid of the map rule, the tiles of an image together, to
 * `anomaly_map` f32 `[N, height, width]` and
 * `image_score` f32 `[N]`.
 */
export function buildMapGraph(options: MapOptions): Uint8Array {
  const builder = new GraphBuilder('map');
  const views = options.tiles === undefined ? 'N' : 'N·T';
  const scores = options.map.grids.map((side, level) =>
    builder.input(`scores${level}`, 'float32', [views, side ** 2]),
  );
  addMapAndScore(builder, scores, options);
  return builder.build();
}
