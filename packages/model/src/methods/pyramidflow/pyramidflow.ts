/** @file PyramidFlow behind the `Method` interface, in the unified setting: one flow and one template for all categories. */
import { pyramidflow as definition, pyramidShape, pyramidSize } from '@plumbline/contracts';
import { traceProgram } from '../../trace/index.ts';
import { coverageOf } from '../../training/coverage.ts';
import { keptFeatures } from '../feature-batches.ts';
import { fitAlone, presetFacts, trainedFacts } from '../fit-alone.ts';
import type { FitOptions, FittedMethod, TokensMethod } from '../method.ts';
import { assertFits } from './memory.ts';
import { pyramidFlow } from './parameters.ts';
import { scoresProgram } from './score.ts';
import { meanLatents } from './template.ts';
import { pyramidTrainable } from './trainable.ts';

export const pyramidflow: TokensMethod = {
  reads: 'tokens',
  definition,
  assertMemory: assertFits,
  fit: fitPyramidflow,
};

async function fitPyramidflow(options: FitOptions): Promise<FittedMethod> {
  const { levels, seed, executor } = options;
  const preset = definition.resolve(options.preset, options.settings);
  const features = keptFeatures(options.features);
  const { count } = features;
  assertFits({ ...options, images: count });
  const shape = pyramidShape(preset, levels);
  const flow = pyramidFlow(shape, preset, seed);
  const trainable = pyramidTrainable({ ...options, preset, flow, features });
  const trained = await fitAlone(options, { trainable, preset, count, heldOut: undefined });
  const template = await meanLatents(executor, flow, trained, features);
  const parameters = pyramidSize(shape);
  return {
    inputs: 'tokens',
    graph: traceProgram(scoresProgram(flow, trained, template)),
    coverage: [coverageOf(trainable, trained.steps, count)],
    map: { grids: [shape.grid], alignCorners: false, smoothed: false, sigma: 0 },
    config: {
      preset: presetFacts(preset, options),
      levels: levels.map((level) => ({ ...level })),
      parameters,
      ...trainedFacts(trained),
      score: 'mean over channels of |z − mean z| of all levels, put together',
      smoothedMap: 'none',
    },
    notes: [
      `Trained a flow of ${parameters} parameters for ${trained.steps} steps; its template is the mean of ${count} images.`,
    ],
  };
}
