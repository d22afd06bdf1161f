/** @file A network whose sizes are known: where it can be tapped, and how its graph is made from weights. */
import type { FeatureTap } from './backbone.ts';
import type { Weights } from './weights.ts';

export interface Network {
  /** In the order in which they are computed. */
  readonly taps: readonly FeatureTap[];
  /** What is tapped when nobody says. */
  readonly defaultTaps: readonly string[];
  /**
   * @param taps Of `taps`, each once, at least one.
   * @returns ONNX: `input` f32 `[N, 3, H, W]` to an output f32 `[N, C, h, w]` a tap; nothing after the last tap.
   * @throws DomainError at the first tensor that is missing or has another shape.
   */
  build(weights: Weights, taps: readonly string[]): Uint8Array;
}
