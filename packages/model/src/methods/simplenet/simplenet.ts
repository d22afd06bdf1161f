/** @file SimpleNet behind the `Method` interface, in the unified setting: one network for all categories. */
import {
  simplenet as definition,
  SIMPLENET_PART,
  type SimpleNetPreset,
} from '@plumbline/contracts';
import { traceProgram } from '../../trace/index.ts';
import { coverageOf } from '../../training/coverage.ts';
import type { Trained } from '../../training/trainable.ts';
import { keptFeatures } from '../feature-batches.ts';
import { fitAlone, presetFacts } from '../fit-alone.ts';
import type { FitOptions, FittedMethod, TokensMethod } from '../method.ts';
import { type PatchEmbedding, planEmbedding } from '../patch-embedding.ts';
import type { Centers } from './centers.ts';
import { fitCenters } from './fit-centers.ts';
import { assertFits } from './memory.ts';
import { scoresProgram } from './score.ts';
import { simpleNetTrainable, sizesOf } from './trainable.ts';

export const simplenet: TokensMethod = {
  reads: 'tokens',
  definition,
  assertMemory: assertFits,
  fit: fitSimpleNet,
};

async function fitSimpleNet(options: FitOptions): Promise<FittedMethod> {
  const { heldOut, seed, levels, categories, maxSteps } = options;
  const features = keptFeatures(options.features);
  const preset = definition.resolve(options.preset, options.settings);
  const plan = planEmbedding(levels, preset);
  assertFits({ ...options, images: features.count });
  const sizes = sizesOf({ plan, preset });
  const centers =
    preset.centers === 0
      ? null
      : await fitCenters({
          ...{ ...options, plan, sizes, features },
          ...{ perCategory: preset.centers, stage: SIMPLENET_PART },
        });
  const trainable = simpleNetTrainable({
    ...{ preset, plan, seed, categories, maxSteps, features, heldOut, centers },
  });
  const trained = await fitAlone(options, { trainable, preset, count: features.count, heldOut });
  return {
    inputs: 'tokens',
    graph: traceProgram(scoresProgram(plan, { ...trained, sizes, centers })),
    coverage: [coverageOf(trainable, trained.steps, features.count)],
    map: { grids: [plan.grid], alignCorners: false, smoothed: true },
    ...describe(options, preset, plan, { trained, centers, planned: trainable.steps }),
  };
}

/** What the manifest and the log say of the fit. */
function describe(
  options: FitOptions,
  preset: SimpleNetPreset,
  plan: PatchEmbedding,
  {
    trained,
    centers,
    planned,
  }: { readonly trained: Trained; readonly centers: Centers | null; readonly planned: number },
): Pick<FittedMethod, 'config' | 'notes'> {
  const { steps, losses } = trained;
  const { levels } = options;
  const stoppedEarly = steps < planned;
  return {
    config: {
      preset: presetFacts(preset, options),
      grid: plan.grid,
      channels: plan.size,
      ...(centers === null ? {} : { centers: centers.count }),
      levels: plan.levels.map((level, index) => ({ tap: levels[index]?.tap, ...level })),
      steps,
      stoppedEarly,
      lastLoss: losses[steps - 1],
      score: 'log(1 + e^−D) of the discriminator’s verdict D; below 0.69 is normal',
      smoothedMap: 'sigma 4 px',
    },
    notes: stoppedEarly
      ? [
          `Training stopped at step ${steps} of ${planned}: the loss on held-out normal images no longer fell.`,
        ]
      : [],
  };
}
