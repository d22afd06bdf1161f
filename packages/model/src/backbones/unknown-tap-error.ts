/** @file The answer to feature taps that a backbone doesn't have. */
import { DomainError } from '@plumbline/contracts';
import type { FeatureTap } from './backbone.ts';

/**
 * @param name The tap that doesn't exist; null when none was named, or one twice.
 * @param taps What can be chosen.
 */
export function unknownTapError(
  backbone: string,
  name: string | null,
  taps: readonly FeatureTap[],
): DomainError {
  const what =
    name === null
      ? `Name at least one feature tap of backbone "${backbone}", each once.`
      : `Backbone "${backbone}" has no feature tap "${name}".`;
  return tapError(what, taps);
}

/** A value that is there, but has no grid: it is of another shape, or the images are too small for it. */
export function noFeatureMapError(
  backbone: string,
  name: string,
  taps: readonly FeatureTap[],
): DomainError {
  return tapError(
    `"${name}" of backbone "${backbone}" is no square feature map of 2×2 or more at this image size.`,
    taps,
  );
}

function tapError(what: string, taps: readonly FeatureTap[]): DomainError {
  return new DomainError('INVALID_INPUT', what, {
    field: 'featureTaps',
    fix:
      taps.length === 0
        ? 'This model has no feature maps; use another backbone.'
        : `Choose of: ${taps.map(describeTap).join(', ')}.`,
  });
}

export function describeTap({ name, channels, stride }: FeatureTap): string {
  return `${name} (${channels} channels, stride ${stride})`;
}
