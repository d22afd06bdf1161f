/** @file CFLOW behind the `Method` interface, in the unified setting: one flow per feature level for all categories. */
import {
  type CflowLevelPlan,
  type CflowPreset,
  cflow as definition,
  planCflowLevels,
  type TrainingCoverage,
} from '@plumbline/contracts';
import { totalSize } from '../../nn/parameters.ts';
import { traceProgram } from '../../trace/index.ts';
import { coverageOf } from '../../training/coverage.ts';
import { fitTrainable } from '../../training/fit-trainable.ts';
import type { Trained } from '../../training/trainable.ts';
import { TrainingRun } from '../../training/training-run.ts';
import { keptFeatures } from '../feature-batches.ts';
import { keptNote, presetFacts, trainedFacts } from '../fit-alone.ts';
import type { FitOptions, FittedMethod, TokensMethod } from '../method.ts';
import { whiteningOf } from '../whitening.ts';
import { largestDensity } from './largest-density.ts';
import { levelMixings, levelTrainable } from './level-trainable.ts';
import { assertFits } from './memory.ts';
import { flowParameters } from './parameters.ts';
import { type FittedFlow, scoresProgram } from './score.ts';

export const cflow: TokensMethod = {
  reads: 'tokens',
  definition,
  assertMemory: assertFits,
  fit: fitCflow,
};

async function fitCflow(options: FitOptions): Promise<FittedMethod> {
  const preset = definition.resolve(options.preset, options.settings);
  const features = keptFeatures(options.features);
  assertFits({ ...options, images: features.count });
  const plans = planCflowLevels(preset, options.levels, { ...options, images: features.count });
  const flows = await trainFlows(options, preset, plans);
  return {
    inputs: 'tokens',
    graph: traceProgram(scoresProgram(flows, preset.score)),
    coverage: flows.map(({ coverage }) => coverage),
    map: {
      grids: plans.map(({ grid }) => grid),
      ...{ alignCorners: true, smoothed: false, combine: 'sum', sigma: preset.sigma },
    },
    ...describe(options, preset, flows),
  };
}

interface TrainedFlow extends FittedFlow {
  readonly plan: CflowLevelPlan;
  readonly trained: Trained;
  /** Log p by channel. */
  readonly largest: number;
  readonly coverage: TrainingCoverage;
}

async function trainFlows(
  options: FitOptions,
  preset: CflowPreset,
  plans: readonly CflowLevelPlan[],
): Promise<TrainedFlow[]> {
  const { seed, heldOut, executor, signal } = options;
  const features = keptFeatures(options.features);
  const run = await TrainingRun.begin({
    ...options,
    identity: [preset, plans, seed, features.count, heldOut?.count ?? 0],
    onProgress: ({ stage, step, steps, loss }) =>
      options.onProgress({
        ...{ part: stage, step, steps, loss },
        fraction: fractionDone(plans, stage, step),
      }),
  });
  const flows: TrainedFlow[] = [];
  for (const [level, plan] of plans.entries()) {
    const whitening = preset.whitening ? whiteningOf({ ...plan, features, level }) : null;
    const own = { plan, preset, level, seed, features, whitening, heldOut };
    const trainable = levelTrainable(own);
    const trained = await fitTrainable(run, trainable);
    const { weights } = trained;
    const fitted = { level: plan, mixings: levelMixings(own), whitening, weights };
    const draws = Math.ceil(trained.steps / plan.fibers);
    flows.push({
      ...{ ...fitted, plan, trained },
      largest: await largestDensity(fitted, { executor, features, level, signal }),
      coverage: coverageOf(
        { ...trainable, batches: trainable.batches.draws },
        draws,
        features.count,
      ),
    });
  }
  return flows;
}

/** Of all steps, each as much as its vectors' channels squared. */
function fractionDone(plans: readonly CflowLevelPlan[], tap: string, step: number): number {
  const work = plans.map(({ steps, vectors, channels }) => steps * vectors * channels ** 2);
  const at = plans.findIndex((plan) => plan.tap === tap);
  const before = work.slice(0, at).reduce((sum, value) => sum + value, 0);
  const total = work.reduce((sum, value) => sum + value, 0);
  return (before + ((work[at] as number) * step) / (plans[at] as CflowLevelPlan).steps) / total;
}

/** What the manifest and the log say of the fit. */
function describe(
  options: FitOptions,
  preset: CflowPreset,
  flows: readonly TrainedFlow[],
): Pick<FittedMethod, 'config' | 'notes'> {
  const sizeOf = ({ channels }: CflowLevelPlan) =>
    totalSize(flowParameters({ channels, blocks: preset.blocks }));
  return {
    config: {
      preset: presetFacts(preset, options),
      levels: flows.map(({ plan, trained, largest }) => ({
        ...plan,
        parameters: sizeOf(plan),
        ...trainedFacts(trained),
        largestLogLikelihood: largest,
      })),
      score:
        preset.score === 'likelihood'
          ? '1 − p/m of p, the likelihood by channel, and m, its largest of training images'
          : 'log m − log p of p, the likelihood by channel, and m, its largest of training images',
      smoothedMap: preset.sigma === 0 ? 'none' : `sigma ${preset.sigma} px`,
    },
    notes: flows.flatMap(({ plan, trained }) =>
      keptNote(
        trained,
        (step, steps) =>
          `The flow of ${plan.tap} after step ${step} of ${steps} is kept: held-out normal images were likeliest to it.`,
      ),
    ),
  };
}
