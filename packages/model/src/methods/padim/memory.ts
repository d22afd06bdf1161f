/** @file What a fit of PaDiM takes, and the model that it makes: refused before the work when either is too much. */
import {
  allChannels,
  assertPadimModel,
  assertRegularization,
  padim as definition,
  type FactorBytes,
  padimEmbedding,
  padimModelBytes,
} from '@plumbline/contracts';
import { describedLevels, descriptorSize } from '../image-descriptor.ts';
import { assertMemory } from '../memory.ts';
import type { PlannedFit } from '../method.ts';
import { componentsBytes } from './components.ts';
import { probeBytes } from './factor-error.ts';
import { leftOutBytes } from './leave-one-out.ts';
import { accumulatorBytes, triangle } from './parameters.ts';

/** The whitening is held once as fitted, once in the method's graph, once in the exported one, once by its session. */
const COPIES_OF_RESULT = 4;

/** @param factorBytes Of Gaussians of each category. @throws DomainError INVALID_INPUT when it is more than there is, or more than a model file holds. */
export function assertFits(
  { preset: name, settings, levels, images, folds, ...fit }: PlannedFit,
  factorBytes: FactorBytes = 2,
): void {
  const preset = definition.resolve(name, settings);
  const { grid, size } = padimEmbedding(preset, levels);
  const positions = grid ** 2;
  const groups = preset.gaussians === 'category' ? fit.categories : 1;
  // Tiles have a fit each, one after another: what they give is kept, and held together by the joined graph.
  const tiles = preset.tileRows * preset.tileColumns;
  const resultBytes = tiles * padimModelBytes(preset, levels, groups, factorBytes);
  assertRegularization(preset);
  assertPadimModel(preset, levels, groups, factorBytes);
  const sumBytes = groups * accumulatorBytes(positions, size) + 8 * positions * triangle(size);
  const descriptorBytes = groups > 1 ? 4 * images * descriptorSize(describedLevels(levels)) : 0;
  const foldScoreBytes = 4 * tiles * images * positions;
  const probed = groups > 1 ? probeBytes(positions * size, groups) : 0;
  const kept = sumBytes + descriptorBytes + probed;
  const whole = kept + COPIES_OF_RESULT * resultBytes;
  const alone = kept + leftOutBytes(positions, size) + foldScoreBytes;
  const from = allChannels(levels);
  const components =
    preset.embedding === 'components' && from > size
      ? componentsBytes({ positions, from, to: size }, groups)
      : 0;
  assertMemory(
    definition,
    Math.max(components, folds === undefined ? whole : Math.max(whole + foldScoreBytes, alone)),
    fit,
  );
}
