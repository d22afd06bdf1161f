/** @file The backbones that come with the platform, files in `packages/model/assets`: their facts, for whoever can't open them. */
import type { FeatureTapSummary } from './backbone.ts';

export const EMBEDDED_BACKBONES = ['standard', 'compact'] as const;
export type EmbeddedBackboneName = (typeof EMBEDDED_BACKBONES)[number];

/** What a run takes that names none. */
export const DEFAULT_BACKBONE: EmbeddedBackboneName = 'standard';

export interface EmbeddedBackbone {
  readonly name: EmbeddedBackboneName;
  /** Of the file: new weights under a name have another hash, and a version made with the old ones can't be repeated. */
  readonly sha256: string;
  readonly bytes: number;
  readonly parameters: number;
  readonly featureTaps: readonly FeatureTapSummary[];
  readonly defaultTaps: readonly string[];
}

/** ResNet-18's taps, with that many channels at stride 4. */
function tapsFrom(channels: number): Pick<EmbeddedBackbone, 'featureTaps' | 'defaultTaps'> {
  return {
    featureTaps: [1, 2, 4].map((factor, i) => ({
      name: `layer${i + 1}`,
      channels: factor * channels,
      stride: 4 * factor,
    })),
    defaultTaps: ['layer2', 'layer3'],
  };
}

export const EMBEDDED_BACKBONE_FACTS: Readonly<Record<EmbeddedBackboneName, EmbeddedBackbone>> = {
  standard: {
    name: 'standard',
    sha256: '882269de73c42dfbae2d565a62247bc554d9482c4cd1f500939d7b8141ea8488',
    bytes: 5_581_744,
    parameters: 2_782_784,
    ...tapsFrom(64),
  },
  compact: {
    name: 'compact',
    sha256: 'c1f342a2dac42e208627130d8a02dc2a875145aba6221b8e802e58571dc2d3ee',
    bytes: 1_409_912,
    parameters: 699_168,
    ...tapsFrom(32),
  },
};

/** Null when no embedded backbone has that name. */
export function findEmbeddedBackbone(name: string): EmbeddedBackbone | null {
  const found = EMBEDDED_BACKBONES.find((one) => one === name);
  return found === undefined ? null : EMBEDDED_BACKBONE_FACTS[found];
}
