/** @file The gallery with its filter and paging. */
import type { CategorySummary, ListSamplesInput, SamplePage } from '@plumbline/contracts';
import { ButtonLink } from '~/components/ui/button-link.tsx';
import { formatCount, formatPlural } from '~/format/format-number.ts';
import { GALLERY_PAGE_SIZE, galleryHref } from './gallery-filter.ts';
import { GalleryFilters } from './gallery-filters.tsx';
import { SampleGallery } from './sample-gallery.tsx';

interface SampleSectionProps {
  filter: ListSamplesInput;
  page: SamplePage;
  categories: CategorySummary[];
}

export function SampleSection({ filter, page, categories }: SampleSectionProps) {
  const number = filter.offset / GALLERY_PAGE_SIZE + 1;
  const last = Math.max(1, Math.ceil(page.total / GALLERY_PAGE_SIZE));
  return (
    <section id="images" aria-labelledby="images-title" className="space-y-4">
      <h2 id="images-title" className="text-lg font-semibold">
        Images
      </h2>
      <GalleryFilters filter={filter} categories={categories} />
      <p aria-live="polite" className="text-sm text-ink-soft">
        {formatPlural(page.total, 'image')}
        {last > 1 ? `, page ${formatCount(number)} of ${formatCount(last)}` : ''}
      </p>
      {page.samples.length === 0 ? (
        <p className="rounded-lg border border-line border-dashed p-8 text-center text-ink-soft">
          No image matches these filters. Set one of them back to “All”.
        </p>
      ) : (
        <SampleGallery samples={page.samples} />
      )}
      {last > 1 ? (
        <nav aria-label="Pages of images" className="flex gap-2">
          {number > 1 ? (
            <ButtonLink
              variant="secondary"
              href={galleryHref(filter, { page: String(number - 1) })}
            >
              Previous page
            </ButtonLink>
          ) : null}
          {number < last ? (
            <ButtonLink
              variant="secondary"
              href={galleryHref(filter, { page: String(number + 1) })}
            >
              Next page
            </ButtonLink>
          ) : null}
        </nav>
      ) : null}
    </section>
  );
}
