/** @file FOD's networks of all levels, of the features that a step or the scoring graph is given. N images, L tokens, C channels. */
import type { FodNetwork, FodPreset } from '@plumbline/contracts';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Parameters } from '../../nn/parameters.ts';
import { Weights } from '../../nn/weights.ts';
import type { CenterMaps } from '../center-maps.ts';
import type { FeatureLevel } from '../method.ts';
import { type Whitening, whitened } from '../whitening.ts';
import { type FodOutput, fodForward } from './forward.ts';
import { levelName } from './parameters.ts';
import { referencesOf } from './references.ts';

/** What does not change while it is trained. */
export interface FodModel {
  readonly preset: FodPreset;
  readonly levels: readonly FeatureLevel[];
  readonly networks: readonly FodNetwork[];
  readonly references: CenterMaps;
  /** Of each level; null where features stay as they are. */
  readonly whitenings: readonly (Whitening | null)[];
}

/** A level's features as its network reads them, and what comes out. */
export interface FodLevel {
  /** f32 `[N, L, C]`. */
  readonly tokens: Tensor;
  readonly output: FodOutput;
}

/** @param inputs `tokens0…` f32 `[N, L, C]`. */
export function fodLevels(
  { levels, networks, references, whitenings }: FodModel,
  parameters: Parameters,
  inputs: Readonly<Record<string, Tensor>>,
): FodLevel[] {
  const weights = new Weights(parameters);
  const given = levels.map((_, level) => inputs[`tokens${level}`] as Tensor);
  const own = referencesOf(given, levels, references);
  return networks.map((network, level) => {
    const whitening = whitenings[level] ?? null;
    const tokens = whitened(given[level] as Tensor, whitening);
    const reference = whitened(own[level] as Tensor, whitening);
    const output = fodForward(weights.at(levelName(level)), tokens, reference, network);
    return { tokens, output };
  });
}
