/** @file The test images that divide two rows: filters, and a gallery that opens to both heatmaps. */
import type { Comparison } from '@plumbline/contracts';
import { Card } from '~/components/ui/card.tsx';
import { formatPlural } from '~/format/format-number.ts';
import { ChoiceLinks } from '../board/choice-links.tsx';
import { ComparedGallery } from './compared-gallery.tsx';
import { type ComparisonAddress, comparisonPath } from './comparison-address.ts';

interface ComparedImagesProps {
  comparison: Comparison;
  address: ComparisonAddress;
}

export function ComparedImages({ comparison, address }: ComparedImagesProps) {
  const { a, b, images } = comparison;
  const categories = Object.keys(a.categories).sort();
  const choice = (label: string, change: Partial<ComparisonAddress>, chosen: boolean) => ({
    label,
    href: comparisonPath({ ...address, ...change }),
    chosen,
  });
  return (
    <Card
      title="Image by image"
      description="Two methods score on different scales. What you can compare is the score as a multiple of the method’s own threshold, and an image’s place: the share of its category’s test images that score lower. The most different images come first."
    >
      <ChoiceLinks
        label="Which images"
        choices={[
          choice('labels differ', { images: 'disagreeing' }, address.images === 'disagreeing'),
          choice('all images', { images: 'all' }, address.images === 'all'),
        ]}
      />
      <ChoiceLinks
        label="Category of the images"
        choices={[
          choice('all categories', { category: null }, address.category === null),
          ...categories.map((category) =>
            choice(category, { category }, address.category === category),
          ),
        ]}
      />
      {images.length === 0 ? (
        <p className="text-ink-soft text-sm">
          {address.images === 'all'
            ? 'No test image matches.'
            : 'The two give each of these test images the same label, or one of them has no threshold. You can choose to see all images above.'}
        </p>
      ) : (
        <>
          <p className="mb-3 text-ink-soft text-sm">
            {formatPlural(images.length, 'image')} shown.
          </p>
          <ComparedGallery
            images={images}
            a={{ model: a.model, version: a.modelVersion }}
            b={{ model: b.model, version: b.modelVersion }}
          />
        </>
      )}
    </Card>
  );
}
