/** @file RD++ behind the `Method` interface, in the unified setting: one set of networks for all categories. */
import { rdpp as definition, reverseNetwork } from '@plumbline/contracts';
import { totalSize } from '../../nn/parameters.ts';
import { traceProgram } from '../../trace/index.ts';
import { coverageOf } from '../../training/coverage.ts';
import { fitAlone, presetFacts, trainedFacts } from '../fit-alone.ts';
import type { FittedMethod, ImageFitOptions, ImagesMethod } from '../method.ts';
import { assertFits } from './memory.ts';
import { rdppParameters } from './parameters.ts';
import { scoresProgram } from './score.ts';
import { rdppTrainable } from './trainable.ts';

export const rdpp: ImagesMethod = {
  reads: 'images',
  definition,
  assertMemory: assertFits,
  fit: fitRdpp,
};

async function fitRdpp(options: ImageFitOptions): Promise<FittedMethod> {
  const { images, levels } = options;
  const preset = definition.resolve(options.preset, options.settings);
  assertFits({ ...options, images: images.count });
  const network = reverseNetwork(preset.network, levels);
  const trainable = rdppTrainable({ ...options, preset, network });
  const trained = await fitAlone(options, {
    ...{ trainable, preset, count: images.count, heldOut: undefined },
  });
  const parameters = totalSize(rdppParameters(network));
  return {
    inputs: 'tokens',
    graph: traceProgram(scoresProgram(network, trained)),
    coverage: [coverageOf(trainable, trained.steps, images.count)],
    map: {
      grids: network.levels.map(({ grid }) => grid),
      ...{ alignCorners: true, combine: 'sum', smoothed: true },
    },
    config: {
      preset: presetFacts(preset, options),
      levels: levels.map((level) => ({ ...level })),
      parameters,
      ...trainedFacts(trained),
      score: 'sum over levels of 1 − cos(backbone, rebuilt from projections) at each position',
      smoothedMap: 'sigma 4 px',
    },
    notes: [
      `Trained projections and a reversed network of ${parameters} parameters for ${trained.steps} steps.`,
    ],
  };
}
