/** @file The gallery with its filter. */
import type {
  CategoryRegions,
  CategorySummary,
  ListSamplesInput,
  SamplePage,
} from '@plumbline/contracts';
import { formatPlural } from '~/format/format-number.ts';
import { GalleryFilters } from './gallery-filters.tsx';
import { SampleGallery } from './sample-gallery.tsx';

interface SampleSectionProps {
  filter: ListSamplesInput;
  /** That is shown. */
  version: number;
  page: SamplePage;
  categories: CategorySummary[];
  ignore: readonly CategoryRegions[] | undefined;
  /** Of the version: later ones are made of the latest alone. */
  isLatest: boolean;
}

export function SampleSection(props: SampleSectionProps) {
  const { filter, version, page, categories, ignore, isLatest } = props;
  return (
    <section id="images" aria-labelledby="images-title" className="space-y-4">
      <h2 id="images-title" className="text-lg font-semibold">
        Images
      </h2>
      <GalleryFilters filter={filter} categories={categories} />
      <p aria-live="polite" className="text-sm text-ink-soft">
        {formatPlural(page.total, 'image')}
      </p>
      {page.samples.length === 0 ? (
        <p className="rounded-lg border border-line border-dashed p-8 text-center text-ink-soft">
          No image matches these filters. Set one of them back to “All”.
        </p>
      ) : (
        <SampleGallery
          key={JSON.stringify(filter)}
          filter={{ ...filter, version }}
          first={page}
          ignore={ignore}
          dataset={isLatest ? filter.name : null}
        />
      )}
    </section>
  );
}
