/** @file What every fit of a run is told, whatever it reads. */
import type { FitBasics } from '@plumbline/model';
import { memoryFor } from '../../machine/fit-memory.ts';
import type { TrainingContext } from '../training-context.ts';
import type { RunCheckpoints } from './run-checkpoints.ts';

export function fitBasics(context: TrainingContext, checkpoints: RunCheckpoints): FitBasics {
  const { input, levels, executor, reporter, signal, split } = context;
  const { preset, settings, seed, maxSteps } = input;
  return {
    ...{ preset, settings, seed, levels, executor, signal },
    ...(maxSteps === undefined ? {} : { maxSteps }),
    categories: new Set(split.fit.map(({ category }) => category)).size,
    ...memoryFor(context.memory),
    checkpoints: checkpoints.method,
    log: (text) => reporter.log(text),
    onProgress: async ({ part, step, steps, loss }) => {
      if (loss !== null) reporter.addLoss({ level: part, step, loss });
      reporter.part(part);
      await reporter.progress(step / steps, `Fitting ${part}: step ${step} of ${steps}.`);
    },
  };
}
