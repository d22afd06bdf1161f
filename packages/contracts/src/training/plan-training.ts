/** @file What a run would be trained on, worked out before it is queued; what can't be trained is refused here. */
import type { FeatureTapSummary } from '../backbone.ts';
import type { StartTrainingInput } from '../run.ts';
import type { FeatureLevel, FeatureSettings } from './feature-level.ts';
import { chooseTaps, gridSide, tapsAtStrides } from './feature-taps.ts';
import { METHOD_SPECS } from './method-specs.ts';

/** A backbone whose taps are known before it is opened. */
export interface KnownBackbone {
  readonly name: string;
  readonly featureTaps: readonly FeatureTapSummary[];
  readonly defaultTaps: readonly string[];
}

export interface TrainingPlan {
  readonly featureSettings: FeatureSettings;
  /**
   * Null when taps are named of a file that nobody has opened yet. Of such a file without named taps they are taken to
   * be those of a ResNet-18 at the method's strides.
   */
  readonly levels: readonly FeatureLevel[] | null;
  /** Side of the largest grid; null as `levels`. */
  readonly finestGrid: number | null;
}

export type PlannedInput = Pick<
  StartTrainingInput,
  'method' | 'preset' | 'featureTaps' | 'imageSizePx' | 'rlr' | 'patchcore' | 'padim'
>;

/**
 * @param backbone Null for a file that nobody has opened yet.
 * @throws DomainError INVALID_INPUT naming field and choice when these settings can't be trained.
 */
export function planTraining(input: PlannedInput, backbone: KnownBackbone | null): TrainingPlan {
  const spec = METHOD_SPECS[input.method];
  const featureSettings = spec.featureSettings(input.preset, input);
  const taps = tapsOf(input, featureSettings, backbone);
  if (taps === null) return { featureSettings, levels: null, finestGrid: null };
  const levels = toLevels(taps, featureSettings.imageSizePx);
  spec.assertLevels(input.preset, input, levels);
  return { featureSettings, levels, finestGrid: Math.max(...levels.map(({ grid }) => grid)) };
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
  { strides, imageSizePx }: FeatureSettings,
  backbone: KnownBackbone | null,
): FeatureTapSummary[] | null {
  if (backbone === null)
    return featureTaps === undefined ? strides.map((stride) => usualTap(stride)) : null;
  const { name, featureTaps: taps, defaultTaps } = backbone;
  const wanted = featureTaps ?? tapsAtStrides({ taps, defaultTaps }, strides);
  return chooseTaps({ backbone: name, taps, wanted, imageSizePx });
}

/** ResNet-18 has 16 channels for each pixel of stride. */
function usualTap(stride: number): FeatureTapSummary {
  return { name: `at stride ${stride}`, channels: 16 * stride, stride };
}
