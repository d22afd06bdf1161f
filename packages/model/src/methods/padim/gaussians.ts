/** @file The Gaussians themselves, from the sums: one group's, or all groups' as they are kept in a model. P positions, D channels. */
import { HALF_TO_FLOAT, settingError, toHalves, triangleBlocks } from '@plumbline/contracts';
import { FactorError, type Probes } from './factor-error.ts';
import type { FittedSums } from './leave-one-out.ts';
import { covariance, type GaussianAccumulator, type Within, whiteningOf } from './parameters.ts';
import type { Gaussians, RoutedGaussians } from './score.ts';
import { eachPosition, type Report } from './work.ts';

/** Bits that infinite halves, and those that are no number, have all of. */
const INFINITE_HALF = 0x7c00;

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

export interface GroupsFit {
  readonly sums: FittedSums;
  readonly probes: Probes;
  readonly report: Report;
  /** Called before factors of float32 are made. @throws DomainError when a model of them would be too large. */
  assertExactFits(): void;
}

/** Of every group: factors as float16, or as float32 where training images would be scored differently by those. */
export async function groupGaussians({
  sums,
  probes,
  report,
  assertExactFits,
}: GroupsFit): Promise<Omit<RoutedGaussians, 'router'>> {
  const error = new FactorError(probes);
  const rounded = await factorTables(sums, report, ({ mean, inverse }, at) => {
    const halves = toHalves(Float32Array.from(inverse));
    assertFinite(halves);
    const stored = Float64Array.from(halves, (half) => HALF_TO_FLOAT[half] as number);
    error.add(at, mean, { exact: inverse, stored });
    return halves;
  });
  if (!error.isTooLarge) return rounded;
  assertExactFits();
  return factorTables(sums, report, ({ inverse }) => Float32Array.from(inverse));
}

/** @param store L⁻¹ as it is kept, `[D, D]`. */
async function factorTables(
  sums: FittedSums,
  report: Report,
  store: (
    fitted: ReturnType<typeof gaussianAt>,
    at: { readonly group: number; readonly position: number },
  ) => Uint16Array | Float32Array,
): Promise<Omit<RoutedGaussians, 'router'>> {
  const { size, positions, groups } = sums;
  const count = groups.length * positions;
  const mean = new Float32Array(count * size);
  const blocks = triangleBlocks(size);
  const tables: (Uint16Array | Float32Array)[] = [];
  await eachPosition(positions, { report, groups: groups.length }, (position) => {
    for (const group of groups.keys()) {
      const fitted = gaussianAt(sums, group, position);
      const stored = store(fitted, { group, position });
      const at = group * positions + position;
      mean.set(fitted.mean, at * size);
      for (const [block, { from, to }] of blocks.entries()) {
        const [rows, length] = [to - from, (to - from) * to];
        const room = stored instanceof Uint16Array ? Uint16Array : Float32Array;
        const table = tables[block] ?? new room(count * length);
        tables[block] = table;
        for (let i = 0; i < length; i++) {
          const [column, row] = [Math.floor(i / rows), from + (i % rows)];
          table[at * length + i] = stored[row * size + column]!;
        }
      }
    }
  });
  return {
    mean,
    whitening: blocks.map(({ from, to }, block) => {
      const shape = [groups.length, positions, to, to - from];
      const table = tables[block] as Uint16Array | Float32Array;
      return table instanceof Uint16Array ? { shape, halves: table } : { shape, values: table };
    }),
  };
}

/** @throws DomainError naming the setting that makes factors so large. */
function assertFinite(halves: Uint16Array): void {
  if (halves.every((half) => (half & INFINITE_HALF) !== INFINITE_HALF)) return;
  throw settingError(
    ['regularization'],
    'The features vary so little that factors of their covariances are larger than float16 holds. Give a larger regularization, or gaussians=shared.',
  );
}

function gaussianAt({ groups, within, ...terms }: FittedSums, group: number, position: number) {
  const own = (groups[group] as GaussianAccumulator).momentsOf(position);
  const sigma = covariance({ ...terms, own, within: within[position] as Within });
  return { mean: own.mean, inverse: whiteningOf(sigma, terms.size) };
}
