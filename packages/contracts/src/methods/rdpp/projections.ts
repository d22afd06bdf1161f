/** @file The projections that RD++ puts between the backbone and RD4AD's network (Tran Dinh et al. 2023), as a list of convolutions. */
import type { FeatureLevel } from '../../training/feature-level.ts';

/** 3×3 with bias on one grid; an instance normalization and a leaky ReLU follow each. */
export interface ProjectionConvolution {
  readonly name: string;
  readonly inChannels: number;
  readonly outChannels: number;
  readonly grid: number;
}

/** @returns For each level four convolutions: to a half of its channels, a quarter, a half and all. */
export function projectionsOf(levels: readonly FeatureLevel[]): ProjectionConvolution[][] {
  return levels.map(({ grid, channels }) => {
    const part = (share: number) => Math.max(1, Math.floor(channels / share));
    const widths = [channels, part(2), part(4), part(2), channels];
    return widths.slice(1).map((outChannels, place) => ({
      ...{ name: `projection${grid}.${place}`, grid, outChannels },
      inChannels: widths[place] ?? channels,
    }));
  });
}

/** Multiplications for an image. */
export function projectionWork(levels: readonly FeatureLevel[]): number {
  return sumOf(
    levels,
    ({ inChannels, outChannels, grid }) => 9 * inChannels * outChannels * grid ** 2,
  );
}

/** Numbers that the convolutions give for an image. */
export function projectionValues(levels: readonly FeatureLevel[]): number {
  return sumOf(levels, ({ outChannels, grid }) => outChannels * grid ** 2);
}

/** Parameters. */
export function projectionSize(levels: readonly FeatureLevel[]): number {
  return sumOf(levels, ({ inChannels, outChannels }) => (9 * inChannels + 1) * outChannels);
}

function sumOf(
  levels: readonly FeatureLevel[],
  of: (convolution: ProjectionConvolution) => number,
): number {
  return projectionsOf(levels)
    .flat()
    .reduce((sum, convolution) => sum + of(convolution), 0);
}
