/** @file PaDiM behind the `Method` interface, in the unified setting: one Gaussian a position for all categories. */
import { METHOD_SPECS, resolvePadim } from '@plumbline/contracts';
import { traceProgram } from '../../trace/index.ts';
import { assertMemory } from '../memory.ts';
import type { FitOptions, FittedMethod, Method, PlannedFit } from '../method.ts';
import { reportProgress } from '../report-progress.ts';
import { embedPosition, type PadimEmbedding, planEmbedding } from './forward.ts';
import { accumulatorBytes, GaussianAccumulator, type Gaussians } from './parameters.ts';
import { scoresProgram } from './score.ts';

/** Images read at once: the sums of a position are then in the processor's cache for all of them. */
const BATCH_SIZE = 16;
/** Matrices inverted between two reports of progress. */
const POSITIONS_AT_ONCE = 64;
/** The whitening is held once as fitted, once in the method's graph, once in the exported one, once by its session. */
const COPIES_OF_RESULT = 4;
/** Share of the work that is accumulation, for the progress bar. */
const ACCUMULATION_SHARE = 0.7;

export const padim: Method = {
  name: 'padim',
  reconstructs: false,
  featureSettings: METHOD_SPECS.padim.featureSettings,
  assertMemory: assertFits,
  fit: fitPadim,
};

async function fitPadim(options: FitOptions): Promise<FittedMethod> {
  const preset = resolvePadim(options.preset, options.settings);
  const plan = planEmbedding(options.levels, preset.channels, options.seed);
  const positions = plan.grid ** 2;
  const resultBytes = bytesOfResult(plan);
  assertFits(options);
  const sums = await accumulate(options, plan);
  const gaussians = await invert(options, plan, sums, preset.regularization);
  return {
    graph: traceProgram(scoresProgram(plan, gaussians)),
    map: { grids: [plan.grid], alignCorners: false, smoothed: true },
    config: {
      preset: { ...preset },
      grid: plan.grid,
      levels: plan.levels.map((level, index) => ({
        tap: options.levels[index]?.tap,
        grid: level.grid,
        channels: level.channels,
        kept: [...level.kept],
      })),
      smoothedMap: 'sigma 4 px',
    },
    notes: [
      `Fitted ${positions} Gaussians of ${plan.size} channels to ${options.features.count} images; ` +
        `they take ${Math.round(resultBytes / 1e6)} MB in the model file.`,
    ],
  };
}

function bytesOfResult({ grid, size }: Pick<PadimEmbedding, 'grid' | 'size'>): number {
  return 4 * grid ** 2 * size * (size + 1);
}

function assertFits({
  preset,
  settings,
  levels,
  memoryBytes,
}: Pick<PlannedFit, 'preset' | 'settings' | 'levels' | 'memoryBytes'>): void {
  // Which channels are kept follows from the seed; how many does not.
  const plan = planEmbedding(levels, resolvePadim(preset, settings).channels, 0);
  assertMemory(
    'PaDiM',
    accumulatorBytes(plan.grid ** 2, plan.size) + COPIES_OF_RESULT * bytesOfResult(plan),
    memoryBytes,
    'Choose the preset quick or edge, or coarser feature taps: memory grows with positions and squared channels.',
  );
}

async function accumulate(options: FitOptions, plan: PadimEmbedding): Promise<GaussianAccumulator> {
  const { features } = options;
  const positions = plan.grid ** 2;
  const sums = new GaussianAccumulator(positions, plan.size);
  const embedding = new Float64Array(plan.size);
  const tokens = plan.levels.map(
    (level) => new Float32Array(BATCH_SIZE * level.grid ** 2 * level.channels),
  );
  for (let start = 0; start < features.count; start += BATCH_SIZE) {
    options.signal?.throwIfAborted();
    const images = Int32Array.from(
      { length: Math.min(BATCH_SIZE, features.count - start) },
      (_, index) => start + index,
    );
    for (const [index, level] of plan.levels.entries()) {
      const size = level.grid ** 2 * level.channels;
      features.read(index, images, tokens[index]!.subarray(0, images.length * size));
    }
    for (let position = 0; position < positions; position++) {
      for (let image = 0; image < images.length; image++) {
        embedPosition(tokens, plan, { image, position }, embedding);
        sums.add(position, embedding);
      }
    }
    const done = start + images.length;
    await reportProgress(options, {
      part: 'sums of the images',
      step: done,
      steps: features.count,
      fraction: (ACCUMULATION_SHARE * done) / features.count,
    });
  }
  return sums;
}

async function invert(
  options: FitOptions,
  plan: PadimEmbedding,
  sums: GaussianAccumulator,
  regularization: number,
): Promise<Gaussians> {
  const positions = plan.grid ** 2;
  const gaussians: Gaussians = {
    mean: new Float32Array(positions * plan.size),
    whitening: new Float32Array(positions * plan.size ** 2),
  };
  for (let position = 0; position < positions; position++) {
    sums.finish(position, regularization, gaussians);
    const done = position + 1;
    if (done % POSITIONS_AT_ONCE !== 0 && done !== positions) continue;
    await reportProgress(options, {
      part: 'Gaussians',
      step: done,
      steps: positions,
      fraction: ACCUMULATION_SHARE + ((1 - ACCUMULATION_SHARE) * done) / positions,
    });
  }
  return gaussians;
}
