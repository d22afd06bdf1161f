/** @file Tests of the gallery's URL state and of suggested names. */
import { describe, expect, it } from 'vitest';
import { galleryFilter, galleryHref } from './gallery-filter.ts';
import { suggestName } from './suggest-name.ts';

describe('galleryFilter', () => {
  it('reads what makes sense and ignores the rest', () => {
    const filter = galleryFilter('parts', {
      category: 'nut',
      split: 'test',
      label: 'odd',
    });
    expect(filter).toMatchObject({ name: 'parts', category: 'nut', split: 'test' });
    expect(filter.label).toBeUndefined();
  });
  it('writes a change', () => {
    const filter = galleryFilter('parts', { category: 'nut', split: 'test' });
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
