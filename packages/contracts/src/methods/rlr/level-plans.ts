/** @file What a fit will do: the network and the steps of each level, and their work. */
import type { FeatureLevel } from '../../training/feature-level.ts';
import { type BudgetedTraining, budgetedSteps } from '../../training/step-budget.ts';
import { type RlrNetworkConfig, rlrLevelPreset, rlrNetworkConfig } from './network.ts';
import type { RlrPreset } from './presets.ts';

export interface RlrLevelPlan {
  readonly tap: string;
  readonly network: RlrNetworkConfig;
  readonly batchSize: number;
  readonly steps: number;
  /** Estimated multiplications of all its steps, for the progress bar. */
  readonly work: number;
}

export function planRlrLevels(
  preset: RlrPreset,
  levels: readonly FeatureLevel[],
  training: Omit<BudgetedTraining, 'batchSize'>,
): RlrLevelPlan[] {
  return levels.map(({ tap, grid, channels }) => {
    const network = rlrNetworkConfig(preset, grid, channels);
    const batchSize = Math.min(preset.batchSize, Math.max(1, training.images));
    const { steps: exact, ...budget } = rlrLevelPreset(preset, grid);
    const steps =
      exact === undefined
        ? budgetedSteps(budget, { ...training, batchSize })
        : Math.min(exact, training.maxSteps ?? exact);
    const work =
      batchSize * workPerImage(network) + (preset.optimizer === 'muon' ? muonWork(network) : 0);
    return { tap, network, batchSize, steps, work: steps * work };
  });
}

/** Multiplications of a forward pass: projections and feed-forward, attention to all places and to a window. */
function workPerImage({ grid, width, layers, blocks, window }: RlrNetworkConfig): number {
  const tokens = grid ** 2;
  const dense = blocks.filter((block) => block !== 'mca').length;
  const local = blocks.length - dense;
  // Keys come in squares of the windows of 4×4 queries.
  const keys = Math.min(tokens, (window + 3) ** 2);
  const attention = 4 * tokens ** 2 * dense + 2 * tokens * keys * local;
  return layers * (tokens * width ** 2 * (8 + 3 * blocks.length) + attention * width);
}

/** Muon's five iterations of three products a matrix, as multiplications of a forward pass, of which a step has three. */
function muonWork({ width, layers, blocks }: RlrNetworkConfig): number {
  return (layers * width ** 3 * (60 * blocks.length + 90)) / 3;
}

/** Share of the whole work that is done, 0 to 1. */
export function rlrFractionDone(
  plans: readonly RlrLevelPlan[],
  level: number,
  step: number,
): number {
  const total = plans.reduce((sum, plan) => sum + plan.work, 0);
  const before = plans.slice(0, level).reduce((sum, plan) => sum + plan.work, 0);
  const plan = plans[level] as RlrLevelPlan;
  return (before + (plan.work * step) / plan.steps) / total;
}
