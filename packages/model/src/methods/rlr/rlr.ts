/** @file RLR behind the `Method` interface: fits one network per feature level and traces their scores. */
import { rlr as definition, type TrainingCoverage } from '@plumbline/contracts';
import { coverageOf } from '../../training/coverage.ts';
import { fitTrainable } from '../../training/fit-trainable.ts';
import type { Trained } from '../../training/trainable.ts';
import { TrainingRun } from '../../training/training-run.ts';
import { keptFeatures } from '../feature-batches.ts';
import type { FitOptions, FittedMethod, PlannedFit, TokensMethod } from '../method.ts';
import { whiteningOf } from '../whitening.ts';
import { fractionDone, type LevelPlan, planLevels, type RlrPreset } from './config.ts';
import { levelTrainable } from './level-trainable.ts';
import { heldOutLevelWeights } from './level-weights.ts';
import { requireMemory } from './memory.ts';
import type { ScoreWeights } from './score.ts';
import { type FittedLevel, traceReconstructions, traceScores } from './training-step.ts';

export const rlr: TokensMethod = {
  reads: 'tokens',
  definition,
  assertMemory: (options) => requireMemory(plansOf(options), options),
  fit: fitRlr,
};

function plansOf({
  preset,
  settings,
  levels,
  images,
  categories,
  maxSteps,
}: PlannedFit): LevelPlan[] {
  return planLevels(definition.resolve(preset, settings), levels, {
    ...{ images, categories },
    ...(maxSteps === undefined ? {} : { maxSteps }),
  });
}

async function fitRlr(options: FitOptions): Promise<FittedMethod> {
  const preset = definition.resolve(options.preset, options.settings);
  const { executor, heldOut } = options;
  const features = keptFeatures(options.features);
  const categories = new Set(features.categories).size;
  const plans = plansOf({ ...options, images: features.count, categories });
  requireMemory(plans, options);
  const levels = await trainLevels(options, preset, plans);
  const levelWeights =
    preset.levelWeights === 'equal'
      ? levels.map(() => 1)
      : await heldOutLevelWeights({
          kind: preset.levelWeights,
          executor,
          levels,
          images: heldOut ?? features,
        });
  const weighted = levels.map((level, index) => ({
    ...level,
    score: weightedScore(level.score, levelWeights[index] as number),
  }));
  return {
    inputs: 'tokens',
    graph: traceScores(weighted),
    reconstructions: () => traceReconstructions(weighted),
    coverage: levels.map(({ coverage }) => coverage),
    map: { grids: plans.map(({ network }) => network.grid), alignCorners: true, smoothed: false },
    ...describe(options, preset, plans, { levels, levelWeights }),
  };
}

function weightedScore({ squared, cosine }: ScoreWeights, weight: number): ScoreWeights {
  return { squared: weight * squared, cosine: weight * cosine };
}

interface TrainedLevel extends Trained, FittedLevel {
  readonly coverage: TrainingCoverage;
}

async function trainLevels(
  options: FitOptions,
  preset: RlrPreset,
  plans: readonly LevelPlan[],
): Promise<TrainedLevel[]> {
  const { seed, heldOut } = options;
  const features = keptFeatures(options.features);
  const levelOf = (stage: string) => plans.findIndex(({ tap }) => tap === stage);
  const run = await TrainingRun.begin({
    ...options,
    identity: [preset, plans, seed, features.count, heldOut?.count ?? 0],
    onProgress: ({ stage, step, steps, loss }) =>
      options.onProgress({
        ...{ part: stage, step, steps, loss },
        fraction: fractionDone(plans, levelOf(stage), step),
      }),
  });
  const levels: TrainedLevel[] = [];
  for (const [level, plan] of plans.entries()) {
    const { network } = plan;
    const whitening = preset.whitening ? whiteningOf({ features, level, ...network }) : null;
    const trainable = levelTrainable({ plan, preset, level, seed, features, whitening, heldOut });
    const trained = await fitTrainable(run, trainable);
    levels.push({
      ...{ ...trained, network, whitening },
      score: { squared: 1, cosine: preset.cosineWeight },
      coverage: coverageOf(trainable, trained.steps, features.count),
    });
  }
  return levels;
}

/** What the manifest and the log say of the fit. */
function describe(
  { maxSteps }: FitOptions,
  preset: RlrPreset,
  plans: readonly LevelPlan[],
  fitted: { readonly levels: readonly Trained[]; readonly levelWeights: readonly number[] },
): Pick<FittedMethod, 'notes' | 'config'> {
  const levels = plans.map((plan, level) => ({ ...plan, taken: fitted.levels[level]?.steps }));
  return {
    notes: levels
      .filter(({ taken, steps }) => taken !== steps)
      .map(
        ({ tap, taken, steps }) =>
          `Level ${tap} stopped at step ${taken} of ${steps}: its loss on held-out normal images no longer fell.`,
      ),
    config: {
      preset: { ...preset, ...(maxSteps === undefined ? {} : { maxSteps }) },
      levels: levels.map(({ tap, network, steps, taken }, level) => ({
        tap,
        steps: taken,
        stoppedEarly: taken !== steps,
        weight: fitted.levelWeights[level],
        ...network,
      })),
    },
  };
}
