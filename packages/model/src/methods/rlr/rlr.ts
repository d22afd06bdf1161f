/** @file RLR behind the `Method` interface: fits one network a feature level and traces their scores. */
import { createHash } from 'node:crypto';
import { METHOD_SPECS, resolveRlr } from '@plumbline/contracts';
import type {
  FinishedLevel,
  FitCheckpoint,
  FitOptions,
  FittedMethod,
  Method,
  PlannedFit,
} from '../method.ts';
import { fractionDone, type LevelPlan, planLevels, type RlrPreset } from './config.ts';
import {
  HeldOutLoss,
  isOver,
  nextPlateau,
  type Plateau,
  stepsBetweenChecks,
} from './early-stopping.ts';
import { fitLevel, freshState, type LevelState } from './fit-level.ts';
import { LevelCheckpoints } from './level-checkpoints.ts';
import { heldOutLevelWeights } from './level-weights.ts';
import { requireMemory } from './memory.ts';
import { traceReconstructions, traceScores } from './training-step.ts';

const CHECKPOINT_EVERY_MS = 10_000;

export const rlr: Method = {
  name: 'rlr',
  reconstructs: true,
  crossFits: METHOD_SPECS.rlr.crossFits,
  featureSettings: METHOD_SPECS.rlr.featureSettings,
  assertMemory: (options) => requireMemory(plansOf(options), options.memoryBytes),
  fit: fitRlr,
};

/** Changes with what the numbers of a checkpoint mean: 2 holds Adam's moments divided by 1 − β (`adam.ts`). */
const STATE_FORMAT = 2;

/** All levels, and where a fit of them is. */
interface Fit {
  readonly options: FitOptions;
  readonly preset: RlrPreset;
  readonly plans: readonly LevelPlan[];
  readonly fingerprint: string;
}

function plansOf({
  preset,
  settings,
  levels,
  images,
  maxSteps,
}: Omit<PlannedFit, 'categories'>): LevelPlan[] {
  return planLevels(resolveRlr(preset, settings), levels, {
    images,
    ...(maxSteps === undefined ? {} : { maxSteps }),
  });
}

async function fitRlr(options: FitOptions): Promise<FittedMethod> {
  const preset = resolveRlr(options.preset, options.settings);
  const { executor, features, heldOut, seed, maxSteps } = options;
  const plans = plansOf({ ...options, images: features.count });
  requireMemory(plans, options.memoryBytes);
  const identity = [STATE_FORMAT, preset, plans, seed, features.count, heldOut?.count ?? 0];
  const fingerprint = createHash('sha256').update(JSON.stringify(identity)).digest('hex');
  const saved = await options.checkpoints.load();
  const resumed = saved?.fingerprint === fingerprint ? saved : null;
  const finished = [...(resumed?.finished ?? [])];
  const fit = { options, preset, plans, fingerprint };
  for (let level = finished.length; level < plans.length; level++) {
    const start = resumed?.level === level && resumed.step > 0 ? resumed : null;
    finished.push(await fitPlannedLevel(fit, level, [...finished], start));
  }
  const networks = plans.map((plan) => plan.network);
  const weights = finished.map((level) => level.weights);
  const levelWeights =
    preset.levelWeights === 'equal'
      ? networks.map(() => 1)
      : await heldOutLevelWeights({
          kind: preset.levelWeights,
          executor,
          networks,
          weights,
          images: heldOut ?? features,
        });
  return {
    graph: traceScores(networks, weights, levelWeights),
    reconstructions: () => traceReconstructions(networks, weights),
    map: { grids: networks.map(({ grid }) => grid), alignCorners: true, smoothed: false },
    notes: plans.flatMap(({ tap, steps }, level) => {
      const taken = finished[level]?.steps ?? steps;
      return taken === steps
        ? []
        : `Level ${tap} stopped at step ${taken} of ${steps}: its loss on held-out normal images no longer fell.`;
    }),
    config: {
      preset: { ...preset, ...(maxSteps === undefined ? {} : { maxSteps }) },
      levels: plans.map(({ tap, network, steps }, level) => ({
        tap,
        steps: finished[level]?.steps,
        stoppedEarly: finished[level]?.steps !== steps,
        weight: levelWeights[level],
        ...network,
      })),
    },
  };
}

async function fitPlannedLevel(
  fit: Fit,
  level: number,
  finished: readonly FinishedLevel[],
  resumed: FitCheckpoint | null,
): Promise<FinishedLevel> {
  const { options, preset, fingerprint } = fit;
  const plan = fit.plans[level] as LevelPlan;
  const { tap, network, steps } = plan;
  const { seed, features, executor, signal } = options;
  let plateau = resumed?.plateau ?? null;
  if (resumed !== null && isOver(plateau)) return { weights: resumed.weights, steps: resumed.step };
  const watch = await watchPlateau(fit, plan, level);
  const checkpoints = new LevelCheckpoints(
    options.checkpointEveryMs ?? CHECKPOINT_EVERY_MS,
    (state) => options.checkpoints.save({ fingerprint, level, finished, ...state }),
  );
  try {
    const last = await fitLevel(
      {
        ...{ network, preset, tap, level, steps, seed, features, executor, signal },
        afterStep: async (state, loss) => {
          const fraction = fractionDone(fit.plans, level, state.step);
          await options.onProgress({ part: tap, step: state.step, steps, loss, fraction });
          plateau = await watch.check(
            plateau,
            state.step,
            async () => (await state.read()).weights,
          );
          const isLast = state.step === steps || isOver(plateau);
          if (isLast) await checkpoints.finish(state, plateau, tap);
          else await checkpoints.afterStep(state, plateau);
          return isLast ? 'stop' : 'continue';
        },
      },
      resumed === null ? freshState(network, seed, tap) : stateOf(resumed),
    );
    return { weights: last.weights, steps: last.step };
  } finally {
    await watch.release();
  }
}

interface PlateauWatch {
  /** @returns The plateau after this step. */
  check(
    before: Plateau | null,
    step: number,
    weights: () => Promise<Float32Array>,
  ): Promise<Plateau | null>;
  release(): Promise<void>;
}

/** Watches the held-out loss when the preset stops early and there are held-out images. */
async function watchPlateau(
  { options, preset }: Fit,
  { network, batchSize }: LevelPlan,
  level: number,
): Promise<PlateauWatch> {
  const { heldOut, features, executor } = options;
  if (!preset.earlyStopping || heldOut === undefined || heldOut.count === 0)
    return { check: async (before) => before, release: async () => {} };
  const every = stepsBetweenChecks(features.count, batchSize);
  const loss = await HeldOutLoss.load({ executor, network, level, images: heldOut, batchSize });
  return {
    check: async (before, step, weights) =>
      step % every === 0 ? nextPlateau(before, await loss.measure(await weights())) : before,
    release: () => loss.release(),
  };
}

function stateOf(checkpoint: FitCheckpoint): LevelState {
  const { step, weights, firstMoment, secondMoment } = checkpoint;
  return {
    step,
    weights: weights.slice(),
    firstMoment: firstMoment.slice(),
    secondMoment: secondMoment.slice(),
  };
}
