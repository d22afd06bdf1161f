/** @file PatchCore behind the `Method` interface, in the unified setting: one memory bank for all categories. */
import {
  METHOD_SPECS,
  type PatchCorePreset,
  PROJECTED_CHANNELS,
  patchCoreBankSize,
  resolvePatchCore,
  STARTING_POINTS,
} from '@plumbline/contracts';
import { loadProgram, type ProgramSession } from '../../eager/load-program.ts';
import { RandomStream } from '../../nn/random.ts';
import { float32 } from '../../onnx/index.ts';
import { traceProgram } from '../../trace/index.ts';
import { assertMemory } from '../memory.ts';
import type { FitOptions, FittedMethod, Method, PlannedFit } from '../method.ts';
import { reportProgress } from '../report-progress.ts';
import { type Coreset, greedyCoreset } from './coreset.ts';
import { embeddingProgram, type PatchEmbedding, planEmbedding } from './forward.ts';
import { openPatchDistances } from './patch-distances.ts';
import { centerRows, projectRows } from './project.ts';
import { Reservoir } from './reservoir.ts';
import { scoresProgram } from './score.ts';

const BATCH_SIZE = 8;
/** Share of the work that is embedding patches, for the progress bar. */
const EMBEDDING_SHARE = 0.4;
/** The bank is held as chosen, in the method's graph, in the exported one and by its session. */
const COPIES_OF_BANK = 4;

export const patchcore: Method = {
  name: 'patchcore',
  reconstructs: false,
  featureSettings: METHOD_SPECS.patchcore.featureSettings,
  assertMemory: assertFits,
  fit: fitPatchCore,
};

async function fitPatchCore(options: FitOptions): Promise<FittedMethod> {
  const preset = resolvePatchCore(options.preset, options.settings);
  const plan = planEmbedding(options.levels, preset);
  const { categories, count } = options.features;
  assertFits({ ...options, images: count, categories: new Set(categories).size });
  const seen = count * plan.grid ** 2;
  const wanted = patchCoreBankSize(preset, seen);
  const reservoirs = await samplePatches(options, preset, plan);
  const pool = joinRows([...reservoirs.values()].map((reservoir) => reservoir.rows));
  const center = centerRows(pool, plan.size);
  const points = await projectRows(options.executor, pool, {
    size: plan.size,
    to: PROJECTED_CHANNELS,
    seed: options.seed,
  });
  const { chosen, radius } = await chooseBank(options, points, {
    size: Math.min(plan.size, PROJECTED_CHANNELS),
    wanted,
  });
  const rows = joinRows(
    Array.from(chosen, (row) => pool.subarray(row * plan.size, (row + 1) * plan.size)),
  );
  const kept = pool.length / plan.size;
  return {
    graph: traceProgram(scoresProgram(plan, { rows, center })),
    map: { grids: [plan.grid], alignCorners: false, smoothed: true },
    config: {
      preset: { ...preset },
      grid: plan.grid,
      channels: plan.size,
      levels: plan.levels.map((level, index) => ({ tap: options.levels[index]?.tap, ...level })),
      patches: {
        seen,
        reservoirs: Object.fromEntries(
          [...reservoirs].map(([category, own]) => [category, { seen: own.seen, kept: own.kept }]),
        ),
        memoryBank: chosen.length,
        coverageRadius: radius,
      },
      score: 'squared distance to the nearest patch of the memory bank',
      smoothedMap: 'sigma 4 px',
    },
    notes: [
      `Saw ${seen} patches of ${plan.size} channels; reservoirs of at most ${preset.reservoir} a category kept ${kept}; ` +
        `the memory bank has ${chosen.length} of them, ${Math.round((4 * rows.length) / 1e6)} MB in the model file.`,
    ],
  };
}

/** @param points f32 `[count, size]`. */
async function chooseBank(
  options: FitOptions,
  points: Float32Array,
  { size, wanted }: { readonly size: number; readonly wanted: number },
): Promise<Coreset> {
  const distances = await openPatchDistances(options.executor, points, size);
  try {
    return await greedyCoreset({
      count: points.length / size,
      wanted,
      startingPoints: STARTING_POINTS,
      random: RandomStream.from(options.seed, 'patchcore/coreset'),
      distancesTo: distances.distancesTo,
      onProgress: (done) =>
        reportProgress(options, {
          part: 'memory bank',
          step: done,
          steps: wanted,
          fraction: EMBEDDING_SHARE + ((1 - EMBEDDING_SHARE) * done) / wanted,
        }),
    });
  } finally {
    await distances.release();
  }
}

function assertFits({
  preset: name,
  settings,
  levels,
  images,
  categories,
  memoryBytes,
}: PlannedFit): void {
  const preset = resolvePatchCore(name, settings);
  const plan = planEmbedding(levels, preset);
  const wanted = patchCoreBankSize(preset, images * plan.grid ** 2);
  const pool = categories * preset.reservoir;
  // Reservoirs and their join, the projection of it, and a batch with its intermediate values.
  const poolBytes = 4 * pool * (2 * plan.size + PROJECTED_CHANNELS);
  const batchBytes = 4 * BATCH_SIZE * plan.grid ** 2 * plan.size * (plan.unfold ? 20 : 6);
  assertMemory(
    'PatchCore',
    poolBytes + batchBytes + COPIES_OF_BANK * 4 * wanted * plan.size,
    memoryBytes,
    'Choose the preset quick or edge, or fewer feature taps: memory grows with categories and channels.',
  );
}

/** One reservoir a category, by name: the label balances what is kept and is not seen afterwards. */
async function samplePatches(
  options: FitOptions,
  preset: PatchCorePreset,
  plan: PatchEmbedding,
): Promise<Map<string, Reservoir>> {
  const { features } = options;
  const categories = [...new Set(features.categories)].sort();
  const reservoirs = new Map(
    categories.map((category) => {
      const random = RandomStream.from(options.seed, `patchcore/reservoir/${category}`);
      return [category, new Reservoir(preset.reservoir, plan.size, random)];
    }),
  );
  const session = await loadProgram(options.executor, embeddingProgram(plan));
  try {
    for (let start = 0; start < features.count; start += BATCH_SIZE) {
      options.signal?.throwIfAborted();
      const count = Math.min(BATCH_SIZE, features.count - start);
      const images = Int32Array.from({ length: count }, (_, index) => start + index);
      const patches = await embedImages(session, options, plan, images);
      const perImage = plan.grid ** 2 * plan.size;
      for (const [slot, image] of images.entries()) {
        const reservoir = reservoirs.get(features.categories[image] as string) as Reservoir;
        for (let at = 0; at < perImage; at += plan.size)
          reservoir.offer(patches, slot * perImage + at);
      }
      await reportProgress(options, {
        part: 'patches of the images',
        step: start + count,
        steps: features.count,
        fraction: (EMBEDDING_SHARE * (start + count)) / features.count,
      });
    }
    return reservoirs;
  } finally {
    await session.release();
  }
}

/** f32 `[images, P, D]`. */
async function embedImages(
  session: ProgramSession,
  options: FitOptions,
  plan: PatchEmbedding,
  images: Int32Array,
): Promise<Float32Array> {
  const feeds = Object.fromEntries(
    plan.levels.map(({ grid, channels }, index) => {
      const tokens = new Float32Array(images.length * grid ** 2 * channels);
      options.features.read(index, images, tokens);
      return [`tokens${index}`, float32([images.length, grid ** 2, channels], tokens)];
    }),
  );
  const { embedding } = await session.run(feeds);
  return embedding?.data as Float32Array;
}

function joinRows(parts: readonly Float32Array[]): Float32Array {
  const joined = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}
