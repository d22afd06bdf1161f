/** @file What a fit is told of the categories: what its method needs, and no more. */
import type { FitNeeds } from '@plumbline/contracts';
import type { FeatureSource, Features } from '@plumbline/model';

type Labels = Pick<FitNeeds, 'labels'>;

/** Without categories where the method has no use for them. */
export function labeled(source: FeatureSource, needs: Labels): FeatureSource;
export function labeled(source: Features, needs: Labels): Features;
export function labeled(source: Features, { labels }: Labels): Features {
  if (labels !== 'none') return source;
  const { count } = source;
  const categories = source.categories.map(() => '');
  if ('read' in source)
    return { count, categories, read: (level, images, out) => source.read(level, images, out) };
  return { count, categories, batches: (images, size) => source.batches(images, size) };
}
