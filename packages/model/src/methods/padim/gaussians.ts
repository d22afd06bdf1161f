/** @file The Gaussians themselves, from the sums: one group's, or all groups' as they are kept in a model. P positions, D channels. */
import { toHalves, triangleBlocks } from '@plumbline/contracts';
import type { FittedSums } from './leave-one-out.ts';
import { covariance, type GaussianAccumulator, type Within, whiteningOf } from './parameters.ts';
import type { Gaussians, RoutedGaussians } from './score.ts';
import { eachPosition, type Report } from './work.ts';

/** Of the only group. */
export async function sharedGaussians(sums: FittedSums, report: Report): Promise<Gaussians> {
  const { size, positions } = sums;
  const mean = new Float32Array(positions * size);
  const whitening = new Float32Array(positions * size ** 2);
  await eachPosition(positions, { report, groups: 1 }, (position) => {
    const fitted = gaussianAt(sums, 0, position);
    mean.set(fitted.mean, position * size);
    const start = position * size ** 2;
    for (let row = 0; row < size; row++)
      for (let column = 0; column <= row; column++)
        whitening[start + column * size + row] = fitted.inverse[row * size + column]!;
  });
  return { mean, whitening };
}

/** Of every group. */
export async function groupGaussians(
  sums: FittedSums,
  report: Report,
): Promise<Omit<RoutedGaussians, 'router'>> {
  const { size, positions, groups } = sums;
  const mean = new Float32Array(groups.length * positions * size);
  const blocks = triangleBlocks(size).map(({ from, to }) => ({
    ...{ from, to },
    halves: new Uint16Array(groups.length * positions * (to - from) * to),
  }));
  await eachPosition(positions, { report, groups: groups.length }, (position) => {
    for (const group of groups.keys()) {
      const fitted = gaussianAt(sums, group, position);
      const at = group * positions + position;
      mean.set(fitted.mean, at * size);
      for (const { from, to, halves } of blocks) {
        const rows = to - from;
        const columns = Float32Array.from({ length: to * rows }, (_, i) => {
          const [column, row] = [Math.floor(i / rows), from + (i % rows)];
          return fitted.inverse[row * size + column]!;
        });
        halves.set(toHalves(columns), at * columns.length);
      }
    }
  });
  const shape = [groups.length, positions];
  return {
    mean,
    whitening: blocks.map(({ from, to, halves }) => ({ shape: [...shape, to, to - from], halves })),
  };
}

function gaussianAt({ groups, within, ...terms }: FittedSums, group: number, position: number) {
  const own = (groups[group] as GaussianAccumulator).momentsOf(position);
  const sigma = covariance({ ...terms, own, within: within[position] as Within });
  return { mean: own.mean, inverse: whiteningOf(sigma, terms.size) };
}
