/** @file The learning rate of a step. */
import type { RlrPreset } from './config.ts';

type Schedule = Pick<RlrPreset, 'learningRate' | 'warmupSteps' | 'cosineDecay'>;

/**
 * Constant, or cosine decay to 0 after the last step (Loshchilov and Hutter 2017); a linear rise before it when there
 * is a warm-up.
 * @param step 0-based, of `steps`.
 */
export function learningRate(schedule: Schedule, step: number, steps: number): number {
  const warmUp = Math.min(schedule.warmupSteps, Math.floor(steps / 2));
  if (step < warmUp) return (schedule.learningRate * (step + 1)) / (warmUp + 1);
  if (!schedule.cosineDecay) return schedule.learningRate;
  const done = (step - warmUp) / (steps - warmUp);
  return (schedule.learningRate * (1 + Math.cos(Math.PI * done))) / 2;
}
