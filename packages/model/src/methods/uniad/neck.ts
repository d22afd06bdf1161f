/** @file What UniAD rebuilds, as released: all levels on one grid, side by side in channels. */
import { type UniadNetwork, type UniadPreset, uniadNetwork } from '@plumbline/contracts';
import { type JoinedLevels, whiteningsOf } from '../join-levels.ts';
import type { FeatureLevel, FeatureSource } from '../method.ts';

export interface Neck extends JoinedLevels {
  readonly network: UniadNetwork;
}

/** @param features Training images, which the whitening is made from. */
export function planNeck(
  preset: UniadPreset,
  levels: readonly FeatureLevel[],
  features: FeatureSource,
): Neck {
  const network = uniadNetwork(preset, levels);
  return { network, levels, whitenings: whiteningsOf(preset, levels, features) };
}
