/** @file Tests of the gallery's URL state and of suggested names. */
import { describe, expect, it } from 'vitest';
import { GALLERY_PAGE_SIZE, galleryFilter, galleryHref } from './gallery-filter.ts';
import { suggestName } from './suggest-name.ts';

describe('galleryFilter', () => {
  it('reads what makes sense and ignores the rest', () => {
    const filter = galleryFilter('parts', {
      category: 'nut',
      split: 'test',
      label: 'odd',
      page: '3',
    });
    expect(filter).toMatchObject({ name: 'parts', category: 'nut', split: 'test' });
    expect(filter.label).toBeUndefined();
    expect(filter.offset).toBe(2 * GALLERY_PAGE_SIZE);
    expect(galleryFilter('parts', { page: '-4' }).offset).toBe(0);
    expect(galleryFilter('parts', { page: 'x' }).offset).toBe(0);
  });
  it('writes a change and starts again at the first page', () => {
    const filter = galleryFilter('parts', { category: 'nut', split: 'test', page: '3' });
    expect(galleryHref(filter, { label: 'anomalous' })).toBe(
      '/datasets/parts?category=nut&split=test&label=anomalous#images',
    );
    expect(galleryHref(filter, { category: '', split: '' })).toBe('/datasets/parts#images');
  });
});

describe('suggestName', () => {
  it.each([
    ['upload', 'My Parts.ZIP', 'my-parts'],
    ['path', '/data/mvtec_ad/', 'mvtec_ad'],
    ['path', 'C:\\data\\_Screws (new).zip', 'screws-new'],
    ['sample', 'small', 'sample'],
    ['sample', 'large', 'sample-large'],
    ['upload', '', ''],
  ] as const)('%s %s is %s', (kind, source, name) => expect(suggestName(kind, source)).toBe(name));
});
