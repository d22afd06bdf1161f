/** @file What a run would be trained on, worked out before it is queued; what can't be trained is refused here. */
import type { FeatureTapSummary } from '../backbone.ts';
import { DomainError } from '../errors.ts';
import { methodDefinition } from '../methods/index.ts';
import { assertPrecision } from '../precision.ts';
import type { StartTrainingInput } from '../training-input.ts';
import type { FeatureLevel } from './feature-level.ts';
import { chooseTaps, gridSide, joinedTap, tapGroups, tapsFor } from './feature-taps.ts';
import type { FitNeeds } from './fit-needs.ts';
import { leastSidePx } from './tile-grid.ts';

/** A backbone whose taps are known before it is opened. */
export interface KnownBackbone {
  readonly name: string;
  readonly featureTaps: readonly FeatureTapSummary[];
  readonly defaultTaps: readonly string[];
}

export interface TrainingPlan {
  /** The preset with what replaces parts of it, as the method resolved them. */
  readonly settings: object;
  readonly needs: FitNeeds;
  /**
   * Null when taps are named of a file that nobody has opened yet, or the method reads a vision transformer alone. Of such a
   * file without named taps they are taken to be those of a ResNet-18 at the method's strides.
   */
  readonly levels: readonly FeatureLevel[] | null;
  /** Fewest pixels that an image may have along a side; null as `levels`. */
  readonly minSidePx: number | null;
}

export type PlannedInput = Pick<
  StartTrainingInput,
  'method' | 'preset' | 'featureTaps' | 'settings' | 'decoder' | 'precision'
>;

/**
 * @param backbone Null for a file that nobody has opened yet.
 * @throws DomainError INVALID_INPUT naming field and choice when these settings can't be trained.
 */
export function planTraining(input: PlannedInput, backbone: KnownBackbone | null): TrainingPlan {
  const { preset, settings: given = {} } = input;
  const method = methodDefinition(input.method);
  const settings = method.resolve(preset, given);
  const needs = method.needs(settings);
  assertDecoder(input, needs);
  const { precision } = input;
  assertPrecision({ precision, method: method.title, needs, backbone: backbone?.name ?? null });
  const taps = tapsOf(input, needs, backbone);
  if (taps === null) return { settings, needs, levels: null, minSidePx: null };
  const levels = toLevels(taps, needs.preprocessing.imageSizePx);
  method.assertLevels?.(settings, levels, { preset, given });
  return { settings, needs, levels, minSidePx: leastSidePx(needs.preprocessing, levels) };
}

/** @throws DomainError for a decoder that would be shown tiles: it draws whole images. */
export function assertDecoder(
  { decoder }: Pick<PlannedInput, 'decoder'>,
  { preprocessing }: Pick<FitNeeds, 'preprocessing'>,
): void {
  if (decoder !== true || preprocessing.tiles === undefined) return;
  throw new DomainError('INVALID_INPUT', 'The decoder draws whole images, not tiles.', {
    field: 'decoder',
    fix: 'Leave out the decoder, or tileRows and tileColumns.',
  });
}

export function toLevels(taps: readonly FeatureTapSummary[], imageSizePx: number): FeatureLevel[] {
  return taps.map((tap) => ({
    tap: tap.name,
    channels: tap.channels,
    grid: gridSide(tap, imageSizePx),
  }));
}

function tapsOf(
  { featureTaps }: PlannedInput,
  { preprocessing: { imageSizePx }, input }: FitNeeds,
  backbone: KnownBackbone | null,
): FeatureTapSummary[] | null {
  if (backbone === null) {
    const isKnown = featureTaps === undefined && input.strides.length > 0;
    return isKnown ? input.strides.map((stride) => usualTap(stride)) : null;
  }
  const { name, featureTaps: taps, defaultTaps } = backbone;
  const wanted = featureTaps ?? tapsFor({ taps, defaultTaps }, input);
  const chosen = chooseTaps({ backbone: name, taps, wanted, imageSizePx });
  return tapGroups(chosen, input.blocks).map(joinedTap);
}

/** ResNet-18 has 16 channels for each pixel of stride. */
function usualTap(stride: number): FeatureTapSummary {
  return { name: `at stride ${stride}`, channels: 16 * stride, stride };
}
