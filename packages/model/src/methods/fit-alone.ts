/** @file A method that is one trainable: trained from the start or from where it was, and what the manifest says of it. */
import { fitTrainable } from '../training/fit-trainable.ts';
import type { Trainable, Trained } from '../training/trainable.ts';
import { TrainingRun } from '../training/training-run.ts';
import type { FitBasics } from './method.ts';

export interface AloneFit {
  readonly trainable: Trainable;
  readonly preset: object;
  /** Of training images. */
  readonly count: number;
  readonly heldOut: { readonly count: number } | undefined;
}

export async function fitAlone(
  options: FitBasics,
  { trainable, preset, count, heldOut }: AloneFit,
): Promise<Trained> {
  const { levels, seed } = options;
  const run = await TrainingRun.begin({
    ...options,
    identity: [preset, levels, trainable.steps, seed, count, heldOut?.count ?? 0],
    onProgress: ({ stage, step, steps, loss }) =>
      options.onProgress({ part: stage, step, steps, loss, fraction: step / steps }),
  });
  return fitTrainable(run, trainable);
}

/** A preset as the manifest has it. */
export function presetFacts<Preset extends object>(
  preset: Preset,
  { maxSteps }: Pick<FitBasics, 'maxSteps'>,
): Preset & { readonly maxSteps?: number } {
  return { ...preset, ...(maxSteps === undefined ? {} : { maxSteps }) };
}

/** A training as the manifest has it. */
export function trainedFacts({ steps, keptStep, losses }: Trained) {
  return { steps, keptStep, lastLoss: losses[steps - 1] };
}

/** For the log, where an earlier state is kept than the last. @param say Says so. */
export function keptNote(
  { steps, keptStep }: Trained,
  say: (keptStep: number, steps: number) => string,
): string[] {
  return keptStep < steps ? [say(keptStep, steps)] : [];
}
