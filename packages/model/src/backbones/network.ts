/** @file A network whose sizes are known: where it can be tapped, and how its graph is made from weights. */
import type { BlockTaps } from '@plumbline/contracts';
import type { FeatureTap } from './backbone.ts';
import type { Weights } from './weights.ts';

export interface Network {
  /** In the order in which they are computed. */
  readonly taps: readonly FeatureTap[];
  /** What is tapped when nobody says. */
  readonly defaultTaps: readonly string[];
  /**
   * @param taps Of `taps`, each once, at least one.
   * @param firstTokens What is done with the tokens before the patches; `drop` by default and where there are none.
   * @returns ONNX: `input` f32 `[N, 3, H, W]` to an output f32 `[N, C, h, w]` a tap; nothing after the last tap. With
   * `keep` also the output `FIRST_TOKENS` f32 `[N, F·C, 1, 1]`, their mean over the taps.
   * @throws DomainError at the first tensor that is missing or has another shape.
   */
  build(
    weights: Weights,
    taps: readonly string[],
    firstTokens?: BlockTaps['firstTokens'],
  ): Uint8Array;
  /** How many tokens stand before the patches. Default none. */
  readonly firstTokens?: number;
}
