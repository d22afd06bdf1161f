/** @file The gallery's filter as it stands in the URL. */
import { type ListSamplesInput, labelSchema, splitSchema } from '@plumbline/contracts';

/** Samples that are asked for at once. */
export const GALLERY_PAGE_SIZE = 48;

export type SearchParams = Record<string, string | string[] | undefined>;

/** Values that the URL does not hold, or that make no sense, do not filter. */
export function galleryFilter(name: string, params: SearchParams): ListSamplesInput {
  const text = (key: string) => {
    const value = params[key];
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const version = Number(text('version'));
  return {
    name,
    version: Number.isInteger(version) && version > 0 ? version : undefined,
    category: text('category'),
    split: splitSchema.safeParse(text('split')).data,
    label: labelSchema.safeParse(text('label')).data,
    defectType: text('defectType'),
    offset: 0,
    limit: GALLERY_PAGE_SIZE,
  };
}

/** The address of the same gallery with some values changed; an empty value is left out. */
export function galleryHref(
  filter: ListSamplesInput,
  changes: Partial<Record<'category' | 'split' | 'label' | 'defectType', string>>,
): string {
  const { category, split, label, defectType } = filter;
  const version = filter.version === undefined ? undefined : String(filter.version);
  const values = { version, category, split, label, defectType, ...changes };
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(values)) if (value) query.set(key, value);
  const text = query.toString();
  return `/datasets/${filter.name}${text === '' ? '' : `?${text}`}#images`;
}
