/** @file What a fit is told of the categories: what its method needs, and no more. */
import type { FitNeeds } from '@plumbline/contracts';
import type { FeatureSource } from '@plumbline/model';

/** Without categories where the method has no use for them. */
export function labeled(
  source: FeatureSource,
  { labels }: Pick<FitNeeds, 'labels'>,
): FeatureSource {
  if (labels === 'balance') return source;
  return {
    count: source.count,
    categories: source.categories.map(() => ''),
    read: (level, images, out) => source.read(level, images, out),
  };
}
