/** @file The gallery's selectors; each change is a new address. */
'use client';

import type { CategorySummary, ListSamplesInput } from '@plumbline/contracts';
import { useRouter } from 'next/navigation';
import { Field, Select } from '~/components/ui/field.tsx';
import { useInBrowser } from '~/components/use-in-browser.ts';
import { galleryHref } from './gallery-filter.ts';

type Key = 'category' | 'split' | 'label' | 'defectType';

interface GalleryFiltersProps {
  filter: ListSamplesInput;
  categories: CategorySummary[];
}

export function GalleryFilters({ filter, categories }: GalleryFiltersProps) {
  const router = useRouter();
  const inBrowser = useInBrowser();
  const inScope = categories.filter(
    (one) => filter.category === undefined || one.name === filter.category,
  );
  const defectTypes = [
    ...new Set(inScope.flatMap((one) => one.defectTypes.map((type) => type.name))),
  ];
  const selectors: { key: Key; label: string; options: readonly string[] }[] = [
    { key: 'category', label: 'Category', options: categories.map((one) => one.name) },
    { key: 'split', label: 'Split', options: ['train', 'val', 'test'] },
    { key: 'label', label: 'Label', options: ['normal', 'anomalous'] },
    { key: 'defectType', label: 'Defect type', options: defectTypes.sort() },
  ];
  return (
    <div className="grid grid-cols-2 gap-3 lg:grid-cols-4">
      {selectors.map(({ key, label, options }) => (
        <Field key={key} label={label}>
          {(wiring) => (
            <Select
              {...wiring}
              disabled={!inBrowser}
              value={filter[key] ?? ''}
              onChange={(event) =>
                router.push(galleryHref(filter, { [key]: event.target.value }), { scroll: false })
              }
            >
              <option value="">All</option>
              {options.map((option) => (
                <option key={option}>{option}</option>
              ))}
            </Select>
          )}
        </Field>
      ))}
    </div>
  );
}
