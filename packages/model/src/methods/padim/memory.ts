/** @file What a fit of PaDiM takes, and the model that it makes: refused before the work when either is too much. */
import {
  assertPadimModel,
  padim as definition,
  padimEmbedding,
  padimModelBytes,
} from '@plumbline/contracts';
import { describedLevels, descriptorSize } from '../image-descriptor.ts';
import { assertMemory } from '../memory.ts';
import type { PlannedFit } from '../method.ts';
import { leftOutBytes } from './leave-one-out.ts';
import { accumulatorBytes, triangle } from './parameters.ts';

/** The whitening is held once as fitted, once in the method's graph, once in the exported one, once by its session. */
const COPIES_OF_RESULT = 4;

/** @throws DomainError INVALID_INPUT when it is more than there is, or more than a model file holds. */
export function assertFits({
  preset: name,
  settings,
  levels,
  images,
  folds,
  ...fit
}: PlannedFit): void {
  const preset = definition.resolve(name, settings);
  const { grid, size } = padimEmbedding(preset, levels);
  const positions = grid ** 2;
  const groups = preset.gaussians === 'category' ? fit.categories : 1;
  const resultBytes = padimModelBytes(preset, levels, groups);
  assertPadimModel(preset, levels, groups);
  const sumBytes = groups * accumulatorBytes(positions, size) + 8 * positions * triangle(size);
  const descriptorBytes = groups > 1 ? 4 * images * descriptorSize(describedLevels(levels)) : 0;
  const foldScoreBytes = 4 * images * positions;
  const whole = sumBytes + descriptorBytes + COPIES_OF_RESULT * resultBytes;
  const alone = sumBytes + descriptorBytes + leftOutBytes(positions, size) + foldScoreBytes;
  assertMemory(
    definition,
    folds === undefined ? whole : Math.max(whole + foldScoreBytes, alone),
    fit,
  );
}
