/** @file RLR behind the `Method` interface: fits one network a feature level and traces their scores. */
import { createHash } from 'node:crypto';
import type { FitCheckpoint, FitOptions, FittedMethod, Method } from '../method.ts';
import {
  levelPreset,
  networkConfig,
  RLR_PRESETS,
  type RlrNetworkConfig,
  type RlrPreset,
} from './config.ts';
import { fitLevel, freshState, type LevelState } from './fit-level.ts';
import { traceScores } from './training-step.ts';

const CHECKPOINT_EVERY_MS = 10_000;

interface LevelPlan {
  readonly tap: string;
  readonly network: RlrNetworkConfig;
  readonly steps: number;
  /** Estimated multiplications of all its steps, for the progress bar. */
  readonly work: number;
}

export const rlr: Method = {
  name: 'rlr',
  featureSettings: (preset) => ({
    imageSizePx: RLR_PRESETS[preset].imageSizePx,
    averagePool: true,
    strides: [8, 16],
  }),
  fit: fitRlr,
};

async function fitRlr(options: FitOptions): Promise<FittedMethod> {
  const preset = RLR_PRESETS[options.preset];
  const plans = options.levels.map((level) => planLevel(preset, level, options));
  const fingerprint = createHash('sha256')
    .update(JSON.stringify([preset, plans, options.seed, options.features.count]))
    .digest('hex');
  const saved = await options.checkpoints.load();
  const resumed = saved?.fingerprint === fingerprint ? saved : null;
  const finished = [...(resumed?.finished ?? [])];
  for (let level = finished.length; level < plans.length; level++) {
    const start =
      resumed !== null && resumed.level === level && resumed.step > 0 ? stateOf(resumed) : null;
    finished.push(
      await fitPlannedLevel(
        options,
        { preset, plans, level, finished: [...finished], fingerprint },
        start,
      ),
    );
  }
  const networks = plans.map((plan) => plan.network);
  return {
    graph: traceScores(networks, finished),
    map: { grids: networks.map(({ grid }) => grid), alignCorners: true, smoothed: false },
    config: {
      preset: { ...preset },
      levels: plans.map(({ tap, network, steps }) => ({ tap, steps, ...network })),
    },
  };
}

interface LevelContext {
  readonly preset: RlrPreset;
  readonly plans: readonly LevelPlan[];
  readonly level: number;
  readonly finished: readonly Float32Array[];
  readonly fingerprint: string;
}

async function fitPlannedLevel(
  options: FitOptions,
  context: LevelContext,
  start: LevelState | null,
): Promise<Float32Array> {
  const { plans, level, finished, fingerprint } = context;
  const plan = plans[level] as LevelPlan;
  const every = options.checkpointEveryMs ?? CHECKPOINT_EVERY_MS;
  let savedAt = performance.now();
  return fitLevel(
    {
      network: plan.network,
      preset: context.preset,
      tap: plan.tap,
      level,
      steps: plan.steps,
      seed: options.seed,
      features: options.features,
      executor: options.executor,
      signal: options.signal,
      afterStep: async (state, loss) => {
        await options.onProgress({
          part: plan.tap,
          step: state.step,
          steps: plan.steps,
          loss,
          fraction: fractionDone(plans, level, state.step),
        });
        if (performance.now() - savedAt >= every || state.step === plan.steps) {
          await options.checkpoints.save({
            fingerprint,
            level,
            finished,
            ...(await state.read()),
          });
          savedAt = performance.now();
        }
      },
    },
    start ?? freshState(plan.network, options.seed, plan.tap),
  );
}

function planLevel(
  preset: RlrPreset,
  level: FitOptions['levels'][number],
  options: FitOptions,
): LevelPlan {
  const network = networkConfig(preset, level.grid, level.channels);
  const schedule = levelPreset(preset, level.grid);
  const perEpoch = Math.max(1, Math.floor(options.features.count / preset.batchSize));
  const wanted = Math.min(
    schedule.maxSteps,
    Math.max(schedule.minSteps, schedule.epochs * perEpoch),
  );
  const steps = Math.min(wanted, options.maxSteps ?? wanted);
  const tokens = level.grid ** 2;
  const perStep = tokens * network.width ** 2 * 14 + tokens ** 2 * network.width * 4;
  return { tap: level.tap, network, steps, work: steps * perStep };
}

function fractionDone(plans: readonly LevelPlan[], level: number, step: number): number {
  const total = plans.reduce((sum, plan) => sum + plan.work, 0);
  const before = plans.slice(0, level).reduce((sum, plan) => sum + plan.work, 0);
  const plan = plans[level] as LevelPlan;
  return (before + (plan.work * step) / plan.steps) / total;
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
